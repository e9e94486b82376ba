using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>A slide: its title, its other shapes in their order, then its notes and comments.</summary>
internal sealed class PptxSlide(OfficePackage package, string slide)
{
    private const int ParagraphCharactersMax = 1_000_000;

    /// <summary>The number of parts held back until a slide's title is found.</summary>
    private const int PartsBeforeTitleMax = 10_000;

    private readonly Dictionary<string, Relationship> relationships = package.Relationships(slide);
    private readonly StringBuilder paragraph = new();
    private readonly StringBuilder title = new();
    private readonly TableText tables = new();
    private readonly List<string> drawings = [];
    private string placeholder = "";
    private bool isFirstInShape;
    private bool isCut;

    public bool IsHidden { get; private set; }

    public IEnumerable<DocumentPart> Read()
    {
        foreach (var part in TitleFirst(Shapes(slide)).Concat(Drawings()))
        {
            yield return part;
        }

        foreach (var notes in OfficePackage.Related(relationships, "notesSlide"))
        {
            foreach (var part in Shapes(notes))
            {
                yield return part;
            }
        }

        foreach (var comments in OfficePackage.Related(relationships, "comments").Concat(OfficePackage.Related(relationships, "comment")))
        {
            foreach (var part in DrawingText.Block(DrawingText.Paragraphs(package, comments).Select(text => $"{StoredWords.Comment}: {text}")))
            {
                yield return part;
            }
        }
    }

    /// <summary>Moves content drawn before the title after it: it belongs to this slide's section, not to that of the previous slide.</summary>
    private static IEnumerable<DocumentPart> TitleFirst(IEnumerable<DocumentPart> parts)
    {
        var (before, isTitleDue) = (new List<DocumentPart>(), true);
        foreach (var part in parts)
        {
            if (isTitleDue && part is not BlockPart { Level: > 0 } && before.Count < PartsBeforeTitleMax)
            {
                before.Add(part);
                continue;
            }

            // The title is written before the parts held back; if they exceed the limit, it stays in its place.
            var isTitle = isTitleDue && part is BlockPart { Level: > 0 };
            isTitleDue = false;
            foreach (var next in isTitle ? before.Prepend(part) : before.Append(part))
            {
                yield return next;
            }

            before.Clear();
        }

        foreach (var part in before)
        {
            yield return part;
        }
    }

    private IEnumerable<DocumentPart> Shapes(string part)
    {
        var alternates = new AlternateContent();
        foreach (var xml in package.Nodes(part))
        {
            if (alternates.Skips(xml))
            {
                continue;
            }

            if (xml.IsStart)
            {
                Start(xml);
                if (xml.Name == "sld" && IsHidden)
                {
                    yield return BlockPart.Paragraph(StoredWords.HiddenSlide);
                }
            }
            else if (xml.IsEnd && End(xml.Name) is { } block)
            {
                yield return block;
            }
        }

        // A part that breaks off leaves its last table open.
        while (tables.IsOpen)
        {
            tables.EndCell();
            if (tables.End() is { } table)
            {
                yield return table;
            }
        }

        if (EndParagraph() is { } rest)
        {
            yield return rest;
        }

        if (isCut || tables.IsCut)
        {
            yield return new TruncatedPart(XmlScanner.CutReason);
        }
    }

    private void Start(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "sld":
                IsHidden = xml.Attribute("show") is "0" or "false";
                break;
            case "sp" or "graphicFrame" or "cxnSp" or "pic":
                (placeholder, isFirstInShape) = ("", true);
                break;
            case "ph":
                placeholder = xml.Attribute("type") ?? "";
                break;
            case "fld" when xml.Attribute("type") == "slidenum":
                xml.Skip();
                break;
            case "t":
                Add(xml.TextInside());
                break;
            case "br":
                Add("\n");
                break;
            case "tbl":
                tables.Start();
                break;
            case "tr":
                tables.StartRow();
                break;
            case "chart" when xml.RelationshipId() is { } id && relationships.TryGetValue(id, out var chart):
                drawings.Add(chart.Target);
                break;
            case "relIds" when xml.RelationshipId("dm") is { } id && relationships.TryGetValue(id, out var diagram):
                drawings.Add(diagram.Target);
                break;
        }
    }

    private BlockPart? End(string name)
    {
        switch (name)
        {
            case "p":
                return EndParagraph();
            case "tc":
                tables.EndCell();
                return null;
            case "tr" when tables.IsOutermost && tables.RowCount >= TableText.RowsMax:
                return tables.Take(rowsLeft: 0);
            case "tbl":
                return tables.End();
            case "sp":
                var heading = title.Length > 0 ? BlockPart.Heading(1, title.ToString()) : null;
                title.Clear();
                placeholder = "";
                return heading;
            default:
                return null;
        }
    }

    private void Add(string text) => isCut |= !BoundedText.Add(paragraph, text, ParagraphCharactersMax);

    private BlockPart? EndParagraph()
    {
        var text = paragraph.ToString();
        paragraph.Clear();
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (tables.IsOpen)
        {
            tables.Add(text);
            return null;
        }

        if (placeholder is "title" or "ctrTitle" && title.Length + text.Length < DocumentReader.TitleCharactersMax)
        {
            title.Append(title.Length > 0 ? " " : "").Append(text);
            return null;
        }

        var separator = isFirstInShape ? BlockBreak.Paragraph : BlockBreak.Line;
        isFirstInShape = false;
        return BlockPart.Paragraph(text, separator);
    }

    /// <summary>Returns the words of the slide's charts and diagrams, after its shapes.</summary>
    private IEnumerable<DocumentPart> Drawings()
    {
        foreach (var part in drawings.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            foreach (var block in DrawingText.Block(DrawingText.Paragraphs(package, part)))
            {
                yield return block;
            }
        }
    }
}
