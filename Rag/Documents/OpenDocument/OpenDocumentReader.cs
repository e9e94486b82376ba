using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.OpenDocument;

/// <summary>OpenDocument (ISO/IEC 26300) texts, sheets and presentations, as LibreOffice writes them: XML in a ZIP file whose first entry is its media type.</summary>
/// <param name="kind">The end of the media type: <c>text</c>, <c>spreadsheet</c> or <c>presentation</c>.</param>
/// <param name="name">The format's name.</param>
/// <param name="extensions">Its extensions, the usual one first.</param>
public abstract class OpenDocumentReader(string kind, string name, params IReadOnlyList<string> extensions) : DocumentReader
{
    private const string ContentPath = "content.xml";
    private const string StylesPath = "styles.xml";
    private const string MetaPath = "meta.xml";
    private const string ManifestPath = "META-INF/manifest.xml";

    private const string MediaType = "application/vnd.oasis.opendocument.";

    public override DocumentFormat Format { get; } = new(name, MediaType + kind, extensions);

    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) =>
        ZipDirectory.MediaType(bytes) is { } type && type.StartsWith(MediaType + kind, StringComparison.Ordinal);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        var package = ZipPackage.Open(bytes);
        RefuseEncrypted(package);
        if (DocumentTitle.Of(Title(package) ?? "") is { } title)
        {
            yield return new TitlePart(title);
        }

        var styles = new OpenDocumentStyles();
        if (package.Contains(StylesPath))
        {
            using var defined = new XmlScanner(package.Open(StylesPath));
            styles.Read(defined);
        }

        using var content = new XmlScanner(package.Open(ContentPath));
        var body = new OpenDocumentBody(content, styles, hasSheets: kind == "spreadsheet");
        foreach (var part in body.Parts())
        {
            yield return part;
        }

        foreach (var warning in body.Warnings())
        {
            yield return new WarningPart(warning);
        }

        if (package.IsDamaged)
        {
            yield return new TruncatedPart(Notice.Of(ReadingProblem.EndMissing));
        }

        if (content.Fault is { } fault)
        {
            yield return new TruncatedPart(fault);
        }

        if (content.IsCut)
        {
            yield return new TruncatedPart(XmlScanner.CutReason);
        }
    }

    private static void RefuseEncrypted(ZipPackage package)
    {
        if (!package.Contains(ManifestPath))
        {
            return;
        }

        using var manifest = new XmlScanner(package.Open(ManifestPath));
        while (manifest.Read())
        {
            if (manifest.IsStart && manifest.Name == "encryption-data")
            {
                throw new DocumentUnreadableException(Notice.Of(ReadingProblem.Encrypted));
            }
        }
    }

    private static string? Title(ZipPackage package)
    {
        if (!package.Contains(MetaPath))
        {
            return null;
        }

        using var meta = new XmlScanner(package.Open(MetaPath));
        while (meta.Read())
        {
            if (meta.IsStart && meta.Name == "title")
            {
                return meta.TextInside();
            }
        }

        return null;
    }
}

public sealed class OdtReader() : OpenDocumentReader("text", "ODT", ".odt", ".ott");

public sealed class OdsReader() : OpenDocumentReader("spreadsheet", "ODS", ".ods", ".ots");

public sealed class OdpReader() : OpenDocumentReader("presentation", "ODP", ".odp", ".otp");
