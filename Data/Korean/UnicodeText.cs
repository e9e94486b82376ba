using System.Text;

namespace Pybo.Data;

/// <summary>Unicode's normal forms for text that anyone may have sent.</summary>
public static class UnicodeText
{
    /// <summary>No character, and the one that .NET refuses to normalise; what stands for broken text stands for it.</summary>
    private const char Refused = '\uFFFE';

    private const char Broken = '\uFFFD';

    /// <summary>As <see cref="string.Normalize(NormalizationForm)"/>, for any text without unpaired surrogates.</summary>
    public static string Normalized(this string text, NormalizationForm form) => text.Replace(Refused, Broken).Normalize(form);
}
