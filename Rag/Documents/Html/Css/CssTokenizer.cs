using System.Globalization;
using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents.Html.Css;

/// <summary>CSS Syntax Level 3, section 4: converts text to tokens in one pass. It omits comments and treats nothing as an error.</summary>
internal ref struct CssTokenizer(ReadOnlySpan<char> css)
{
    private const int EscapeDigitsMax = 6;
    private static readonly string[] Signs = [.. Enumerable.Range(0, 128).Select(i => ((char)i).ToString())];

    private readonly ReadOnlySpan<char> css = css;
    private int at;

    /// <exception cref="DocumentUnreadableException">There are more tokens than allowed.</exception>
    public static List<CssToken> Read(ReadOnlySpan<char> css, int tokensMax)
    {
        var tokenizer = new CssTokenizer(css);
        var tokens = new List<CssToken>();
        while (tokenizer.Next(out var token))
        {
            if (tokens.Count >= tokensMax)
            {
                throw new DocumentUnreadableException(Notice.Of(ReadingProblem.CssTooLarge));
            }

            tokens.Add(token);
        }

        return tokens;
    }

    private readonly char Peek(int ahead = 0) => at + ahead < css.Length ? css[at + ahead] : '\0';

    private bool Next(out CssToken token)
    {
        SkipComments();
        token = default;
        if (at >= css.Length)
        {
            return false;
        }

        var c = css[at];
        token = c switch
        {
            ' ' or '\t' or '\n' or '\r' or '\f' => WhiteSpace(),
            '"' or '\'' => String(),
            '#' when IsName(Peek(1)) || IsEscape(1) => Hash(),
            '@' when StartsName(1) => At(),
            _ when StartsNumber() => Numeric(),
            _ when StartsName(0) => Word(),
            _ => Sign(),
        };
        return true;
    }

    private void SkipComments()
    {
        while (Peek() == '/' && Peek(1) == '*')
        {
            var end = css[(at + 2)..].IndexOf("*/");
            at = end < 0 ? css.Length : at + 2 + end + 2;
        }
    }

    private CssToken WhiteSpace()
    {
        while (at < css.Length && css[at] is ' ' or '\t' or '\n' or '\r' or '\f')
        {
            at++;
        }

        return new(CssTokenKind.WhiteSpace, " ");
    }

    private CssToken Sign()
    {
        var c = css[at++];
        return new(CssTokenKind.Sign, c < Signs.Length ? Signs[c] : c.ToString());
    }

    private CssToken Hash()
    {
        at++;
        return new(CssTokenKind.Hash, Name());
    }

    private CssToken At()
    {
        at++;
        return new(CssTokenKind.AtKeyword, Name());
    }

    private CssToken String()
    {
        var quote = css[at++];
        var text = new StringBuilder();
        while (at < css.Length && css[at] != quote)
        {
            if (css[at] is '\n')
            {
                break; // An unclosed string ends with its line.
            }

            if (css[at] == '\\')
            {
                at++;
                if (Peek() == '\n')
                {
                    at++;
                    continue;
                }

                Escape(text);
                continue;
            }

            text.Append(css[at++]);
        }

        at = Math.Min(css.Length, at + 1);
        return new(CssTokenKind.String, text.ToString());
    }

    private CssToken Word()
    {
        var name = Name();
        if (Peek() != '(')
        {
            return new(CssTokenKind.Ident, name);
        }

        at++;
        if (name.Equals("url", StringComparison.OrdinalIgnoreCase) && css[at..].TrimStart() is not ['"' or '\'', ..])
        {
            var end = css[at..].IndexOf(')');
            at = end < 0 ? css.Length : at + end + 1;
            return new(CssTokenKind.Url, "");
        }

        return new(CssTokenKind.Function, name);
    }

    private CssToken Numeric()
    {
        var start = at;
        at += Peek() is '+' or '-' ? 1 : 0;
        Digits();
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            at++;
            Digits();
        }

        var sign = Peek(1) is '+' or '-' ? 2 : 1;
        if (Peek() is 'e' or 'E' && char.IsAsciiDigit(Peek(sign)))
        {
            at += sign;
            Digits();
        }

        var number = double.Parse(css[start..at], NumberStyles.Float, CultureInfo.InvariantCulture);
        if (Peek() == '%')
        {
            at++;
            return new(CssTokenKind.Percentage, "%", number);
        }

        return StartsName(0) ? new(CssTokenKind.Dimension, Name().ToLowerInvariant(), number) : new(CssTokenKind.Number, "", number);
    }

    private void Digits()
    {
        while (char.IsAsciiDigit(Peek()))
        {
            at++;
        }
    }

    private readonly bool StartsNumber()
    {
        var ahead = Peek() is '+' or '-' ? 1 : 0;
        return char.IsAsciiDigit(Peek(ahead)) || (Peek(ahead) == '.' && char.IsAsciiDigit(Peek(ahead + 1)));
    }

    private readonly bool StartsName(int ahead) => Peek(ahead) == '-'
        ? Peek(ahead + 1) == '-' || IsNameStart(Peek(ahead + 1)) || IsEscape(ahead + 1)
        : IsNameStart(Peek(ahead)) || IsEscape(ahead);

    private readonly bool IsEscape(int ahead) => Peek(ahead) == '\\' && at + ahead + 1 < css.Length && Peek(ahead + 1) != '\n';

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= 0x80;

    private static bool IsName(char c) => IsNameStart(c) || char.IsAsciiDigit(c) || c == '-';

    private string Name()
    {
        var start = at;
        while (IsName(Peek()))
        {
            at++;
        }

        if (!IsEscape(0))
        {
            return css[start..at].ToString();
        }

        var name = new StringBuilder().Append(css[start..at]);
        while (at < css.Length)
        {
            if (IsName(css[at]))
            {
                name.Append(css[at++]);
            }
            else if (IsEscape(0))
            {
                at++;
                Escape(name);
            }
            else
            {
                break;
            }
        }

        return name.ToString();
    }

    /// <summary>Reads the text after a backslash: a code point in hexadecimal digits with a space after it, or a literal character.</summary>
    private void Escape(StringBuilder text)
    {
        var value = 0;
        var digits = 0;
        while (digits < EscapeDigitsMax && char.IsAsciiHexDigit(Peek()))
        {
            value = (value << 4) | Convert.ToInt32(Peek().ToString(), 16);
            digits++;
            at++;
        }

        if (digits == 0)
        {
            if (at < css.Length)
            {
                text.Append(css[at++]);
            }

            return;
        }

        if (Peek() is ' ' or '\t' or '\n' or '\r' or '\f')
        {
            at++;
        }

        text.Append(Rune.IsValid(value) && value != 0 ? new Rune(value).ToString() : "\uFFFD");
    }
}
