using System.Text;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Source;

namespace Pybo.Tests.Rag.Documents.Pdf;

/// <summary>Small PDF files made in a test: one page with a content stream and its resources. They have no cross-reference table; the reader finds their objects.</summary>
internal static class PdfDraft
{
    /// <summary>Helvetica without a font program, in the Windows encoding.</summary>
    public const string Helvetica = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";

    /// <summary>A Korean font without a font program.</summary>
    /// <param name="map">The name of its predefined CMap.</param>
    public static string KoreanFont(string map) =>
        $"<</Type/Font/Subtype/Type0/BaseFont/Batang/Encoding/{map}/DescendantFonts[<</Subtype/CIDFontType0/BaseFont/Batang/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)/Supplement 2>>>>]>>";

    /// <param name="page">More entries of the page's dictionary.</param>
    /// <param name="resources">More entries of its resources.</param>
    /// <param name="font">Entries of the font F.</param>
    /// <param name="objects">From object 10 on, as written between <c>obj</c> and <c>endobj</c>.</param>
    /// <param name="catalog">More entries of the catalogue.</param>
    public static PdfGlyphPage Page(string content, string page = "", string resources = "", string font = Helvetica, string[]? objects = null, string catalog = "")
    {
        using var file = Open(content, page, resources, font, objects, catalog);
        Assert.Equal(1, file.PageCount);
        return file.Read(1);
    }

    public static PdfFile Open(string content, string page = "", string resources = "", string font = Helvetica, string[]? objects = null, string catalog = "") =>
        PdfFile.Open(Bytes(content, page, resources, font, objects ?? [], catalog));

    /// <summary>The text of a page, in the order of its content.</summary>
    public static string Text(string content, string page = "", string resources = "", string font = Helvetica, string[]? objects = null, string catalog = "") =>
        string.Concat(Page(content, page, resources, font, objects, catalog).Glyphs.Select(glyph => glyph.Text));

    public static string Stream(string entries, string content) => $"<<{entries}/Length {content.Length}>>stream\n{content}\nendstream";

    public static string Stream(string entries, byte[] content) => Stream(entries, Encoding.Latin1.GetString(content));

    public static byte[] Bytes(string content, string page, string resources, string font, string[] objects, string catalog)
    {
        var box = page.Contains("/MediaBox", StringComparison.Ordinal) ? "" : "/MediaBox[0 0 200 100]";
        string[] parts =
        [
            "%PDF-1.7",
            $"1 0 obj\n<</Type/Catalog/Pages 2 0 R{catalog}>>\nendobj",
            "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj",
            $"3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>{resources}>>{box}{page}>>\nendobj",
            $"4 0 obj\n{Stream("", content)}\nendobj",
            $"5 0 obj\n{font}\nendobj",
            .. objects.Select((value, index) => $"{10 + index} 0 obj\n{value}\nendobj"),
            "trailer\n<</Root 1 0 R>>",
        ];
        return Encoding.Latin1.GetBytes(string.Join('\n', parts));
    }
}
