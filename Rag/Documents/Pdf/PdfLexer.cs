using System.Buffers;
using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>What <see cref="PdfLexer.Read"/> found.</summary>
internal enum PdfToken
{
    End,

    /// <summary><see cref="PdfLexer.Number"/>.</summary>
    Number,

    /// <summary><see cref="PdfLexer.Text"/>.</summary>
    String,

    /// <summary><see cref="PdfLexer.Name"/>.</summary>
    Name,

    /// <summary><see cref="PdfLexer.Word"/>: an operator, <c>true</c>, <c>obj</c>, a brace.</summary>
    Keyword,
    ArrayStart,
    ArrayEnd,
    DictionaryStart,
    DictionaryEnd,
}

/// <summary>Reads the tokens of PDF syntax (ISO 32000-2, 7.2), which content streams, CMaps and the clear part of Type 1 programs share.</summary>
/// <remarks>It never fails: what is no token is skipped, what does not end ends with the bytes. Every call moves on or is at the end, and no byte is read more than a few times.</remarks>
internal sealed class PdfLexer
{
    private static readonly SearchValues<byte> StringSpecials = SearchValues.Create("()\\\r"u8);

    private readonly byte[] bytes;
    private readonly int first;
    private readonly int end;
    private readonly PdfNames names;
    private int next;
    private int wordStart;

    /// <param name="names">Shared with other lexers of the same file where there are some.</param>
    public PdfLexer(ReadOnlyMemory<byte> source, int position = 0, PdfNames? names = null)
    {
        var array = MemoryMarshal.TryGetArray(source, out var segment) ? segment : new(source.ToArray());
        bytes = array.Array ?? [];
        first = array.Offset;
        end = array.Offset + array.Count;
        this.names = names ?? new();
        Position = position;
    }

    /// <summary>Where the next token is looked for; may be set.</summary>
    public int Position
    {
        get => next - first;
        set => next = Math.Clamp(value, 0, end - first) + first;
    }

    /// <summary>The number just read.</summary>
    public double Number { get; private set; }

    /// <summary>True where the number just read has no sign, point or exponent.</summary>
    public bool IsNatural { get; private set; }

    /// <summary>The bytes of the string just read, decoded; they may be a part of the source.</summary>
    public ReadOnlyMemory<byte> Text { get; private set; }

    public PdfName Name { get; private set; } = new("");

    /// <summary>The bytes of the token just read as they stand there.</summary>
    public ReadOnlySpan<byte> Word => bytes.AsSpan(wordStart, next - wordStart);

    /// <summary>All of the bytes.</summary>
    public ReadOnlySpan<byte> Source => bytes.AsSpan(first, end - first);

    public static bool IsWhite(byte value) => value is 0 or 9 or 10 or 12 or 13 or 32;

    public static bool IsDelimiter(byte value) => value is (byte)'(' or (byte)')' or (byte)'<' or (byte)'>' or (byte)'[' or (byte)']'
        or (byte)'{' or (byte)'}' or (byte)'/' or (byte)'%';

    /// <summary>The next token; its value is in the properties until the next call.</summary>
    public PdfToken Read()
    {
        while (true)
        {
            SkipSpace();
            wordStart = next;
            if (next == end)
            {
                return PdfToken.End;
            }

            switch (bytes[next])
            {
                case (>= (byte)'0' and <= (byte)'9') or (byte)'.' or (byte)'+' or (byte)'-':
                    return ReadNumber();
                case (byte)'/':
                    next++;
                    return ReadName();
                case (byte)'(':
                    next++;
                    return ReadLiteral();
                case (byte)'[':
                    next++;
                    return PdfToken.ArrayStart;
                case (byte)']':
                    next++;
                    return PdfToken.ArrayEnd;
                case (byte)'<':
                    next++;
                    return TryTake((byte)'<') ? PdfToken.DictionaryStart : ReadHexadecimal();
                case (byte)'>':
                    next++;
                    if (TryTake((byte)'>'))
                    {
                        return PdfToken.DictionaryEnd;
                    }

                    continue;
                case (byte)'{' or (byte)'}':
                    next++;
                    return PdfToken.Keyword;
                case (byte)')':
                    next++;
                    continue;
                default:
                    next = RegularEnd(next);
                    return PdfToken.Keyword;
            }
        }
    }

    /// <summary>The keyword just read as a shared string.</summary>
    public string Keyword() => names.Name(Word).Value;

    /// <summary>After a whole number has been read: the generation of the reference that it begins, and the position moved behind its <c>R</c>; otherwise -1.</summary>
    public int TryReadReference()
    {
        var at = next;
        while (at < end && IsWhite(bytes[at]))
        {
            at++;
        }

        var digits = at;
        var generation = 0;
        while (at < end && char.IsAsciiDigit((char)bytes[at]) && at - digits < 5)
        {
            generation = generation * 10 + bytes[at++] - '0';
        }

        var space = at;
        while (at < end && IsWhite(bytes[at]))
        {
            at++;
        }

        var isReference = space > digits && at > space && at < end && bytes[at] == 'R' && (at + 1 == end || !IsRegular(bytes[at + 1]));
        if (!isReference)
        {
            return -1;
        }

        next = at + 1;
        return generation;
    }

