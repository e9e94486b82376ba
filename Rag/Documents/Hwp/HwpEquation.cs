using System.Collections.Frozen;
using System.Text;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Writes the script of an equation (한글 문서 파일 형식, 수식) on one line: <c>{a+b} over 2</c> as <c>(a + b)/2</c>, <c>sqrt 16</c> as <c>√(16)</c>, <c>x ^2</c> as <c>x²</c>.
/// A word that is no command is text.
/// </summary>
internal sealed class HwpEquation
{
    /// <summary>A longer script is written as it is.</summary>
    private const int CharactersMax = 5_000;

    /// <summary>Deeper brackets are written as they are.</summary>
    private const int DepthMax = 32;

    private static readonly FrozenDictionary<string, string> Signs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["times"] = "×",
        ["cdot"] = "·",
        ["div"] = "÷",
        ["divide"] = "÷",
        ["+-"] = "±",
        ["-+"] = "∓",
        ["plusminus"] = "±",
        ["minusplus"] = "∓",
        ["<="] = "≤",
        ["leq"] = "≤",
        [">="] = "≥",
        ["geq"] = "≥",
        ["!="] = "≠",
        ["neq"] = "≠",
        ["=="] = "≡",
        ["equiv"] = "≡",
        ["approx"] = "≈",
        ["sim"] = "∼",
        ["cong"] = "≅",
        ["propto"] = "∝",
        ["->"] = "→",
        ["rarrow"] = "→",
        ["larrow"] = "←",
        ["lrarrow"] = "↔",
        ["uparrow"] = "↑",
        ["downarrow"] = "↓",
        ["drarrow"] = "⇒",
        ["sum"] = "∑",
        ["prod"] = "∏",
        ["int"] = "∫",
        ["dint"] = "∬",
        ["tint"] = "∭",
        ["oint"] = "∮",
        ["inf"] = "∞",
        ["infinity"] = "∞",
        ["partial"] = "∂",
        ["nabla"] = "∇",
        ["in"] = "∈",
        ["notin"] = "∉",
        ["subset"] = "⊂",
        ["supset"] = "⊃",
        ["cup"] = "∪",
        ["cap"] = "∩",
        ["emptyset"] = "∅",
        ["forall"] = "∀",
        ["exist"] = "∃",
        ["therefore"] = "∴",
        ["because"] = "∵",
        ["angle"] = "∠",
        ["triangle"] = "△",
        ["perp"] = "⊥",
        ["bot"] = "⊥",
        ["deg"] = "°",
        ["prime"] = "′",
        ["cdots"] = "⋯",
        ["ldots"] = "…",
        ["dots"] = "…",
        ["vert"] = "|",
        ["lbrace"] = "{",
        ["rbrace"] = "}",
        ["lceil"] = "⌈",
        ["rceil"] = "⌉",
        ["lfloor"] = "⌊",
        ["rfloor"] = "⌋",
        ["circ"] = "∘",
        ["ohm"] = "Ω",
        ["ast"] = "∗",
        ["identical"] = "≡",
        ["prec"] = "≺",
        ["succ"] = "≻",
        ["smallsum"] = "∑",
        ["smallprod"] = "∏",
        ["union"] = "∪",
        ["inter"] = "∩",
        ["smallunion"] = "∪",
        ["smallinter"] = "∩",
        ["oplus"] = "⊕",
        ["otimes"] = "⊗",
        ["hbar"] = "ħ",
        ["smallint"] = "∫",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Greek =
    [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
        "nu", "xi", "omicron", "pi", "rho", "", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ];

