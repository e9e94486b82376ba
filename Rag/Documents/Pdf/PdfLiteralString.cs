using System.Buffers;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>Decodes the escapes of a string in parentheses (ISO 32000-2, 7.3.4.2).</summary>
/// <param name="source">What follows its opening parenthesis.</param>
internal readonly ref struct PdfLiteralString(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> source = source;

    /// <param name="taken">How many bytes the string and its closing parenthesis are; all of them where it does not end.</param>
    public byte[] Decode(out int taken)
    {
        var decoded = new ArrayBufferWriter<byte>();
        var depth = 0;
        var at = 0;
        while (at < source.Length)
        {
            var rest = source[at..];
            var plain = rest.IndexOfAny("()\\\r"u8);
            decoded.Write(plain < 0 ? rest : rest[..plain]);
            if (plain < 0)
            {
                at = source.Length;
                break;
            }

            at += plain + 1;
            switch (source[at - 1])
            {
                case (byte)')' when depth == 0:
                    taken = at;
                    return decoded.WrittenSpan.ToArray();
                case (byte)'\\':
                    at = DecodeEscape(at, decoded);
                    break;
                case (byte)'\r':
                    decoded.Write("\n"u8);
                    at += at < source.Length && source[at] == '\n' ? 1 : 0;
                    break;
                case var parenthesis:
                    depth += parenthesis == '(' ? 1 : -1;
                    decoded.Write([parenthesis]);
                    break;
            }
        }

        taken = at;
        return decoded.WrittenSpan.ToArray();
    }

    private int DecodeEscape(int at, ArrayBufferWriter<byte> decoded)
    {
        if (at == source.Length)
        {
            return at;
        }

        var escaped = source[at++];
        switch (escaped)
        {
            case (byte)'\r':
                return at < source.Length && source[at] == '\n' ? at + 1 : at;
            case (byte)'\n':
                return at;
            case >= (byte)'0' and <= (byte)'7':
                var code = escaped - '0';
                for (var digits = 1; digits < 3 && at < source.Length && source[at] is >= (byte)'0' and <= (byte)'7'; digits++)
                {
                    code = code * 8 + source[at++] - '0';
                }

                decoded.Write([(byte)code]);
                return at;
            default:
                byte meant = escaped switch { (byte)'n' => 10, (byte)'r' => 13, (byte)'t' => 9, (byte)'b' => 8, (byte)'f' => 12, _ => escaped };
                decoded.Write([meant]);
                return at;
        }
    }
}
