using System.Diagnostics;
using Pybo.Rag.Documents.Pdf.Visibility;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Graphics;
using UglyToad.PdfPig.Graphics.Operations;
using UglyToad.PdfPig.Graphics.Operations.SpecialGraphicsState;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>PdfPig's content processor with what it lacks: limits, fonts of our own, forms that take nothing of their caller's, and operators of which one may fail.</summary>
/// <remarks>Strings are shown by us: PdfPig's own way keeps the displacement of vertical writing to itself, and gives a code without a text as a character.</remarks>
internal abstract class PdfContentProcessor(PdfPageContent content) : BaseStreamProcessor<PdfGlyphPage>(
    content.Number, content.Store, content.Scanner, content.Parser, content.Filters, content.CropBox, content.Unit, content.Rotation, content.Initial, content.Options), IOperationContext
{
    /// <summary>Forms within each other: the deepest real ones are five.</summary>
    public const int FormDepthMax = 12;

    /// <summary>Forms that a page may run, however they call each other.</summary>
    public const int FormsMax = 20_000;

    private readonly HashSet<StreamToken> running = [];

    /// <summary>The states that a form may not take back: those of its caller.</summary>
    private int floor = 1;
    private int operators;
    private int formsRun;
    private bool isTruncated;

    protected PdfPageContent Content => content;

    /// <summary>True once the page takes no more.</summary>
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

    /// <summary>Runs an operator; one that cannot be run ends no page.</summary>
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
    /// <param name="isNext">True where a show operator begins with it.</param>
    protected abstract void Show(PdfFont font, IInputBytes bytes, bool isNext);

    /// <summary>PdfPig calls this from its own way of showing text, which is replaced here.</summary>
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

    /// <summary>Runs a part of the page that others do not hang on.</summary>
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
