using System.Globalization;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>Reads the body's XML into the flow: a section of HWPX, or HWPML's <c>BODY</c>.</summary>
internal sealed class HwpXmlBody(HwpXml xml, HwpFlow flow, HwpStyles styles)
{
    private readonly Stack<Element> open = new();
    private string number = "";
    private string parameter = "";
    private HwpField? field;
    private int deletions;

    /// <summary>Returns the parts from the rest of the XML: a section, or all sections.</summary>
    public static IEnumerable<DocumentPart> Parts(HwpXml xml, HwpFlow flow, HwpStyles styles)
    {
        var body = new HwpXmlBody(xml, flow, styles);
        flow.Pages.BeginSection();
        var hasMore = true;
        while (hasMore)
        {
            hasMore = body.Read();
            while (flow.TryTake(out var part))
            {
                yield return part;
            }
        }

        if (xml.Fault is { } fault)
        {
            yield return new TruncatedPart(fault);
        }

        if (xml.IsCut)
        {
            yield return new TruncatedPart(XmlScanner.CutReason);
        }
    }

    /// <summary>Reads the next element or text; at the end or at a break, closes everything open, so that it is not lost, and returns false.</summary>
    public bool Read()
    {
        if (!xml.Read())
        {
            while (open.TryPop(out var unclosed))
            {
                End(unclosed);
            }

            return false;
        }

        if (xml.IsStart)
        {
            open.Push(Start());
        }
        else if (xml.IsText)
        {
            AddText();
        }
        else if (open.TryPop(out var element))
        {
            End(element);
        }

        return true;
    }

    private Element Top => open.TryPeek(out var top) ? top : default;

    private Element Start()
    {
        var parent = Top;
        var name = xml.Name;
        if (parent.IsIgnored || IsSecondBranch(name, parent))
        {
            return new(name, IsIgnored: true);
        }

        if (parent.Name is "RUN" or "CTRL" or "TEXT" && name is not ("T" or "CHAR" or "CTRL" or "SWITCH" or "FIELDEND"))
        {
            flow.Paragraph?.AddObject();
        }

        return new(name, Opens(name), Shows: name is "T" or "CHAR" or "SCRIPT" or "MAINTEXT" or "SUBTEXT" || (name == "TEXT" && parent.Name == "EDIT"));
    }

    /// <summary>Only the first branch of a switch is read; the others have the same content for other programs.</summary>
    private bool IsSecondBranch(string name, Element parent)
    {
        if (parent.Name != "SWITCH" || name is not ("CASE" or "DEFAULT"))
        {
            return false;
        }

        open.Pop();
        open.Push(parent with { HasBranch = true });
        return parent.HasBranch;
    }

    /// <summary>Handles the start of an element; returns true if it opened something in the flow.</summary>
    private bool Opens(string name)
    {
        switch (name)
        {
            case "P":
                OpenParagraph();
                return true;
            case "TBL" or "TABLE":
                flow.OpenTable();
                return true;
            case "TC" or "CELL":
                flow.OpenCell(new(xml.Number("rowAddr"), xml.Number("colAddr")) { ColumnSpan = xml.Number("colSpan"), RowSpan = xml.Number("rowSpan"), IsHeader = IsOn(xml.Attribute("header")) });
                return true;
            case "CAPTION" or "DRAWTEXT" or "FOOTNOTE" or "ENDNOTE":
                flow.OpenList(HwpListKind.Text);
                return true;
            case "HEADER" or "FOOTER" or "MASTERPAGE":
                flow.OpenList(HwpListKind.Running);
                return true;
            case "FIELDBEGIN":
                BeginField();
                return true;
            case "MEMO":
                flow.OpenList(HwpListKind.Memo);
                return true;
            case "HIDDENCOMMENT":
                flow.OpenList(HwpListKind.Hidden);
                return true;
            default:
                Apply(name);
                return false;
        }
    }

    private void Apply(string name)
    {
        switch (name)
        {
            case "RUN" or "TEXT" when xml.Attribute("charPrIDRef", "CharShape") is { Length: > 0 }:
                flow.Paragraph?.Scripts.Add((flow.Paragraph.Position, styles.ScriptOf(xml.Number("charPrIDRef", "CharShape"))));
                break;
            case "FIELDEND":
                flow.Paragraph?.EndField();
                break;
            case "STRINGPARAM":
                parameter = xml.Attribute("name");
                break;
            case "CELLADDR" when flow.Cell is { } cell:
                (cell.Column, cell.Row) = (xml.Number("colAddr"), xml.Number("rowAddr"));
                break;
            case "CELLSPAN" when flow.Cell is { } cell:
                (cell.ColumnSpan, cell.RowSpan) = (xml.Number("colSpan"), xml.Number("rowSpan"));
                break;
            case "LINESEG" when flow.IsInBody:
                flow.Paragraph?.Lines.Add((xml.Number("textpos"), xml.Number("vertpos")));
                break;
            case "SECTION":
                flow.Pages.BeginSection();
                break;
            case "SECPR" or "SECDEF":
                styles.OutlineId = xml.Number("outlineShapeIDRef", "OutlineShape");
                break;
            case "PAGEPR" or "PAGEDEF":
                SetPageSize();
                break;
            case "COLPR" or "COLDEF" when flow.IsInBody:
                flow.Pages.SetColumns(xml.Number("colCount", "Count"));
                break;
            case "AUTONUM":
                number = IsPageNumber() ? "" : xml.Attribute("num", "Number");
                break;
            case "AUTONUMFORMAT" when number.Length > 0:
                AddNumber(xml.Attribute("prefixChar"), xml.Attribute("suffixChar"), xml.Attribute("type"));
                break;
            case "TEXTART":
                AddInline(xml.Attribute("text"));
                break;
            case "COMPOSE":
                AddInline(xml.Attribute("composeText"));
                break;
            case "CHECKBTN" or "RADIOBTN":
                AddInline($"{(IsOn(xml.Attribute("value")) ? '☑' : '☐')} {Caption()}");
                break;
            case "BTN":
                AddInline(Caption());
                break;
            case "COMBOBOX" or "LISTBOX":
                AddInline(xml.Attribute("selectedValue"));
                break;
            default:
                AddCharacter(name);
                break;
        }
    }

