using Pybo.Data;
using Pybo.Rag.Documents.Pdf.Source;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Graphics;
using UglyToad.PdfPig.Graphics.Colors;
using UglyToad.PdfPig.Graphics.Operations;
using UglyToad.PdfPig.Graphics.Operations.TextPositioning;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>Runs a page and keeps its visible text. The current path is the rectangle around its points, on the page as displayed.</summary>
internal sealed class PdfVisiblePage : PdfContentProcessor
{
    /// <summary>The minimum of a filled or stroked bar, in points; a thinner line is not a background of text.</summary>
    private const double BarMin = 4;

    /// <summary>A page is a picture if images cover at least this share.</summary>
    private const double PictureShareMin = 0.5;

    /// <summary>From this lightness on, a colour cannot be told from paper.</summary>
    private const double LightMin = 0.985;

    private readonly PdfOptionalContent layers;
    private readonly PdfGlyphSink sink = new();
    private readonly PdfBackground background = new();
    private readonly PdfRules rules = new();
    private readonly PdfMarkedContent marks;
    private readonly PdfTextPen text;
    private readonly PdfMatrix toDisplay;
    private readonly PdfArea page;
    private readonly Stack<PdfArea> savedClips = new();
    private PdfArea path = PdfArea.Nothing;
    private int points;
    private bool isClip;

    /// <summary>Content painted outside of this is invisible; a clip path of another shape counts as the rectangle around it.</summary>
    private PdfArea clip;
    private int transparentForms;
    private (IColor? Colour, ColorSpaceDetails? Space, bool IsWhite) known;

    public PdfVisiblePage(PdfPageContent content)
        : base(content)
    {
        var box = content.CropBox.Bounds;
        var (width, height) = content.Rotation.SwapsAxis ? (box.Height, box.Width) : (box.Width, box.Height);
        toDisplay = new(1, 0, 0, -1, 0, height);
        page = clip = new(0, 0, width, height);
        layers = content.File.Layers;
        (marks, text) = (new(content.Scanner, layers, sink), new(sink, background, page));
    }

    protected override bool IsFull => base.IsFull || sink.IsFull;

    /// <summary>From user space to the page as displayed.</summary>
    private PdfMatrix ToPage => PdfTokens.Matrix(GetCurrentState().CurrentTransformationMatrix).Then(toDisplay);

    /// <summary>Returns the visible text of a page, its annotations last.</summary>
    public override PdfGlyphPage Process(int pageNumberCurrent, IReadOnlyList<IGraphicsStateOperation> operations)
    {
        var start = CloneAllStates();
        ProcessOperations(operations);
        marks.EndTo(0);
        EndPath();
        GraphicsStack = start;
        savedClips.Clear();
        clip = page;
        var annotations = RunAnnotations();
        IReadOnlyList<Notice> warnings = IsFull ? [Notice.Of(ReadingProblem.PdfPageCut, PageNumber)] : [];
        var glyphs = sink.Finish(isPicture: background.ImageArea >= PictureShareMin * page.Width * page.Height);
        return new((float)page.Width, (float)page.Height, PdfLinks.Add(glyphs, annotations?.Links ?? []), warnings, sink.Unknown, HasImages: background.ImageArea > 0)
        {
            HasDrawings = background.HasDrawings,
            UnknownFonts = sink.UnknownFonts,
            Comments = annotations?.Comments ?? [],
            Rules = rules.Found,
        };
    }

    protected override void Run(IGraphicsStateOperation operation)
    {
        if (operation is SetTextMatrix or UglyToad.PdfPig.Graphics.Operations.TextPositioning.MoveToNextLineWithOffset or MoveToNextLineWithOffsetSetLeading)
        {
            text.Place();
        }

        base.Run(operation);
    }

    public override void PushState()
    {
        base.PushState();
        savedClips.Push(clip);
    }

    public override void PopState()
    {
        clip = savedClips.TryPop(out var outer) ? outer : clip;
        base.PopState();
    }

    public override void BeginText()
    {
        base.BeginText();
        text.Place();
    }

    public override void MoveToNextLineWithOffset()
    {
        text.NextLine();
        base.MoveToNextLineWithOffset();
    }

    public override void ApplyXObject(NameToken xObjectName)
    {
        if (!marks.IsHidden)
        {
            base.ApplyXObject(xObjectName);
        }
    }

    protected override void ProcessFormXObject(StreamToken formStream, NameToken? xObjectName)
    {
        if (layers.IsHidden(formStream.StreamDictionary.Entry("OC")))
        {
            return;
        }

        var (outer, depth) = ((clip, transparentForms), marks.Depth);
        // PdfPig begins a transparency group with its own alpha; the outer alpha applies to all of it.
        transparentForms += GetCurrentState().AlphaConstantNonStroking <= 0 ? 1 : 0;
        text.Place();
        try
        {
            base.ProcessFormXObject(formStream, xObjectName);
        }
        finally
        {
            marks.EndTo(depth);
            (clip, transparentForms) = outer;
        }
    }

    public override void BeginSubpath()
    {
        // only the points matter, not their connections
    }

    public override PdfPoint? CloseSubpath()
    {
        rules.Close();
        return null;
    }

    public override void ClosePath() => rules.Close();

    public override void MoveTo(double x, double y) => rules.MoveTo(Reach(x, y));

    public override void LineTo(double x, double y) => rules.LineTo(Reach(x, y), isStraight: true);

