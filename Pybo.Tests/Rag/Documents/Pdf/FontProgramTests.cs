using System.Buffers.Binary;
using System.Text;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Pdf;

public sealed class FontProgramTests
{
    [Fact]
    public void A_TrueType_font_knows_the_characters_of_its_glyphs()
    {
        var font = TrueTypeFont.Open(TrueTypeDraft.Font(("cmap", TrueTypeDraft.Characters((3, 1, TrueTypeDraft.Segments(('A', 'C', 5), (0xAC00, 0xAC01, 20)))))))!;
        Assert.Equal(["A", "C", "가", "각", null], Each(font.Text, 5, 7, 20, 21, 22));
    }

    [Fact]
    public void Characters_beyond_the_basic_plane_have_groups()
    {
        var font = TrueTypeFont.Open(TrueTypeDraft.Font(("cmap", TrueTypeDraft.Characters((3, 10, TrueTypeDraft.Groups((0x1F600, 0x1F601, 3)))))))!;
        Assert.Equal("😁", font.Text(4));
    }

    [Fact]
    public void Codes_that_a_font_maps_over_and_over_have_a_limit()
    {
        var again = TrueTypeDraft.Groups([.. Enumerable.Repeat((0x4E00, 0x4E00 + 9_999, 1), 30)]);
        var font = TrueTypeFont.Open(TrueTypeDraft.Font(("cmap", TrueTypeDraft.Characters((3, 10, again), (3, 1, TrueTypeDraft.Segments((0xAC00, 0xAC00, 20_000)))))))!;
        Assert.Equal(["一", null], Each(font.Text, 1, 20_000));
    }

    [Fact]
    public void Of_the_characters_of_one_glyph_the_plainest_is_meant()
    {
        var font = TrueTypeFont.Open(TrueTypeDraft.Font(("cmap", TrueTypeDraft.Characters((3, 1, TrueTypeDraft.Segments((0x2F00, 0x2F00, 9), (0x4E00, 0x4E00, 9), (0xE000, 0xE000, 9)))))))!;
        Assert.Equal("一", font.Text(9));
    }

    [Theory]
    [InlineData(0xF041)]
    [InlineData(0x0041)]
    [InlineData(0xF141)]
    public void A_symbol_font_has_its_codes_where_Microsoft_puts_them(int code)
    {
        var font = TrueTypeFont.Open(TrueTypeDraft.Font(("cmap", TrueTypeDraft.Characters((3, 0, TrueTypeDraft.Segments((code, code, 7)))))))!;
        Assert.Equal(7, font.SymbolGlyph(0x41));
        Assert.Equal(0, font.SymbolGlyph(0x42));
    }

    [Fact]
    public void Without_a_table_of_characters_the_names_of_glyphs_tell()
    {
        // Format 2: glyph 1 is the 36th of Apple's names ("A" has number 36), glyph 2 the first of the font's own.
        byte[] post = [0, 2, 0, 0, .. new byte[28], 0, 3, 0, 0, 0, 36, 1, 2, 7, .. "uniAC00"u8];
        var font = TrueTypeFont.Open(TrueTypeDraft.Font(("post", post)))!;
        Assert.Equal([null, "A", "가"], Each(font.Text, 0, 1, 2));
    }

    [Fact]
    public void A_CFF_font_knows_names_and_encoding_of_its_glyphs()
    {
        var font = CffFont.Open(CffDraft.Named("A", "uniAC00"))!;
        Assert.False(font.IsCharacterKeyed);
        Assert.Equal([null, "A", "uniAC00", null], Each(font.Name, 0, 1, 2, 3));
        Assert.Equal(("A", "uniAC00"), (font.Encoding[0x41], font.Encoding[0x42]));
    }

    [Fact]
    public void A_CFF_font_with_character_numbers_has_glyphs_for_them()
    {
        var font = CffFont.Open(CffDraft.CharacterKeyed(1_086, 2))!;
        Assert.True(font.IsCharacterKeyed);
        Assert.Equal([0, 1, 2, 0], Each(font.Glyph, 0, 1_086, 1_087, 1_088));
        Assert.Null(font.Name(1));
    }