    private bool IsPageNumber() => xml.Attribute("numType", "NumberType").Contains("PAGE", StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds a character that the text contains as an element.</summary>
    private void AddCharacter(string name)
    {
        if (!Top.Shows || flow.Paragraph is not { } paragraph)
        {
            return;
        }

        switch (name)
        {
            case "TAB":
                paragraph.AppendTab();
                break;
            case "LINEBREAK":
                paragraph.Append("\n");
                break;
            case "NBSPACE" or "FWSPACE":
                paragraph.Append(" ");
                break;
            case "HYPHEN" or "HYPEN":
                paragraph.Append("-");
                break;
            case "DELETEBEGIN":
                deletions = 1;
                flow.Deletions++;
                break;
            case "DELETEEND":
                deletions = 0;
                break;
        }
    }

    /// <summary>Begins a field; what it holds itself is a memo's text, or is not shown.</summary>
    private void BeginField()
    {
        field = new();
        if (flow.Paragraph is { } paragraph)
        {
            paragraph.CurrentObject().Field = field;
        }

        field.TakeCommand(xml.Attribute("command"));
        flow.OpenList(xml.Attribute("type").Equals("MEMO", StringComparison.OrdinalIgnoreCase) ? HwpListKind.Memo : HwpListKind.Hidden);
    }

    private void TakeParameter()
    {
        var text = xml.TakeText();
        if (field is not null && parameter == "Direction")
        {
            field.Prompt = text;
        }
        else if (parameter is "Command" or "Path")
        {
            field?.TakeCommand(text);
        }
    }

    private void TakeDescription()
    {
        if (HwpDescription.Of(xml.TakeText()) is { } description && flow.Paragraph is { } paragraph)
        {
            paragraph.CurrentObject().Blocks.Add(BlockPart.Paragraph(description));
        }
    }

    private void AddText()
    {
        if (Top.Name == "STRINGPARAM" && !Top.IsIgnored)
        {
            TakeParameter();
        }
        else if (Top.Name == "SHAPECOMMENT" && !Top.IsIgnored)
        {
            TakeDescription();
        }

        if (!Top.Shows || deletions > 0 || flow.Paragraph is not { } paragraph)
        {
            return;
        }

        var text = xml.TakeText();
        switch (Top.Name)
        {
            case "SUBTEXT":
                AddInline($"({text})");
                break;
            case "T" or "CHAR":
                paragraph.Append(text);
                break;
            case "SCRIPT":
                AddInline(HwpEquation.Text(text));
                break;
            default:
                AddInline(text);
                break;
        }
    }

    private void AddInline(string text)
    {
        if (flow.Paragraph is { } paragraph)
        {
            paragraph.CurrentObject().Text += text;
        }
    }

    private void AddNumber(string prefix, string suffix, string format)
    {
        var isNumber = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        AddInline(prefix + (isNumber ? HwpNumber.Write(value, HwpXmlStyles.Format(format)) : number) + suffix);
        number = "";
    }

    private void OpenParagraph()
    {
        var shape = xml.Number("paraPrIDRef", "ParaShape");
        var style = xml.Number("styleIDRef", "Style");
        flow.OpenParagraph(shape, style, xml.Attribute("pageBreak") is "1" or "true");
        deletions = 0;
    }

    /// <summary>An ampersand marks the key of a control; two are one.</summary>
    private string Caption() => xml.Attribute("caption").Replace("&&", "&", StringComparison.Ordinal);

    private static bool IsOn(string value) => value is "1" or "true" || value.Equals("CHECKED", StringComparison.OrdinalIgnoreCase);

    /// <summary>HWPX calls portrait paper <c>WIDELY</c>, and landscape paper <c>NARROWLY</c>.</summary>
    private void SetPageSize()
    {
        var (width, height) = ((uint)Math.Max(0, xml.Number("width")), (uint)Math.Max(0, xml.Number("height")));
        var isLandscape = xml.Attribute("landscape") is "NARROWLY" or "1" or "true";
        flow.Pages.SetSize(isLandscape ? height : width, isLandscape ? width : height);
    }

    private void End(Element element)
    {
        if (element.Name == "AUTONUM" && number.Length > 0 && !element.IsIgnored)
        {
            AddInline(number);
            number = "";
        }

        if (element.IsOpen)
        {
            flow.Close();
        }
    }

    /// <param name="IsOpen">It opened something in the flow, which its end closes.</param>
    /// <param name="Shows">Its text belongs to the document.</param>
    /// <param name="IsIgnored">It is left out with its content.</param>
    /// <param name="HasBranch">It is a switch, and a branch was read.</param>
    private readonly record struct Element(string Name, bool IsOpen = false, bool Shows = false, bool IsIgnored = false, bool HasBranch = false);
}
