using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Layout;
using Pybo.Rag.Documents.Pdf.Source;
using Pybo.Rag.Documents.Pdf.Visibility;

namespace Pybo.Tests.Rag.Documents.Pdf.Layout;

/// <summary>A page of glyphs as a content stream would show them: Korean letters are one font size wide, spaces a quarter, all others half.</summary>
internal sealed class GlyphPage(float width = 600, float height = 800)
{
    public static readonly PdfFontLook Regular = new("Batang", false, false, 0.86f, 0.14f);
    public static readonly PdfFontLook Bold = new("Batang-Bold", true, false, 0.86f, 0.14f);

    private readonly List<PdfGlyph> glyphs = [];
    private readonly List<PdfRule> rules = [];
    private int run;

    public static float WidthOf(string text, float size = 10) => text.Sum(c => Advance(c, size));

    /// <summary>Shows a text; its spaces are glyphs, or gaps if <paramref name="wordSpace"/> is given.</summary>
    /// <param name="spacing">Between letters, in points.</param>
    /// <param name="wordSpace">Between words instead of a space glyph, in points.</param>
    public GlyphPage Text(float x, float y, string text, float size = 10, PdfFontLook? font = null, float spacing = 0, float? wordSpace = null)
    {
        run++;
        foreach (var character in text)
        {
            if (character == ' ' && wordSpace is { } gap)
            {
                x += gap;
                continue;
            }

            Glyph(character.ToString(), x, y, Advance(character, size), size, font: font);
            x += Advance(character, size) + spacing;
        }

        return this;
    }

    /// <summary>Lines below each other.</summary>
    public GlyphPage Lines(float x, float y, float pitch, params ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            Text(x, y, line);
            y += pitch;
        }

        return this;
    }

    /// <summary>Shows a text along an angle.</summary>
    public GlyphPage Turned(float x, float y, short angle, string text, float size = 10)
    {
        run++;
        var (sine, cosine) = MathF.SinCos(angle * MathF.PI / 180);
        foreach (var character in text)
        {
            var advance = Advance(character, size);
            Glyph(character.ToString(), x, y, advance, size, angle);
            (x, y) = (x + (cosine * advance), y + (sine * advance));
        }

        return this;
    }

    /// <summary>Shows a column of vertical writing; its middle is at <paramref name="x"/>.</summary>
    public GlyphPage Vertical(float x, float y, string text, float size = 10)
    {
        run++;
        foreach (var character in text)
        {
            Glyph(character.ToString(), x, y, size, size, angle: 90, isVertical: true);
            y += size;
        }

        return this;
    }

    public GlyphPage Glyph(string text, float x, float y, float advance, float size, short angle = 0, bool isVertical = false, PdfFontLook? font = null)
    {
        glyphs.Add(new(text, x, y, advance, size, angle, isVertical, font ?? Regular, run));
        return this;
    }

    /// <summary>Draws rules.</summary>
    public GlyphPage Ruled(params PdfRule[] drawn)
    {
        rules.AddRange(drawn);
        return this;
    }

    public PdfGlyphPage Build() => new(width, height, glyphs, []) { Rules = rules };

    /// <summary>The lines of the page; <c> | </c> separates the cells of a row.</summary>
    public string[] Read() => [.. PdfLayout.Lines(Build()).Select(l => l.Text.Replace("\t", " | ", StringComparison.Ordinal))];

    /// <summary>The document of these pages.</summary>
    public static DocumentText Document(params IEnumerable<GlyphPage> pages) => DocumentBuilder.Collect(Parts(pages), "문서.pdf");

    public static List<DocumentPart> Parts(params IEnumerable<GlyphPage> pages)
    {
        var read = pages.Select((page, at) => page.Build() is var glyphs ? new PdfPageLines(at + 1, glyphs.Width, glyphs.Height, PdfLayout.Lines(glyphs)) : null!);
        return [.. new PdfComposer().Compose([.. read], isLast: true)];
    }

    private static float Advance(char character, float size) => size * character switch { ' ' => 0.25f, >= '\u1100' => 1, _ => 0.5f };
}
