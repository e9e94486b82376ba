using System.Globalization;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>Reads the shapes of a slide, or those on a sheet, with their places and words (ECMA-376 part 1, 19.3, 20.5 and 21.1).</summary>
internal sealed class DrawnShapes(OfficePackage package, string part, Dictionary<string, Relationship> relationships)
{
    private const int ParagraphCharactersMax = 1_000_000;

    /// <summary>A slide is one page.</summary>
    private const int CharactersMax = DocumentBuilder.PageCharactersMax;

    private const int ShapesMax = 100_000;

    private readonly AlternateContent alternates = new();
    private readonly Dictionary<string, string> addresses = package.Addresses(part);
    private readonly DrawnParts drawn = new(package, relationships);
    private readonly Stack<DrawnShape> shapes = new([new()]);
    private readonly ScriptedText paragraph = new(ParagraphCharactersMax);
    private readonly OfficeTable tables = new();
    private readonly List<string> title = [];
    private (string? Address, int Mark) link;
    private string? address;
    private Script script;
    private bool isInTransform;
    private bool isInRun;
    private int characters;
    private int count;

    /// <summary>True once a text had to be cut.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Returns the shapes as one group.</summary>
    public DrawnShape Read()
    {
        foreach (var xml in package.Nodes(part))
        {
            Node(xml);
        }

        return End();
    }

    private void Node(XmlScanner xml)
    {
        if (alternates.Skips(xml))
        {
            return;
        }

        if (xml.IsStart)
        {
            Start(xml);
        }
        else if (xml.IsEnd)
        {
            End(xml.Name);
        }
    }

    /// <summary>A part that breaks off leaves its last table open.</summary>
    private DrawnShape End()
    {
        while (tables.IsOpen)
        {
            EndTable();
        }

        EndParagraph();
        while (shapes.Count > 1)
        {
            EndShape();
        }

        IsCut |= tables.IsCut;
        return shapes.Peek();
    }

