using System.Text;

namespace Pybo.Data;

/// <summary>
/// Words of Latin (and other spaced scripts) and numbers, indexed whole and by their parts of at least two characters:
/// <code>
/// C#            → c#                      CamelCase   → camelcase camel case
/// C++17         → c++ 17                  HTTPServer  → httpserver http server
/// .NET          → .net net                iPhone      → iphone
/// ASP.NET       → asp.net asp net         30GB        → 30gb 30 gb
/// node.js       → node.js node js         1,234       → 1234
/// v1.2.3        → v1.2.3 1.2.3            3.14        → 3.14
/// snake_case    → snake_case snake case   Wi-Fi       → wifi wi fi
/// GPT-4         → gpt4 gpt                2024-01-02  → 2024 01 02
/// </code>
/// The whole word drops its hyphens, so that <c>e-mail</c> and <c>email</c> match; between two digits a hyphen separates.
/// </summary>
internal static class LatinWords
{
    private const int PartCharactersMin = 2;

    /// <summary>True for the dot of <c>.NET</c> or <c>.gitignore</c>: before a letter and not after anything that could end a sentence or a word.</summary>
    public static bool StartsWithDot(string text, int at) =>
        at + 1 < text.Length && text[at] == '.' && char.IsAsciiLetter(text[at + 1])
        && (at == 0 || char.IsWhiteSpace(text[at - 1]) || text[at - 1] is '(' or '[' or '"' or '\'' or '`' or '/' or '*' or ',');

    /// <summary>Returns the end of the word that starts at an index: letters and digits, joined by <c>. _ -</c> or a thousands comma, with the signs of <c>C#</c> and <c>C++</c>.</summary>
    public static int End(string text, int start)
    {
        var at = text[start] == '.' ? start + 1 : start;
        while (true)
        {
            at = LettersEnd(text, at);
            var joint = JointEnd(text, at);
            if (joint == at)
            {
                return SignsEnd(text, at);
            }

            at = joint;
        }
    }

    /// <summary>Appends the terms of one word.</summary>
    public static void Append(List<string> terms, string word)
    {
        var number = word.Replace(",", "", StringComparison.Ordinal);
        var whole = Fold(number.Replace("-", "", StringComparison.Ordinal));
        if (whole.Length == 0)
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal) { whole };
        terms.Add(whole);
        if (IsVersion(number))
        {
            if (number[0] is 'v' or 'V')
            {
                terms.Add(whole[1..]);
            }

            return;
        }

        foreach (var part in Parts(number))
        {
            var folded = Fold(part);
            if (folded.Length >= PartCharactersMin && seen.Add(folded))
            {
                terms.Add(folded);
            }
        }
    }

    private static int LettersEnd(string text, int at)
    {
        while (at < text.Length && TextRuns.At(text, at) is { Script: Script.Latin } next)
        {
            at += next.Length;
        }

        return at;
    }

    private static int JointEnd(string text, int at)
    {
        var after = at;
        while (after < text.Length && text[after] == '_')
        {
            after++;
        }

        if (after == at && after < text.Length && text[after] is '.' or '-' or ',')
        {
            after++;
        }

        if (after == at || after >= text.Length || TextRuns.At(text, after).Script != Script.Latin)
        {
            return at;
        }

        var joined = text[at] switch
        {
            ',' => IsThousand(text, at),
            '-' => !(IsDigitBefore(text, at) && char.IsAsciiDigit(text[after])),
            _ => true,
        };
        return joined ? after : at;
    }

    /// <summary>Returns the end of <c>#</c>, <c>+</c> or <c>++</c> after a letter; not of those in <c>a+b</c> and <c>x+1</c>.</summary>
    private static int SignsEnd(string text, int at)
    {
        if (at == 0 || !char.IsAsciiLetter(text[at - 1]) || at >= text.Length || text[at] is not ('#' or '+'))
        {
            return at;
        }

        var end = text.AsSpan(at).StartsWith("++") ? at + 2 : at + 1;
        var next = end < text.Length ? text[end] : ' ';
        var isSign = !char.IsAsciiLetter(next) && next != text[at] && (!char.IsAsciiDigit(next) || end == at + 2 || text[at] == '#');
        return isSign ? end : at;
    }

    private static IEnumerable<string> Parts(string word)
    {
        foreach (var atom in word.Split(['.', '_', '-', '#', '+'], StringSplitOptions.RemoveEmptyEntries))
        {
            yield return atom;
            var humps = Humps(atom);
            if (humps.Count > 1)
            {
                foreach (var hump in humps)
                {
                    yield return hump;
                }
            }
        }
    }

    /// <summary>Splits CamelCase at its humps, and letters from digits; keeps a word with a one-letter hump (iPhone) whole.</summary>
    private static List<string> Humps(string atom)
    {
        var humps = new List<string>();
        var start = 0;
        for (var at = 1; at <= atom.Length; at++)
        {
            if (at == atom.Length || IsHump(atom, at))
            {
                humps.Add(atom[start..at]);
                start = at;
            }
        }

        return humps.Exists(h => h.Length == 1 && char.IsLetter(h[0])) ? [] : humps;
    }

    private static bool IsHump(string atom, int at) =>
        char.IsAsciiDigit(atom[at]) != char.IsAsciiDigit(atom[at - 1])
        || (char.IsUpper(atom[at]) && (char.IsLower(atom[at - 1]) || (at + 1 < atom.Length && char.IsUpper(atom[at - 1]) && char.IsLower(atom[at + 1]))));

    /// <summary>True for digits and dots, with or without a leading <c>v</c>: the parts are too common to be words.</summary>
    private static bool IsVersion(string word)
    {
        var digits = word.AsSpan(word[0] is 'v' or 'V' ? 1 : 0);
        return digits.Length > 0 && char.IsAsciiDigit(digits[0]) && digits.IndexOfAnyExceptInRange('.', '9') < 0 && !digits.Contains('/');
    }

    private static bool IsThousand(string text, int comma)
    {
        var isGroup = IsDigitBefore(text, comma) && comma + 3 < text.Length;
        for (var at = comma + 1; isGroup && at <= comma + 3; at++)
        {
            isGroup = char.IsAsciiDigit(text[at]);
        }

        return isGroup && !(comma + 4 < text.Length && char.IsAsciiDigit(text[comma + 4]));
    }

    private static bool IsDigitBefore(string text, int at) => at > 0 && char.IsAsciiDigit(text[at - 1]);

    /// <summary>Folds a word: lower case without Latin accents, ß as ss, cut to the maximum term length.</summary>
    private static string Fold(string word)
    {
        var cut = word.Cut(KoreanText.TermCharactersMax);
        var lower = cut.ToLowerInvariant();
        if (Ascii.IsValid(lower))
        {
            return lower;
        }

        var folded = new StringBuilder(lower.Length);
        foreach (var character in lower.Normalized(NormalizationForm.FormD))
        {
            _ = character switch
            {
                >= '\u0300' and <= '\u036F' => folded,
                'ß' => folded.Append("ss"),
                'ς' => folded.Append('σ'),
                'ı' => folded.Append('i'),
                // The dotted capital İ has no simple lower case; without its dot it is I.
                _ => folded.Append(char.ToLowerInvariant(character)),
            };
        }

        return folded.ToString().Normalized(NormalizationForm.FormC);
    }
}
