using System.Buffers.Binary;
using System.Text;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>Reads the title from the document's summary, a property set ([MS-OLEPS]) in the stream <see cref="Path"/>.</summary>
internal static class HwpSummary
{
    public const string Path = "\x05HwpSummaryInformation";

    private const int TitleId = 2;
    private const int TextType = 0x1F;

    /// <summary>The offset of the first set's position in the header.</summary>
    private const int SetStartOffset = 44;

    /// <summary>한글 writes 14.</summary>
    private const int PropertiesMax = 256;

    /// <summary>Returns the title; empty if there is none.</summary>
    public static string Title(byte[] bytes)
    {
        var set = UInt32(bytes, SetStartOffset);
        var properties = Math.Min(UInt32(bytes, set + 4), PropertiesMax);
        for (var at = 0; at < properties; at++)
        {
            var property = set + 8 + (at * 8);
            if (UInt32(bytes, property) == TitleId)
            {
                return Text(bytes, set + UInt32(bytes, property + 4));
            }
        }

        return "";
    }

    private static string Text(byte[] bytes, long start)
    {
        if (UInt32(bytes, start) != TextType || start + 8 > bytes.Length)
        {
            return "";
        }

        var characters = Math.Min(UInt32(bytes, start + 4), DocumentReader.TitleCharactersMax);
        var available = Math.Min(characters * sizeof(char), (bytes.Length - start - 8) & ~1);
        return Encoding.Unicode.GetString(bytes.AsSpan((int)start + 8, (int)available)).TrimEnd('\0');
    }

    private static long UInt32(byte[] bytes, long offset) =>
        offset <= bytes.Length - sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((int)offset)) : 0;
}
