using Pybo.Rag.Documents.Hwp;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>What a drawing says about itself (<c>wp:docPr</c>, <c>p:cNvPr</c>: ECMA-376 part 1, 20.1.2.2.8).</summary>
/// <param name="Text">Its alternative text; null if it has none, or only decorates.</param>
/// <param name="IsHidden">True if it is not shown.</param>
/// <param name="Address">The link target of the whole drawing.</param>
internal readonly record struct DrawnProperties(string? Text, bool IsHidden = false, string? Address = null)
{
    /// <summary>The description of a picture, with its link; null if it has none.</summary>
    public string? Description => Text is not null && HwpDescription.Of(Text) is { } words ? words + (Address is null ? "" : LinkText.After(words, Address)) : null;

    /// <summary>Reads the properties that start here, and moves to their end.</summary>
    /// <param name="xml">On the start of the properties.</param>
    /// <param name="addresses">The link targets of the part, by their ids.</param>
    public static DrawnProperties Read(XmlScanner xml, Dictionary<string, string> addresses)
    {
        var (text, isHidden, depth) = (xml.Attribute("descr"), xml.Attribute("hidden") is "1" or "true", xml.Depth);
        string? address = null;
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            if (xml.IsStart && xml.Name == "decorative" && xml.Attribute("val") is not ("0" or "false"))
            {
                text = null;
            }
            else if (xml.IsStart && xml.Name == "hlinkClick" && xml.RelationshipId() is { } id)
            {
                address = addresses.GetValueOrDefault(id);
            }
        }

        return new(text, isHidden, address);
    }
}

/// <summary>A drawing in a paragraph: the description of a picture, or the relationship of a drawn part.</summary>
internal readonly record struct DocxDrawing(string? Description, string? Part);