    /// <summary>Commands for looks: fonts, sizes and accents, which a line of text does not show.</summary>
    private static readonly FrozenSet<string> Looks = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "rm", "it", "bold", "rmbold", "acute", "grave", "dot", "ddot", "bar", "vec", "dyad", "under", "hat", "check", "tilde", "arch", "big", "phantom", "box", "left", "right");

    private static readonly FrozenSet<string> Tables = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "matrix", "pmatrix", "bmatrix", "dmatrix", "cases", "pile", "lpile", "rpile", "eqalign");

    private readonly List<string> words;
    private int at;

    private HwpEquation(List<string> words) => this.words = words;

    public static string Text(string script) => script.Length > CharactersMax ? script : new HwpEquation(Words(script)).Sequence(0, closer: "").Trim();

    /// <summary>Splits a script into words, figures, signs and quoted texts.</summary>
    private static List<string> Words(string script)
    {
        var words = new List<string>();
        for (var start = 0; start < script.Length;)
        {
            var end = start + 1;
            if (script[start] == '"')
            {
                end = script.IndexOf('"', end) is >= 0 and var close ? close + 1 : script.Length;
            }
            else if (char.IsLetter(script[start]))
            {
                end = WhileOf(script, end, character => char.IsLetter(character) || char.IsDigit(character));
            }
            else if (char.IsDigit(script[start]))
            {
                end = WhileOf(script, end, character => char.IsDigit(character) || character is '.' or ',');
            }
            else if (end < script.Length && Signs.ContainsKey(script[start..(end + 1)]))
            {
                end++;
            }

            if (!char.IsWhiteSpace(script[start]) && script[start] is not ('~' or '`'))
            {
                words.Add(script[start..end]);
            }

            start = end;
        }

        return words;
    }

    private static int WhileOf(string text, int at, Func<char, bool> holds)
    {
        while (at < text.Length && holds(text[at]))
        {
            at++;
        }

        return at;
    }

    private string Next => at < words.Count ? words[at] : "";

    /// <summary>Writes what follows, up to a closing bracket.</summary>
    private string Sequence(int depth, string closer)
    {
        var items = new List<string>();
        while (at < words.Count && (closer.Length == 0 || !Is(closer)))
        {
            if (Is("over") || Is("atop"))
            {
                at++;
                var above = items.Count > 0 ? items[^1] : "";
                items.RemoveRange(Math.Max(0, items.Count - 1), Math.Min(1, items.Count));
                items.Add(FormulaText.Fraction(above, Term(depth)));
            }
            else if (Is("&") || Is("#"))
            {
                items.Add(Is("&") ? "," : ";");
                at++;
            }
            else
            {
                items.Add(Term(depth));
            }
        }

        at++;
        return Joined(items);
    }

    private bool Is(string word) => Next.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes one operand with its scripts.</summary>
    private string Term(int depth)
    {
        var term = Primary(depth);
        var (lowered, raised) = ("", "");
        while (Next is "^" or "_" || Is("sup") || Is("sub"))
        {
            var isRaised = Next == "^" || Is("sup");
            at++;
            var script = Primary(depth);
            (lowered, raised) = isRaised ? (lowered, raised + script) : (lowered + script, raised);
        }

        return lowered.Length + raised.Length > 0 ? FormulaText.Scripts(term, lowered, raised) : term;
    }

    private string Primary(int depth)
    {
        if (at >= words.Count)
        {
            return "";
        }

        var word = words[at++];
        if (depth >= DepthMax)
        {
            return word;
        }

        switch (word.ToLowerInvariant())
        {
            case "{":
                return Sequence(depth + 1, "}");
            case "left":
                var open = at < words.Count ? words[at++] : "";
                var inside = Sequence(depth + 1, "right");
                var close = at < words.Count ? words[at++] : "";
                return (open == "." ? "" : open) + inside + (close == "." ? "" : close);
            case "sqrt" or "root":
                var radicand = Primary(depth + 1);
                if (!Is("of"))
                {
                    return FormulaText.Root(radicand, "");
                }

                at++;
                return FormulaText.Root(Primary(depth + 1), radicand);
            case "scale":
                at++;
                return Primary(depth + 1);
            case var name when Tables.Contains(name):
                return $"[{Primary(depth + 1)}]";
            case var name when Looks.Contains(name):
                return Primary(depth + 1);
            default:
                return word[0] == '"' ? word.Trim('"') : Sign(word);
        }
    }

    private static string Sign(string word)
    {
        if (Signs.TryGetValue(word, out var sign))
        {
            return sign;
        }

        const char smallAlpha = '\u03B1', capitalAlpha = '\u0391';
        var letter = Array.FindIndex(Greek, name => name.Length > 0 && name.Equals(word, StringComparison.OrdinalIgnoreCase));
        return letter < 0 ? word : ((char)((char.IsUpper(word[0]) ? capitalAlpha : smallAlpha) + letter)).ToString();
    }

    /// <summary>Puts a space between words and around operators, none inside of brackets.</summary>
    private static string Joined(List<string> items)
    {
        var text = new StringBuilder();
        foreach (var item in items)
        {
            var isTight = text.Length == 0 || item.Length == 0 || text[^1] is '(' or '[' or '{' or '|' || item[0] is ')' or ']' or '}' or ',' or ';' or '′' or '°' or '!' or '%'
                || (item[0] == '(' && char.IsLetter(text[^1]));
            text.Append(isTight ? "" : " ").Append(item);
        }

        return text.ToString();
    }
}
