using Pybo.Rag.Documents.Pdf.Source;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>Reads the visible annotations of a page: their appearances, including form fields, and the text of those without one (ISO 32000-2, 12.5). PdfPig lists them, but runs no appearance.</summary>
internal sealed class PdfAnnotations
{
    private const int AnnotationsMax = 10_000;
    private const int FlagHidden = 1 << 1;
    private const int FlagNoView = 1 << 5;
    private const int FieldFlagPassword = 1 << 13;

    /// <summary>The limit for one annotation's text; many may share a longer one.</summary>
    private const int WordsBytesMax = 65_536;

    /// <summary>The most levels of parent fields from which a field inherits its value.</summary>
    private const int ParentsMax = 16;

    /// <summary>The default size in viewers for text without an appearance.</summary>
    private const double SizeDefault = 12;

    private static readonly PdfFontLook PlainLook = new("", IsBold: false, IsItalic: false, Ascent: 0.8f, Descent: 0.2f);

    private readonly IPdfTokenScanner scanner;
    private readonly PdfOptionalContent layers;
    private readonly bool areFieldsDrawnByViewer;

    public PdfAnnotations(IPdfTokenScanner scanner, PdfOptionalContent layers, DictionaryToken? form)
    {
        (this.scanner, this.layers) = (scanner, layers);
        areFieldsDrawnByViewer = scanner.Find<BooleanToken>(form, "NeedAppearances")?.Data == true;
    }

    /// <param name="toPage">From the page's own space to the page as displayed.</param>
    /// <param name="area">The whole page, as displayed.</param>
    /// <param name="run">Runs an appearance, after a matrix that fits it into its rectangle.</param>
    /// <param name="isFull">True once the page accepts no more text.</param>
    public void Run(DictionaryToken page, PdfMatrix toPage, PdfArea area, PdfGlyphSink sink, Action<StreamToken, PdfMatrix?> run, Func<bool> isFull)
    {
        foreach (var item in (scanner.Find<ArrayToken>(page, "Annots")?.Data ?? []).Take(AnnotationsMax))
        {
            if (isFull())
            {
                break;
            }

            if (scanner.Find<DictionaryToken>(item) is not { } annotation || !IsSeen(annotation) || scanner.Numbers(annotation, "Rect", 4) is not { } corners)
            {
                continue;
            }

            var rectangle = PdfTokens.Box(corners);
            var appearance = Appearance(annotation);
            var isDrawnByViewer = appearance is null || (areFieldsDrawnByViewer && scanner.Name(annotation, "Subtype") == "Widget");
            if (isDrawnByViewer && Words(annotation) is { Length: > 0 } words)
            {
                var place = toPage.Apply(rectangle.Left, rectangle.Bottom, rectangle.Right, rectangle.Top);
                if (!place.Within(area).IsNothing)
                {
                    AddWords(words, place, sink);
                }
            }
            else if (appearance is not null)
            {
                RunAppearance(appearance, rectangle, run);
            }
        }
    }

    private bool IsSeen(DictionaryToken annotation) =>
        ((int)(scanner.Number(annotation, "F") ?? 0) & (FlagHidden | FlagNoView)) == 0 && scanner.Name(annotation, "Subtype") != "Popup" && !layers.IsHidden(annotation.Entry("OC"));

    /// <summary>Returns the normal appearance; if there are several, that of the current state.</summary>
    private StreamToken? Appearance(DictionaryToken annotation)
    {
        var all = scanner.Find<DictionaryToken>(annotation, "AP");
        return scanner.Find<StreamToken>(all, "N")
            ?? (scanner.Name(annotation, "AS") is { } state ? scanner.Find<StreamToken>(scanner.Find<DictionaryToken>(all, "N"), state) : null);
    }

    // The appearance's box, transformed by its matrix, is fitted to the annotation's rectangle (algorithm "appearance streams", 12.5.5).
    private void RunAppearance(StreamToken appearance, PdfBox rectangle, Action<StreamToken, PdfMatrix?> run)
    {
        if (scanner.Numbers(appearance.StreamDictionary, "BBox", 4) is not { } corners)
        {
            run(appearance, null);
            return;
        }

        var box = PdfTokens.Box(corners);
        var own = scanner.Numbers(appearance.StreamDictionary, "Matrix", 6) is { } m ? new PdfMatrix(m[0], m[1], m[2], m[3], m[4], m[5]) : PdfMatrix.Identity;
        var turned = own.Apply(box.Left, box.Bottom, box.Right, box.Top);
        if (turned.Width > 0 && turned.Height > 0)
        {
            var (scaleX, scaleY) = (rectangle.Width / turned.Width, rectangle.Height / turned.Height);
            run(appearance, new PdfMatrix(scaleX, 0, 0, scaleY, rectangle.Left - (turned.Left * scaleX), rectangle.Bottom - (turned.Top * scaleY)));
        }
    }

    // Returns free text, and text fields that viewers draw themselves.
    private string? Words(DictionaryToken annotation)
    {
        var value = scanner.Name(annotation, "Subtype") switch
        {
            "FreeText" => annotation.Entry("Contents"),
            "Widget" when ((int)(scanner.Number(Inherited(annotation, "Ff")) ?? 0) & FieldFlagPassword) != 0 => null,
            "Widget" when scanner.Find<NameToken>(Inherited(annotation, "FT"))?.Data is "Tx" or "Ch" => Inherited(annotation, "V"),
            _ => null,
        };
        return scanner.Text(value, WordsBytesMax)?.Trim();
    }

    private IToken? Inherited(DictionaryToken field, string name)
    {
        var owner = field;
        for (var parents = 0; owner is not null && parents < ParentsMax; parents++)
        {
            if (owner.Entry(name) is { } value)
            {
                return value;
            }

            owner = scanner.Find<DictionaryToken>(owner, "Parent");
        }

        return null;
    }

    // Each line is one glyph, because no font gives the positions of its letters.
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
}
