using System.Text;

namespace Pybo.Data;

/// <summary>Normalises and cuts untrusted Unicode text safely.</summary>
public static class UnicodeText
{
    /// <summary>A noncharacter that .NET refuses to normalise; it is replaced like broken text.</summary>
    private const char Refused = '\uFFFE';

    private const char Broken = '\uFFFD';

    /// <summary>Works like <see cref="string.Normalize(NormalizationForm)"/>, for any text without unpaired surrogates.</summary>
    public static string Normalized(this string text, NormalizationForm form) => text.Replace(Refused, Broken).Normalize(form);

    /// <summary>Returns the beginning of a text without splitting a surrogate pair.</summary>
    /// <param name="text">The text.</param>
    /// <param name="charactersMax">The maximum in UTF-16 units, including the mark; a text that fits is returned unchanged.</param>
    /// <param name="mark">Appended to a text that was cut.</param>
    public static string Cut(this string text, int charactersMax, string mark = "")
    {
        if (text.Length <= charactersMax)
        {
            return text;
        }

        var end = Math.Max(0, charactersMax - mark.Length);
        return text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + mark;
    }
}
