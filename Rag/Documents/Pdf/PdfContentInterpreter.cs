namespace Pybo.Rag.Documents.Pdf;

/// <summary>Runs content streams as far as text depends on them (ISO 32000-2, annex A): one for each page, its forms and annotations included.</summary>
internal sealed class PdfContentInterpreter
{
    /// <summary>Forms within each other: the deepest real ones are five.</summary>
    public const int FormDepthMax = 12;

    /// <summary>Forms that a page may run, however they call each other.</summary>
    public const int FormsMax = 20_000;

    /// <summary>Bytes of all forms that a page runs.</summary>
    public const long FormBytesMax = 256 << 20;

    /// <summary><c>q</c> within each other; deeper ones are counted, and keep nothing.</summary>
    public const int StatesMax = 1_000;

    private readonly PdfFile file;
    private readonly PdfFonts fonts;
    private readonly PdfOptionalContent layers;
    private readonly PdfGlyphSink sink;
    private readonly PdfBackground background = new();
    private readonly PdfMarkedContent marks;
    private readonly PdfTextPen text;
    private readonly PdfPathPen path;
    private readonly HashSet<PdfStream> running = [];

    /// <summary>Those that the appearances of form fields name without having them.</summary>
    private readonly PdfDictionary? formFonts;
    private PdfGraphicsState state = new(PdfMatrix.Identity, PdfArea.Nothing);
    private PdfDictionary resources = PdfDictionary.Empty;
    private int operators;
    private int forms;
    private long formBytes;

    /// <param name="page">All of it, as displayed.</param>
    public PdfContentInterpreter(PdfFile file, PdfFonts fonts, PdfOptionalContent layers, PdfGlyphSink sink, PdfArea page)
    {
        (this.file, this.fonts, this.layers, this.sink) = (file, fonts, layers, sink);
        formFonts = file.Dictionary(file.Catalog, "AcroForm") is { } fields && file.Dictionary(fields, "DR") is { } defaults ? file.Dictionary(defaults, "Font") : null;
        (marks, text, path) = (new(file, layers, sink), new(sink, background, page), new(background));
    }

    /// <summary>True where a limit was met: the page goes on, but was not read further.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>How much of the page images cover so far, in square points.</summary>
    public double ImageArea => background.ImageArea;

    /// <param name="start">The state with which the content begins; it is left as it is.</param>
    public void Run(ReadOnlyMemory<byte> content, PdfDictionary contentResources, PdfGraphicsState start)
    {
        var (outerState, outerResources) = (state, resources);
        (state, resources) = (start.Copy(), contentResources);
        var depth = marks.Depth;
        var saved = new List<PdfGraphicsState>();
        var unsaved = 0;
        var parser = new PdfContentParser(content, file.Names);
        while (!IsTruncated && parser.Read())
        {
            IsTruncated = ++operators > PdfLimits.OperatorsMax || sink.IsFull;
            switch (parser.Operator)
            {
                case "q" when saved.Count < StatesMax:
                    saved.Add(state.Copy());
                    break;
                case "q":
                    unsaved++;
                    break;
                case "Q" when unsaved > 0:
                    unsaved--;
                    break;
                case "Q" when saved.Count > 0:
                    state = saved[^1];
                    saved.RemoveAt(saved.Count - 1);
                    break;
                default:
                    RunOperator(parser.Operator, parser.Operands);
                    break;
            }
        }

        IsTruncated = IsTruncated || parser.IsTruncated;
        marks.EndTo(depth);
        (state, resources) = (outerState, outerResources);
    }

    /// <summary>A form or an annotation's appearance: in its own space, within its box.</summary>
    public void RunForm(PdfStream form, PdfDictionary outerResources, PdfGraphicsState outer)
    {
        if (running.Count >= FormDepthMax || !running.Add(form))
        {
            return;
        }

        var content = file.Decode(form);
        formBytes += content.Length;
        IsTruncated = IsTruncated || ++forms > FormsMax || formBytes > FormBytesMax;
        if (!IsTruncated)
        {
            var inner = outer.Copy();
            var dictionary = form.Dictionary;
            inner.Matrix = (PdfMatrix.From(file, file.Array(dictionary, "Matrix")) ?? PdfMatrix.Identity).Then(outer.Matrix);
            if (file.Array(dictionary, "BBox") is { Count: >= 4 } box)
            {
                inner.Clip = inner.Clip.Within(inner.Matrix.Apply(Number(box, 0), Number(box, 1), Number(box, 2), Number(box, 3)));
            }

            var matrices = text.Save();
            text.Begin();
            Run(content, file.Dictionary(dictionary, "Resources") ?? outerResources, inner);
            text.Restore(matrices);
        }

        running.Remove(form);
    }

    private void RunOperator(string name, IReadOnlyList<PdfObject> operands)
    {
        switch (name)
        {
            case "cm" when PdfMatrix.From(file, operands) is { } matrix:
                state.Matrix = matrix.Then(state.Matrix);
                break;
            case "Do" when !marks.IsHidden:
                PaintObject(operands);
                break;
            case "gs":
                SetParameters(operands);
                break;
            case "w":
                state.LineWidth = Number(operands, 0);
                break;
            case "BMC" or "BDC":
                marks.Begin(operands, resources);
                break;
            case "EMC":
                marks.End();
                break;
            default:
                if (!RunText(name, operands) && !RunPath(name, operands))
                {
                    RunColour(name, operands);
                }

                break;
        }
    }

