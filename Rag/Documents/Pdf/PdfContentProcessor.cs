using System.Diagnostics;
using Pybo.Data;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Geometry;
using UglyToad.PdfPig.Graphics;
using UglyToad.PdfPig.Graphics.Colors;
using UglyToad.PdfPig.Graphics.Operations;
using UglyToad.PdfPig.Graphics.Operations.SpecialGraphicsState;
using UglyToad.PdfPig.Graphics.Operations.TextPositioning;
using UglyToad.PdfPig.Parser;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>Takes from PdfPig's content processor what text depends on, forms and annotations included, and decides what of it a person sees.</summary>
/// <remarks>Strings are shown here: PdfPig's own way keeps the displacement of vertical writing to itself, and gives a code without a text as a character.</remarks>
internal sealed class PdfContentProcessor : BaseStreamProcessor<PdfGlyphPage>, IOperationContext
{
    /// <summary>Forms within each other: the deepest real ones are five.</summary>
    public const int FormDepthMax = 12;

    /// <summary>Forms that a page may run, however they call each other.</summary>
    public const int FormsMax = 20_000;

    /// <summary><c>q</c> within each other; deeper ones are counted, and keep nothing.</summary>
    public const int StatesMax = 1_000;

    /// <summary>A page of which images cover at least this share is a picture.</summary>
    private const double PictureShareMin = 0.5;

    /// <summary>As light as this and paper cannot be told apart.</summary>
    private const double LightMin = 0.985;

    /// <summary>Bytes of a page's content for each operator, roughly: by them the number of its glyphs is guessed.</summary>
    private const int BytesPerOperator = 12;

    private readonly PdfFile file;
    private readonly PdfResources resources;
    private readonly DictionaryToken pageDictionary;
    private readonly PdfGlyphSink sink;
    private readonly PdfBackground background = new();
    private readonly PdfMarkedContent marks;
    private readonly PdfTextPen text;
    private readonly PdfPathPen path;
    private readonly PdfMatrix toDisplay;
    private readonly PdfArea page;
    private readonly Stack<(PdfArea Clip, PdfFont? Font)> saved = new();
    private readonly HashSet<StreamToken> running = [];
    private PdfArea clip;
    private PdfFont? font;

    /// <summary>The states that a form may not take back: those of its caller.</summary>
    private int floor = 1;
    private int unsaved;
    private int transparentForms;
    private int operators;
    private int forms;
    private bool isTruncated;
    private (IColor? Colour, ColorSpaceDetails? Space, bool IsWhite) known;

    public PdfContentProcessor(
        int pageNumber, DictionaryToken pageDictionary, PdfFile file, PdfResources resources, IPdfTokenScanner scanner, IPageContentParser parser, ILookupFilterProvider filters,
        CropBox cropBox, UserSpaceUnit unit, PageRotationDegrees rotation, in TransformationMatrix initial, ParsingOptions options, int operations)
        : base(pageNumber, resources, scanner, parser, filters, cropBox, unit, rotation, initial, options)
    {
        (this.file, this.resources, this.pageDictionary) = (file, resources, pageDictionary);
        var box = cropBox.Bounds;
        var (width, height) = rotation.SwapsAxis ? (box.Height, box.Width) : (box.Width, box.Height);
        toDisplay = new(1, 0, 0, -1, 0, height);
        page = clip = new(0, 0, width, height);
        sink = new(operations * BytesPerOperator);
        (marks, text, path) = (new(scanner, file.Layers, sink), new(sink, background, page), new(background));
        isTruncated = file.IsCut(pageNumber);
    }

    /// <summary>From user space to the page as displayed.</summary>
    private PdfMatrix ToPage => PdfTokens.Matrix(GetCurrentState().CurrentTransformationMatrix).Then(toDisplay);

    private bool IsFull => isTruncated || sink.IsFull;

    /// <summary>What a person sees as text on a page, its annotations last.</summary>
    public override PdfGlyphPage Process(int pageNumberCurrent, IReadOnlyList<IGraphicsStateOperation> operations)
    {
        var start = CloneAllStates();
        var wasCut = isTruncated;
        isTruncated = false;
        ProcessOperations(operations);
        marks.EndTo(0);
        GraphicsStack = start;
        saved.Clear();
        (clip, unsaved, font) = (path.End(page), 0, null);
        clip = page;
        RunAnnotations();
        IReadOnlyList<Notice> warnings = IsFull || wasCut ? [Notice.Of(ReadingProblem.PdfPageCut, PageNumber)] : [];
        var glyphs = sink.Finish(isPicture: background.ImageArea >= PictureShareMin * page.Width * page.Height);
        return new((float)page.Width, (float)page.Height, glyphs, warnings, sink.Unknown, HasImages: background.ImageArea > 0) { UnknownFonts = sink.UnknownFonts };
    }

