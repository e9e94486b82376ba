using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Reads the text of a paragraph: UTF-16 with control characters (the format's table 6). Most of them take eight characters, the last of which repeats the first;
/// of those, the ones listed in <see cref="IsObject"/> have a control record of their own, in the same order.
/// </summary>
internal static class HwpParagraphText
{
    private const int LineBreak = 10;
    private const int ParagraphEnd = 13;
    private const int Tab = 9;
    private const int FieldBegin = 3;
    private const int FieldEnd = 4;
    private const int Hyphen = 24;
    private const int FixedSpace = 31;
    private const int NonBreakingSpace = 30;
    private const int ControlsEnd = 32;

    /// <summary>Appends the text; returns the objects, in order, for the controls that follow. A truncated control ends the text.</summary>
    public static List<HwpParagraph.Piece> Read(ReadOnlySpan<byte> utf16, HwpParagraph paragraph)
    {
        var objects = new List<HwpParagraph.Piece>();
        Span<char> character = stackalloc char[1];
        for (var at = 0; at + sizeof(char) <= utf16.Length;)
        {
            var code = BinaryPrimitives.ReadUInt16LittleEndian(utf16[at..]);
            if (IsWide(code))
            {
                if (utf16.Length - at < HwpParagraph.ObjectPositions * sizeof(char))
                {
                    break;
                }

                AppendControl(code, paragraph, objects);
                at += HwpParagraph.ObjectPositions * sizeof(char);
                continue;
            }

            character[0] = Shown(code);
            paragraph.Append(character);
            at += sizeof(char);
        }

        return objects;
    }

    private static void AppendControl(int code, HwpParagraph paragraph, List<HwpParagraph.Piece> objects)
    {
        if (code == Tab)
        {
            paragraph.AppendTab();
        }
        else if (IsObject(code))
        {
            objects.Add(paragraph.AddObject());
            objects[^1].Field = code == FieldBegin ? new() : null;
        }
        else if (code == FieldEnd)
        {
            paragraph.EndField();
        }
        else
        {
            paragraph.Skip();
        }
    }

    /// <summary>A character without meaning is kept, so that positions count; <see cref="TextNormalizer"/> drops it.</summary>
    private static char Shown(ushort code) => code switch
    {
        LineBreak or ParagraphEnd => '\n',
        Hyphen => '-',
        NonBreakingSpace or FixedSpace => ' ',
        _ => (char)code,
    };

    private static bool IsWide(int code) => code < ControlsEnd && code is not (0 or LineBreak or ParagraphEnd or >= Hyphen);

    /// <summary>Sections and columns, fields, tables and drawings, comments, headers, notes, numbers, page controls, bookmarks, ruby.</summary>
    private static bool IsObject(int code) => code is 1 or 2 or 3 or 11 or 12 or 14 or 15 or 16 or 17 or 18 or 21 or 22 or 23;
}
