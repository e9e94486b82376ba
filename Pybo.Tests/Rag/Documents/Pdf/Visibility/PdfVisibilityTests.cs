using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Source;

namespace Pybo.Tests.Rag.Documents.Pdf.Visibility;

/// <summary>Forms, layers, annotations, replacement texts, and invisible text.</summary>
public sealed class PdfVisibilityTests
{
    [Fact]
    public void Invisible_text_is_left_out() =>
        Assert.Equal("seen", PdfDraft.Text("BT /F 10 Tf 20 70 Td (seen) Tj 3 Tr 0 -20 Td (hidden) Tj ET"));

    [Fact]
    public void Invisible_text_over_a_scanned_page_is_read() =>
        Assert.Equal("recognised", PdfDraft.Text("BT /F 10 Tf 3 Tr 20 70 Td (recognised) Tj ET"));

    [Theory]
    [InlineData("q 200 0 0 100 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID 0 EI Q", "seenrecognised")]
    [InlineData("q 50 0 0 50 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID 0 EI Q", "seen")]
    [InlineData("", "seen")]
    public void OCR_text_is_read_with_a_few_visible_words_if_a_picture_fills_the_page(string picture, string text) =>
        Assert.Equal(text, PdfDraft.Text($"{picture} BT /F 10 Tf 20 70 Td (seen) Tj 3 Tr 0 -20 Td (recognised) Tj ET"));

    [Fact]
    public void Wholly_transparent_text_is_left_out() =>
        Assert.Equal("seen", PdfDraft.Text("BT /F 10 Tf 20 70 Td (seen) Tj /G gs 0 -20 Td (hidden) Tj ET", resources: "/ExtGState<</G<</ca 0>>>>"));

    [Theory]
    [InlineData("1 g", "")]
    [InlineData("1 1 1 rg", "")]
    [InlineData("0 0 0 0 k", "")]
    [InlineData("/DeviceRGB cs 1 1 1 sc", "")]
    [InlineData("/Pattern cs /P scn", "x")]
    [InlineData("/S cs 1 scn", "x")]
    [InlineData("0.9 g", "x")]
    [InlineData("0 0 200 100 re f 1 g", "x")]
    [InlineData("0 0 200 100 re f 1 g 0 50 200 50 re f", "")]
    [InlineData("0 0 200 20 re f 1 g", "")]
    [InlineData("q 200 0 0 100 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID 0 EI Q 1 g", "x")]
    [InlineData("q 30 w 0 72 m 200 72 l S Q 1 g", "x")]
    [InlineData("1 g 1 Tr", "x")]
    public void White_text_is_read_if_it_is_visible(string before, string text) =>
        Assert.Equal(text, PdfDraft.Text($"{before} BT /F 10 Tf 20 70 Td (x) Tj ET", resources: "/ColorSpace<</S[/Separation/Spot/DeviceGray 9 0 R]>>"));

    [Fact]
    public void A_form_is_read_where_it_is_painted()
    {
        var form = PdfDraft.Stream("/Type/XObject/Subtype/Form/BBox[0 0 50 50]/Matrix[1 0 0 1 30 0]/Resources<</Font<</G 5 0 R>>>>", "BT /G 10 Tf 5 20 Td (in) Tj 0 200 Td (clipped) Tj ET q q");
        var glyphs = PdfDraft.Page("q 1 0 0 1 10 10 cm /X Do Q BT /F 10 Tf 5 5 Td (b) Tj ET", resources: "/XObject<</X 10 0 R>>", objects: [form]).Glyphs;
        Assert.Equal("inb", string.Concat(glyphs.Select(g => g.Text)));
        Assert.Equal((45f, 70f), (glyphs[0].X, glyphs[0].Y));
        Assert.Equal((5f, 95f), (glyphs[2].X, glyphs[2].Y));
    }

    [Fact]
    public void A_form_that_paints_itself_ends()
    {
        var form = PdfDraft.Stream("/Subtype/Form/BBox[0 0 200 100]/Resources<</XObject<</X 10 0 R>>/Font<</F 5 0 R>>>>", "/X Do BT /F 10 Tf 20 70 Td (a) Tj ET /X Do");
        Assert.Equal("a", PdfDraft.Text("/X Do", resources: "/XObject<</X 10 0 R>>", objects: [form]));
    }