    // A curve is within the bounds of its points.
    public override void BezierCurveTo(double x2, double y2, double x3, double y3)
    {
        Reach(x2, y2);
        rules.LineTo(Reach(x3, y3), isStraight: false);
    }

    public override void BezierCurveTo(double x1, double y1, double x2, double y2, double x3, double y3)
    {
        Reach(x1, y1);
        BezierCurveTo(x2, y2, x3, y3);
    }

    public override void Rectangle(double x, double y, double width, double height)
    {
        var area = ToPage.Apply(x, y, x + width, y + height);
        rules.Rectangle(area);
        path = path.With(area);
        points += 4;
    }

    // A single thick line is a bar.
    public override void StrokePath(bool close)
    {
        var (state, matrix) = (GetCurrentState(), GetCurrentState().CurrentTransformationMatrix);
        var width = state.LineWidth * Math.Sqrt(Math.Abs((matrix.A * matrix.D) - (matrix.B * matrix.C)));
        if (close)
        {
            rules.Close();
        }

        if (!marks.IsHidden && width < BarMin && state.AlphaConstantStroking > 0)
        {
            rules.Stroke(clip);
        }

        if (points == 2 && width >= BarMin && !marks.IsHidden)
        {
            background.Paint(path.Grown(width / 2).Within(clip), isWhite: false);
        }

        EndPath();
    }

    public override void FillPath(FillingRule fillingRule, bool close)
    {
        if (points > 0 && !marks.IsHidden && GetCurrentState().AlphaConstantNonStroking > 0)
        {
            var isWhite = IsWhite(GetCurrentState());
            background.Paint(path.Within(clip), isWhite);
            if (!isWhite)
            {
                rules.Fill(clip);
            }
        }

        EndPath();
    }

    public override void FillStrokePath(FillingRule fillingRule, bool close)
    {
        if (!marks.IsHidden)
        {
            rules.Stroke(clip);
        }

        FillPath(fillingRule, close);
    }

    public override void EndPath()
    {
        clip = isClip && points > 0 ? clip.Within(path) : clip;
        (path, points, isClip) = (PdfArea.Nothing, 0, false);
        rules.End();
    }

    public override void ModifyClippingIntersect(FillingRule clippingRule) => isClip = true;

    protected override void ClipToRectangle(PdfRectangle rectangle, FillingRule clippingRule) =>
        clip = clip.Within(ToPage.Apply(rectangle.Left, rectangle.Bottom, rectangle.Right, rectangle.Top));

    public override void PaintShading(NameToken shadingName)
    {
        if (!marks.IsHidden)
        {
            background.Paint(clip, isWhite: false);
        }
    }

    public override void EndInlineImage(Memory<byte> bytes)
    {
        InlineImageBuilder = null; // its content does not matter
        PaintImage();
    }

    protected override void RenderInlineImage(InlineImage inlineImage) => PaintImage();

    protected override void RenderXObjectImage(XObjectContentRecord xObjectContentRecord)
    {
        if (!layers.IsHidden(xObjectContentRecord.Stream.StreamDictionary.Entry("OC")))
        {
            PaintImage();
        }
    }

    public override void BeginMarkedContent(NameToken name, NameToken? propertyDictionaryName, DictionaryToken? properties) =>
        marks.Begin(name.Data, propertyDictionaryName is null ? properties : Content.Resources.Entry("Properties", propertyDictionaryName.Data));

    public override void EndMarkedContent() => marks.End();

    protected override void Show(PdfFont font, IInputBytes bytes, bool isNext)
    {
        var state = GetCurrentState();
        var mode = state.FontState.TextRenderingMode;
        var isInvisible = mode is TextRenderingMode.Neither or TextRenderingMode.NeitherClip || transparentForms > 0 || state.AlphaConstantNonStroking <= 0;
        var isFilled = mode is TextRenderingMode.Fill or TextRenderingMode.FillClip;
        if (isNext)
        {
            text.NextRun();
        }

        text.Show(this, font, bytes, new(ToPage, clip, marks.IsHidden, isInvisible, isFilled && !isInvisible && IsWhite(state)));
    }

    /// <summary>Adds a point to the path; returns it on the page as displayed.</summary>
    private (double X, double Y) Reach(double x, double y)
    {
        var point = ToPage.Apply(x, y);
        path = path.With(point);
        points++;
        return point;
    }

    private PdfAnnotations? RunAnnotations()
    {
        if (Content.Dictionary.Entry("Annots") is null)
        {
            return null;
        }

        // The appearances of form fields use fonts from the form's resources.
        var form = PdfScanner.Find<DictionaryToken>(Content.File.Catalog, "AcroForm");
        Content.Resources.Load(PdfScanner.Find<DictionaryToken>(form, "DR") ?? DictionaryToken.Empty);
        var annotations = new PdfAnnotations(PdfScanner, layers, form);
        annotations.Run(Content.Dictionary, ToPage, page, sink, RunAppearance, () => IsFull);
        Content.Resources.Unload();
        return annotations;
    }

    private void RunAppearance(StreamToken appearance, PdfMatrix? fit)
    {
        var depth = StackSize;
        PushState();
        if (fit is { } matrix)
        {
            ModifyCurrentTransformationMatrix(matrix.ToPig());
        }

        Try(() => ProcessFormXObject(appearance, null));
        PopTo(depth);
    }

    private void PaintImage()
    {
        if (!marks.IsHidden)
        {
            background.PaintImage(ToPage.Apply(0, 0, 1, 1).Within(clip));
        }
    }

    /// <summary>True if the fill looks like paper; false for a pattern, a separation or a palette, which are unknown.</summary>
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
