using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Source;

namespace Pybo.Tests.Rag.Documents.Pdf.Source;

/// <summary>The ways from a code to its text, each used when the previous ones give none.</summary>
public sealed class PdfFontTests
{
    private const string Korea = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)/Supplement 2>>";

    [Theory]
    [InlineData("/Encoding/WinAnsiEncoding", "\\223A\\224\\200", "“A”€")]
    [InlineData("/Encoding/MacRomanEncoding", "\\216\\245", "é•")]
    [InlineData("/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[65/alpha/uniAC00 70/f_i]>>", "ABCF", "α가Cfi")]
    [InlineData("/Encoding<</Differences[1/A/B]>>", "\\001\\002'", "AB’")]
    [InlineData("", "A'", "A’")]
    public void A_simple_font_has_an_encoding_and_differences(string encoding, string codes, string text) =>
        Assert.Equal(text, Text($"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman{encoding}>>", codes));

    [Theory]
    [InlineData("Symbol", "ab", "αβ")]
    [InlineData("ZapfDingbats", "34", "✓✔")]
    public void Symbol_fonts_have_encodings_of_their_own(string name, string codes, string text) =>
        Assert.Equal(text, Text($"<</Type/Font/Subtype/Type1/BaseFont/{name}>>", codes));

    [Theory]
    [InlineData("<01> <0078>", "\\001", "x")]
    [InlineData("<41> <0000>", "A", "A")]
    [InlineData("<41> <FFFD>", "A", "A")]
    [InlineData("<42> <0078>", "A", "A")]
    [InlineData("<41> <E041>", "A", "A")]
    public void A_ToUnicode_map_has_priority_if_it_maps_the_code(string map, string codes, string text) =>
        Assert.Equal(text, Text("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 10 0 R>>", codes, PdfDraft.Stream("", $"1 beginbfchar {map} endbfchar")));

    [Fact]
    public void The_encoding_of_a_Type_1_program_is_used() =>
        Assert.Equal("αB", Text("<</Type/Font/Subtype/Type1/BaseFont/X/FontDescriptor<</FontFile 10 0 R>>/Encoding<</Differences[66/B]>>>>", "AB",
            PdfDraft.Stream("/Length1 200/Length2 20", Type1Draft.Program("dup 65 /alpha put\ndup 66 /beta put"))));

    [Fact]
    public void The_encoding_of_a_CFF_program_is_used() =>
        Assert.Equal("A가", Text("<</Type/Font/Subtype/Type1/BaseFont/X/FontDescriptor<</FontFile3 10 0 R>>>>", "AB", PdfDraft.Stream("/Subtype/Type1C", CffDraft.Named("uniAC00"))));

    [Fact]
    public void Unneeded_font_programs_and_glyph_numbers_are_not_unpacked()
    {
        var tooLong = PdfDraft.Stream("/Filter/RunLengthDecode", string.Concat(Enumerable.Repeat("\u0081\0", (PdfLimits.StreamBytesMax / 128) + 1)));
        using var file = PdfDraft.Open("BT /F 10 Tf 20 70 Td (\\000\\001) Tj ET",
            font: "<</Subtype/Type0/Encoding/Identity-H/ToUnicode 10 0 R/DescendantFonts[<</Subtype/CIDFontType2/CIDToGIDMap 11 0 R/FontDescriptor<</FontFile2 11 0 R>>>>]>>",
            objects: [PdfDraft.Stream("", "1 beginbfchar <0001> <0078> endbfchar"), tooLong]);
        Assert.Equal("x", Assert.Single(file.Read(1).Glyphs).Text);
        Assert.False(file.IsTruncated);
    }

    [Fact]
    public void Repeated_width_lists_have_a_limit()
    {
        var widths = $"/W[{string.Concat(Enumerable.Repeat("65 10 0 R ", 100_000))}]";
        var glyphs = PdfDraft.Page("BT /F 10 Tf 20 70 Td <00410042> Tj ET",
            font: $"<</Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2{widths}>>]>>",
            objects: [$"[{string.Concat(Enumerable.Repeat("100 200 ", 50_000))}]"]).Glyphs;
        Assert.Equal([1f, 2f], glyphs.Select(g => g.Advance));
    }

    [Theory]
    [InlineData("/ToUnicode/Identity-H", "가")]
    [InlineData("", "")]
    public void A_font_may_say_that_its_codes_are_Unicode(string map, string text) =>
        Assert.Equal(text, Text($"<</Subtype/Type0/Encoding/Identity-H{map}/DescendantFonts[<</Subtype/CIDFontType2/FontDescriptor<</FontFile2 10 0 R>>>>]>>", "\\254\\000", PdfDraft.Stream("", "\0\u0001\0\0 without a table")));

    [Theory]
    [InlineData("/KSCms-UHC-H", "\\260\\241A", "가A")]
    [InlineData("/KSC-EUC-V", "\\260\\241", "가")]
    [InlineData("/UniKS-UCS2-H", "\\254\\000", "가")]
    [InlineData("/UniKS-UTF16-H", "\\330\\074\\337\\340", "🏠")]
    [InlineData("/UniAKR-UTF16-H", "\\254\\000", "가")]
    [InlineData("/UniKS-UTF8-H", "\\352\\260\\200A", "가A")]
    [InlineData("/UniKS-UTF32-V", "\\000\\000\\254\\000", "가")]
    [InlineData("/KSC-Johab-H", "\\210\\141A", "가A")]
    [InlineData("/Identity-H", "\\004\\076", "가")]
    public void Korean_fonts_need_no_map_of_their_own(string encoding, string codes, string text) =>
        Assert.Equal(text, Text($"<</Type/Font/Subtype/Type0/BaseFont/Batang/Encoding{encoding}/DescendantFonts[<</Subtype/CIDFontType0/BaseFont/Batang{Korea}>>]>>", codes));

    [Theory]
    [InlineData("/UniKS-UTF8-H", "\\352\\260\\200 A", 12)]
    [InlineData("/UniKS-UTF16-H", "\\254\\000\\000 \\000A", 9)]
    public void Word_spacing_counts_spaces_of_one_byte(string encoding, string codes, double x)
    {
        var font = $"<</Type/Font/Subtype/Type0/BaseFont/Batang/Encoding{encoding}/DescendantFonts[<</Subtype/CIDFontType0/BaseFont/Batang/DW 300{Korea}>>]>>";
        Assert.Equal(x, PdfDraft.Page($"BT /F 10 Tf 3 Tw 3 70 Td ({codes}) Tj ET", font: font).Glyphs[^1].X, 3);
    }

    [Fact]
    public void Vertical_advances_come_from_the_font()
    {
        var font = $"<</Type/Font/Subtype/Type0/BaseFont/Batang/Encoding/UniKS-UTF16-V/DescendantFonts[<</Subtype/CIDFontType0/BaseFont/Batang/DW2[880 -500]{Korea}>>]>>";
        var glyphs = PdfDraft.Page("BT /F 10 Tf 100 80 Td <AC00B098> Tj ET", font: font).Glyphs;
        Assert.Equal([("가", 20f, 5f), ("나", 25f, 5f)], glyphs.Select(g => (g.Text, g.Y, g.Advance)));
    }

    /// <summary>PdfPig has no CMap of this name: the codes are read as pairs of bytes, and the page names the font.</summary>
    [Fact]
    public void A_font_with_unknown_codes_is_named()
    {
        var page = PdfDraft.Page($"BT /F 10 Tf 20 70 Td <{string.Concat(Enumerable.Range(1, 30).Select(code => $"01{code:X2}"))}> Tj ET",
            font: $"<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Shinmun/Encoding/78-RKSJ-H/DescendantFonts[<</Subtype/CIDFontType0/BaseFont/Shinmun/CIDSystemInfo<</Ordering(Japan1)>>>>]>>");
        Assert.True(page.IsUnreadable);
        Assert.Equal(["Shinmun"], page.UnknownFonts);
    }

    [Fact]
    public void A_Type_3_font_is_named_and_measured_by_its_own_matrix()
    {
        const string Font = "<</Type/Font/Subtype/Type3/FontMatrix[0.01 0 0 0.01 0 0]/FontBBox[0 0 100 100]/FirstChar 1/LastChar 2/Widths[50 60]/CharProcs<<>>/Encoding<</Differences[1/A 66/a66]>>>>";
        var glyphs = PdfDraft.Page("BT /F 10 Tf 20 70 Td (\\001B) Tj ET", font: Font).Glyphs;
        Assert.Equal(["A", "B"], glyphs.Select(g => g.Text));
        Assert.Equal((5f, 10f), (glyphs[0].Advance, glyphs[0].Size));
    }

    /// <summary>TeX sets bitmap fonts at size 1 in units of pixels; other programs write a box that fits no glyph.</summary>
    [Theory]
    [InlineData("1 0 0 1 0 0", "0 0 40 48", "41 30", 1, 48)]
    [InlineData("0.01 0 0 -0.01 0 0", "0 0 1000 1000", "95 95", 10, 10)]
    [InlineData("0.01 0 0 0.01 0 0", "0 0 1000 1000", "0 0", 10, 100)]
    public void A_Type_3_font_is_as_tall_as_its_box_but_not_taller_than_its_glyphs_are_wide(string matrix, string box, string widths, float size, float height)
    {
        var font = $"<</Type/Font/Subtype/Type3/FontMatrix[{matrix}]/FontBBox[{box}]/FirstChar 1/LastChar 2/Widths[{widths}]/CharProcs<<>>/Encoding<</Differences[1/A/B]>>>>";
        var glyphs = PdfDraft.Page($"BT /F {size} Tf 20 70 Td (\\001\\002) Tj ET", font: font).Glyphs;
        Assert.Equal(height, glyphs[0].Size);
    }

    [Theory]
    [InlineData("ABCDEF+Malgun-Bold", "", "Malgun-Bold", true, false)]
    [InlineData("Arial,BoldItalic", "", "Arial,BoldItalic", true, true)]
    [InlineData("X", "/FontDescriptor<</FontWeight 700/ItalicAngle -12>>", "X", true, true)]
    [InlineData("X", "/FontDescriptor<</Flags 262208>>", "X", true, true)]
    [InlineData("abcdef+X", "", "abcdef+X", false, false)]
    public void The_name_and_descriptor_decide_a_fonts_look(string given, string descriptor, string name, bool isBold, bool isItalic)
    {
        var look = PdfDraft.Page("BT /F 10 Tf 20 70 Td (x) Tj ET", font: $"<</Type/Font/Subtype/TrueType/BaseFont/{given}{descriptor}>>").Glyphs[0].Font;
        Assert.Equal((name, isBold, isItalic), (look.Name, look.IsBold, look.IsItalic));
    }

    [Theory]
    [InlineData("<</Type/Font>>")]
    [InlineData("null")]
    [InlineData("<</Subtype/Type0>>")]
    [InlineData("<</Subtype/Type0/Encoding 10 0 R/DescendantFonts 5 0 R/ToUnicode 10 0 R>>")]
    [InlineData("<</Subtype/Type3/FontMatrix[0 0 0 0 0 0]/Widths 5>>")]
    [InlineData("<</Subtype/TrueType/FontDescriptor<</FontFile2 10 0 R>>/Encoding<</Differences[99999999 /a -5 /b]>>/FirstChar -9/Widths[/x(y)]>>")]
    public void A_broken_font_shows_the_readable_part(string font)
    {
        var page = PdfDraft.Page("BT /F 10 Tf 20 70 Td (AB) Tj ET", font: font, objects: [PdfDraft.Stream("/UseCMap 10 0 R", "beginbfchar")]);
        Assert.All(page.Glyphs, glyph => Assert.NotEmpty(glyph.Text));
        Assert.InRange(page.Glyphs.Count, 0, 2);
    }

    private static string Text(string font, string codes, params string[] objects) => PdfDraft.Text($"BT /F 10 Tf 20 70 Td ({codes}) Tj ET", font: font, objects: objects);
}