    private void Start(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "sp" or "graphicFrame" or "cxnSp" or "pic" or "grpSp" or "contentPart":
                shapes.Push(new());
                break;
            case "cNvPr":
                Describe(DrawnProperties.Read(xml, addresses));
                break;
            case "ph":
                (shapes.Peek().Placeholder, shapes.Peek().Index) = (xml.Attribute("type") ?? "", xml.Attribute("idx") ?? "");
                break;
            case "xfrm":
                isInTransform = true;
                break;
            case "off" or "ext" when isInTransform:
                Place(xml);
                break;
            case "tbl" or "tblPr" or "tr" or "tc":
                Table(xml);
                break;
            case "chart" or "relIds" when xml.RelationshipId(xml.Name == "chart" ? "id" : "dm") is { } id:
                AddAll(drawn.Read(id));
                break;
            default:
                Text(xml);
                break;
        }
    }

    private void Describe(DrawnProperties drawing)
    {
        var shape = shapes.Peek();
        (shape.IsHidden, shape.Address) = (drawing.IsHidden, drawing.Address);
        if (drawing.Description is { } description)
        {
            AddAll([BlockPart.Paragraph(description)]);
        }
    }

    private void Place(XmlScanner xml)
    {
        var shape = shapes.Peek();
        var box = shape.Box ?? default;
        shape.Box = xml.Name == "off"
            ? box with { Left = Units(xml.Attribute("x")), Top = Units(xml.Attribute("y")) }
            : box with { Width = Math.Max(0, Units(xml.Attribute("cx"))), Height = Math.Max(0, Units(xml.Attribute("cy"))) };
    }

    private void Table(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "tbl":
                tables.Start();
                break;
            case "tblPr" when xml.Attribute("firstRow") is "1" or "true":
                tables.StyleFirstRow();
                break;
            case "tr":
                tables.StartRow();
                break;
            case "tc":
                tables.StartCell();
                if (tables.CurrentCell is { } cell)
                {
                    (cell.ColumnSpan, cell.RowSpan, cell.Step) = (Number(xml.Attribute("gridSpan"), 1), Number(xml.Attribute("rowSpan"), 1), 1);
                    cell.IsHollow = xml.Attribute("hMerge") is "1" or "true" || xml.Attribute("vMerge") is "1" or "true";
                }

                break;
        }
    }

    private void Text(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "r":
                (isInRun, script) = (true, Script.None);
                break;
            case "rPr" when isInRun:
                script = Number(xml.Attribute("baseline")?.TrimEnd('%'), 0) switch { > 0 => Script.Raised, < 0 => Script.Lowered, _ => Script.None };
                break;
            case "hlinkClick" when isInRun:
                address = xml.RelationshipId() is { } id ? addresses.GetValueOrDefault(id) : null;
                break;
            case "fld" when xml.Attribute("type") == "slidenum":
                xml.Skip();
                break;
            case "t":
                Add(xml.TextInside(), script);
                break;
            case "br":
                Add("\n", Script.None);
                break;
            case "oMath":
                Add(MathText.Read(xml), Script.None);
                break;
        }
    }

    private void Add(string text, Script position)
    {
        EndLink(address);
        IsCut |= !paragraph.Add(text, position);
    }

    private void End(string name)
    {
        switch (name)
        {
            case "xfrm":
                isInTransform = false;
                break;
            case "r":
                (isInRun, address, script) = (false, null, Script.None);
                break;
            case "p":
                EndParagraph();
                break;
            case "tc":
                tables.EndCell();
                break;
            case "tr":
                tables.EndRow();
                if (tables.HasRows && tables.Take(isPageEnd: false) is { } rows)
                {
                    AddAll([rows]);
                }

                break;
            case "tbl":
                EndTable();
                break;
            case "sp" or "graphicFrame" or "cxnSp" or "pic" or "grpSp" or "contentPart" when shapes.Count > 1:
                EndShape();
                break;
        }
    }

    private void EndTable()
    {
        if (tables.End() is { } table)
        {
            AddAll([table]);
        }
    }

    private void EndShape()
    {
        EndParagraph();
        var shape = shapes.Pop();
        if (title.Count > 0)
        {
            shape.Parts.Add(BlockPart.Heading(1, string.Join(' ', title)));
            title.Clear();
        }

        if (shape is { Address: { } target, Parts: [.., BlockPart { Level: 0, Lines: [var line] } words] } && LinkText.After(line.Text, target) is { Length: > 0 } after && !line.Text.EndsWith(after, StringComparison.Ordinal))
        {
            shape.Parts[^1] = words with { Lines = [line with { Text = line.Text + after }] };
        }

        if (!shape.IsHidden && count++ < ShapesMax)
        {
            shapes.Peek().Shapes.Add(shape);
        }

        IsCut |= count > ShapesMax;
    }

    private void EndParagraph()
    {
        EndLink(null);
        var text = paragraph.Take();
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        var shape = shapes.Peek();
        if (tables.IsOpen)
        {
            tables.Add(text);
        }
        else if (shape.Placeholder is "title" or "ctrTitle" && title.Sum(line => line.Length) + text.Length < DocumentReader.TitleCharactersMax)
        {
            title.Add(text);
        }
        else
        {
            AddAll([BlockPart.Paragraph(text, shape.Parts.Count == 0 ? BlockBreak.Paragraph : BlockBreak.Line)]);
        }
    }

    private void EndLink(string? next)
    {
        if (link.Address == next)
        {
            return;
        }

        if (link.Address is { } ended)
        {
            paragraph.Add(LinkText.After(paragraph.From(link.Mark), ended));
        }

        link = (next, paragraph.Mark());
    }

    /// <summary>Adds parts to the shape, up to what a page holds.</summary>
    private void AddAll(IEnumerable<DocumentPart> parts)
    {
        foreach (var added in parts)
        {
            if (characters > CharactersMax)
            {
                IsCut = true;
                return;
            }

            characters += added is BlockPart block ? block.Lines.Sum(line => Math.Min(line.Text.Length, CharactersMax)) : 0;
            shapes.Peek().Parts.Add(added);
        }
    }

    private static long Units(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var units) ? Math.Clamp(units, -ShapeBox.UnitsMax, ShapeBox.UnitsMax) : 0;

    private static int Number(string? text, int otherwise) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
