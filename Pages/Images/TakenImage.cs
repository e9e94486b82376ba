using System.Text.RegularExpressions;
using Pybo.Data;

namespace Pybo.Pages.Images;

/// <summary>What became of an uploaded image.</summary>
/// <param name="Status">The status code of the answer.</param>
/// <param name="Refusal">The reason in the reader's language; null if the image was stored.</param>
/// <param name="Address">The image's address, if it was stored.</param>
/// <param name="Markdown">The text that shows it in a post.</param>
public sealed partial record TakenImage(int Status, string? Refusal, string? Address, string? Markdown)
{
    public const int BytesPerMegabyte = 1_000_000;
    public const int MegabytesMax = ImageReencoder.BytesMax / BytesPerMegabyte;

    /// <summary>The most characters of a file's name in a post; a comment has few.</summary>
    private const int DescriptionMax = 100;

    public static TakenImage Refused(int status, string reason) => new(status, reason, null, null);

    /// <param name="image">A stored image.</param>
    /// <param name="fileName">Describes it until its author writes better words.</param>
    public static TakenImage Of(Image image, string fileName) =>
        new(StatusCodes.Status201Created, null, image.Address, $"![{Signs().Replace(fileName.Cut(DescriptionMax), @"\$0")}]({image.Address})");

    /// <summary>What would end or change a description.</summary>
    [GeneratedRegex(@"[\\\[\]`*<&$~]", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();
}
