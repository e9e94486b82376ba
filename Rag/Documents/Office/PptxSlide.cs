using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>A slide: its title, its other shapes in the order in which they are seen, then its notes and comments.</summary>
internal sealed class PptxSlide(OfficePackage package, string slide, PptxPlaces places)
{
    private readonly Dictionary<string, Relationship> relationships = package.Relationships(slide);

    public bool IsHidden { get; private set; }

    public IEnumerable<DocumentPart> Read()
    {
        IsHidden = package.Elements(slide).Take(1).Any(xml => xml.Attribute("show") is "0" or "false");
        if (IsHidden)
        {
            yield break;
        }

        var shapes = new DrawnShapes(package, slide, relationships);
        var tree = shapes.Read();
        places.Fill(tree, OfficePackage.Related(relationships, "slideLayout").FirstOrDefault());
        foreach (var part in Parts(tree, shapes.IsCut))
        {
            yield return part;
        }

        foreach (var notes in OfficePackage.Related(relationships, "notesSlide"))
        {
            foreach (var part in Parts(package, notes))
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

    /// <summary>Returns the words of a part with shapes.</summary>
    public static IEnumerable<DocumentPart> Parts(OfficePackage package, string part)
    {
        var shapes = new DrawnShapes(package, part, package.Relationships(part));
        var tree = shapes.Read();
        return Parts(tree, shapes.IsCut);
    }

    /// <summary>Returns the title first, wherever it is: what is above it belongs to this slide's section, not to that of the previous slide.</summary>
    private static IEnumerable<DocumentPart> Parts(DrawnShape tree, bool isCut)
    {
        var parts = ShapeOrder.Of(tree).SelectMany(shape => shape.Parts).ToList();
        var title = parts.FindIndex(part => part is BlockPart { Level: > 0 });
        foreach (var part in title > 0 ? parts[..title].Prepend(parts[title]).Concat(parts[(title + 1)..]) : parts)
        {
            yield return part;
        }

        if (isCut)
        {
            yield return new TruncatedPart(XmlScanner.CutReason);
        }
    }
}
