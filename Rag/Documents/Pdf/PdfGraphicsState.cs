namespace Pybo.Rag.Documents.Pdf;

/// <summary>What the numbers of a colour mean.</summary>
internal enum PdfColourSpace
{
    Gray,
    Rgb,
    Cmyk,

    /// <summary>A pattern, a separation, a palette: whether it looks white is not known.</summary>
    Other,
}

/// <summary>What <c>q</c> keeps and <c>Q</c> brings back (ISO 32000-2, 8.4), as far as text depends on it.</summary>
internal sealed class PdfGraphicsState(PdfMatrix matrix, PdfArea clip)
{
    /// <summary>From user space to the page as displayed.</summary>
    public PdfMatrix Matrix { get; set; } = matrix;

    /// <summary>What is painted outside of this is not seen; a clip path of another shape counts as the rectangle around it.</summary>
    public PdfArea Clip { get; set; } = clip;

    public PdfColourSpace FillSpace { get; set; }

    public bool FillIsWhite { get; set; }

    /// <summary>True where what is filled is wholly transparent.</summary>
    public bool IsTransparent { get; set; }

    public double LineWidth { get; set; } = 1;

    public PdfFont? Font { get; set; }

    public double FontSize { get; set; }

    public double CharacterSpacing { get; set; }

    public double WordSpacing { get; set; }

    /// <summary>Horizontal scaling as a share: 1 is ordinary.</summary>
    public double Stretch { get; set; } = 1;

    public double Leading { get; set; }

    public double Rise { get; set; }

    public int RenderMode { get; set; }

    public PdfGraphicsState Copy() => (PdfGraphicsState)MemberwiseClone();
}
