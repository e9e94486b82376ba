namespace Pybo.Rag.Documents.Pdf;

/// <summary>The filters ASCII85Decode, ASCIIHexDecode and RunLengthDecode (ISO 32000-2, 7.4.2, 7.4.3, 7.4.5).</summary>
internal static class PdfPlainFilters
{
    private const int RunLengthEnd = 128;

    /// <summary>Stops at <c>~</c>; characters outside the alphabet are skipped.</summary>
    public static void DecodeAscii85(ReadOnlySpan<byte> source, PdfBuffer output)
    {
        // Some producers begin with the "<~" of the format's other users.
        source = source.TrimStart(" \t\r\n\f\0"u8);
        source = source.StartsWith("<~"u8) ? source[2..] : source;
        var group = 0u;
        var count = 0;
        foreach (var value in source)
        {
            if (value == '~' || output.IsFull)
            {
                break;
            }

            if (value == 'z' && count == 0)
            {
                output.Append(0, 4);
            }
            else if (value is >= (byte)'!' and <= (byte)'u')
            {
                group = unchecked(group * 85 + (uint)(value - '!'));
                if (++count == 5)
                {
                    output.Append([(byte)(group >> 24), (byte)(group >> 16), (byte)(group >> 8), (byte)group]);
                    (group, count) = (0, 0);
                }
            }
        }

        if (count > 1)
        {
            for (var missing = count; missing < 5; missing++)
            {
                group = unchecked(group * 85 + 84);
            }

            ReadOnlySpan<byte> last = [(byte)(group >> 24), (byte)(group >> 16), (byte)(group >> 8)];
            output.Append(last[..(count - 1)]);
        }
    }

    /// <summary>Stops at <c>&gt;</c>; characters that are no digits are skipped.</summary>
    public static void DecodeAsciiHexadecimal(ReadOnlySpan<byte> source, PdfBuffer output)
    {
        var high = -1;
        foreach (var value in source)
        {
            if (value == '>')
            {
                break;
            }

            var digit = PdfLexer.HexadecimalValue(value);
            if (digit < 0)
            {
                continue;
            }

            if (high < 0)
            {
                high = digit;
                continue;
            }

            output.Append((byte)((high << 4) | digit));
            high = -1;
        }

        if (high >= 0)
        {
            output.Append((byte)(high << 4));
        }
    }

    public static void DecodeRunLength(ReadOnlySpan<byte> source, PdfBuffer output)
    {
        for (var at = 0; at < source.Length && source[at] != RunLengthEnd && !output.IsFull;)
        {
            var length = source[at++];
            if (length < RunLengthEnd)
            {
                var taken = Math.Min(length + 1, source.Length - at);
                output.Append(source.Slice(at, taken));
                at += taken;
            }
            else if (at < source.Length)
            {
                output.Append(source[at++], 257 - length);
            }
        }
    }
}
