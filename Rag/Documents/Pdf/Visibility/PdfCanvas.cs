using Pybo.Rag.Documents.Pdf.Source;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Graphics;
using UglyToad.PdfPig.Graphics.Colors;
using UglyToad.PdfPig.Tokenization.Scanner;

namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>What a page paints, and what of it a person sees. The current path is the rectangle around its points, on the page as displayed.</summary>
internal sealed class PdfCanvas
{
    /// <summary>A filled or stroked bar, in points; a line thinner than this is no background of text.</summary>
    private const double BarMin = 4;

    /// <summary>A page of which images cover at least this share is a picture.</summary>
    private const double PictureShareMin = 0.5;

    /// <summary>As light as this and paper cannot be told apart.</summary>
    private const double LightMin = 0.985;

    private readonly PdfArea page;
    private readonly PdfBackground background = new();
    private PdfArea path = PdfArea.Nothing;
    private int points;
    private bool isClip;
    private (IColor? Colour, ColorSpaceDetails? Space, bool IsWhite) known;

    /// <param name="contentBytes">Of the page, by which the number of its glyphs is guessed.</param>
    public PdfCanvas(IPdfTokenScanner scanner, PdfOptionalContent layers, PdfArea page, int contentBytes)
    {
        this.page = Clip = page;
        Sink = new(contentBytes);
        (Text, Marks) = (new(Sink, background, page), new(scanner, layers, Sink));
    }

    public PdfGlyphSink Sink { get; }

    public PdfTextPen Text { get; }

    public PdfMarkedContent Marks { get; }

    /// <summary>What is painted outside of this is not seen; a clip path of another shape counts as the rectangle around it.</summary>
    public PdfArea Clip { get; set; }

    /// <summary>Forms within each other that are wholly transparent.</summary>
    public int TransparentForms { get; set; }

    /// <summary>A point of a line or a curve: a curve lies within its points.</summary>
    public void AddPoint((double X, double Y) point)
    {
        path = path.With(point);
        points++;
    }

    /// <summary><c>re</c>.</summary>
    public void AddRectangle(PdfArea rectangle)
    {
        path = path.With(rectangle);
        points += 4;
    }

    /// <summary><c>W</c>, <c>W*</c>: the path becomes the clip once it is painted.</summary>
    public void MarkClip() => isClip = true;

    public void Fill(CurrentGraphicsState state)
    {
        if (points > 0 && !Marks.IsHidden && state.AlphaConstantNonStroking > 0)
        {
            background.Paint(path.Within(Clip), IsWhite(state));
        }

        EndPath();
    }

    /// <summary>A single thick line is a bar.</summary>
    public void Stroke(CurrentGraphicsState state)
    {
        var matrix = state.CurrentTransformationMatrix;
        var width = state.LineWidth * Math.Sqrt(Math.Abs((matrix.A * matrix.D) - (matrix.B * matrix.C)));
        if (points == 2 && width >= BarMin && !Marks.IsHidden)
        {
            background.Paint(path.Grown(width / 2).Within(Clip), isWhite: false);
        }

        EndPath();
    }

    /// <summary>Every operator that ends a path.</summary>
    public void EndPath()
    {
        Clip = isClip && points > 0 ? Clip.Within(path) : Clip;
        (path, points, isClip) = (PdfArea.Nothing, 0, false);
    }

    /// <summary><c>sh</c>: fills all that is not clipped.</summary>
    public void Shade()
    {
        if (!Marks.IsHidden)
        {
            background.Paint(Clip, isWhite: false);
        }
    }

    public void PaintImage(PdfArea area)
    {
        if (!Marks.IsHidden)
        {
            background.PaintImage(area.Within(Clip));
        }
    }

    /// <summary>Shows a string, and moves the text matrix behind it.</summary>
    /// <param name="toPage">From user space to the page as displayed.</param>
    public void Show(IOperationContext context, PdfFont font, IInputBytes bytes, PdfMatrix toPage)
    {
        var state = context.GetCurrentState();
        var mode = state.FontState.TextRenderingMode;
        var isInvisible = mode is TextRenderingMode.Neither or TextRenderingMode.NeitherClip || TransparentForms > 0 || state.AlphaConstantNonStroking <= 0;
        var isFilled = mode is TextRenderingMode.Fill or TextRenderingMode.FillClip;
        Text.Show(context, font, bytes, new(toPage, Clip, Marks.IsHidden, isInvisible, isFilled && !isInvisible && IsWhite(state)));
    }

    public PdfGlyphPage Finish(IReadOnlyList<string> warnings)
    {
        var glyphs = Sink.Finish(isPicture: background.ImageArea >= PictureShareMin * page.Width * page.Height);
        return new((float)page.Width, (float)page.Height, glyphs, warnings, Sink.Unknown, HasImages: background.ImageArea > 0) { UnknownFonts = Sink.UnknownFonts };
    }

    /// <summary>True where what is filled looks like paper; of a pattern, a separation or a palette that is not known.</summary>
    private bool IsWhite(CurrentGraphicsState state)
    {
        var (colour, space) = (state.CurrentNonStrokingColor, state.ColorSpaceContext.CurrentNonStrokingColorSpace);
        if (!ReferenceEquals(colour, known.Colour) || !ReferenceEquals(space, known.Space))
        {
            var isPlain = space?.Type is null or ColorSpace.DeviceGray or ColorSpace.DeviceRGB or ColorSpace.DeviceCMYK or ColorSpace.CalGray or ColorSpace.CalRGB or ColorSpace.ICCBased;
            known = (colour, space, isPlain && colour is not (null or PatternColor) && colour.ToRGBValues() is ( >= LightMin, >= LightMin, >= LightMin));
        }

        return known.IsWhite;
    }
}
