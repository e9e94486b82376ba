using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Pdf.Visibility;

/// <summary>The effect of operators on glyph positions. The page is 200 points wide and 100 high.</summary>
public sealed class PdfContentTests
{
    [Fact]
    public void Glyph_positions_start_at_the_upper_left_corner()
    {
        var page = PdfDraft.Page("BT /F 10 Tf 20 70 Td (Ab) Tj ET");
        Assert.Equal((200f, 100f), (page.Width, page.Height));
        Assert.Equal(["A", "b"], page.Glyphs.Select(g => g.Text));
        var (first, second) = (page.Glyphs[0], page.Glyphs[1]);
        Assert.Equal((20f, 30f, 6.67f, 10f, (short)0, false), (first.X, first.Y, first.Advance, first.Size, first.Angle, first.IsVertical));
        Assert.Equal(26.67f, second.X, 3);
        Assert.Equal(first.Run, second.Run);
        Assert.Equal(new PdfFontLook("Helvetica", IsBold: false, IsItalic: false, 0.8f, 0.2f), first.Font);
    }

    [Theory]
    [InlineData("1 0 0 1 20 70 Tm (x) Tj", 20, 30)]
    [InlineData("20 70 Td 5 -10 Td (x) Tj", 25, 40)]
    [InlineData("20 70 TD 0 -10 TD T* (x) Tj", 20, 50)]
    [InlineData("12 TL 20 70 Td T* (x) Tj", 20, 42)]
    [InlineData("12 TL 20 70 Td (x) '", 20, 42)]
    [InlineData("12 TL 20 70 Td 1 2 (x) \"", 20, 42)]
    [InlineData("20 70 Td 3 Ts (x) Tj", 20, 27)]
    [InlineData("20 70 Td [-1000 (x)] TJ", 30, 30)]
    [InlineData("20 70 Td 50 Tz [-1000 (x)] TJ", 25, 30)]
    [InlineData("2 0 0 2 20 70 Tm 5 0 Td (x) Tj", 30, 30)]
    public void Text_operators_move_the_pen(string text, double x, double y)
    {
        var glyph = Assert.Single(PdfDraft.Page($"BT /F 10 Tf {text} ET").Glyphs);
        Assert.Equal((x, y), (glyph.X, glyph.Y));
    }

    [Theory]
    [InlineData("(A A)", 0)]
    [InlineData("2 Tc (A A)", 4)]
    [InlineData("3 Tw (A A)", 3)]
    [InlineData("2 Tc 3 Tw 200 Tz (A A)", 14 + 9.45)]
    public void Spacing_separates_glyphs_but_does_not_widen_them(string text, double more)
    {
        var glyphs = PdfDraft.Page($"BT /F 10 Tf 20 70 Td {text} Tj ET").Glyphs;
        Assert.Equal(20 + 6.67 + 2.78 + more, glyphs[2].X, 3);
        Assert.Equal(glyphs[0].Advance, glyphs[2].Advance);
    }

    [Theory]
    [InlineData(0, 20, 30, 0)]
    [InlineData(90, 70, 20, 90)]
    [InlineData(180, 180, 70, 180)]
    [InlineData(270, 30, 180, 270)]
    public void A_turned_page_is_read_as_it_is_displayed(int rotation, double x, double y, int angle)
    {
        var page = PdfDraft.Page("BT /F 10 Tf 20 70 Td (x) Tj ET", page: $"/Rotate {rotation}");
        var glyph = Assert.Single(page.Glyphs);
        Assert.Equal((x, y, angle, 10d), (glyph.X, glyph.Y, glyph.Angle, glyph.Size));
        Assert.Equal(rotation % 180 == 0 ? (200f, 100f) : (100f, 200f), (page.Width, page.Height));
    }

