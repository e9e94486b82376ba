namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>An upright rectangle on the page as displayed; y grows downwards.</summary>
internal readonly record struct PdfArea(double Left, double Top, double Right, double Bottom)
{
    /// <summary>Contains no point: the start value for a bounding rectangle.</summary>
    public static PdfArea Nothing { get; } = new(double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);

    public bool IsNothing => Left > Right || Top > Bottom;

    public double Width => Right - Left;

    public double Height => Bottom - Top;

    public PdfArea With((double X, double Y) point) =>
        new(Math.Min(Left, point.X), Math.Min(Top, point.Y), Math.Max(Right, point.X), Math.Max(Bottom, point.Y));

    public PdfArea With(PdfArea other) =>
        new(Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom));

    public PdfArea Within(PdfArea other) =>
        new(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));

    public PdfArea Grown(double by) => new(Left - by, Top - by, Right + by, Bottom + by);

    public bool Contains(double x, double y) => x >= Left && x <= Right && y >= Top && y <= Bottom;
}
