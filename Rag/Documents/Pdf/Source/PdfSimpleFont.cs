using System.Globalization;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>A font with codes of one byte: Type 1, TrueType, Type 3 (ISO 32000-2, 9.6). PdfPig reads all of them as Type 1: only their codes' names matter for text.</summary>
internal sealed class PdfSimpleFont : PdfFont
{
    private const int CodesMax = 256;
    private const double WidthDefault = 500;

    /// <summary>An em is hardly taller than this many of a font's widest glyph; the box of fonts that a program made says any number.</summary>
    private const double EmsPerWidestMax = 1.5;

    private static readonly DictionaryToken NoEncoding = DictionaryToken.Empty;

    private readonly PdfCharacter?[] characters = new PdfCharacter?[CodesMax];
    private readonly string?[] differences = new string?[CodesMax];
    private readonly IPdfTokenScanner scanner;
    private readonly PdfResources resources;
    private readonly DictionaryToken font;
    private readonly string subtype;
    private readonly string? baseEncoding;
    private readonly Lazy<IFont?> mapped;
    private readonly Lazy<IFont?> named;
    private readonly Lazy<IFont?> standard;
    private readonly ArrayToken? widths;
    private readonly int firstCode;
    private readonly double unit = 1 / Thousand;

    public PdfSimpleFont(PdfResources resources, IPdfTokenScanner scanner, DictionaryToken font, PdfFontDescriptor descriptor)
        : base(descriptor)
    {
        (this.resources, this.scanner, this.font) = (resources, scanner, font);
        subtype = scanner.Name(font, "Subtype") ?? "Type1";
        baseEncoding = BaseEncoding();
        ReadDifferences();
        mapped = new(() => scanner.Find<StreamToken>(font, "ToUnicode") is { } map ? resources.Read(Reduced().With("ToUnicode", font.Entry("ToUnicode")!)) : null, LazyThreadSafetyMode.None);
        named = new(() => resources.Read(Reduced()), LazyThreadSafetyMode.None);
        standard = new(() => resources.Read(Standard()), LazyThreadSafetyMode.None);
        widths = scanner.Find<ArrayToken>(font, "Widths");
        firstCode = (int)(scanner.Number(font, "FirstChar") ?? 0);
        if (subtype == "Type3" && scanner.Numbers(font, "FontMatrix", 4) is { } matrix)
        {
            unit = matrix[0] != 0 ? Math.Abs(matrix[0]) : unit;
            var em = BoxHeight() * Math.Abs(matrix[3]);
            em = Widest() is > 0 and var widest ? Math.Min(em, EmsPerWidestMax * widest) : em;
            EmHeight = em is > 2 or (> 0 and < 0.5) ? em : 1;
        }
    }

    public override double EmHeight { get; } = 1;

    private bool IsTrueType => subtype == "TrueType";

    private bool IsDrawn => subtype == "Type3";

    public override PdfCharacter Read(IInputBytes bytes) => characters[bytes.CurrentByte] ??= new(Text(bytes.CurrentByte), Width(bytes.CurrentByte), bytes.CurrentByte == ' ');

    private string Text(int code)
    {
        string? map = null;
        if (mapped.Value?.TryGetUnicode(code, out map) == true && IsGood(map))
        {
            return map;
        }

        var text = NamedText(code) ?? (HasNames ? null : Descriptor.Program.SymbolText(code)) ?? (MayBeCharacter(code) ? Latin(code) : null);
        return IsGood(text) ? text : map is { Length: > 0 } && !IsNoText(map) ? map : text ?? "";
    }

    private string? NamedText(int code)
    {
        if (!HasNames && differences[code] is null)
        {
            return null;
        }

        return named.Value?.TryGetUnicode(code, out var text) == true && IsGood(text) ? text : null;
    }

    /// <summary>False where only the program's table of characters knows what the codes are that no difference names.</summary>
    private bool HasNames => baseEncoding is not null || (!IsDrawn && !(IsTrueType && Descriptor.IsEmbedded));

    // Fonts without names: bitmaps of TeX name their glyphs by their codes; other programs' names that count are sane only where they count codes.
    private bool MayBeCharacter(int code) => differences[code] switch
    {
        null => IsTrueType || (!Descriptor.IsEmbedded && !IsDrawn),
        ".notdef" => false,
        var name => IsDrawn || Number(name) == code,
    };

    private static string? Latin(int code) => code is (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xFF) ? ((char)code).ToString() : null;

