namespace Pybo.Rag.Documents.Pdf;

/// <param name="Items">What the object weighs in memory, in values.</param>
internal readonly record struct PdfFoundObject(PdfObject Value, int Items);

/// <summary>Reads objects at offsets of the file, and the bytes of streams, within one budget for the whole file.</summary>
internal sealed class PdfObjectReader(ReadOnlyMemory<byte> bytes, PdfNames names)
{
    // A search passes over bytes about this many times faster than the parser.
    private const int SearchSpeed = 8;

    // White space that may stand before "endstream", and the word itself.
    private const int EndWindowBytes = 64;

    private long budgetBytes = PdfLimits.ParsedBytesMax;

    public ReadOnlyMemory<byte> Bytes => bytes;

    public bool IsExhausted => budgetBytes <= 0;

    public PdfLexer LexerAt(int offset) => new(bytes, offset, names);

    /// <summary>Counts bytes that were read by other means.</summary>
    public void Charge(int count) => budgetBytes -= count;

    /// <summary>The object that begins at an offset ("12 0 obj"); null where none does.</summary>
    /// <param name="expected">The number that it must have; null for any.</param>
    /// <param name="security">Decrypts its strings.</param>
    public PdfFoundObject? ReadAt(int offset, int? expected, PdfSecurity? security)
    {
        if (offset < 0 || offset >= bytes.Length || IsExhausted)
        {
            return null;
        }

        var lexer = LexerAt(offset);
        if (ReadHeader(lexer) is not var (number, generation) || (expected is not null && number != expected))
        {
            return null;
        }

        var parser = new PdfParser(lexer, security?.Of(number, generation));
        var value = parser.ReadObject() ?? PdfNull.Instance;
        if (value is PdfDictionary dictionary && lexer.Read() == PdfToken.Keyword && lexer.Word.StartsWith("stream"u8))
        {
            var start = lexer.Position - lexer.Word.Length + "stream".Length;
            value = new PdfStream(dictionary, SkipLineEnd(bytes.Span, start), number, generation);
        }

        Charge(lexer.Position - offset);
        return new(value, parser.Items);
    }

    /// <summary>A stream's bytes as they lie in the file: <c>Length</c> of them where that is true, otherwise up to <c>endstream</c>.</summary>
    public ReadOnlyMemory<byte> Raw(PdfStream stream, int? length)
    {
        var rest = bytes[stream.Start..];
        if (length is >= 0 and var given && given <= rest.Length && EndsStream(rest.Span[given..]))
        {
            return rest[..given];
        }

        if (IsExhausted)
        {
            return default;
        }

        var end = rest.Span.IndexOf("endstream"u8);
        end = end < 0 ? rest.Span.IndexOf("endobj"u8) : end;
        Charge((end < 0 ? rest.Length : end) / SearchSpeed);
        if (end < 0)
        {
            return length is >= 0 and var asked && asked <= rest.Length ? rest[..asked] : rest;
        }

        end -= end > 0 && rest.Span[end - 1] == '\n' ? 1 : 0;
        end -= end > 0 && rest.Span[end - 1] == '\r' ? 1 : 0;
        return rest[..end];
    }

    /// <summary>The value that the lexer, of an object stream, stands before. Its strings are not encrypted: the whole stream was.</summary>
    public PdfFoundObject ReadInStream(PdfLexer lexer)
    {
        var start = lexer.Position;
        var parser = new PdfParser(lexer);
        var value = parser.ReadObject() ?? PdfNull.Instance;
        Charge(lexer.Position - start);
        return new(value, parser.Items);
    }

    // "obj" may have its value stick to it, as in "obj<<" (a word of its own) or "obj123" (not).
    private static (int Number, int Generation)? ReadHeader(PdfLexer lexer)
    {
        if (lexer.Read() != PdfToken.Number || !lexer.IsNatural || lexer.Number > PdfLimits.ObjectNumberMax)
        {
            return null;
        }

        var number = (int)lexer.Number;
        if (lexer.Read() != PdfToken.Number || !lexer.IsNatural)
        {
            return null;
        }

        var generation = (int)Math.Min(lexer.Number, ushort.MaxValue);
        if (lexer.Read() != PdfToken.Keyword || !lexer.Word.StartsWith("obj"u8))
        {
            return null;
        }

        lexer.Position -= lexer.Word.Length - "obj".Length;
        return (number, generation);
    }

    // The standard asks for a line feed, alone or after a carriage return; producers also write spaces or a carriage return only.
    private static int SkipLineEnd(ReadOnlySpan<byte> file, int start)
    {
        var at = start;
        while (at < file.Length && file[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        if (at < file.Length && file[at] == '\r')
        {
            return at + 1 < file.Length && file[at + 1] == '\n' ? at + 2 : at + 1;
        }

        return at < file.Length && file[at] == '\n' ? at + 1 : start;
    }

    private static bool EndsStream(ReadOnlySpan<byte> rest)
    {
        rest = rest[..Math.Min(rest.Length, EndWindowBytes)].TrimStart(" \t\r\n\0\f"u8);
        return rest.StartsWith("endstream"u8) || rest.StartsWith("endobj"u8);
    }
}
