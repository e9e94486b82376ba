using System.Text.RegularExpressions;

namespace Pybo.Rag.Documents;

/// <summary>The description of a picture (alternative text), which tells in words what only the picture shows.</summary>
internal static partial class PictureText
{
    /// <summary>A longer description is cut; applications allow some thousand characters.</summary>
    private const int CharactersMax = 10_000;

    /// <summary>Returns the description on one line; null if there is none, or if it is only the name of the picture's file.</summary>
    public static string? Description(string? text)
    {
        var words = TextNormalizer.OneLine(text ?? "", CharactersMax);
        return words.Length == 0 || FileName().IsMatch(words) ? null : words;
    }

    [GeneratedRegex(@"^\S*\.(?:png|jpe?g|jpe|jfif|gif|bmp|dib|tiff?|emf|wmf|emz|wmz|svg|webp|heic|ico|eps|pict?|pcx)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex FileName();
}
