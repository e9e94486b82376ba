namespace Pybo.Rag.Documents.Pdf;

/// <summary>The annotations of a page that a reader sees: their appearances, form fields among them, and the words of those that have none (ISO 32000-2, 12.5).</summary>
internal sealed class PdfAnnotations
{
    private const int AnnotationsMax = 10_000;
    private const int FlagHidden = 1 << 1;
    private const int FlagNoView = 1 << 5;
    private const int FieldFlagPassword = 1 << 13;

    /// <summary>Of the words of one annotation; many may share a longer text.</summary>
    private const int WordsBytesMax = 65_536;

    /// <summary>Fields within each other from which a field takes its value.</summary>
    private const int ParentsMax = 16;

    /// <summary>The size of words that have no appearance, as viewers show them by default.</summary>
    private const double SizeDefault = 12;

    private static readonly PdfFontLook PlainLook = new("", IsBold: false, IsItalic: false, Ascent: 0.8f, Descent: 0.2f);

    private readonly PdfFile file;
    private readonly PdfOptionalContent layers;
    private readonly bool areFieldsDrawnByViewer;

    public PdfAnnotations(PdfFile file, PdfOptionalContent layers)
    {
        (this.file, this.layers) = (file, layers);
        areFieldsDrawnByViewer = file.Dictionary(file.Catalog, "AcroForm") is { } form && file.Boolean(form, "NeedAppearances") == true;
    }

    /// <param name="start">The state of the page's own content at its beginning.</param>
    public void Run(PdfPage page, PdfContentInterpreter interpreter, PdfGlyphSink sink, PdfGraphicsState start)
    {
        foreach (var item in (file.Array(page.Dictionary, "Annots") ?? []).Take(AnnotationsMax))
        {
            if (sink.IsFull)
            {
                break;
            }

            if (file.Dictionary(item) is not { } annotation || interpreter.IsTruncated || !IsSeen(annotation)
                || file.Array(annotation, "Rect") is not { Count: >= 4 } corners)
            {
                continue;
            }

            var rectangle = Rectangle(corners);
            var appearance = Appearance(annotation);
            var isDrawnByViewer = appearance is null || (areFieldsDrawnByViewer && file.Name(annotation, "Subtype") == "Widget");
            if (isDrawnByViewer && Words(annotation) is { Length: > 0 } words)
            {
                var area = start.Matrix.Apply(rectangle.Left, rectangle.Bottom, rectangle.Right, rectangle.Top);
                if (!area.Within(start.Clip).IsNothing)
                {
                    AddWords(words, area, sink);
                }
            }
            else if (appearance is not null)
            {
                RunAppearance(appearance, rectangle, page, interpreter, start);
            }
        }
    }

    private bool IsSeen(PdfDictionary annotation) =>
        ((file.Integer(annotation, "F") ?? 0) & (FlagHidden | FlagNoView)) == 0 && file.Name(annotation, "Subtype") != "Popup" && !layers.IsHidden(annotation["OC"]);

    /// <summary>The normal appearance; of several the one of the current state.</summary>
    private PdfStream? Appearance(PdfDictionary annotation)
    {
        var normal = file.Dictionary(annotation, "AP") is { } appearances ? file.Resolve(appearances["N"]) : null;
        return normal switch
        {
            PdfStream stream => stream,
            PdfDictionary states when file.Name(annotation, "AS") is { } state => file.Stream(states, state),
            _ => null,
        };
    }

    // The appearance's box, as its matrix turns it, is laid over the annotation's rectangle (algorithm "appearance streams", 12.5.5).
    private void RunAppearance(PdfStream appearance, PdfBox rectangle, PdfPage page, PdfContentInterpreter interpreter, PdfGraphicsState start)
    {
        var state = start.Copy();
        if (file.Array(appearance.Dictionary, "BBox") is { Count: >= 4 } corners)
        {
            var box = Rectangle(corners);
            var own = PdfMatrix.From(file, file.Array(appearance.Dictionary, "Matrix")) ?? PdfMatrix.Identity;
            var turned = own.Apply(box.Left, box.Bottom, box.Right, box.Top);
            if (!(turned.Width > 0) || !(turned.Height > 0))
            {
                return;
            }

            var (scaleX, scaleY) = (rectangle.Width / turned.Width, rectangle.Height / turned.Height);
            var fit = new PdfMatrix(scaleX, 0, 0, scaleY, rectangle.Left - (turned.Left * scaleX), rectangle.Bottom - (turned.Top * scaleY));
            state.Matrix = fit.Then(start.Matrix);
        }

        interpreter.RunForm(appearance, page.Resources, state);
    }

    // Free text, and text fields that a viewer is to draw itself.
    private string? Words(PdfDictionary annotation)
    {
        var value = file.Name(annotation, "Subtype") switch
        {
            "FreeText" => file.String(annotation, "Contents"),
            "Widget" when ((file.Integer(Inherited(annotation, "Ff")) ?? 0) & FieldFlagPassword) != 0 => null,
            "Widget" when file.Name(Inherited(annotation, "FT")) is "Tx" or "Ch" => file.String(Inherited(annotation, "V")),
            _ => null,
        };
        return value is { } bytes ? PdfTextString.Decode(bytes.Span[..Math.Min(bytes.Length, WordsBytesMax)]).Trim() : null;
    }

    private PdfObject? Inherited(PdfDictionary field, string name)
    {
        var owner = field;
        for (var parents = 0; owner is not null && parents < ParentsMax; parents++)
        {
            if (owner[name] is { } value)
            {
                return value;
            }

            owner = file.Dictionary(owner, "Parent");
        }

        return null;
    }

    // Each line as one glyph: there is no font that could say where its letters are.
    private static void AddWords(string words, PdfArea area, PdfGlyphSink sink)
    {
        var lines = words.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var size = Math.Clamp(area.Height / Math.Max(lines.Length, 1), 1, SizeDefault);
        for (var line = 0; line < lines.Length; line++)
        {
            var y = area.Top + ((line + PlainLook.Ascent) * size);
            sink.Add(new(lines[line], (float)area.Left, (float)y, (float)area.Width, (float)size, 0, IsVertical: false, PlainLook, Run: -1 - line), isInvisible: false);
        }
    }

    private PdfBox Rectangle(IReadOnlyList<PdfObject> corners)
    {
        var (x1, y1, x2, y2) = (file.Number(corners[0]) ?? 0, file.Number(corners[1]) ?? 0, file.Number(corners[2]) ?? 0, file.Number(corners[3]) ?? 0);
        return new(Math.Min(x1, x2), Math.Min(y1, y2), Math.Max(x1, x2), Math.Max(y1, y2));
    }
}
