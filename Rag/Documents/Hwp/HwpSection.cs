using System.Buffers.Binary;
using System.Text;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Reads the records of a section into the flow. A record belongs to the nearest earlier one on a lower level; paragraphs are on the
/// level of the preceding list header. The open records are kept on a stack, so that no file causes deep recursion.
/// </summary>
internal sealed class HwpSection(ReadOnlyMemory<byte> stream, HwpFlow flow, HwpStyles styles)
{
    private readonly HwpRecords records = new(stream);
    private readonly Stack<Frame> open = new();

    /// <summary>True if a record exceeded the section's end.</summary>
    public bool IsCut => records.IsCut;

    /// <summary>Reads the next record; returns false at the end, after closing everything open.</summary>
    public bool Read()
    {
        if (!records.TryRead(out var record))
        {
            CloseFrom(0, keepsLists: false);
            return false;
        }

        CloseFrom(record.Level, keepsLists: record.Tag == HwpTag.ParagraphHeader);
        switch (record.Tag)
        {
            case HwpTag.ParagraphHeader:
                OpenParagraph(record);
                break;
            case HwpTag.ParagraphText when Top is { Kind: FrameKind.Paragraph } frame && flow.Paragraph is { } paragraph:
                frame.Objects = new(HwpParagraphText.Read(record.Data.Span, paragraph));
                break;
            case HwpTag.ParagraphCharacterShapes when Top is { Kind: FrameKind.Paragraph } && flow.Paragraph is { } paragraph:
                AddScripts(record, paragraph);
                break;
            case HwpTag.LineSegments when flow.IsInBody && flow.Paragraph is { } paragraph:
                AddLines(record, paragraph);
                break;
            case HwpTag.ControlHeader:
                OpenControl(record);
                break;
            case HwpTag.ListHeader:
                OpenList(record);
                break;
            case HwpTag.Table when Top is { Kind: FrameKind.Table } table:
                table.HasCells = true;
                break;
            case HwpTag.PageDefinition:
                SetPageSize(record);
                break;
            case HwpTag.Equation:
                AddEquation(record);
                break;
            case HwpTag.MemoList:
                Push(new(FrameKind.List, record.Level));
                flow.OpenList(HwpListKind.Memo);
                break;
        }

        return true;
    }

    private Frame? Top => open.TryPeek(out var top) ? top : null;

    /// <summary>Closes everything on this level or deeper; a list stays open for the paragraphs on its own level.</summary>
    private void CloseFrom(int level, bool keepsLists)
    {
        while (Top is { } top && (top.Level > level || (top.Level == level && !(keepsLists && top.Kind == FrameKind.List))))
        {
            open.Pop();
            if (top.Kind != FrameKind.Control)
            {
                flow.Close();
            }
        }
    }

    private void Push(Frame frame) => open.Push(frame);

    private void OpenParagraph(HwpRecord record)
    {
        const int shapeOffset = 8, styleOffset = 10, breaksOffset = 11, pageBreak = 4;
        var bytes = record.Data.Span;
        var style = bytes.Length > styleOffset ? bytes[styleOffset] : 0;
        var startsPage = bytes.Length > breaksOffset && (bytes[breaksOffset] & pageBreak) != 0;
        flow.OpenParagraph(record.UInt16(shapeOffset), style, startsPage);
        Push(new(FrameKind.Paragraph, record.Level));
    }

    private void AddScripts(HwpRecord record, HwpParagraph paragraph)
    {
        const int changeBytes = 8;
        for (var at = 0; at + changeBytes <= record.Data.Length; at += changeBytes)
        {
            paragraph.Scripts.Add(((int)Math.Min(record.UInt32(at), int.MaxValue), styles.ScriptOf((int)Math.Min(record.UInt32(at + sizeof(uint)), int.MaxValue))));
        }
    }

    private static void AddLines(HwpRecord record, HwpParagraph paragraph)
    {
        const int lineBytes = 36;
        for (var at = 0; at + lineBytes <= record.Data.Length; at += lineBytes)
        {
            paragraph.Lines.Add(((int)Math.Min(record.UInt32(at), int.MaxValue), (int)record.UInt32(at + sizeof(uint))));
        }
    }

