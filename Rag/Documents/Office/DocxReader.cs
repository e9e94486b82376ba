using Pybo.Data;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// Word documents. Footnotes, endnotes and comments follow the paragraph or the table that refers to them; the words of charts and SmartArt,
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
        var notes = new DocxNotes(package, relationships);
        var styles = new DocxStyles(package, OfficePackage.Related(relationships, "styles").FirstOrDefault());
        var numbering = new DocxNumbering(package, OfficePackage.Related(relationships, "numbering").FirstOrDefault());
        var body = new DocxBody(styles, numbering, notes);
        foreach (var part in body.Read(package.Nodes(package.Main)))
        {
            yield return part;
        }

        foreach (var note in notes.Rest())
        {
            yield return BlockPart.Paragraph(note);
        }

        foreach (var part in First(package, OfficePackage.Related(relationships, "chart").Concat(OfficePackage.Related(relationships, "diagramData"))))
        {
            foreach (var block in DrawingText.Block(DrawingText.Paragraphs(package, part)))
            {
                yield return block;
            }
        }

        foreach (var text in SideTexts(package, relationships))
        {
            yield return BlockPart.Paragraph(text);
        }

        if (body.HasForeignParts)
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.AltChunk));
        }
    }

    /// <summary>Returns headers and footers, each text once; page numbers alone have no meaning.</summary>
    private static HashSet<string> SideTexts(OfficePackage package, Dictionary<string, Relationship> relationships)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in First(package, OfficePackage.Related(relationships, "header").Concat(OfficePackage.Related(relationships, "footer"))))
        {
            foreach (var xml in package.Elements(part))
            {
                if (xml.Name is "hdr" or "ftr" && DocxInline.Inside(xml) is { } text && text.Any(char.IsLetter))
                {
                    texts.Add(text);
                }
            }
        }

        return texts;
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
