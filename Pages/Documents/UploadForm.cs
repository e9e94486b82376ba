using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Enclosed;

namespace Pybo.Pages.Documents;

/// <summary>The data of the upload form.</summary>
/// <param name="Collections">The member's own collections.</param>
/// <param name="CollectionId">The selected collection.</param>
public sealed record UploadForm(IReadOnlyList<CollectionRow> Collections, long? CollectionId, long FileBytesMax, long RequestBytesMax)
{
    public const string FilesField = "files";
    public const string AudienceField = "audience";
    public const string CollectionField = "collection";

    /// <summary>The document that the file is a new version of.</summary>
    public const string DocumentField = "document";

    /// <summary>Precedes the files, because they are opened while the form is read.</summary>
    public const string PasswordField = "password";

    public const int PasswordCharactersMax = Unwrapping.PasswordCharactersMax;

    /// <summary>For the file chooser; after the upload, the bytes decide.</summary>
    public static string Accept { get; } = string.Join(',', [.. DocumentReader.AllExtensions, ZipFiles.Extension]);

    public static string Formats => string.Join(", ", [.. DocumentReader.AllFormats.Select(NameOf), DocumentWords.FormatZip]);

    /// <summary>Returns a format's name for readers.</summary>
    public static string NameOf(DocumentFormat format) => format.Extensions[0] switch
    {
        ".hwp" => DocumentWords.FormatHwp,
        ".hwpx" => DocumentWords.FormatHwpx,
        ".hml" => DocumentWords.FormatHwpml,
        ".md" => DocumentWords.FormatMarkdown,
        ".txt" => DocumentWords.FormatText,
        _ => format.Name,
    };

    /// <summary>Returns the name of a stored format.</summary>
    public static string NameOf(string stored) => DocumentReader.AllFormats.FirstOrDefault(format => format.Name == stored) is { } known ? NameOf(known) : stored;

    public static async Task<UploadForm> ForAsync(PyboDb db, long ownerId, long? collectionId, PyboOptions options, CancellationToken ct) => new(
        await db.CollectionsOfAsync(ownerId, ct), collectionId, options.UploadBytesMax, UploadLimits.RequestBytesMax(options));
}
