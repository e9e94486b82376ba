using System.Globalization;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// Reads what is inside Word's paragraphs as a reader sees it: runs that are not hidden, scripts, equations, filled-in forms, link targets, with tracked changes accepted.
/// </summary>
/// <param name="styles">Hide and raise runs.</param>
/// <param name="addresses">The link targets of the part, by their ids.</param>
internal sealed class DocxInline(DocxStyles styles, Dictionary<string, string> addresses)
{
    /// <summary>Fields inside each other.</summary>
    private const int FieldsMax = 64;

    /// <summary>A longer note, header or footer loses its end.</summary>
    private const int NoteCharactersMax = 1_000_000;

    /// <summary>Pictures in one paragraph.</summary>
    private const int DrawingsMax = 500;

    private readonly Stack<DocxRun> runs = [];
    private readonly Stack<DocxControl> controls = [];
    private readonly Stack<DocxField> fields = [];
    private readonly Stack<(string? Address, DocxParagraph? Paragraph, int Mark)> links = [];
    private int instructions;
    private bool isAfterEquation;
    private bool isDrawingHidden;

    /// <summary>The number of deletions that were left out.</summary>
    public int Deletions { get; set; }

    /// <summary>The style of the table around the paragraphs.</summary>
    public string? TableStyle { get; set; }

    /// <summary>Pictures' descriptions and drawn parts of the paragraph, which follow it.</summary>
    public List<DocxDrawing> Drawings { get; } = [];

    /// <summary>Covers readings above a text, former formatting, binary data.</summary>
    private static bool IsUnread(string name) => name is "delText" or "delInstrText" or "rt" or "binData" or "fldData" or "pPrChange" or "rPrChange" or "sectPrChange"
        or "tblPrChange" or "tblPrExChange" or "tblGridChange" or "trPrChange" or "tcPrChange" or "numberingChange";

    /// <summary>Reads the element that starts here if it belongs to a paragraph's content; returns false for any other.</summary>
    public bool Start(XmlScanner xml, DocxParagraph? paragraph)
    {
        if (xml.Name == "t")
        {
            return StartText(xml, paragraph);
        }

        if (IsUnread(xml.Name))
        {
            xml.Skip();
            return true;
        }

        switch (xml.Name)
        {
            case "del" or "moveFrom":
                Deleted(xml, paragraph);
                return true;
            case "pPr" when paragraph is not null:
                paragraph.IsInProperties = true;
                return true;
            case "r":
                runs.Push(new());
                return true;
            case "sdt":
                controls.Push(new(controls.TryPeek(out var outer) ? outer : null));
                return true;
            case "sdtPr" when controls.TryPeek(out var control):
                control.Take(xml);
                return true;
            default:
                return StartField(xml, paragraph) || StartDrawing(xml, paragraph) || StartText(xml, paragraph);
        }
    }

    public void End(string name, DocxParagraph? paragraph)
    {
        switch (name)
        {
            case "pPr" when paragraph is not null:
                paragraph.IsInProperties = false;
                break;
            case "r":
                runs.TryPop(out _);
                break;
            case "drawing":
                isDrawingHidden = false;
                break;
            case "hyperlink" or "fldSimple" when links.TryPop(out var link):
                AddAddress(link.Address, link.Paragraph, link.Mark, paragraph);
                break;
            case "sdt" when controls.TryPop(out var control) && !control.IsWritten && !control.IsPrompt:
                Write(control.Mark ?? control.Choice ?? "", paragraph);
                break;
        }
    }

    /// <summary>Ends a paragraph: an instruction of a field never reaches into the next one.</summary>
    public void EndParagraph()
    {
        if (instructions > 0)
        {
            foreach (var field in fields)
            {
                field.IsInstruction = false;
            }

            instructions = 0;
        }

        isAfterEquation = false;
    }

    /// <summary>Returns whether words at this place are hidden, or are no words of the text.</summary>
    public bool IsHidden(DocxParagraph? paragraph) => instructions > 0 || isDrawingHidden || (controls.TryPeek(out var control) && control.IsPrompt)
        || (runs.TryPeek(out var run) ? run.IsHidden ?? styles.IsHidden(TableStyle, paragraph?.Style, run.Style) : paragraph is not null && styles.IsHidden(TableStyle, paragraph.Style, null));

    /// <summary>Returns all text of the element that starts here, one line for each paragraph.</summary>
    public string Inside(XmlScanner xml)
    {
        var alternates = new AlternateContent();
        var (text, depth) = (new DocxParagraph(NoteCharactersMax), xml.Depth);
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            if (alternates.Skips(xml))
            {
                continue;
            }

            if (xml.IsStart && xml.Name == "p")
            {
                text.Style = null;
            }
            else if (xml.IsStart && xml.Name == "pStyle")
            {
                text.Style = xml.Attribute("val");
            }
            else if (xml.IsStart)
            {
                Start(xml, text);
            }
            else if (xml.IsEnd)
            {
                End(xml.Name, text);
                EndLine(xml.Name, text);
            }
        }