    /// <summary>The number in names that count codes, as <c>g65</c>, <c>c065</c> and <c>cid1234</c>; null for other names.</summary>
    private static int? Number(string name)
    {
        var digits = name.AsSpan().TrimStart("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        return name.Length - digits.Length is >= 1 and <= 3 && digits.Length is >= 1 and <= 5 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>The dictionary that PdfPig reads: a Type 1 font with one width, the codes' names, and the program only where the names stand there.</summary>
    private DictionaryToken Reduced()
    {
        var name = NameToken.Create(Look.Name);
        var descriptor = DictionaryToken.Empty.With("Type", NameToken.FontDescriptor).With("FontName", name);
        var needsProgram = baseEncoding is null && !IsTrueType && !IsDrawn;
        foreach (var key in needsProgram ? ["FontFile", "FontFile3"] : Array.Empty<string>())
        {
            descriptor = Descriptor.Dictionary.Entry(key) is IndirectReferenceToken program ? descriptor.With(key, program) : descriptor;
        }

        return DictionaryToken.Empty.With("Type", NameToken.Font).With("Subtype", NameToken.Type1).With("BaseFont", SymbolName ?? name)
            .With("FirstChar", NumericToken.Zero).With("LastChar", NumericToken.Zero).With("Widths", new ArrayToken([NumericToken.Zero]))
            .With("FontDescriptor", descriptor).With("Encoding", Encoding());
    }

    /// <summary>Without a descriptor, PdfPig takes the metrics of the standard 14 font of that name.</summary>
    private DictionaryToken Standard() =>
        DictionaryToken.Empty.With("Type", NameToken.Font).With("Subtype", NameToken.Type1).With("BaseFont", SymbolName ?? NameToken.Create(StandardName())).With("Encoding", Encoding());

    /// <summary>Symbol and ZapfDingbats, where nothing else is said, have encodings of their own, which PdfPig finds by their names.</summary>
    private NameToken? SymbolName =>
        Descriptor.IsEmbedded || IsTrueType || IsDrawn ? null
        : Look.Name.Contains("Dingbats", StringComparison.OrdinalIgnoreCase) ? NameToken.Create("ZapfDingbats")
        : Look.Name.Contains("Symbol", StringComparison.OrdinalIgnoreCase) ? NameToken.Create("Symbol")
        : null;

    private IToken Encoding()
    {
        var isOwn = SymbolName is not null && scanner.Find<DictionaryToken>(font, "Encoding") is null;
        if (isOwn)
        {
            return NameToken.Create("BuiltIn"); // A name that PdfPig does not know has it look at the font's.
        }

        var items = new List<IToken>();
        for (var code = 0; code < CodesMax; code++)
        {
            if (differences[code] is { } name)
            {
                items.AddRange([new NumericToken(code), NameToken.Create(name)]);
            }
        }

        var encoding = baseEncoding is null ? NoEncoding : NoEncoding.With("BaseEncoding", NameToken.Create(baseEncoding));
        return items.Count == 0 ? encoding : encoding.With("Differences", new ArrayToken(items));
    }

    /// <summary>The encoding of codes that no difference names; null where it is the program's own, or Adobe's standard one.</summary>
    private string? BaseEncoding()
    {
        var given = scanner.Find<DictionaryToken>(font, "Encoding");
        var name = given is null ? scanner.Name(font, "Encoding") : scanner.Name(given, "BaseEncoding");
        return name switch
        {
            "WinAnsiEncoding" or "MacRomanEncoding" or "MacExpertEncoding" or "StandardEncoding" => name,
            _ when !IsTrueType => null,
            _ when given is not null && (Descriptor.Flags & PdfFontDescriptor.FlagSymbolic) == 0 => "StandardEncoding",
            _ => Descriptor.IsEmbedded ? null : "WinAnsiEncoding",
        };
    }

    // "code /name /name … code /name …"
    private void ReadDifferences()
    {
        var code = 0;
        foreach (var item in scanner.Find<ArrayToken>(scanner.Find<DictionaryToken>(font, "Encoding"), "Differences")?.Data ?? [])
        {
            if (scanner.Number(item) is { } number)
            {
                code = (int)Math.Clamp(number, -1, CodesMax);
            }
            else if (scanner.Find<NameToken>(item) is { } name)
            {
                if (code is >= 0 and < CodesMax)
                {
                    differences[code] = name.Data;
                }

                code = Math.Min(code, CodesMax) + 1;
            }
        }
    }

    private double BoxHeight() => scanner.Numbers(font, "FontBBox", 4) is { } box ? Math.Abs(box[3] - box[1]) : 0;

    private double Widest() => (widths?.Data ?? []).Take(CodesMax).Select(width => Math.Abs(scanner.Number(width) ?? 0) * unit).DefaultIfEmpty().Max();

    private double Width(int code)
    {
        var index = code - firstCode;
        if (widths is { Length: > 0 })
        {
            return (index >= 0 && index < widths.Length && scanner.Number(widths[index]) is { } width ? width : Descriptor.MissingWidth) * unit;
        }

        return !IsDrawn && standard.Value is { } metrics && metrics.GetBoundingBox(code).Width is > 0 and var known ? known : WidthDefault / Thousand;
    }

    /// <summary>The standard font that a font without widths is, or is most like, by its name and look.</summary>
    private string StandardName()
    {
        var (name, isFixed, isSerif) = (Look.Name, (Descriptor.Flags & 1) != 0, (Descriptor.Flags & 2) != 0);
        bool Has(params string[] parts) => parts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
        return (isFixed || Has("Courier", "Mono", "Consolas"), isSerif || Has("Times", "Serif", "Georgia", "Roman"), Look.IsBold, Look.IsItalic) switch
        {
            (true, _, _, _) => "Courier",
            (_, true, true, true) => "Times-BoldItalic",
            (_, true, true, _) => "Times-Bold",
            (_, true, _, true) => "Times-Italic",
            (_, true, _, _) => "Times-Roman",
            (_, _, true, _) => "Helvetica-Bold",
            _ => "Helvetica",
        };
    }
}
