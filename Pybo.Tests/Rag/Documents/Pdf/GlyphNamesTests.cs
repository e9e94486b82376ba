using System.Text;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Pdf;

public sealed class GlyphNamesTests
{
    [Theory]
    [InlineData("A", "A")]
    [InlineData("Lcommaaccent", "Ļ")]
    [InlineData("uni20AC", "€")]
    [InlineData("uniAC00D55C", "가한")]
    [InlineData("u1F600", "😀")]
    [InlineData("a.alt", "a")]
    [InlineData("f_f_i", "ffi")]
    [InlineData("f_i.liga", "fi")]
    [InlineData("T_nosuchname", null)]
    [InlineData(".notdef", null)]
    [InlineData("uniD800", null)]
    [InlineData("uni0000", null)]
    [InlineData("uniXYZW", null)]
    [InlineData("g17", null)]
    [InlineData("", null)]
    public void A_name_has_its_text(string name, string? text) => Assert.Equal(text, GlyphNames.Text(name));

    [Fact]
    public void Dingbats_have_names_of_their_own()
    {
        Assert.Equal("✁", GlyphNames.Text("a1", isZapfDingbats: true));
        Assert.Null(GlyphNames.Text("a1"));
    }

    [Theory]
    [InlineData("g65", 65)]
    [InlineData("cid01234", 1234)]
    [InlineData("A", null)]
    [InlineData("glyph1", null)]
    [InlineData("a1b", null)]
    [InlineData("12", null)]
    public void A_name_that_counts_has_its_number(string name, int? number) => Assert.Equal(number, GlyphNames.Number(name));

    [Theory]
    [InlineData(nameof(GlyphEncodings.WinAnsi), 1252)]
    [InlineData(nameof(GlyphEncodings.MacRoman), 10000)]
    public void An_encoding_is_that_of_its_system(string name, int codePage)
    {
        var system = CodePagesEncodingProvider.Instance.GetEncoding(codePage)!;
        var names = name == nameof(GlyphEncodings.WinAnsi) ? GlyphEncodings.WinAnsi : GlyphEncodings.MacRoman;
        for (var code = 32; code < 256; code++)
        {
            // Not assigned, a bullet or a space for the last, in PDF only; Apple's euro and its own sign are younger or for private use.
            var isOwn = names[code] is null or "bullet" or "space" or "hyphen" or "currency" or "apple" or "Omega" or "Delta" or "mu" or "macron";
            Assert.True(isOwn || system.GetString([(byte)code]) == GlyphNames.Text(names[code]!), $"{code}: {names[code]}");
        }
    }

    [Fact]
    public void The_other_encodings_have_their_signs()
    {
        Assert.Equal("’", GlyphNames.Text(GlyphEncodings.Standard['\'']!));
        Assert.Equal("ﬁ", GlyphNames.Text(GlyphEncodings.Standard[0xAE]!));
        Assert.Equal("α", GlyphNames.Text(GlyphEncodings.Symbol['a']!));
        Assert.Equal("∑", GlyphNames.Text(GlyphEncodings.Symbol[0xE5]!));
        Assert.Equal("✓", GlyphNames.Text(GlyphEncodings.ZapfDingbats['3']!, isZapfDingbats: true));
        Assert.Equal("onehalf", GlyphEncodings.MacExpert[0x48]);
        Assert.Equal("Asmall", GlyphEncodings.Expert[0x61]);
        Assert.Equal((391, 258), (GlyphEncodings.CffStrings.Count, GlyphEncodings.MacintoshGlyphs.Count));
        Assert.Equal((166, 87), (GlyphEncodings.CffExpertGlyphs.Count, GlyphEncodings.CffExpertSubsetGlyphs.Count));
    }

    [Fact]
    public void Standard_fonts_have_their_widths()
    {
        Assert.Equal(600, StandardWidths.Width("Courier", "anything"));
        Assert.Equal(278, StandardWidths.Width("Helvetica", "space"));
        Assert.Equal(722, StandardWidths.Width("Times-Roman", "A"));
        Assert.Equal(631, StandardWidths.Width("Symbol", "alpha"));
        Assert.Equal(974, StandardWidths.Width("ZapfDingbats", "a1"));
        Assert.Null(StandardWidths.Width("Helvetica", "nosuchglyph"));
    }
}