    [Theory]
    [InlineData("/Encoding 256 array 0 1 255 {1 index exch /.notdef put} for dup 65 /alpha put dup 66/beta put readonly def currentdict end")]
    [InlineData("/Encoding[/.notdef /.notdef] def")]
    [InlineData("/Encoding StandardEncoding def")]
    [InlineData("/Encoding 256 array dup 65 /alpha")]
    public void A_Type_1_program_has_its_encoding_in_clear_text(string program)
    {
        var encoding = Type1Font.Encoding(Encoding.Latin1.GetBytes("%!PS-AdobeFont-1.0\n" + program))!;
        var isStandard = program.Contains("StandardEncoding", StringComparison.Ordinal);
        var expected = isStandard ? "A" : program.Contains("alpha", StringComparison.Ordinal) ? "alpha" : null;
        Assert.Equal(expected, encoding[65]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%!PS-AdobeFont-1.0 eexec")]
    [InlineData("/Encoding 256 array def")]
    public void A_Type_1_program_without_encoding_has_none(string program) => Assert.Null(Type1Font.Encoding(Encoding.Latin1.GetBytes(program)));

    [Fact]
    public void Damaged_programs_do_not_throw()
    {
        byte[][] programs =
        [
            TrueTypeDraft.Font(("cmap", TrueTypeDraft.Characters((3, 1, TrueTypeDraft.Segments(('A', 'C', 5))), (3, 10, TrueTypeDraft.Groups((65, 66, 3))))), ("post", [0, 2, 0, 0, .. new byte[28], 0xFF, 0xFF, 0, 1])),
            CffDraft.Named("A", "uniAC00"),
            CffDraft.CharacterKeyed(1_086, 2),
        ];
        var random = new Random(11);
        foreach (var program in programs)
        {
            for (var mutant = 0; mutant < 2_000; mutant++)
            {
                var bytes = (byte[])program.Clone();
                for (var change = random.Next(1, 8); change > 0; change--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                ReadAll(bytes.AsMemory(0, mutant % 5 == 0 ? random.Next(bytes.Length) : bytes.Length));
            }
        }
    }

    private static IEnumerable<T> Each<T>(Func<int, T> read, params int[] numbers) => numbers.Select(read);

    private static void ReadAll(ReadOnlyMemory<byte> program)
    {
        var trueType = TrueTypeFont.Open(program);
        var cff = CffFont.Open(program);
        for (var glyph = 0; glyph < 300; glyph++)
        {
            Assert.NotEqual("", trueType?.Text(glyph) ?? "x");
            Assert.InRange(trueType?.SymbolGlyph((byte)glyph) ?? 0, 0, ushort.MaxValue);
            Assert.InRange(cff?.Glyph(glyph) ?? 0, 0, ushort.MaxValue);
            Assert.NotEqual("", cff?.Name(glyph) ?? "x");
        }

        Assert.Equal(256, cff?.Encoding.Count ?? 256);
    }
}

/// <summary>TrueType fonts that have nothing but the tables under test.</summary>
internal static class TrueTypeDraft
{
    public static byte[] Font(params (string Name, byte[] Bytes)[] tables)
    {
        var offset = 12 + (16 * tables.Length);
        List<byte> head = [0, 1, 0, 0, .. UInt16(tables.Length), .. new byte[6]];
        List<byte> body = [];
        foreach (var (name, bytes) in tables)
        {
            head.AddRange([.. Encoding.Latin1.GetBytes(name), .. new byte[4], .. UInt32(offset + body.Count), .. UInt32(bytes.Length)]);
            body.AddRange(bytes);
        }

        return [.. head, .. body];
    }

    public static byte[] Characters(params (int Platform, int Encoding, byte[] Table)[] maps)
    {
        List<byte> head = [0, 0, .. UInt16(maps.Length)];
        List<byte> body = [];
        foreach (var (platform, encoding, table) in maps)
        {
            head.AddRange([.. UInt16(platform), .. UInt16(encoding), .. UInt32(4 + (8 * maps.Length) + body.Count)]);
            body.AddRange(table);
        }

        return [.. head, .. body];
    }

    /// <summary>Format 4.</summary>
    public static byte[] Segments(params (int First, int Last, int Glyph)[] segments)
    {
        (int First, int Last, int Glyph)[] all = [.. segments, (0xFFFF, 0xFFFF, 0)];
        return
        [
            0, 4, 0, 0, 0, 0, .. UInt16(2 * all.Length), 0, 0, 0, 0, 0, 0,
            .. all.SelectMany(s => UInt16(s.Last)), 0, 0, .. all.SelectMany(s => UInt16(s.First)),
            .. all.SelectMany(s => UInt16(s.Glyph - s.First)), .. all.SelectMany(_ => UInt16(0)),
        ];
    }

    /// <summary>Format 12.</summary>
    public static byte[] Groups(params (int First, int Last, int Glyph)[] groups) =>
        [0, 12, 0, 0, .. new byte[8], .. UInt32(groups.Length), .. groups.SelectMany(g => (byte[])[.. UInt32(g.First), .. UInt32(g.Last), .. UInt32(g.Glyph)])];

    private static byte[] UInt16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] UInt32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}

/// <summary>CFF fonts that have names, but no outlines.</summary>
internal static class CffDraft
{
    /// <summary>String number of "A" among the standard strings, and the first that is a font's own.</summary>
    private const int LetterA = 34;

    private const int FirstOwn = 391;

    /// <summary>Two glyphs for the codes 0x41 and 0x42: the standard letter A, and one with a name of its own.</summary>
    public static byte[] Named(string standard, string own)
    {
        Assert.Equal(GlyphEncodings.CffStrings[LetterA], standard);
        byte[] charset = [0, 0, LetterA, FirstOwn >> 8, FirstOwn & 0xFF];
        byte[] encoding = [0, 2, 0x41, 0x42];
        return Font([], charset, encoding, [Encoding.Latin1.GetBytes(own)], glyphs: 3);
    }

    /// <summary>Glyphs whose character numbers count from the first one.</summary>
    public static byte[] CharacterKeyed(int first, int count) =>
        Font([139, 139, 139, 12, 30], [1, (byte)(first >> 8), (byte)first, (byte)(count - 1)], [], [], count + 1);

    private static byte[] Font(byte[] dictionary, byte[] charset, byte[] encoding, byte[][] strings, int glyphs)
    {
        byte[] head = [1, 0, 4, 1, .. Index([[(byte)'F']])];
        byte[] texts = [.. Index(strings), 0, 0]; // An empty INDEX of subroutines.
        const int OffsetBytes = 5;
        var topLength = dictionary.Length + (3 * (OffsetBytes + 1));
        var charsetAt = head.Length + Index([new byte[topLength]]).Length + texts.Length;
        var encodingAt = charsetAt + charset.Length;
        byte[] top =
        [
            .. dictionary, .. Number(charsetAt), 15, .. Number(encoding.Length == 0 ? 0 : encodingAt), 16, .. Number(encodingAt + encoding.Length), 17,
        ];
        return [.. head, .. Index([top]), .. texts, .. charset, .. encoding, .. Index([.. Enumerable.Repeat((byte[])[14], glyphs)])];
    }

    private static byte[] Number(int value) => [29, (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Index(params byte[][] items)
    {
        if (items.Length == 0)
        {
            return [0, 0];
        }

        List<byte> offsets = [0, 1];
        var offset = 1;
        foreach (var item in items)
        {
            offset += item.Length;
            offsets.AddRange([(byte)(offset >> 8), (byte)offset]);
        }

        return [(byte)(items.Length >> 8), (byte)items.Length, 2, .. offsets, .. items.SelectMany(item => item)];
    }
}
