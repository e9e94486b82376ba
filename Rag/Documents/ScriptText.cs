using System.Collections.Frozen;

namespace Pybo.Rag.Documents;

/// <summary>
/// Superscripts and subscripts as plain text: Unicode's raised and lowered characters (<c>10⁶</c>, <c>m²</c>, <c>H₂O</c>), or <c>x^(n+1)</c> and <c>x_(ij)</c> where a
/// character has none. Run into the line, <c>10⁶</c> would be the number 106.
/// </summary>
public static class ScriptText
{
    private const string Plain = "0123456789+-−=()ni";
    private const string RaisedForms = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ";
    private const string LoweredPlain = "0123456789+-−=()aeoxhklmnpst";
    private const string LoweredForms = "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ";

    /// <summary>Raised by habit, without a meaning of their own: 5th, ™.</summary>
    private static readonly FrozenSet<string> Ordinary = FrozenSet.Create("st", "nd", "rd", "th", "TM", "SM", "er", "re", "o", "a");

    /// <summary>Longer raised text is a remark, not an exponent, and is kept as it is.</summary>
    private const int CharactersMax = 20;

    private static readonly FrozenDictionary<char, char> RaisedOf = Plain.Zip(RaisedForms).ToFrozenDictionary(pair => pair.First, pair => pair.Second);
    private static readonly FrozenDictionary<char, char> LoweredOf = LoweredPlain.Zip(LoweredForms).ToFrozenDictionary(pair => pair.First, pair => pair.Second);

    public static string Raised(string text) => Of(text, RaisedOf, '^');

    public static string Lowered(string text) => Of(text, LoweredOf, '_');

    private static string Of(string text, FrozenDictionary<char, char> forms, char mark)
    {
        var words = text.AsSpan().Trim();
        if (words.IsEmpty || words.Length > CharactersMax || words.ContainsAnyInRange('가', '힣') || Ordinary.Contains(words.ToString()))
        {
            return text;
        }

        var characters = new char[words.Length];
        for (var at = 0; at < words.Length; at++)
        {
            if (!forms.TryGetValue(words[at], out characters[at]))
            {
                return !char.IsAsciiLetterOrDigit(words[0]) ? text : words.Length == 1 ? $"{mark}{words}" : $"{mark}({words})";
            }
        }

        return new(characters);
    }
}
