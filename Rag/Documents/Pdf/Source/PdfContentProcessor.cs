using System.Diagnostics;
using Pybo.Rag.Documents.Pdf.Visibility;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Graphics;
using UglyToad.PdfPig.Graphics.Operations;
using UglyToad.PdfPig.Graphics.Operations.SpecialGraphicsState;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>Extends PdfPig's content processor: limits, our own fonts, forms that inherit nothing from their caller, and operators that may fail one by one.</summary>
/// <remarks>Strings are shown by our code: PdfPig keeps the displacement of vertical writing private, and returns a code without text as a character.</remarks>
internal abstract class PdfContentProcessor(PdfPageContent content) : BaseStreamProcessor<PdfGlyphPage>(
    content.Number, content.Store, content.Scanner, content.Parser, content.Filters, content.CropBox, content.Unit, content.Rotation, content.Initial, content.Options), IOperationContext
{
    /// <summary>Nesting depth of forms: real ones reach five.</summary>
    public const int FormDepthMax = 12;

    /// <summary>The most forms that a page may run, in any nesting.</summary>
    public const int FormsMax = 20_000;

    private readonly HashSet<StreamToken> running = [];

    /// <summary>The number of saved states that a form may not pop: those of its caller.</summary>
    private int floor = 1;
    private int operators;
    private int formsRun;
    private bool isTruncated;

    protected PdfPageContent Content => content;

    /// <summary>True once the page accepts no more text.</summary>
    protected virtual bool IsFull => isTruncated;

    private PdfFont? Font => GetCurrentState().FontState.FontName is { } name ? content.Resources.Font(content.Resources.Entry("Font", name.Data)) : null;

    protected override void ProcessOperations(IReadOnlyList<IGraphicsStateOperation> operations)
    {
        foreach (var operation in operations)
        {
            isTruncated = isTruncated || ++operators > PdfLimits.OperatorsMax;
            if (IsFull)
            {
                return;
            }

            if (operation is not Pop || StackSize > floor)
            {
                Run(operation);
            }
        }
    }

    /// <summary>Runs an operator; a failing one does not end the page.</summary>
    protected virtual void Run(IGraphicsStateOperation operation) => Try(() => operation.Run(this));

    void IOperationContext.ShowText(IInputBytes bytes)
    {
        if (Font is { } font)
        {
            Show(font, bytes, isNext: true);
        }
    }

    public override void ShowPositionedText(IReadOnlyList<IToken> tokens)
    {
        var (font, isNext) = (Font, true);
        foreach (var token in font is null ? [] : tokens)
        {
            if (token is NumericToken number)
            {
                PdfTextPen.Adjust(this, font!, number.Data);
            }
            else if (PdfScanner.Bytes(token) is { } bytes)
            {
                Show(font!, new MemoryInputBytes(bytes), isNext);
                isNext = false;
            }
        }
    }

    /// <summary>Shows a string.</summary>
    /// <param name="isNext">True if this string is the first of a show operator.</param>
    protected abstract void Show(PdfFont font, IInputBytes bytes, bool isNext);

    /// <summary>PdfPig calls this from its own text output, which is replaced here.</summary>
    public override void RenderGlyph(
        IFont font, CurrentGraphicsState currentState, double fontSize, double pointSize, int code, string unicode, long currentOffset,
        in TransformationMatrix renderingMatrix, in TransformationMatrix textMatrix, in TransformationMatrix transformationMatrix, CharacterBoundingBox characterBoundingBox) =>
        throw new UnreachableException("Text is shown by ShowText and ShowPositionedText.");

    protected override void ProcessFormXObject(StreamToken formStream, NameToken? xObjectName)
    {
        isTruncated = isTruncated || ++formsRun > FormsMax;
        if (isTruncated || running.Count >= FormDepthMax || !running.Add(formStream))
        {
            return;
        }

        var (depth, outer) = (StackSize, (floor, TextMatrices.TextMatrix, TextMatrices.TextLineMatrix));
        floor = depth + 1;
        TextMatrices.TextMatrix = TextMatrices.TextLineMatrix = TransformationMatrix.Identity;
        content.Resources.Load(PdfScanner.Find<DictionaryToken>(formStream.StreamDictionary, "Resources") ?? DictionaryToken.Empty);
        try
        {
            base.ProcessFormXObject(new(formStream.StreamDictionary.Without("Resources"), formStream.Data), xObjectName!);
        }
        finally
        {
            PopTo(depth);
            content.Resources.Unload();
            (floor, TextMatrices.TextMatrix, TextMatrices.TextLineMatrix) = outer;
            running.Remove(formStream);
        }
    }

    protected void PopTo(int depth)
    {
        while (StackSize > depth)
        {
            PopState();
        }
    }

    /// <summary>Runs a part of the page that no other part depends on.</summary>
    protected void Try(Action run)
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