    /// <summary>Finds the control's place in the text, and determines the kind of its lists.</summary>
    private void OpenControl(HwpRecord record)
    {
        var id = record.Data.Length < 4 ? "" : Encoding.Latin1.GetString([record.Data.Span[3], record.Data.Span[2], record.Data.Span[1], record.Data.Span[0]]);
        if (Top is { Kind: FrameKind.Paragraph, Objects: var places } && flow.Paragraph is { } paragraph)
        {
            paragraph.Select(places.TryDequeue(out var place) ? place : paragraph.AddObject());
            Describe(paragraph.CurrentObject(), id, record);
        }

        if (id == "tbl ")
        {
            flow.OpenTable();
            Push(new(FrameKind.Table, record.Level));
            return;
        }

        if (id == "secd")
        {
            const int outlineOffset = 18;
            styles.OutlineId = record.UInt16(outlineOffset);
        }
        else if (id == "cold" && flow.IsInBody)
        {
            const int countShift = 2, countMask = 0xFF;
            flow.Pages.SetColumns((record.UInt16(4) >> countShift) & countMask);
        }

        Push(new(FrameKind.Control, record.Level) { Lists = ListKind(id) });
    }

    /// <summary>Takes what a control itself says: its words in the line, a field's command, a drawing's description.</summary>
    private static void Describe(HwpParagraph.Piece place, string id, HwpRecord record)
    {
        const int commandOffset = 9, descriptionOffset = 44;
        place.Text = InlineText(id, record);
        if (id is "%hlk" or "%clk")
        {
            var offset = commandOffset;
            (place.Field ??= new()).TakeCommand(record.Text(ref offset));
        }
        else if (id == "gso ")
        {
            var offset = descriptionOffset;
            if (HwpDescription.Of(record.Text(ref offset)) is { } description)
            {
                place.Blocks.Add(BlockPart.Paragraph(description));
            }
        }
    }

    private static HwpListKind ListKind(string id) => id switch
    {
        "head" or "foot" or "secd" => HwpListKind.Running,
        "%%me" => HwpListKind.Memo,
        "tcmt" => HwpListKind.Hidden,
        _ => HwpListKind.Text,
    };

    private static string InlineText(string id, HwpRecord record)
    {
        var offset = 4;
        return id switch
        {
            "atno" => AutomaticNumber(record),
            "tcps" => record.Text(ref offset),
            "tdut" => $"{record.Text(ref offset)}({record.Text(ref offset)})",
            _ => "",
        };
    }

    /// <summary>Returns the number of a note, table or figure with its surrounding text; a page's number has no meaning in a text.</summary>
    private static string AutomaticNumber(HwpRecord record)
    {
        const int numberOffset = 8, prefixOffset = 12, suffixOffset = 14, kindMask = 0xF, formatShift = 4, formatMask = 0xFF;
        var attributes = record.UInt32(4);
        if ((attributes & kindMask) == 0)
        {
            return "";
        }

        var number = HwpNumber.Write(record.UInt16(numberOffset), (HwpNumberFormat)((attributes >> formatShift) & formatMask));
        return $"{(char)record.UInt16(prefixOffset)}{number}{(char)record.UInt16(suffixOffset)}";
    }

    private void OpenList(HwpRecord record)
    {
        if (Top is { Kind: FrameKind.Table, HasCells: true })
        {
            const int attributesOffset = 4, columnOffset = 8, rowOffset = 10, columnSpanOffset = 12, rowSpanOffset = 14, header = 1 << 18;
            flow.OpenCell(new(record.UInt16(rowOffset), record.UInt16(columnOffset))
            {
                ColumnSpan = record.UInt16(columnSpanOffset),
                RowSpan = record.UInt16(rowSpanOffset),
                IsHeader = (record.UInt32(attributesOffset) & header) != 0,
            });
        }
        else
        {
            flow.OpenList(Top is { Kind: FrameKind.Control } control ? control.Lists : HwpListKind.Text);
        }

        Push(new(FrameKind.List, record.Level));
    }

    private void SetPageSize(HwpRecord record)
    {
        const int attributesOffset = 36;
        var (width, height) = (record.UInt32(0), record.UInt32(4));
        var isLandscape = (record.UInt32(attributesOffset) & 1) != 0;
        flow.Pages.SetSize(isLandscape ? height : width, isLandscape ? width : height);
    }

    private void AddEquation(HwpRecord record)
    {
        var offset = 4;
        if (Top is { Kind: FrameKind.Control } && flow.Paragraph is { } paragraph)
        {
            paragraph.CurrentObject().Text = HwpEquation.Text(record.Text(ref offset));
        }
    }

    private enum FrameKind
    {
        Paragraph,
        Control,
        Table,
        List,
    }

    private sealed class Frame(FrameKind kind, int level)
    {
        public FrameKind Kind => kind;

        public int Level => level;

        /// <summary>For a paragraph: the places of the controls that follow.</summary>
        public Queue<HwpParagraph.Piece> Objects { get; set; } = new();

        /// <summary>For a control: the kind of its lists.</summary>
        public HwpListKind Lists { get; init; }

        /// <summary>For a table: lists from here on are cells; an earlier one is the caption.</summary>
        public bool HasCells { get; set; }
    }
}
