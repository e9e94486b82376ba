using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Pages.Documents;

/// <summary>What the form for files shows.</summary>
/// <param name="Collections">The member's own.</param>
/// <param name="CollectionId">The one that is chosen.</param>
public sealed record UploadForm(IReadOnlyList<CollectionRow> Collections, long? CollectionId, long FileBytesMax, long RequestBytesMax)
{
    public const string FilesField = "files";
    public const string AudienceField = "audience";
    public const string CollectionField = "collection";

    /// <summary>For the file chooser; the bytes decide when they come.</summary>
    public static string Accept { get; } = string.Join(',', DocumentReader.AllExtensions);

    public static string Formats { get; } = string.Join(", ", DocumentReader.AllFormats.Select(f => f.Name));

    public static async Task<UploadForm> ForAsync(PyboDb db, long ownerId, long? collectionId, PyboOptions options, CancellationToken ct) => new(
        await db.CollectionsOfAsync(ownerId, ct), collectionId, options.UploadBytesMax, UploadLimits.RequestBytesMax(options));
}
