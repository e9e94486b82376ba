using System.Buffers;

namespace Pybo.Rag.Documents;

/// <summary>Writes a formula on one line, as a person types it: <c>3/4</c>, <c>(a+b)/c</c>, <c>x²</c>, <c>√(16)</c>. For MathML and for the equations of 한글.</summary>
internal static class FormulaText
{
    private static readonly SearchValues<char> Operators = SearchValues.Create("+-−–±×·÷*/=<>≤≥≠≈∓,; ");

    public static string Fraction(string above, string below) => $"{Operand(above)}/{Operand(below)}";

    /// <summary>Returns a base with its scripts; an empty one is left out.</summary>
    public static string Scripts(string @base, string lowered, string raised) =>
        Operand(@base) + Script(lowered, ScriptText.Lowered(lowered), '_') + Script(raised, ScriptText.Raised(raised), '^');

    /// <summary>In a formula even a script without small forms must not run into its base: <c>∫₀^∞</c>.</summary>
    private static string Script(string script, string small, char mark) => script.Length == 0 ? "" : small == script ? mark + Operand(script) : small;

    /// <param name="degree">Empty for the square root.</param>
    public static string Root(string radicand, string degree) => degree switch
    {
        "" or "2" => $"√({radicand})",
        "3" => $"∛({radicand})",
        "4" => $"∜({radicand})",
        _ => $"{ScriptText.Raised(degree)}√({radicand})",
    };

    /// <summary>Returns a text that can be read as one operand: in brackets if it is more than a word, a number or a bracketed text.</summary>
    public static string Operand(string text)
    {
        var isWord = !text.AsSpan().ContainsAny(Operators);
        return isWord || IsBracketed(text) ? text : $"({text})";
    }

    /// <summary>Returns true if the first bracket closes with the last character.</summary>
    private static bool IsBracketed(string text)
    {
        if (text is not (['(', .., ')'] or ['[', .., ']'] or ['{', .., '}'] or ['|', .., '|']))
        {
            return false;
        }

        var depth = 0;
        for (var at = 0; at < text.Length - 1; at++)
        {
            depth += text[at] is '(' or '[' or '{' ? 1 : text[at] is ')' or ']' or '}' ? -1 : 0;
            if (depth == 0 && text[0] != '|')
            {
                return false;
            }
        }

        return true;
    }
}