    [Fact]
    public void Forms_that_multiply_each_other_end_with_a_warning()
    {
        string[] forms =
        [
            .. Enumerable.Range(0, 11).Select(level => PdfDraft.Stream($"/Subtype/Form/BBox[0 0 200 100]/Resources<</XObject<</X {11 + level} 0 R>>>>", "/X Do /X Do /X Do /X Do")),
            PdfDraft.Stream("/Subtype/Form/BBox[0 0 200 100]/Resources<</Font<</F 5 0 R>>>>", "BT /F 10 Tf 20 70 Td (a) Tj ET"),
        ];
        var page = PdfDraft.Page("/X Do", resources: "/XObject<</X 10 0 R>>", objects: forms);
        Assert.InRange(page.Glyphs.Count, 1, PdfContentProcessor.FormsMax);
        Assert.Contains("1쪽은 내용이 너무 많아", Assert.Single(page.Warnings.Said()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/Span <</ActualText (fi)>> BDC (\\001) Tj EMC (n) Tj", "fin")]
    [InlineData("/Span <</ActualText <FEFFAC00>>> BDC (xyz) Tj EMC (n) Tj", "가n")]
    [InlineData("/Span <</ActualText ()>> BDC (-) Tj EMC (n) Tj", "n")]
    [InlineData("/Span <</ActualText (a)>> BDC /Span <</ActualText (b)>> BDC (x) Tj EMC (y) Tj EMC (n) Tj", "an")]
    [InlineData("/Span <</ActualText (abc)>> BDC EMC (n) Tj", "n")]
    [InlineData("/Span /P BDC (x) Tj EMC (n) Tj EMC EMC", "propertyn")]
    public void Actual_text_replaces_its_glyphs(string content, string text) =>
        Assert.Equal(text, PdfDraft.Text($"BT /F 10 Tf 20 70 Td {content} ET", resources: "/Properties<</P<</ActualText(property)>>>>"));

    [Fact]
    public void Actual_text_equal_to_its_glyphs_keeps_their_positions()
    {
        Assert.Equal(2, PdfDraft.Page("BT /F 10 Tf 20 70 Td /Span <</ActualText (a b)>> BDC (ab) Tj EMC ET").Glyphs.Count);
        var merged = Assert.Single(PdfDraft.Page("BT /F 10 Tf 20 70 Td /Span <</ActualText (xyz)>> BDC (AA) Tj EMC ET").Glyphs);
        Assert.Equal((20f, 13.34f), (merged.X, merged.Advance));
    }

    [Fact]
    public void Actual_text_longer_than_any_word_is_ignored() =>
        Assert.Equal("ab", PdfDraft.Text($"BT /F 10 Tf 20 70 Td /Span <</ActualText({new string('x', 9_000)})>> BDC (ab) Tj EMC ET"));

    [Fact]
    public void Text_shared_by_very_many_annotations_ends_at_the_page_limit()
    {
        var notes = string.Concat(Enumerable.Repeat("<</Subtype/FreeText/Rect[50 40 150 60]/Contents 10 0 R>>", 9_000));
        var page = PdfDraft.Page("", page: $"/Annots[{notes}]", objects: [$"({new string('x', 4_000_000)})"]);
        Assert.All(page.Glyphs, glyph => Assert.Equal(65_536, glyph.Text.Length));
        Assert.InRange(page.Glyphs.Count, 60, 62);
        Assert.Single(page.Warnings.Said());
    }

    [Fact]
    public void A_membership_of_very_many_layers_is_checked_partly()
    {
        var members = string.Concat(Enumerable.Repeat("10 0 R ", 100_000));
        var content = string.Concat(Enumerable.Repeat("/OC /L BDC EMC ", 50_000));
        string[] objects = ["<</Type/OCG/Name(on)>>", "<</Type/OCG/Name(off)>>", $"<</Type/OCMD/OCGs[{members}]/P/AllOn>>"];
        Assert.Equal("a", PdfDraft.Text($"{content} BT /F 10 Tf 20 70 Td /OC /L BDC (a) Tj EMC ET", resources: "/Properties<</L 12 0 R>>", objects: objects, catalog: "/OCProperties<</OCGs[10 0 R 11 0 R]/D<</OFF[11 0 R]>>>>"));
    }

    [Theory]
    [InlineData("/OFF[10 0 R]", "b")]
    [InlineData("/BaseState/OFF", "b")]
    [InlineData("/BaseState/OFF/ON[10 0 R]", "ab")]
    [InlineData("", "ab")]
    public void A_layer_that_is_off_is_hidden(string configuration, string text)
    {
        var catalog = $"/OCProperties<</OCGs[10 0 R]/D<<{configuration}>>>>";
        Assert.Equal(text, PdfDraft.Text("BT /F 10 Tf 20 70 Td /OC /L BDC (a) Tj EMC (b) Tj ET", resources: "/Properties<</L 10 0 R>>", objects: ["<</Type/OCG/Name(L)>>"], catalog: catalog));
    }

    [Theory]
    [InlineData("AllOn", "")]
    [InlineData("AnyOn", "a")]
    [InlineData("AnyOff", "a")]
    [InlineData("AllOff", "")]
    public void A_membership_of_several_layers_follows_its_policy(string policy, string text)
    {
        string[] objects = ["<</Type/OCG/Name(on)>>", "<</Type/OCG/Name(off)>>", $"<</Type/OCMD/OCGs[10 0 R 11 0 R]/P/{policy}>>"];
        Assert.Equal(text, PdfDraft.Text("BT /F 10 Tf 20 70 Td /OC /L BDC (a) Tj EMC ET", resources: "/Properties<</L 12 0 R>>", objects: objects, catalog: "/OCProperties<</OCGs[10 0 R 11 0 R]/D<</OFF[11 0 R]>>>>"));
    }

    [Theory]
    [InlineData("/Subtype/FreeText/AP<</N 10 0 R>>/Contents(words)", "note")]
    [InlineData("/Subtype/FreeText/Contents(words)", "words")]
    [InlineData("/Subtype/Widget/FT/Tx/V(value)", "value")]
    [InlineData("/Subtype/Widget/Parent 11 0 R", "inherited")]
    [InlineData("/Subtype/Widget/FT/Tx/Ff 8192/V(secret)", "")]
    [InlineData("/Subtype/Widget/FT/Btn/AS/On/AP<</N<</On 10 0 R/Off 12 0 R>>>>", "☑")]
    [InlineData("/Subtype/Widget/FT/Btn/AS/Off", "☐")]
    [InlineData("/Subtype/Widget/FT/Btn/Ff 32768/V/Second/AP<</N<</First 10 0 R/Off 12 0 R>>>>", "☐")]
    [InlineData("/Subtype/Widget/FT/Btn/Ff 65536/AP<</N 10 0 R>>", "note")]
    [InlineData("/Subtype/Widget/FT/Ch/V(b)/Opt[[(a)(Red)][(b)(Blue)]]", "Blue")]
    [InlineData("/Subtype/Widget/FT/Ch/V[(a)(b)]/Opt[[(a)(Red)][(b)(Blue)]]", "Red, Blue")]
    [InlineData("/Subtype/Text/Contents(popup)", "")]
    [InlineData("/Subtype/FreeText/F 2/AP<</N 10 0 R>>", "")]
    [InlineData("/Subtype/FreeText/F 32/AP<</N 10 0 R>>", "")]
    [InlineData("/Subtype/Popup/AP<</N 10 0 R>>", "")]
    public void Annotations_are_read_as_they_are_shown(string annotation, string text)
    {
        var appearance = PdfDraft.Stream("/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F 5 0 R>>>>", "BT /F 10 Tf 5 5 Td (note) Tj ET");
        var page = PdfDraft.Page("", page: $"/Annots[<</Type/Annot/Rect[50 40 150 60]{annotation}>>]", objects: [appearance, "<</FT/Tx/V(inherited)>>", "null"]);
        Assert.Equal(text, string.Concat(page.Glyphs.Select(g => g.Text)));
        Assert.All(page.Glyphs, glyph => Assert.InRange(glyph.X, 50, 150));
        Assert.All(page.Glyphs, glyph => Assert.InRange(glyph.Y, 40, 60));
    }

    [Theory]
    [InlineData("/Subtype/Text/Contents(remark)", "remark")]
    [InlineData("/Subtype/Highlight/Contents(remark)", "remark")]
    [InlineData("/Subtype/Text/F 2/Contents(hidden)", null)]
    [InlineData("/Subtype/Text/F 32/Contents(not viewed)", null)]
    [InlineData("/Subtype/Popup/Contents(remark)", null)]
    [InlineData("/Subtype/Link/Contents(remark)", null)]
    public void Comments_are_read_beside_the_page(string annotation, string? text)
    {
        var page = PdfDraft.Page("", page: $"/Annots[<</Type/Annot/Rect[50 40 150 60]{annotation}>>]");
        Assert.Equal(text, page.Comments.Select(comment => comment.Text).FirstOrDefault());
    }

    [Theory]
    [InlineData("https://garden.example.org/2031", "the list (https://garden.example.org/2031) is")]
    [InlineData("mailto:seed@example.org?subject=x", "the list (seed@example.org) is")]
    [InlineData("javascript:alert(1)", "the list is")]
    public void The_address_of_a_link_is_behind_its_text(string address, string text)
    {
        const string Content = "BT /F 10 Tf 20 70 Td (the list is) Tj ET";
        var page = PdfDraft.Page(Content, page: $"/Annots[<</Subtype/Link/Rect[36 65 52 80]/A<</S/URI/URI({address.Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal)})>>>>]");
        Assert.Equal(text, string.Concat(page.Glyphs.Select(glyph => glyph.Text)));
    }

    [Fact]
    public void A_text_that_shows_its_address_gets_no_other()
    {
        const string Content = "BT /F 10 Tf 20 70 Td (www.example.org) Tj ET";
        Assert.Equal("www.example.org", PdfDraft.Text(Content, page: "/Annots[<</Subtype/Link/Rect[10 60 190 90]/A<</S/URI/URI(https://www.example.org/)>>>>]"));
    }

    [Theory]
    [InlineData("20 20 m 180 20 l S", 1)]
    [InlineData("20 20 160 60 re S", 4)]
    [InlineData("20 20 160 1 re f", 1)]
    [InlineData("20 20 m 180 90 l S", 0)]
    [InlineData("20 20 160 60 re f", 0)]
    [InlineData("1 g 20 20 160 1 re f", 0)]
    public void Straight_strokes_and_thin_bars_are_rules(string content, int count) => Assert.Equal(count, PdfDraft.Page(content).Rules.Count);

    [Fact]
    public void A_field_that_the_viewer_draws_shows_its_value()
    {
        var stale = PdfDraft.Stream("/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F 5 0 R>>>>", "BT /F 10 Tf 5 5 Td (stale) Tj ET");
        Assert.Equal("value", PdfDraft.Text("", page: "/Annots[<</Subtype/Widget/Rect[50 40 150 60]/FT/Tx/V(value)/AP<</N 10 0 R>>>>]", objects: [stale], catalog: "/AcroForm<</NeedAppearances true>>"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    public void An_appearance_is_in_its_rectangle_at_any_page_rotation(int rotation)
    {
        var appearance = PdfDraft.Stream("/Subtype/Form/BBox[0 0 50 10]/Matrix[2 0 0 2 7 7]/Resources<</Font<</F 5 0 R>>>>", "BT /F 10 Tf 0 0 Td (x) Tj ET");
        var glyph = Assert.Single(PdfDraft.Page("", page: $"/Rotate {rotation}/Annots[<</Subtype/Stamp/Rect[50 40 150 60]/AP<</N 10 0 R>>>>]", objects: [appearance]).Glyphs);
        Assert.Equal(rotation == 0 ? (50f, 60f, 20f) : (40f, 50f, 20f), (glyph.X, glyph.Y, glyph.Size));
    }

    [Fact]
    public void A_page_with_too_many_operators_has_a_warning()
    {
        var content = "BT /F 10 Tf 20 70 Td (a) Tj ET " + string.Concat(Enumerable.Repeat("n ", PdfLimits.OperatorsMax)) + "BT (b) Tj ET";
        var page = PdfDraft.Page(content);
        Assert.Equal("a", Assert.Single(page.Glyphs).Text);
        Assert.Single(page.Warnings.Said());
    }
}