    [Fact]
    public void The_crop_box_is_the_page()
    {
        var page = PdfDraft.Page("BT /F 10 Tf 20 70 Td (in) Tj 0 -60 Td (out) Tj ET", page: "/CropBox[10 20 150 90]");
        Assert.Equal((140f, 70f), (page.Width, page.Height));
        Assert.Equal("in", string.Concat(page.Glyphs.Select(g => g.Text)));
        Assert.Equal((10f, 20f), (page.Glyphs[0].X, page.Glyphs[0].Y));
    }

    [Fact]
    public void Graphics_states_are_saved_and_restored()
    {
        var glyphs = PdfDraft.Page("q 2 0 0 2 10 0 cm BT /F 10 Tf 5 30 Td (a) Tj ET Q Q Q BT /F 10 Tf 5 30 Td (b) Tj ET").Glyphs;
        Assert.Equal([(20f, 40f, 20f), (5f, 70f, 10f)], glyphs.Select(g => (g.X, g.Y, g.Size)));
    }

    [Fact]
    public void Very_many_saved_states_cost_no_memory()
    {
        var many = string.Concat(Enumerable.Repeat("q ", 100_000)) + string.Concat(Enumerable.Repeat("Q ", 100_000));
        Assert.Equal("ab", PdfDraft.Text($"BT /F 10 Tf 5 30 Td (a) Tj ET {many} BT 5 30 Td (b) Tj ET"));
    }

    [Fact]
    public void Vertical_writing_goes_down_the_page()
    {
        const string Font = "<</Type/Font/Subtype/Type0/BaseFont/Batang/Encoding/UniKS-UTF16-V/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/Batang/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)/Supplement 2>>>>]>>";
        var glyphs = PdfDraft.Page("BT /F 10 Tf 100 80 Td <AC00B098> Tj ET", font: Font).Glyphs;
        Assert.Equal([("가", 100f, 20f, 10f, (short)90, true), ("나", 100f, 30f, 10f, (short)90, true)], glyphs.Select(g => (g.Text, g.X, g.Y, g.Advance, g.Angle, g.IsVertical)));
    }

    [Fact]
    public void Widths_of_character_ids_are_given_as_lists_or_ranges()
    {
        const string Font = "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/X/DW 300/W[65[100 200]67 68 400]>>]>>";
        var glyphs = PdfDraft.Page("BT /F 10 Tf 20 70 Td <00410042004300440045> Tj ET", font: Font).Glyphs;
        Assert.Equal([1f, 2f, 4f, 4f, 3f], glyphs.Select(g => g.Advance));
    }

    [Theory]
    [InlineData("20 70 Td (a) Tj ET BT 20 -50 Td (hidden) Tj", "a")]
    [InlineData("20 70 Td (a) Tj 500 0 Td (hidden) Tj", "a")]
    [InlineData("20 10 Td 12 TL (a) Tj T* (b) Tj T* (c) Tj", "abc")]
    public void Text_off_the_page_is_left_out_unless_lines_continue_past_the_edge(string content, string text) =>
        Assert.Equal(text, PdfDraft.Text($"BT /F 10 Tf {content} ET"));

    [Theory]
    [InlineData("0 60 200 40 re W n", "in")]
    [InlineData("0 60 m 200 60 l 200 100 l 0 100 l h W* n", "in")]
    [InlineData("0 60 200 40 re n", "inout")]
    [InlineData("W n", "inout")]
    [InlineData("0 60 200 40 re W n Q q", "inout")]
    public void Clipped_text_is_left_out(string clip, string text) =>
        Assert.Equal(text, PdfDraft.Text($"q {clip} BT /F 10 Tf 20 70 Td (in) Tj 0 -40 Td (out) Tj ET Q"));

    [Fact]
    public void Numbers_that_are_not_positions_do_no_harm() =>
        Assert.Equal("b", PdfDraft.Text("BT /F 1e308 Tf 1e308 0 0 1e308 1e308 1e308 Tm (a) Tj /F 0 Tf (a) Tj /F 10 Tf 0 0 0 0 5 5 Tm (a) Tj 1 0 0 1 20 70 Tm (b) Tj ET"));
}
