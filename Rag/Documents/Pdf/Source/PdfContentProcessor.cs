using System.Diagnostics;
using Pybo.Rag.Documents.Pdf.Visibility;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Geometry;
using UglyToad.PdfPig.Graphics;
using UglyToad.PdfPig.Graphics.Operations;
using UglyToad.PdfPig.Graphics.Operations.SpecialGraphicsState;
using UglyToad.PdfPig.Graphics.Operations.TextPositioning;
using UglyToad.PdfPig.Parser;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>Takes from PdfPig's content processor what text depends on, forms and annotations included, and hands it to a <see cref="PdfCanvas"/>.</summary>
/// <remarks>Strings are shown by us: PdfPig's own way keeps the displacement of vertical writing to itself, and gives a code without a text as a character.</remarks>
internal sealed class PdfContentProcessor : BaseStreamProcessor<PdfGlyphPage>, IOperationContext
{
    /// <summary>Forms within each other: the deepest real ones are five.</summary>
    public const int FormDepthMax = 12;

    /// <summary>Forms that a page may run, however they call each other.</summary>
    public const int FormsMax = 20_000;

    /// <summary><c>q</c> within each other; deeper ones are counted, and keep nothing.</summary>
    public const int StatesMax = 1_000;

    /// <summary>Bytes of a page's content for each operator, roughly: by them the number of its glyphs is guessed.</summary>
    private const int BytesPerOperator = 12;

    private readonly PdfFile file;
    private readonly PdfResources resources;
    private readonly DictionaryToken pageDictionary;
    private readonly PdfCanvas canvas;
    private readonly PdfMatrix toDisplay;
    private readonly PdfArea page;
    private readonly Stack<(PdfArea Clip, PdfFont? Font)> saved = new();
    private readonly HashSet<StreamToken> running = [];
    private readonly Dictionary<StreamToken, StreamToken> forms = [];
    private PdfFont? font;

    /// <summary>The states that a form may not take back: those of its caller.</summary>
    private int floor = 1;
    private int unsaved;
    private int operators;
    private int formsRun;
    private bool isTruncated;

    public PdfContentProcessor(
        int pageNumber, DictionaryToken pageDictionary, PdfFile file, PdfResources resources, IResourceStore store, IPdfTokenScanner scanner, IPageContentParser parser, ILookupFilterProvider filters,
        CropBox cropBox, UserSpaceUnit unit, PageRotationDegrees rotation, in TransformationMatrix initial, ParsingOptions options, int operations)
        : base(pageNumber, store, scanner, parser, filters, cropBox, unit, rotation, initial, options)
    {
        (this.file, this.resources, this.pageDictionary) = (file, resources, pageDictionary);
        var box = cropBox.Bounds;
        var (width, height) = rotation.SwapsAxis ? (box.Height, box.Width) : (box.Width, box.Height);
        toDisplay = new(1, 0, 0, -1, 0, height);
        page = new(0, 0, width, height);
        canvas = new(scanner, file.Layers, page, operations * BytesPerOperator);
    }

    /// <summary>From user space to the page as displayed.</summary>
    private PdfMatrix ToPage => PdfTokens.Matrix(GetCurrentState().CurrentTransformationMatrix).Then(toDisplay);

    private bool IsFull => isTruncated || canvas.Sink.IsFull;

    /// <summary>What a person sees as text on a page, its annotations last.</summary>
    public override PdfGlyphPage Process(int pageNumberCurrent, IReadOnlyList<IGraphicsStateOperation> operations)
    {
        var start = CloneAllStates();
        ProcessOperations(operations);
        canvas.Marks.EndTo(0);
        canvas.EndPath();
        GraphicsStack = start;
        saved.Clear();
        (canvas.Clip, unsaved, font) = (page, 0, null);
        RunAnnotations();
        return canvas.Finish(IsFull || file.IsCut(PageNumber) ? [$"{PageNumber}쪽은 내용이 너무 많아 앞부분만 읽었습니다."] : []);
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
                    canvas.Text.Place();
                    break;
            }