    /// <summary>Skips white space and comments.</summary>
    public void SkipSpace()
    {
        while (next < end)
        {
            var value = bytes[next];
            if (value == '%')
            {
                var line = bytes.AsSpan(next, end - next).IndexOfAny((byte)'\r', (byte)'\n');
                next = line < 0 ? end : next + line;
            }
            else if (IsWhite(value))
            {
                next++;
            }
            else
            {
                return;
            }
        }
    }

    private static bool IsRegular(byte value) => !IsWhite(value) && !IsDelimiter(value);

    private bool TryTake(byte value)
    {
        if (next == end || bytes[next] != value)
        {
            return false;
        }

        next++;
        return true;
    }

    private int RegularEnd(int at)
    {
        while (at < end && IsRegular(bytes[at]))
        {
            at++;
        }

        return at;
    }

    // Producers write "--5", "1.2.3" and "0.00-35": the first number counts, what sticks to it of digits, points and signs is skipped.
    private PdfToken ReadNumber()
    {
        var isNegative = false;
        IsNatural = char.IsAsciiDigit((char)bytes[next]);
        while (next < end && bytes[next] is (byte)'+' or (byte)'-')
        {
            isNegative |= bytes[next++] == '-';
        }

        var value = 0.0;
        while (next < end && char.IsAsciiDigit((char)bytes[next]))
        {
            value = value * 10 + (bytes[next++] - '0');
        }

        if (TryTake((byte)'.'))
        {
            IsNatural = false;
            value += ReadFraction();
        }

        value *= ReadExponent();
        while (next < end && (char.IsAsciiDigit((char)bytes[next]) || bytes[next] is (byte)'.' or (byte)'+' or (byte)'-'))
        {
            IsNatural = false;
            next++;
        }

        Number = double.IsFinite(value) ? isNegative ? -value : value : 0;
        return PdfToken.Number;
    }

    private double ReadFraction()
    {
        var fraction = 0.0;
        var scale = 1.0;
        while (next < end && char.IsAsciiDigit((char)bytes[next]))
        {
            // Digits beyond these change nothing, and the scale would overflow.
            if (scale < 1e15)
            {
                fraction = fraction * 10 + (bytes[next] - '0');
                scale *= 10;
            }

            next++;
        }

        return fraction / scale;
    }

    // Not in PDF, but in Type 1 programs and in files of careless producers.
    private double ReadExponent()
    {
        var at = next;
        if (at + 1 >= end || bytes[at] is not ((byte)'e' or (byte)'E'))
        {
            return 1;
        }

        var isNegative = bytes[++at] == '-';
        at += bytes[at] is (byte)'-' or (byte)'+' ? 1 : 0;
        var digits = at;
        var exponent = 0;
        while (at < end && char.IsAsciiDigit((char)bytes[at]))
        {
            exponent = Math.Min(exponent * 10 + bytes[at++] - '0', 400);
        }

        if (at == digits)
        {
            return 1;
        }

        IsNatural = false;
        next = at;
        return Math.Pow(10, isNegative ? -exponent : exponent);
    }

    private PdfToken ReadName()
    {
        var start = next;
        next = RegularEnd(next);
        var raw = bytes.AsSpan(start, next - start);
        Name = raw.Contains((byte)'#') ? names.Name(DecodeName(raw)) : names.Name(raw);
        return PdfToken.Name;
    }

    private static byte[] DecodeName(ReadOnlySpan<byte> raw)
    {
        var decoded = new byte[raw.Length];
        var length = 0;
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] == '#' && at + 2 < raw.Length && HexadecimalValue(raw[at + 1]) is >= 0 and var high && HexadecimalValue(raw[at + 2]) is >= 0 and var low)
            {
                decoded[length++] = (byte)(high * 16 + low);
                at += 2;
            }
            else
            {
                decoded[length++] = raw[at];
            }
        }

        return decoded[..length];
    }

    /// <summary>0 to 15; -1 for what is no hexadecimal digit.</summary>
    public static int HexadecimalValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private PdfToken ReadHexadecimal()
    {
        var length = bytes.AsSpan(next, end - next).IndexOf((byte)'>');
        var digits = bytes.AsSpan(next, length < 0 ? end - next : length);
        next += digits.Length + (length < 0 ? 0 : 1);
        var decoded = new byte[(digits.Length + 1) / 2];
        var count = 0;
        foreach (var digit in digits)
        {
            if (HexadecimalValue(digit) is >= 0 and var value)
            {
                decoded[count / 2] |= (byte)(count % 2 == 0 ? value << 4 : value);
                count++;
            }
        }

        Text = decoded.AsMemory(0, (count + 1) / 2);
        return PdfToken.String;
    }

    private PdfToken ReadLiteral()
    {
        // Most strings have neither escapes nor inner parentheses: those stay a part of the source.
        var plain = bytes.AsSpan(next, end - next).IndexOfAny(StringSpecials);
        if (plain < 0 || bytes[next + plain] == ')')
        {
            Text = bytes.AsMemory(next, plain < 0 ? end - next : plain);
            next = plain < 0 ? end : next + plain + 1;
            return PdfToken.String;
        }

        var literal = new PdfLiteralString(bytes.AsSpan(next, end - next));
        Text = literal.Decode(out var taken);
        next += taken;
        return PdfToken.String;
    }
}