    private bool RunText(string name, IReadOnlyList<PdfObject> operands)
    {
        switch (name)
        {
            case "BT":
                text.Begin();
                return true;
            case "Tf" when operands is [PdfName font, _, ..]:
                state.Font = fonts.Find(file.Dictionary(resources, "Font")?[font.Value] ?? formFonts?[font.Value]);
                state.FontSize = Number(operands, 1);
                return true;
            case "Tm" when PdfMatrix.From(file, operands) is { } matrix:
                text.SetMatrix(matrix);
                return true;
            case "Td":
                text.Move(Number(operands, 0), Number(operands, 1));
                return true;
            case "TD":
                state.Leading = -Number(operands, 1);
                text.Move(Number(operands, 0), Number(operands, 1));
                return true;
            case "T*":
                text.NextLine(state.Leading);
                return true;
            case "Tj":
                Show(operands, 0);
                return true;
            case "TJ" when operands is [PdfArray { Items: var items }, ..]:
                ShowAdjusted(items);
                return true;
            case "'":
                text.NextLine(state.Leading);
                Show(operands, 0);
                return true;
            case "\"":
                (state.WordSpacing, state.CharacterSpacing) = (Number(operands, 0), Number(operands, 1));
                text.NextLine(state.Leading);
                Show(operands, 2);
                return true;
            case "Tc":
                state.CharacterSpacing = Number(operands, 0);
                return true;
            case "Tw":
                state.WordSpacing = Number(operands, 0);
                return true;
            case "Tz":
                state.Stretch = Number(operands, 0) / 100;
                return true;
            case "TL":
                state.Leading = Number(operands, 0);
                return true;
            case "Ts":
                state.Rise = Number(operands, 0);
                return true;
            case "Tr":
                state.RenderMode = (int)Math.Clamp(Number(operands, 0), 0, 7);
                return true;
            default:
                return false;
        }
    }

    private bool RunPath(string name, IReadOnlyList<PdfObject> operands)
    {
        switch (name)
        {
            case "m" or "l" or "c" or "v" or "y":
                path.Add(state, operands);
                return true;
            case "re":
                path.AddRectangle(state, operands);
                return true;
            case "W" or "W*":
                path.MarkClip();
                return true;
            case "n":
                path.Paint(state, isFilled: false, isStroked: false);
                return true;
            case "S" or "s":
                path.Paint(state, isFilled: false, isStroked: !marks.IsHidden);
                return true;
            case "f" or "F" or "f*" or "B" or "B*" or "b" or "b*":
                path.Paint(state, isFilled: !marks.IsHidden, isStroked: false);
                return true;
            case "EI" when !marks.IsHidden:
                path.PaintImage(state);
                return true;
            case "sh" when !marks.IsHidden:
                path.PaintShading(state);
                return true;
            default:
                return false;
        }
    }

    private void RunColour(string name, IReadOnlyList<PdfObject> operands)
    {
        switch (name)
        {
            case "g":
                PdfColour.Set(state, PdfColourSpace.Gray, operands);
                break;
            case "rg":
                PdfColour.Set(state, PdfColourSpace.Rgb, operands);
                break;
            case "k":
                PdfColour.Set(state, PdfColourSpace.Cmyk, operands);
                break;
            case "cs" when operands is [var space, ..]:
                PdfColour.SetSpace(state, file, resources, space);
                break;
            case "sc" or "scn":
                PdfColour.SetComponents(state, operands);
                break;
        }
    }

    private void Show(IReadOnlyList<PdfObject> operands, int index)
    {
        text.NextRun();
        if (index < operands.Count && operands[index] is PdfString { Bytes: var bytes })
        {
            text.Show(state, bytes.Span, marks.IsHidden);
        }
    }

    private void ShowAdjusted(IReadOnlyList<PdfObject> items)
    {
        text.NextRun();
        foreach (var item in items)
        {
            switch (item)
            {
                case PdfString { Bytes: var bytes }:
                    text.Show(state, bytes.Span, marks.IsHidden);
                    break;
                case PdfNumber { Value: var thousandths }:
                    text.Adjust(state, thousandths);
                    break;
            }
        }
    }

    private void PaintObject(IReadOnlyList<PdfObject> operands)
    {
        if (operands is not [PdfName name, ..] || file.Stream(file.Dictionary(resources, "XObject")?[name.Value]) is not { } painted
            || layers.IsHidden(painted.Dictionary["OC"]))
        {
            return;
        }

        switch (file.Name(painted.Dictionary, "Subtype"))
        {
            case "Form":
                RunForm(painted, resources, state);
                break;
            case "Image":
                path.PaintImage(state);
                break;
        }
    }

    private void SetParameters(IReadOnlyList<PdfObject> operands)
    {
        if (operands is not [PdfName name, ..] || file.Dictionary(file.Dictionary(resources, "ExtGState")?[name.Value]) is not { } parameters)
        {
            return;
        }

        if (file.Number(parameters, "ca") is { } alpha)
        {
            state.IsTransparent = alpha <= 0;
        }

        state.LineWidth = file.Number(parameters, "LW") ?? state.LineWidth;
        if (file.Array(parameters, "Font") is { Count: >= 2 } font)
        {
            state.Font = fonts.Find(font[0]);
            state.FontSize = file.Number(font[1]) ?? state.FontSize;
        }
    }

    private double Number(IReadOnlyList<PdfObject> operands, int index) => index < operands.Count && file.Number(operands[index]) is { } number ? number : 0;
}
