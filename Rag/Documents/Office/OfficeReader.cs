using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>The common base of the three Office Open XML readers: recognises files by their parts' folder, or by the content types if no folder decides.</summary>
/// <param name="folder">The folder where this application puts its parts: <c>word/</c>.</param>
/// <param name="contentType">A part of the main part's content type.</param>
public abstract class OfficeReader(string folder, string contentType) : DocumentReader
{
    private const string ContentTypesPart = "[Content_Types].xml";

    /// <summary>The folders of all readers: the first one in a file decides, since a sheet embedded in a text follows later.</summary>
    private static readonly string[] Folders = ["word/", "ppt/", "xl/"];

    private static readonly string[] PartExtensions = [".xml", ".rels", ".bin"];

    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName)
    {
        if (!ZipDirectory.HasSignature(bytes))
        {
            return false;
        }

        var names = ZipDirectory.FirstNames(bytes);
        var first = names.Where(IsPart).Select(name => Array.Find(Folders, f => name.StartsWith(f, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(f => f is not null);
        return first is not null ? first == folder
            : names.Contains(ContentTypesPart, StringComparer.OrdinalIgnoreCase) && ContentTypes(bytes).Contains(contentType, StringComparison.OrdinalIgnoreCase);
    }

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        var package = OfficePackage.Open(bytes);
        if (DocumentTitle.Of(package.Title() ?? "") is { } title)
        {
            yield return new TitlePart(title);
        }

        var hasWords = false;
        foreach (var part in Read(package))
        {
            hasWords |= part is BlockPart;
            yield return part;
        }

        if (!hasWords && !package.IsDamaged && package.Faults.Count == 0)
        {
            yield return new WarningPart(Notice.Of(package.HasPictures ? ReadingProblem.OfficePicturesOnly : ReadingProblem.NoText));
        }

        if (package.IsDamaged)
        {
            yield return new TruncatedPart(Notice.Of(ReadingProblem.EndMissing));
        }

        foreach (var fault in package.Faults.Distinct())
        {
            yield return new TruncatedPart(fault);
        }
    }

    private protected abstract IEnumerable<DocumentPart> Read(OfficePackage package);

    /// <summary>An archive of documents may have a folder of such a name.</summary>
    private static bool IsPart(string name) => PartExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    private static string ContentTypes(ReadOnlySpan<byte> bytes)
    {
        const int bytesMax = 1_000_000;
        try
        {
            return Encoding.UTF8.GetString(ZipPackage.Open(bytes.ToArray()).ReadAll(ContentTypesPart, bytesMax));
        }
        catch (DocumentUnreadableException)
        {
            return ""; // Then its kind is unknown, and it is refused as such.
        }
    }
}
