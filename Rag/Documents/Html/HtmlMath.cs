using System.Text;

namespace Pybo.Rag.Documents.Html;

/// <summary>Writes a formula in MathML (the presentation elements of MathML Core) on one line, while its tags are read.</summary>
internal sealed class HtmlMath
{
    /// <summary>A longer formula is written as its plain words, because every element copies what is in it.</summary>
    private const int CharactersMax = 5_000;

    private readonly Stack<Frame> open = new([new("math")]);
    private StringBuilder? plain;
    private int characters;

    public void Words(ReadOnlySpan<char> words)
    {
        words = words.Trim();
        characters += words.Length;
        if (plain is null && characters > CharactersMax)
        {
            plain = new StringBuilder().AppendJoin(' ', open.Reverse().SelectMany(frame => frame.Parts)).Append(' ');
        }

        if (plain is not null)
        {
            plain.Append(words).Append(' ');
        }
        else if (!words.IsEmpty)
        {
            open.Peek().Parts.Add(words.ToString());
        }
    }

    public void Open(string name)
    {
        if (plain is null)
        {
            open.Push(new(name));
        }
    }

    public void Close()
    {
        if (plain is null && open.Count > 1)
        {
            var frame = open.Pop();
            open.Peek().Parts.Add(Written(frame.Name, frame.Parts));
        }
    }

    /// <summary>Returns the formula; elements that are open end with it.</summary>
    public string End()
    {
        while (plain is null && open.Count > 1)
        {
            Close();
        }

        return plain?.ToString() ?? string.Concat(open.Peek().Parts);
    }

    private static string Written(string name, List<string> parts) => (name, parts) switch
    {
        ("mfrac", [var above, var below]) => FormulaText.Fraction(above, below),
        ("msup" or "mover", [var @base, var raised]) => FormulaText.Scripts(@base, "", raised),
        ("msub" or "munder", [var @base, var lowered]) => FormulaText.Scripts(@base, lowered, ""),
        ("msubsup" or "munderover", [var @base, var lowered, var raised]) => FormulaText.Scripts(@base, lowered, raised),
        ("msqrt", _) => FormulaText.Root(string.Concat(parts), ""),
        ("mroot", [var radicand, var degree]) => FormulaText.Root(radicand, degree),
        ("mfenced", _) => $"({string.Join(", ", parts)})",
        ("mtr" or "mlabeledtr", _) => string.Join(", ", parts),
        ("mtable", _) => $"[{string.Join("; ", parts)}]",
        ("mphantom", _) => "",
        ("mo", ["=" or "<" or ">" or "≤" or "≥" or "≠" or "≈" or "→" or "⇒" or "⇔"]) => $" {parts[0]} ",
        _ => string.Concat(parts),
    };

    private sealed record Frame(string Name)
    {
        public List<string> Parts { get; } = [];
    }
}
