namespace Pybo.Rag.Documents.Pdf;

/// <summary>The LZWDecode filter (ISO 32000-2, 7.4.4): codes of 9 to 12 bits, the highest bit first.</summary>
internal static class PdfLzw
{
    private const int Clear = 256;
    private const int EndOfData = 257;
    private const int FirstCode = 258;
    private const int BitsMin = 9;
    private const int BitsMax = 12;

    /// <param name="earlyChange">1 where codes grow one code early, as they do unless the stream says otherwise; 0 where not.</param>
    public static void Decode(ReadOnlySpan<byte> source, int earlyChange, PdfBuffer output)
    {
        // The bytes of a code have always been written before: it is kept as their place in the output.
        Span<(int Start, int Length)> codes = new (int, int)[1 << BitsMax];
        var next = FirstCode;
        var bits = BitsMin;
        var last = (Start: 0, Length: 0);
        var pending = 0;
        var pendingBits = 0;
        foreach (var value in source)
        {
            pending = (pending << 8) | value;
            pendingBits += 8;
            if (pendingBits < bits)
            {
                continue;
            }

            pendingBits -= bits;
            var code = pending >> pendingBits;
            pending &= (1 << pendingBits) - 1;
            if (code == EndOfData || output.IsFull)
            {
                return;
            }

            if (code == Clear)
            {
                (next, bits, last) = (FirstCode, BitsMin, default);
                continue;
            }

            var start = output.Count;
            if (last.Length > 0 && next < codes.Length)
            {
                // What the code before stands for and the first byte of this one, which follows it.
                codes[next++] = (last.Start, last.Length + 1);
            }

            if (code < Clear)
            {
                output.Append((byte)code);
            }
            else if (code < next)
            {
                output.Repeat(codes[code].Start, codes[code].Length);
            }
            else
            {
                return;
            }

            last = (start, output.Count - start);
            bits = Math.Clamp(32 - int.LeadingZeroCount(next + earlyChange), BitsMin, BitsMax);
        }
    }
}
