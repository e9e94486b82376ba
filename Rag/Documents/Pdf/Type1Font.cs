namespace Pybo.Rag.Documents.Pdf;

/// <summary>The built-in encoding of a Type 1 font program, which stands in its clear text (Adobe Type 1 Font Format, 2.2).</summary>
internal static class Type1Font
{
    /// <summary>256 entries of five tokens each, and what stands around them.</summary>
    private const int TokensMax = 2_000;

    /// <summary>The glyph name of each code; null where the program has no encoding that can be read.</summary>
    public static IReadOnlyList<string?>? Encoding(ReadOnlyMemory<byte> program)
    {
        var start = program.Span.IndexOf("/Encoding"u8);
        if (start < 0)
        {
            return null;
        }

        var lexer = new PdfLexer(program, start + "/Encoding".Length);
        return lexer.Read() switch
        {
            PdfToken.Keyword when lexer.Word.SequenceEqual("StandardEncoding"u8) => GlyphEncodings.Standard,
            PdfToken.ArrayStart => List(lexer),
            PdfToken.Number => Assignments(lexer),
            _ => null,
        };
    }

    // "[/space /exclam …]"
    private static string?[] List(PdfLexer lexer)
    {
        var names = new string?[256];
        for (var code = 0; code < names.Length && lexer.Read() == PdfToken.Name; code++)
        {
            names[code] = Known(lexer.Name.Value);
        }

        return names;
    }

    // "256 array 0 1 255 {1 index exch /.notdef put} for dup 32 /space put … readonly def"
    private static string?[]? Assignments(PdfLexer lexer)
    {
        var names = new string?[256];
        var (found, code) = (false, -1);
        for (var tokens = 0; tokens < TokensMax; tokens++)
        {
            switch (lexer.Read())
            {
                case PdfToken.Keyword when lexer.Word.SequenceEqual("def"u8) || lexer.Word.SequenceEqual("readonly"u8) || lexer.Word.SequenceEqual("eexec"u8):
                case PdfToken.End:
                    return found ? names : null;
                case PdfToken.Keyword when lexer.Word.SequenceEqual("dup"u8):
                    code = lexer.Read() == PdfToken.Number ? (int)Math.Clamp(lexer.Number, -1, 256) : -1;
                    break;
                case PdfToken.Name when code is >= 0 and < 256:
                    names[code] = Known(lexer.Name.Value);
                    (found, code) = (true, -1);
                    break;
            }
        }

        return found ? names : null;
    }

    private static string? Known(string name) => name == ".notdef" ? null : name;
}
