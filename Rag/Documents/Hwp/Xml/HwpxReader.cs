using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>HWPX (KS X 6101), optional in 한글 since 2014 and the default since 2021: XML in a ZIP file.</summary>
public sealed class HwpxReader : DocumentReader
{
    private const string ManifestPath = "META-INF/manifest.xml";
    private const string PackagePath = "Contents/content.hpf";
    private const string HeaderPath = "Contents/header.xml";
    private const string SectionPrefix = "Contents/section";

    public override DocumentFormat Format { get; } = new(StoredWords.HwpxFormat, "application/hwp+zip", [".hwpx", ".hwtx"]);

    /// <summary>
    /// Recognises a ZIP file whose first entry gives HWPX's media type, as required; or one with HWPX's parts, because some programs do not write the
    /// type first. An Office document that embeds an HWPX file does not count.
    /// </summary>
    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName)
    {
        if (!ZipDirectory.HasSignature(bytes))
        {
            return false;
        }

        var names = ZipDirectory.FirstNames(bytes).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return ZipDirectory.MediaType(bytes) is { } type && type.StartsWith(Format.ContentType, StringComparison.Ordinal)
            || (!names.Contains("[Content_Types].xml") && (names.Contains(PackagePath) || names.Contains(SectionPrefix + "0.xml")));
    }

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        var package = ZipPackage.Open(bytes);
        RefuseEncrypted(package);
        if (DocumentTitle.Of(Title(package) ?? "") is { } title)
        {
            yield return new TitlePart(title);
        }

        if (package.IsDamaged)
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.HwpxListBroken));
        }

        var styles = new HwpStyles();
        if (package.Contains(HeaderPath) && !ReadStyles(package, styles))
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.HwpxStylesBroken));
        }

        var sections = HwpSectionNames.InOrder(package.Names, SectionPrefix, ".xml");
        if (sections.Count == 0)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.HwpxNoBody));
        }

        var (flow, fault) = (new HwpFlow(styles), (Notice?)null);
        foreach (var path in sections.Take(HwpSectionNames.SectionsMax))
        {
            using var scanner = new XmlScanner(package.Open(path));
            foreach (var part in HwpXmlBody.Parts(new(scanner, isHwpml: false), flow, styles))
            {
                yield return part;
            }

            fault ??= scanner.Fault;
        }

        if (fault is not null && !flow.HasText)
        {
            throw HwpFlow.Unreadable(fault);
        }

        if (sections.Count > HwpSectionNames.SectionsMax)
        {
            yield return HwpSectionNames.TooMany;
        }

        foreach (var warning in flow.Warnings())
        {
            yield return warning;
        }
    }

    private static void RefuseEncrypted(ZipPackage package)
    {
        if (!package.Contains(ManifestPath))
        {
            return;
        }

        using var scanner = new XmlScanner(package.Open(ManifestPath));
        while (scanner.Read())
        {
            if (scanner.IsStart && scanner.Name == "encryption-data")
            {
                throw new DocumentUnreadableException(Notice.Of(ReadingProblem.HwpEncrypted));
            }
        }
    }

    private static string? Title(ZipPackage package)
    {
        if (!package.Contains(PackagePath))
        {
            return null;
        }

        using var scanner = new XmlScanner(package.Open(PackagePath));
        while (scanner.Read())
        {
            if (scanner.IsStart && scanner.Name == "title")
            {
                return scanner.TextInside();
            }
        }

        return null;
    }

    /// <summary>Returns false if the definitions break off; the text is read with the earlier ones.</summary>
    private static bool ReadStyles(ZipPackage package, HwpStyles styles)
    {
        using var scanner = new XmlScanner(package.Open(HeaderPath));
        var xml = new HwpXml(scanner, isHwpml: false);
        var reader = new HwpXmlStyles(styles);
        while (xml.Read())
        {
            reader.Take(xml);
        }

        return xml.Fault is null;
    }
}
