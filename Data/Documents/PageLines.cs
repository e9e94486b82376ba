using System.Buffers;

namespace Pybo.Data;

/// <summary>A rectangle on a page in points, from the upper left corner of the page as it is displayed.</summary>
public readonly record struct PageBox(float X, float Y, float Width, float Height);

/// <summary>A range of a document's text in UTF-16 units, and its rectangle on its page.</summary>
public readonly record struct PlacedLine(int Start, int Length, PageBox Box);

/// <summary>
/// Encodes the lines of a page in a few bytes each for <see cref="DocumentPage.Lines"/>. Every line is six variable-length integers: the gap
/// since the previous line, the length, the box's left and top as differences from the previous line, its width and its height; signed ones
/// are zigzag-encoded, boxes in tenths of a point, too fine to see. A line of a printed page takes about nine bytes instead of twenty-four.
/// </summary>
public static class PageLines
{
    /// <summary>No printed page has this many; any further lines in a file are dropped.</summary>
    public const int LinesMax = 100_000;

    private const float UnitsPerPoint = 10;

    /// <summary>A hundred thousand points: no paper is larger, and sums of coordinates stay exact.</summary>
    private const float PointsMax = 100_000;

    private const int BitsPerByte = 7;
    private const byte More = 1 << BitsPerByte;
    private const int BytesPerIntegerMax = 10;

    /// <param name="pageStart">The page's start in the document's text; lines are relative to it.</param>
    /// <param name="lines">In text order.</param>
    public static byte[] Encode(int pageStart, IEnumerable<PlacedLine> lines)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var (end, left, top) = ((long)pageStart, 0L, 0L);
        foreach (var line in lines.Take(LinesMax))
        {
            WriteSigned(bytes, line.Start - end);
            WriteSigned(bytes, line.Length);
            WriteSigned(bytes, Units(line.Box.X) - left);
            WriteSigned(bytes, Units(line.Box.Y) - top);
            WriteSigned(bytes, Units(line.Box.Width));
            WriteSigned(bytes, Units(line.Box.Height));
            (end, left, top) = (line.Start + (long)line.Length, Units(line.Box.X), Units(line.Box.Y));
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Returns the lines; from damaged bytes, the lines before the damage.</summary>
    public static List<PlacedLine> Decode(int pageStart, ReadOnlySpan<byte> bytes)
    {
        var lines = new List<PlacedLine>();
        var (end, left, top) = ((long)pageStart, 0L, 0L);
        while (lines.Count < LinesMax && TryRead(ref bytes, out var gap) && TryRead(ref bytes, out var length) && TryRead(ref bytes, out var right)
            && TryRead(ref bytes, out var down) && TryRead(ref bytes, out var width) && TryRead(ref bytes, out var height))
        {
            var start = end + gap;
            (end, left, top) = (start + length, left + right, top + down);
            if (start is < 0 or > int.MaxValue || length is < 0 or > int.MaxValue || end is < 0 or > int.MaxValue)
            {
                break;
            }

            lines.Add(new((int)start, (int)length, new(left / UnitsPerPoint, top / UnitsPerPoint, width / UnitsPerPoint, height / UnitsPerPoint)));
        }

        return lines;
    }

    private static long Units(float points) => float.IsFinite(points) ? (long)Math.Round(Math.Clamp(points, -PointsMax, PointsMax) * UnitsPerPoint) : 0;

    private static void WriteSigned(ArrayBufferWriter<byte> bytes, long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var span = bytes.GetSpan(BytesPerIntegerMax);
        var written = 0;
        while (rest >= More)
        {
            span[written++] = (byte)(rest | More);
            rest >>= BitsPerByte;
        }

        span[written++] = (byte)rest;
        bytes.Advance(written);
    }

    private static bool TryRead(ref ReadOnlySpan<byte> bytes, out long value)
    {
        var rest = 0UL;
        for (var at = 0; at < bytes.Length && at < BytesPerIntegerMax; at++)
        {
            rest |= (ulong)(bytes[at] & (More - 1)) << (at * BitsPerByte);
            if (bytes[at] < More)
            {
                bytes = bytes[(at + 1)..];
                value = (long)(rest >> 1) ^ -(long)(rest & 1);
                return true;
            }
        }

        value = 0;
        return false;
    }
}
