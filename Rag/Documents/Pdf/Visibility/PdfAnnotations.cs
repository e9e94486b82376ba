using System.Collections.Frozen;
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

    /// <summary>A longer address is data.</summary>
    private const int AddressBytesMax = 2_000;

    private const int LinksMax = 1_000;

    private const int CommentsMax = 1_000;

    /// <summary>Characters of a page's comments: many may share a long one.</summary>
    private const int CommentCharactersMax = 200_000;

    /// <summary>Options read on one page, for all fields together: many may share a long list.</summary>
    private const int OptionsMax = 20_000;

    private const int OptionBytesMax = 1_000;

    private const int ChosenMax = 100;

    private const int FieldFlagPushButton = 1 << 16;

    /// <summary>A check box's sign is at most this large, in points.</summary>
    private const double BoxSizeMax = 14;

    /// <summary>From the middle of a letter to its baseline, as a share of its size.</summary>
    private const double MiddleToBaseline = 0.35;

    /// <summary>The most levels of parent fields from which a field inherits its value.</summary>
    private const int ParentsMax = 16;

    /// <summary>The default size in viewers for text without an appearance.</summary>
    private const double SizeDefault = 12;

    private static readonly PdfFontLook PlainLook = new("", IsBold: false, IsItalic: false, Ascent: 0.8f, Descent: 0.2f);

    /// <summary>Kinds whose text a viewer shows in a window (ISO 32000-2, 12.5.6.4 and following).</summary>
    private static readonly FrozenSet<string> Commenting = FrozenSet.Create(StringComparer.Ordinal,
        "Text", "Highlight", "Underline", "Squiggly", "StrikeOut", "Caret", "Square", "Circle", "Line", "Polygon", "PolyLine", "Ink", "FileAttachment");

    private readonly List<PdfLink> links = [];
    private readonly List<PdfComment> comments = [];
    private readonly IPdfTokenScanner scanner;
    private readonly PdfOptionalContent layers;
    private readonly bool areFieldsDrawnByViewer;
    private int commentCharacters;
    private int options;

    public PdfAnnotations(IPdfTokenScanner scanner, PdfOptionalContent layers, DictionaryToken? form)
    {
        (this.scanner, this.layers) = (scanner, layers);
        areFieldsDrawnByViewer = scanner.Find<BooleanToken>(form, "NeedAppearances")?.Data == true;
    }

    public IReadOnlyList<PdfLink> Links => links;

    public IReadOnlyList<PdfComment> Comments => comments;

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
            var place = toPage.Apply(rectangle.Left, rectangle.Bottom, rectangle.Right, rectangle.Top).Within(area);
            if (!place.IsNothing)
            {
                AddLink(annotation, place);
                AddComment(annotation, place);
            }

            if (IsChecked(annotation) is { } isChecked)
            {
                AddCheck(isChecked, place, sink);
                continue;
            }

            var appearance = Appearance(annotation);
            var isDrawnByViewer = appearance is null || (areFieldsDrawnByViewer && scanner.Name(annotation, "Subtype") == "Widget");
            if (isDrawnByViewer && Words(annotation) is { Length: > 0 } words)
            {
                if (!place.IsNothing)
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
            "Widget" when FieldType(annotation) is "Tx" => Inherited(annotation, "V"),
            "Widget" when FieldType(annotation) is "Ch" => Inherited(annotation, "V") is { } chosen ? new StringToken(Chosen(annotation, chosen)) : null,
            _ => null,
        };
        return value is StringToken { Data: var text } && FieldType(annotation) is "Ch" ? text : scanner.Text(value, WordsBytesMax)?.Trim();
    }

    private string? FieldType(DictionaryToken annotation) => scanner.Find<NameToken>(Inherited(annotation, "FT"))?.Data;

    /// <summary>Returns the chosen options as they are displayed (12.7.5.4): an option may be a pair of its value and its display.</summary>
    private string Chosen(DictionaryToken annotation, IToken value)
    {
        var pairs = Options(annotation);
        IEnumerable<IToken> values = scanner.Find<ArrayToken>(value) is { } several ? several.Data.Take(ChosenMax) : [value];
        return string.Join(", ", values.Select(chosen => scanner.Text(chosen, WordsBytesMax) is { } text ? pairs.GetValueOrDefault(text, text).Trim() : "").Where(text => text.Length > 0));
    }

    /// <summary>Returns the displayed texts of options by their values.</summary>
    private Dictionary<string, string> Options(DictionaryToken annotation)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in (scanner.Find<ArrayToken>(Inherited(annotation, "Opt"))?.Data ?? []).Take(OptionsMax - options))
        {
            options++;
            if (scanner.Find<ArrayToken>(option) is { Length: > 1 } pair && scanner.Text(pair[0], OptionBytesMax) is { } value && scanner.Text(pair[1], OptionBytesMax) is { } shown)
            {
                pairs.TryAdd(value, shown);
            }
        }

        return pairs;
    }

    /// <summary>Returns the state of a check box or radio button; null for any other annotation.</summary>
    private bool? IsChecked(DictionaryToken annotation)
    {
        if (scanner.Name(annotation, "Subtype") != "Widget" || FieldType(annotation) != "Btn" || ((int)(scanner.Number(Inherited(annotation, "Ff")) ?? 0) & FieldFlagPushButton) != 0)
        {
            return null;
        }

        var states = scanner.Find<DictionaryToken>(scanner.Find<DictionaryToken>(annotation, "AP"), "N");
        var value = scanner.Find<NameToken>(Inherited(annotation, "V"))?.Data;
        var state = scanner.Name(annotation, "AS") ?? (value is not null && (states is null || states.Entry(value) is not null) ? value : "Off");
        return state != "Off";
    }

    private static void AddCheck(bool isChecked, PdfArea place, PdfGlyphSink sink)
    {
        if (!place.IsNothing)
        {
            var size = Math.Clamp(place.Height, 1, BoxSizeMax);
            var y = ((place.Top + place.Bottom) / 2) + (MiddleToBaseline * size);
            sink.Add(new(isChecked ? "☑" : "☐", (float)place.Left, (float)y, (float)place.Width, (float)size, 0, IsVertical: false, PlainLook, Run: -1), isInvisible: false);
        }
    }

    private void AddLink(DictionaryToken annotation, PdfArea place)
    {
        var action = scanner.Find<DictionaryToken>(annotation, "A");
        if (links.Count < LinksMax && scanner.Name(annotation, "Subtype") == "Link" && scanner.Name(action, "S") == "URI" && scanner.Bytes(action.Entry("URI")) is { Length: > 0 and <= AddressBytesMax } address)
        {
            links.Add(new(PdfTextString.Decode(address).Trim(), place));
        }
    }

    private void AddComment(DictionaryToken annotation, PdfArea place)
    {
        if (comments.Count < CommentsMax && commentCharacters < CommentCharactersMax && Commenting.Contains(scanner.Name(annotation, "Subtype") ?? "") && scanner.Text(annotation.Entry("Contents"), WordsBytesMax)?.Trim() is { Length: > 0 } words)
        {
            commentCharacters += words.Length;
            comments.Add(new(words, new((float)place.Left, (float)place.Top, (float)place.Width, (float)place.Height)));
        }
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
        // A viewer centres a single line, and sets several from the top.
        var top = lines.Length == 1 ? ((area.Top + area.Bottom) / 2) + ((MiddleToBaseline - PlainLook.Ascent) * size) : area.Top;
        for (var line = 0; line < lines.Length; line++)
        {
            var y = top + ((line + PlainLook.Ascent) * size);
            sink.Add(new(lines[line], (float)area.Left, (float)y, (float)area.Width, (float)size, 0, IsVertical: false, PlainLook, Run: -1 - line), isInvisible: false);
        }
    }
}
