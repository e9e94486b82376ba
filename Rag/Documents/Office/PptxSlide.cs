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
        var shapes = new PptxShapes(package, slide, relationships);
        foreach (var xml in package.Nodes(slide))
        {
            if (xml.IsStart && xml.Name == "sld" && xml.Attribute("show") is "0" or "false")
            {
                IsHidden = true;
                yield break;
            }

            shapes.Node(xml);
        }

        var tree = shapes.End();
        places.Fill(tree, OfficePackage.Related(relationships, "slideLayout").FirstOrDefault());
        foreach (var part in Parts(tree, shapes.IsCut))
        {
            yield return part;
        }

        foreach (var notes in OfficePackage.Related(relationships, "notesSlide"))
        {
            var said = new PptxShapes(package, notes, package.Relationships(notes));
            foreach (var xml in package.Nodes(notes))
            {
                said.Node(xml);
            }

            foreach (var part in Parts(said.End(), said.IsCut))
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

    /// <summary>Returns the title first, wherever it is: what is above it belongs to this slide's section, not to that of the previous slide.</summary>
    private static IEnumerable<DocumentPart> Parts(PptxShape tree, bool isCut)
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
