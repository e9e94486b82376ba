using Pybo.Data;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// Word documents. Footnotes, endnotes and comments, charts, SmartArt and the descriptions of pictures follow the paragraph or the table that refers to them;
/// headers and footers are added once at the end. Deleted and hidden text is left out, inserted text is read.
/// </summary>
public sealed class DocxReader() : OfficeReader("word/", "wordprocessingml")
{
    /// <summary>A document has a few per section.</summary>
    private const int SideTextsMax = 1_000;

    public override DocumentFormat Format { get; } =
        new("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", [".docx", ".docm", ".dotx", ".dotm"]);

    private protected override IEnumerable<DocumentPart> Read(OfficePackage package)
    {
        var relationships = package.Relationships(package.Main);
        var styles = new DocxStyles(package, OfficePackage.Related(relationships, "styles").FirstOrDefault());
        var notes = new DocxNotes(package, relationships, styles);
        var numbering = new DocxNumbering(package, OfficePackage.Related(relationships, "numbering").FirstOrDefault());
        var inline = new DocxInline(styles, package.Addresses(package.Main));
        var body = new DocxBody(styles, numbering, notes, inline, new DrawnParts(package, relationships).Read);
        foreach (var part in body.Read(package.Nodes(package.Main)))
        {
            yield return part;
        }

        foreach (var note in notes.Rest())
        {
            yield return BlockPart.Paragraph(note);
        }

        var (texts, deletions) = SideTexts(package, relationships, styles);
        foreach (var text in texts)
        {
            yield return BlockPart.Paragraph(text);
        }

        if (body.HasForeignParts)
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.AltChunk));
        }

        if (inline.Deletions + notes.Deletions + deletions is > 0 and var leftOut)
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.DeletionsLeftOut, leftOut));
        }
    }

    /// <summary>Returns headers and footers, each text once; page numbers alone have no meaning.</summary>
    private static (HashSet<string> Texts, int Deletions) SideTexts(OfficePackage package, Dictionary<string, Relationship> relationships, DocxStyles styles)
    {
        var (texts, deletions) = (new HashSet<string>(StringComparer.Ordinal), 0);
        foreach (var part in First(package, OfficePackage.Related(relationships, "header").Concat(OfficePackage.Related(relationships, "footer"))))
        {
            var inline = new DocxInline(styles, package.Addresses(part));
            foreach (var xml in package.Elements(part))
            {
                if (xml.Name is "hdr" or "ftr" && inline.Inside(xml) is { } text && text.Any(char.IsLetter))
                {
                    texts.Add(text);
                }
            }

            deletions += inline.Deletions;
        }

        return (texts, deletions);
    }

    private static IEnumerable<string> First(OfficePackage package, IEnumerable<string> parts)
    {
        var count = 0;
        foreach (var part in parts)
        {
            if (count++ == SideTextsMax)
            {
                package.TooMany(ReadingProblem.TooManySideTexts, SideTextsMax);
                break;
            }

            yield return part;
        }
    }
}
