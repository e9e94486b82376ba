namespace Pybo.Rag.Documents.Rtf;

internal enum RtfTokenKind
{
    End,
    Open,
    Close,

    /// <summary>A control word or symbol, with its number.</summary>
    Control,

    /// <summary>A byte of text, in the code page of the font.</summary>
    Byte,
}

/// <param name="Name">A control word's letters or a control symbol; empty for other tokens.</param>
/// <param name="Value">A control word's number, or the byte.</param>
/// <param name="HasValue">True if the control word has a number.</param>
internal readonly record struct RtfToken(RtfTokenKind Kind, string Name = "", int Value = 0, bool HasValue = false);

/// <summary>Splits RTF into groups, control words and bytes of text, in one pass.</summary>
internal sealed class RtfTokens(ReadOnlyMemory<byte> file)
{
    /// <summary>The longest control word of the specification has 32 letters.</summary>
    private const int NameCharactersMax = 32;

    private const int DigitsMax = 10;

    private int at;

    public RtfToken Next()
    {
        var bytes = file.Span;
        while (at < bytes.Length && bytes[at] is (byte)'\r' or (byte)'\n' or 0)
        {
            at++;
        }

        if (at >= bytes.Length)
        {
            return new(RtfTokenKind.End);
        }

        switch (bytes[at++])
        {
            case (byte)'{':
                return new(RtfTokenKind.Open);
            case (byte)'}':
                return new(RtfTokenKind.Close);
            case (byte)'\\' when at < bytes.Length:
                return Control(bytes);
            default:
                return new(RtfTokenKind.Byte, Value: bytes[at - 1]);
        }
    }

    /// <summary>Passes over the raw bytes that <c>\bin</c> announces.</summary>
    public void Skip(int count) => at = (int)Math.Min(file.Length, (long)at + Math.Max(0, count));

    private RtfToken Control(ReadOnlySpan<byte> bytes)
    {
        var first = bytes[at];
        if (!char.IsAsciiLetter((char)first))
        {
            at++;
            if (first != (byte)'\'')
            {
                return first is (byte)'\r' or (byte)'\n' ? new(RtfTokenKind.Control, "par") : new(RtfTokenKind.Control, ((char)first).ToString());
            }

            var value = at + 1 < bytes.Length && char.IsAsciiHexDigit((char)bytes[at]) && char.IsAsciiHexDigit((char)bytes[at + 1])
                ? Convert.FromHexString([(char)bytes[at], (char)bytes[at + 1]])[0] : -1;
            at += value < 0 ? 0 : 2;
            return value < 0 ? Next() : new(RtfTokenKind.Byte, Value: value);
        }

        var start = at;
        while (at < bytes.Length && at - start < NameCharactersMax && char.IsAsciiLetter((char)bytes[at]))
        {
            at++;
        }

        var name = System.Text.Encoding.ASCII.GetString(bytes[start..at]);
        var numberStart = at;
        at += at < bytes.Length && bytes[at] == (byte)'-' ? 1 : 0;
        while (at < bytes.Length && at - numberStart <= DigitsMax && char.IsAsciiDigit((char)bytes[at]))
        {
            at++;
        }

        var hasValue = int.TryParse(bytes[numberStart..at], System.Globalization.CultureInfo.InvariantCulture, out var number);
        at += at < bytes.Length && bytes[at] == (byte)' ' ? 1 : 0;
        return new(RtfTokenKind.Control, name, number, hasValue);
    }
}
