using System.Text.RegularExpressions;

namespace Pybo.Rag.Documents.Html;

/// <summary>Tells a picture's description from what programs write in its place.</summary>
internal static partial class HtmlPicture
{
    /// <summary>Returns the description; empty if it is the name of a file.</summary>
    public static string Description(string? text) => text is null || FileName().IsMatch(text.Trim()) ? "" : text;

    [GeneratedRegex(@"^\S{1,200}\.(?:png|jpe?g|gif|bmp|webp|svg|tiff?)$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex FileName();
}
