namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>A glyph in its frame.</summary>
/// <param name="Text">In its searchable form: no presentation forms, no ligatures.</param>
/// <param name="AfterSpace">A space glyph was shown right before it.</param>
internal readonly record struct PdfLetter(string Text, float Start, float End, float Baseline, float Size, PdfFontLook Font, bool AfterSpace)
{
    public float Middle => (Start + End) / 2;
}

/// <summary>Letters shown one after the other on one baseline without a wide gap: the unit of lines and columns. Never empty once built.</summary>
internal sealed class PdfSpan
{
    /// <summary>The height of small letters without ascenders: unlike the boxes that fonts declare, these do not overlap neighbouring lines.</summary>
    private const float CoreHeight = 0.55f;

    /// <summary>The limit for a glyph's ascent and descent in its box: broken fonts declare ten times the size.</summary>
    private const float ReachMax = 1.2f;

    public List<PdfLetter> Letters { get; } = [];

    /// <summary>True if a space glyph follows.</summary>
    public bool EndsWithSpace { get; set; }

    public PdfExtent Extent { get; private set; } = PdfExtent.Nothing;

    public float Start => Extent.Start;

    public float End => Extent.End;

    public float Baseline => Letters[0].Baseline;

    public float Size => Letters[0].Size;

    /// <summary>The top of its letters' bodies; the baseline is the bottom.</summary>
    public float CoreTop => Baseline - (CoreHeight * Size);

    public void Add(in PdfLetter letter, bool isVertical)
    {
        Letters.Add(letter);
        var (up, down) = isVertical ? (0.5f, 0.5f) : (Math.Clamp(letter.Font.Ascent, CoreHeight, ReachMax), Math.Clamp(letter.Font.Descent, 0, ReachMax));
        Extent = Extent.With(new(letter.Start, letter.Baseline - (up * letter.Size), letter.End, letter.Baseline + (down * letter.Size)));
    }

    /// <summary>Replaces the last letter with its accented form.</summary>
    public void Compose(in PdfLetter letter, bool isVertical)
    {
        Letters.RemoveAt(Letters.Count - 1);
        Add(letter, isVertical);
    }
}