        if (text.IsCut)
        {
            xml.Cut();
        }

        return text.Take().Trim();
    }

    private void EndLine(string name, DocxParagraph text)
    {
        if (name is not ("p" or "tc"))
        {
            return;
        }

        EndParagraph();
        text.Add(text.IsDeleted ? "" : "\n");
        text.IsDeleted = false;
        foreach (var description in Drawings.Select(drawing => drawing.Description).OfType<string>())
        {
            text.Add(description + "\n");
        }

        Drawings.Clear();
    }

    /// <summary>Leaves out a deletion, or notes that the paragraph's end is deleted. Moved text is read where it is now.</summary>
    private void Deleted(XmlScanner xml, DocxParagraph? paragraph)
    {
        var isMark = paragraph is { IsInProperties: true };
        var isDeletion = xml.Name == "del";
        xml.Skip();
        if (isMark)
        {
            paragraph!.IsDeleted = true;
        }

        // The end of a deleted paragraph counts with its words.
        Deletions += isDeletion && !isMark ? 1 : 0;
    }

    private bool StartField(XmlScanner xml, DocxParagraph? paragraph)
    {
        switch (xml.Name)
        {
            case "hyperlink":
                links.Push((xml.RelationshipId() is { } id ? addresses.GetValueOrDefault(id) : null, paragraph, paragraph?.Mark() ?? 0));
                return true;
            case "fldSimple":
                links.Push((DocxField.AddressOf(xml.Attribute("instr")), paragraph, paragraph?.Mark() ?? 0));
                return true;
            case "instrText":
                var instruction = xml.TextInside();
                if (fields.TryPeek(out var field))
                {
                    field.Add(instruction);
                }

                return true;
            case "fldChar":
                Field(xml, paragraph);
                return true;
            default:
                return false;
        }
    }

    private void Field(XmlScanner xml, DocxParagraph? paragraph)
    {
        switch (xml.Attribute("fldCharType"))
        {
            case "begin" when fields.Count < FieldsMax:
                var begun = new DocxField();
                begun.Take(xml);
                Write(begun.Mark ?? "", paragraph);
                fields.Push(begun);
                instructions++;
                break;
            case "separate" when fields.TryPeek(out var field):
                EndInstruction(field);
                field.Start = (paragraph, paragraph?.Mark() ?? 0);
                break;
            case "end" when fields.TryPop(out var field):
                EndInstruction(field);
                EndField(field, paragraph);
                break;
        }
    }

    private void EndInstruction(DocxField field)
    {
        instructions -= field.IsInstruction && instructions > 0 ? 1 : 0;
        field.IsInstruction = false;
    }

    private void EndField(DocxField field, DocxParagraph? paragraph)
    {
        if (field.Mark is null && field.Value is { } value && (field.Start.Paragraph != paragraph || string.IsNullOrWhiteSpace(paragraph?.From(field.Start.Mark))))
        {
            Write(value, paragraph);
        }

        AddAddress(field.Address(), field.Start.Paragraph, field.Start.Mark, paragraph);
    }

    private static void AddAddress(string? address, DocxParagraph? begun, int mark, DocxParagraph? paragraph)
    {
        if (address is not null && paragraph is not null && paragraph.From(begun == paragraph && mark <= paragraph.Mark() ? mark : 0) is { } words && !string.IsNullOrWhiteSpace(words))
        {
            paragraph.Add(LinkText.After(words, address));
        }
    }

    private bool StartDrawing(XmlScanner xml, DocxParagraph? paragraph)
    {
        switch (xml.Name)
        {
            case "docPr" or "cNvPr":
                var drawn = DrawnProperties.Read(xml, addresses);
                isDrawingHidden |= drawn.IsHidden;
                AddDescription(drawn, xml, paragraph);
                return true;
            case "shape" or "rect" or "roundrect" or "oval" or "polyline" or "group" or "image" when xml.Attribute("alt") is { } alt:
                AddDescription(new(alt, xml.Attribute("style")?.Contains("visibility:hidden", StringComparison.Ordinal) == true), xml, paragraph);
                return true;
            case "textpath" when xml.Attribute("string") is { } art:
                // WordArt of older documents.
                AddDescription(new(art), xml, paragraph);
                return true;
            case "chart" or "relIds" when xml.RelationshipId(xml.Name == "chart" ? "id" : "dm") is { } id:
                AddDrawing(new(null, id), xml, paragraph);
                return true;
            default:
                return false;
        }
    }

    private void AddDescription(DrawnProperties drawn, XmlScanner xml, DocxParagraph? paragraph)
    {
        if (!drawn.IsHidden && drawn.Description is { } description)
        {
            AddDrawing(new(description, null), xml, paragraph);
        }
    }

    private void AddDrawing(DocxDrawing drawing, XmlScanner xml, DocxParagraph? paragraph)
    {
        // A picture repeats the description of its frame.
        if (IsHidden(paragraph) || Drawings.Contains(drawing))
        {
            return;
        }

        if (Drawings.Count < DrawingsMax)
        {
            Drawings.Add(drawing);
        }
        else
        {
            xml.Cut();
        }
    }

    private bool StartText(XmlScanner xml, DocxParagraph? paragraph)
    {
        if (paragraph is null || paragraph.IsInProperties)
        {
            return false;
        }

        switch (xml.Name)
        {
            case "oMathPara":
                Write(paragraph.IsEmpty ? "" : "\n", paragraph);
                return true;
            case "oMath":
                AddEquation(MathText.Read(xml), paragraph);
                return true;
            default:
                if (Text(xml) is { } text)
                {
                    Write(text, paragraph);
                    return true;
                }

                if (runs.TryPeek(out var run))
                {
                    run.Take(xml);
                }

                return false;
        }
    }

    private void AddEquation(string equation, DocxParagraph paragraph)
    {
        // Figures of the text and of the equation are not one number.
        Write(equation.Length > 0 && char.IsAsciiLetterOrDigit(equation[0]) && char.IsAsciiLetterOrDigit(paragraph.Last) ? " " + equation : equation, paragraph);
        isAfterEquation = true;
    }

    /// <summary>Adds text to the paragraph, unless it is hidden or another text replaces it.</summary>
    private void Write(string text, DocxParagraph? paragraph)
    {
        if (text.Length == 0 || paragraph is null || IsHidden(paragraph))
        {
            return;
        }

        if (controls.TryPeek(out var control))
        {
            text = control.Mark is null ? text : control.IsWritten ? "" : control.Mark;
            control.IsWritten |= !string.IsNullOrWhiteSpace(text);
        }

        var script = runs.TryPeek(out var run) ? run.ScriptIn(run.Position == 0 ? 0 : styles.SizeOf(paragraph.Style)) ?? styles.ScriptOf(paragraph.Style, run.Style) : Script.None;
        paragraph.Add(isAfterEquation && text is [>= '0' and <= '9', ..] && char.IsAsciiDigit(paragraph.Last) ? " " + text : text, script);
        isAfterEquation = false;
    }

    /// <summary>Returns the text of an element that starts here; null for one that only contains others.</summary>
    private static string? Text(XmlScanner xml) => xml.Name switch
    {
        "t" => xml.TextInside(),
        "tab" or "ptab" when xml.Attribute("pos") is null => "\t", // with a position it is a tab stop of the paragraph's properties
        "br" or "cr" => "\n",
        "noBreakHyphen" => "-",
        "sym" => Symbol(xml.Attribute("char"), xml.Attribute("font")),
        _ => null,
    };

    /// <summary>Symbol fonts place their signs at U+F000: the usual ones of Wingdings and Symbol are known, others have no meaning as text.</summary>
    private static string Symbol(string? code, string? font)
    {
        if (!int.TryParse(code, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value is < 0x20 or >= 0xF100 or (>= 0xD800 and < 0xE000))
        {
            return "";
        }

        return (font ?? "", value & 0xFF) switch
        {
            _ when value is < 0xE000 => ((char)value).ToString(),
            ("Wingdings", 0xFC) or ("Wingdings 2", 0x50) => "✓",
            ("Wingdings", 0xFE) or ("Wingdings 2", 0x52) => "☑",
            ("Wingdings", 0xA8 or 0x6F or 0x71) or ("Wingdings 2", 0xA3) => "□",
            ("Wingdings", 0xFD) or ("Wingdings 2", 0x51) => "☒",
            ("Wingdings", 0xE0 or 0xE8) or ("Symbol", 0xAE) => "→",
            ("Wingdings", 0x6C) or ("Symbol", 0xB7) => "●",
            ("Wingdings", 0x6E) => "■",
            ("Wingdings", 0xA7) => "▪",
            ("Symbol", 0xB3) => "≥",
            ("Symbol", 0xA3) => "≤",
            ("Symbol", 0xB1) => "±",
            ("Symbol", 0xB4) => "×",
            ("Symbol", 0x61) => "α",
            ("Symbol", 0x62) => "β",
            ("Symbol", 0x6D) => "μ",
            ("Symbol", 0x70) => "π",
            _ => "",
        };
    }
}
