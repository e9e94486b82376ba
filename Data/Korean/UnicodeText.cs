using System.Text;

namespace Pybo.Data;

/// <summary>What Unicode asks of code that normalises or cuts text which anyone may have sent.</summary>
public static class UnicodeText
{
    /// <summary>No character, and the one that .NET refuses to normalise; what stands for broken text stands for it.</summary>
    private const char Refused = '\uFFFE';

    private const char Broken = '\uFFFD';

    /// <summary>As <see cref="string.Normalize(NormalizationForm)"/>, for any text without unpaired surrogates.</summary>
    public static string Normalized(this string text, NormalizationForm form) => text.Replace(Refused, Broken).Normalize(form);

    /// <summary>The beginning of a text; a surrogate pair is not cut in two.</summary>
    /// <param name="text">The text.</param>
    /// <param name="charactersMax">UTF-16 units at most, the mark included; a text of no more is returned as it is.</param>
    /// <param name="mark">Ends a text that was cut.</param>
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