    protected override void ProcessOperations(IReadOnlyList<IGraphicsStateOperation> operations)
    {
        foreach (var operation in operations)
        {
            isTruncated = isTruncated || ++operators > PdfLimits.OperatorsMax;
            if (IsFull)
            {
                return;
            }

            switch (operation)
            {
                case Push when StackSize >= StatesMax:
                    unsaved++;
                    continue;
                case Pop when unsaved > 0:
                    unsaved--;
                    continue;
                case Pop when StackSize <= floor:
                    continue;
                case SetTextMatrix or UglyToad.PdfPig.Graphics.Operations.TextPositioning.MoveToNextLineWithOffset or MoveToNextLineWithOffsetSetLeading:
                    text.Place();
                    break;
            }

            try
            {
                operation.Run(this);
            }
            catch (Exception broken) when (PdfTokens.IsInFile(broken))
            {
                ParsingOptions.Logger.Warn(broken.Message); // One operator that cannot be run does not end the page.
            }
        }
    }

    public override void PushState()
    {
        base.PushState();
        saved.Push((clip, font));
    }

    public override void PopState()
    {
        if (StackSize > 1 && saved.Count > 0)
        {
            (clip, font) = saved.Pop();
        }

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

    public override void SetFontAndSize(NameToken font, double size)
    {
        base.SetFontAndSize(font, size);
        this.font = resources.Font(resources.Entry("Font", font.Data));
    }

    public override void SetNamedGraphicsState(NameToken stateName)
    {
        base.SetNamedGraphicsState(stateName);
        var state = PdfScanner.Find<DictionaryToken>(resources.Entry("ExtGState", stateName.Data));
        if (PdfScanner.Find<ArrayToken>(state, "Font") is { Length: >= 2 } given)
        {
            font = resources.Font(given[0]);
            GetCurrentState().FontState.FontSize = PdfScanner.Number(given[1]) ?? GetCurrentState().FontState.FontSize;
        }
    }

    void IOperationContext.ShowText(IInputBytes bytes)
    {
        text.NextRun();
        Show(bytes);
    }

    public override void ShowPositionedText(IReadOnlyList<IToken> tokens)
    {
        text.NextRun();
        foreach (var token in tokens)
        {
            switch (token)
            {
                case NumericToken number:
                    PdfTextPen.Adjust(this, font, number.Data);
                    break;
                case HexToken hex:
                    Show(new MemoryInputBytes(hex.Memory));
                    break;
                case StringToken literal:
                    Show(new MemoryInputBytes(literal.GetBytes()));
                    break;
            }
        }
    }

    /// <summary>PdfPig calls this from its own way of showing text, which is replaced here.</summary>
    public override void RenderGlyph(
        IFont font, CurrentGraphicsState currentState, double fontSize, double pointSize, int code, string unicode, long currentOffset,
        in TransformationMatrix renderingMatrix, in TransformationMatrix textMatrix, in TransformationMatrix transformationMatrix, CharacterBoundingBox characterBoundingBox) =>
        throw new UnreachableException("Text is shown by ShowText and ShowPositionedText.");

    public override void ApplyXObject(NameToken xObjectName)
    {
        if (!marks.IsHidden)
        {
            base.ApplyXObject(xObjectName);
        }
    }

    protected override void ProcessFormXObject(StreamToken formStream, NameToken? xObjectName)
    {
        if (file.Layers.IsHidden(formStream.StreamDictionary.Entry("OC")) || running.Count >= FormDepthMax || !running.Add(formStream))
        {
            return;
        }

        isTruncated = isTruncated || ++forms > FormsMax;
        if (!isTruncated)
        {
            RunForm(formStream, xObjectName);
        }

        running.Remove(formStream);
    }

    public override void BeginSubpath()
    {
        // the points matter, not how they hang together
    }

    public override PdfPoint? CloseSubpath() => null;

    public override void ClosePath()
    {
        // a closed path has the same rectangle around it
    }

    public override void MoveTo(double x, double y) => path.Add(ToPage.Apply(x, y));

    public override void LineTo(double x, double y) => path.Add(ToPage.Apply(x, y));

    public override void BezierCurveTo(double x2, double y2, double x3, double y3)
    {
        path.Add(ToPage.Apply(x2, y2));
        path.Add(ToPage.Apply(x3, y3));
    }

    public override void BezierCurveTo(double x1, double y1, double x2, double y2, double x3, double y3)
    {
        path.Add(ToPage.Apply(x1, y1));
        BezierCurveTo(x2, y2, x3, y3);
    }

    public override void Rectangle(double x, double y, double width, double height) => path.AddRectangle(ToPage.Apply(x, y, x + width, y + height));

    public override void StrokePath(bool close)
    {
        var matrix = GetCurrentState().CurrentTransformationMatrix;
        var scale = Math.Sqrt(Math.Abs((matrix.A * matrix.D) - (matrix.B * matrix.C)));
        clip = marks.IsHidden ? path.End(clip) : path.Stroke(clip, GetCurrentState().LineWidth * scale);
    }

    public override void FillPath(FillingRule fillingRule, bool close)
    {
        var state = GetCurrentState();
        clip = marks.IsHidden || state.AlphaConstantNonStroking <= 0 ? path.End(clip) : path.Fill(clip, IsWhite(state));
    }

    public override void FillStrokePath(FillingRule fillingRule, bool close) => FillPath(fillingRule, close);

    public override void EndPath() => clip = path.End(clip);

    public override void ModifyClippingIntersect(FillingRule clippingRule) => path.MarkClip();

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
        InlineImageBuilder = null; // what it shows is of no matter
        PaintImage();
    }

