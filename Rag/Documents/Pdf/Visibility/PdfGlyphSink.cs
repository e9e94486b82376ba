namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>Collects the glyphs of a page: replacement text for some of them (<c>ActualText</c>), and visible or only recognised glyphs.</summary>
internal sealed class PdfGlyphSink
{
    /// <summary>The most glyphs under one replacement text. A longer stretch is not a ligature or a hyphenated word: its glyphs say more than one string at one place.</summary>
    private const int ReplacedMax = 2_000;

    /// <summary>If at least this share of a page is invisible, it is a picture with recognised text beneath it.</summary>
    private const double RecognisedShareMin = 0.95;

    /// <summary>The same for a page filled by a picture: a stamp, a page number or a few corrected words were set over it.</summary>
    private const double PictureShareMin = 0.5;

    private readonly List<PdfGlyph> glyphs = [];
    private readonly List<bool> areInvisible = [];
    private readonly List<PdfGlyph> replaced = [];
    private readonly HashSet<string> unknownFonts = new(StringComparer.Ordinal);
    private bool areReplacedInvisible;
    private string? replacement;
    private int invisible;
    private int characters;

    /// <summary>True if the page has more text than is accepted.</summary>
    public bool IsFull => characters >= DocumentBuilder.PageCharactersMax;

    /// <summary>True while a replacement text is open: glyphs without their own text count too.</summary>
    public bool IsReplacing => replacement is not null;

    /// <summary>The number of visible glyphs with unknown meaning.</summary>
    public int Unknown { get; private set; }

    /// <summary>The names of their fonts.</summary>
    public IReadOnlyCollection<string> UnknownFonts => unknownFonts;

    /// <summary>Returns the page's glyphs: the visible ones, and on a scanned page the invisible ones as well.</summary>
    /// <param name="isPicture">True if images cover most of the page.</param>
    public List<PdfGlyph> Finish(bool isPicture)
    {
        EndReplacement();
        if (invisible == 0 || invisible >= (isPicture ? PictureShareMin : RecognisedShareMin) * glyphs.Count)
        {
            return glyphs;
        }

        return [.. glyphs.Where((_, at) => !areInvisible[at])];
    }

    /// <param name="isInvisible">True by render mode or transparency, as for recognised text beneath a scanned page.</param>
    public void Add(in PdfGlyph glyph, bool isInvisible)
    {
        if (replacement is null)
        {
            Keep(glyph, isInvisible);
            return;
        }

        areReplacedInvisible = replaced.Count == 0 ? isInvisible : areReplacedInvisible;
        replaced.Add(glyph);
        if (replaced.Count > ReplacedMax)
        {
            KeepReplaced();
            replacement = null;
        }
    }

    /// <summary>Adds a glyph whose font does not give its meaning.</summary>
    public void AddUnknown(string fontName)
    {
        Unknown++;
        unknownFonts.Add(fontName);
    }

    /// <summary>Replaces the following glyphs with this text.</summary>
    public void BeginReplacement(string text)
    {
        EndReplacement();
        replacement = text;
    }

    public void EndReplacement()
    {
        if (replacement is { } text && replaced.Count > 0)
        {
            if (Letters(text) == Letters(string.Concat(replaced.Select(glyph => glyph.Text))))
            {
                KeepReplaced();
            }
            else if (text.Length > 0)
            {
                Keep(replaced[0] with { Text = text, Advance = Extent() }, areReplacedInvisible);
            }
        }

        replaced.Clear();
        replacement = null;
    }

    // From the first glyph's start to the end of the last one on its line.
    private float Extent()
    {
        var first = replaced[0];
        var (sine, cosine) = MathF.SinCos(first.Angle * MathF.PI / 180);
        var extent = first.Advance;
        foreach (var glyph in replaced)
        {
            var (x, y) = (glyph.X - first.X, glyph.Y - first.Y);
            var isOnLine = MathF.Abs((y * cosine) - (x * sine)) < first.Size / 2 && glyph.Angle == first.Angle;
            extent = isOnLine ? MathF.Max(extent, (x * cosine) + (y * sine) + glyph.Advance) : extent;
        }

        return extent;
    }

    private void KeepReplaced()
    {
        foreach (var glyph in replaced)
        {
            Keep(glyph, areReplacedInvisible);
        }

        replaced.Clear();
    }

    private void Keep(in PdfGlyph glyph, bool isInvisible)
    {
        if (!IsFull && glyph.Text.Length > 0)
        {
            glyphs.Add(glyph);
            areInvisible.Add(isInvisible);
            invisible += isInvisible ? 1 : 0;
            characters += glyph.Text.Length;
        }
    }

    private static string Letters(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