            Try(() => operation.Run(this));
        }
    }

    public override void PushState()
    {
        base.PushState();
        saved.Push((canvas.Clip, font));
    }

    public override void PopState()
    {
        if (StackSize > 1 && saved.Count > 0)
        {
            (canvas.Clip, font) = saved.Pop();
        }

        base.PopState();
    }

    public override void BeginText()
    {
        base.BeginText();
        canvas.Text.Place();
    }

    public override void MoveToNextLineWithOffset()
    {
        canvas.Text.NextLine();
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
        canvas.Text.NextRun();
        Show(bytes);
    }

    public override void ShowPositionedText(IReadOnlyList<IToken> tokens)
    {
        canvas.Text.NextRun();
        foreach (var token in tokens)
        {
            if (token is NumericToken number)
            {
                PdfTextPen.Adjust(this, font, number.Data);
            }
            else if (PdfScanner.Bytes(token) is { } bytes)
            {
                Show(new MemoryInputBytes(bytes));
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
        if (!canvas.Marks.IsHidden)
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

        isTruncated = isTruncated || ++formsRun > FormsMax;
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

    public override void MoveTo(double x, double y) => canvas.AddPoint(ToPage.Apply(x, y));

    public override void LineTo(double x, double y) => canvas.AddPoint(ToPage.Apply(x, y));

    public override void BezierCurveTo(double x2, double y2, double x3, double y3)
    {
        LineTo(x2, y2);
        LineTo(x3, y3);
    }

    public override void BezierCurveTo(double x1, double y1, double x2, double y2, double x3, double y3)
    {
        LineTo(x1, y1);
        BezierCurveTo(x2, y2, x3, y3);
    }

    public override void Rectangle(double x, double y, double width, double height) => canvas.AddRectangle(ToPage.Apply(x, y, x + width, y + height));

    public override void StrokePath(bool close) => canvas.Stroke(GetCurrentState());

    public override void FillPath(FillingRule fillingRule, bool close) => canvas.Fill(GetCurrentState());

    public override void FillStrokePath(FillingRule fillingRule, bool close) => canvas.Fill(GetCurrentState());

    public override void EndPath() => canvas.EndPath();

    public override void ModifyClippingIntersect(FillingRule clippingRule) => canvas.MarkClip();

    protected override void ClipToRectangle(PdfRectangle rectangle, FillingRule clippingRule) =>
        canvas.Clip = canvas.Clip.Within(ToPage.Apply(rectangle.Left, rectangle.Bottom, rectangle.Right, rectangle.Top));

    public override void PaintShading(NameToken shadingName) => canvas.Shade();

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
        canvas.Marks.Begin(name.Data, propertyDictionaryName is null ? properties : resources.Entry("Properties", propertyDictionaryName.Data));

    public override void EndMarkedContent() => canvas.Marks.End();

    private void Show(IInputBytes bytes)
    {
        if (font is not null)
        {
            canvas.Show(this, font, bytes, ToPage);
        }
    }

    private void PaintImage() => canvas.PaintImage(ToPage.Apply(0, 0, 1, 1));

    private void RunForm(StreamToken form, NameToken? name)
    {
        var (depth, outerMarks) = (StackSize, canvas.Marks.Depth);
        var outer = (floor, unsaved, canvas.Clip, font, canvas.TransparentForms, TextMatrices.TextMatrix, TextMatrices.TextLineMatrix);
        // PdfPig begins a transparency group with its own alpha; the one outside holds for all of it.
        canvas.TransparentForms += GetCurrentState().AlphaConstantNonStroking <= 0 ? 1 : 0;
        (floor, unsaved) = (depth + 1, 0);
        TextMatrices.TextMatrix = TextMatrices.TextLineMatrix = TransformationMatrix.Identity;
        canvas.Text.Place();
        resources.Load(PdfScanner.Find<DictionaryToken>(form.StreamDictionary, "Resources") ?? DictionaryToken.Empty);
        try
        {
            if (!forms.TryGetValue(form, out var own))
            {
                forms.Add(form, own = new(form.StreamDictionary.Without("Resources"), form.Data));
            }

            base.ProcessFormXObject(own, name!);
        }
        finally
        {
            PopTo(depth);
            resources.Unload();
            canvas.Marks.EndTo(outerMarks);
            (floor, unsaved, canvas.Clip, font, canvas.TransparentForms, TextMatrices.TextMatrix, TextMatrices.TextLineMatrix) = outer;
        }
    }

    private void RunAnnotations()
    {
        if (pageDictionary.Entry("Annots") is null)
        {
            return;
        }

        // The appearances of form fields name fonts of the form without having them.
        var form = PdfScanner.Find<DictionaryToken>(file.Catalog, "AcroForm");
        resources.Load(PdfScanner.Find<DictionaryToken>(form, "DR") ?? DictionaryToken.Empty);
        new PdfAnnotations(PdfScanner, file.Layers, form).Run(pageDictionary, ToPage, page, canvas.Sink, RunAppearance, () => IsFull);
        resources.Unload();
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

    private void PopTo(int depth)
    {
        while (StackSize > depth)
        {
            PopState();
        }
    }

    // One operator or appearance that cannot be run ends no page.
    private void Try(Action run)
    {
        try
        {
            run();
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            ParsingOptions.Logger.Warn(broken.Message);
        }
    }
}