    protected override void RenderInlineImage(InlineImage inlineImage) => PaintImage();

    protected override void RenderXObjectImage(XObjectContentRecord xObjectContentRecord)
    {
        if (!file.Layers.IsHidden(xObjectContentRecord.Stream.StreamDictionary.Entry("OC")))
        {
            PaintImage();
        }
    }

    public override void BeginMarkedContent(NameToken name, NameToken? propertyDictionaryName, DictionaryToken? properties) =>
        marks.Begin(name.Data, propertyDictionaryName is null ? properties : resources.Entry("Properties", propertyDictionaryName.Data));

    public override void EndMarkedContent() => marks.End();

    private void Show(IInputBytes bytes)
    {
        if (font is null)
        {
            return;
        }

        var state = GetCurrentState();
        var mode = state.FontState.TextRenderingMode;
        var isInvisible = mode is TextRenderingMode.Neither or TextRenderingMode.NeitherClip || transparentForms > 0 || state.AlphaConstantNonStroking <= 0;
        var isFilled = mode is TextRenderingMode.Fill or TextRenderingMode.FillClip;
        text.Show(this, font, bytes, new(ToPage, clip, marks.IsHidden, isInvisible, isFilled && !isInvisible && IsWhite(state)));
    }

    private void RunForm(StreamToken form, NameToken? name)
    {
        var (depth, loaded, outerMarks) = (StackSize, resources.Depth, marks.Depth);
        var outer = (floor, unsaved, clip, font, TextMatrices.TextMatrix, TextMatrices.TextLineMatrix);
        // PdfPig begins a transparency group with its own alpha; the one outside holds for all of it.
        var isTransparent = GetCurrentState().AlphaConstantNonStroking <= 0;
        transparentForms += isTransparent ? 1 : 0;
        (floor, unsaved) = (depth + 1, 0);
        TextMatrices.TextMatrix = TextMatrices.TextLineMatrix = TransformationMatrix.Identity;
        text.Place();
        try
        {
            base.ProcessFormXObject(form, name!);
        }
        finally
        {
            while (StackSize > depth)
            {
                PopState();
            }

            resources.UnloadTo(loaded);
            marks.EndTo(outerMarks);
            transparentForms -= isTransparent ? 1 : 0;
            (floor, unsaved, clip, font, TextMatrices.TextMatrix, TextMatrices.TextLineMatrix) = outer;
        }
    }

    private void RunAnnotations()
    {
        var form = PdfScanner.Find<DictionaryToken>(file.Catalog, "AcroForm");
        var depth = resources.Depth;
        // The appearances of form fields name fonts of the form without having them.
        if (pageDictionary.Entry("Annots") is not null && PdfScanner.Find<DictionaryToken>(form, "DR") is { } defaults)
        {
            resources.LoadResourceDictionary(defaults);
        }

        new PdfAnnotations(PdfScanner, file.Layers, form).Run(pageDictionary, ToPage, page, sink, RunAppearance, () => IsFull);
        resources.UnloadTo(depth);
    }

    private void RunAppearance(StreamToken appearance, PdfMatrix? fit)
    {
        var depth = StackSize;
        PushState();
        try
        {
            if (fit is { } matrix)
            {
                ModifyCurrentTransformationMatrix(matrix.ToPig());
            }

            ProcessFormXObject(appearance, null);
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            ParsingOptions.Logger.Warn(broken.Message); // One appearance that cannot be run hides no other.
        }

        while (StackSize > depth)
        {
            PopState();
        }
    }

    private void PaintImage()
    {
        if (!marks.IsHidden)
        {
            background.PaintImage(ToPage.Apply(0, 0, 1, 1).Within(clip));
        }
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
