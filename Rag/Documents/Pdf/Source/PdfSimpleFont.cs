using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>A font with one-byte codes: Type 1, TrueType, Type 3 (ISO 32000-2, 9.6). PdfPig reads all of them as Type 1: only their codes' names matter for text.</summary>
internal sealed class PdfSimpleFont : PdfFont
{
    private const int CodesMax = 256;
    private const int FlagSymbolic = 1 << 2;
    private const double WidthDefault = 0.5;

    /// <summary>An em is hardly taller than this many times a font's widest glyph; the box of generated fonts can be anything.</summary>
    private const double EmsPerWidestMax = 1.5;

    private readonly PdfCharacter?[] characters = new PdfCharacter?[CodesMax];
    private readonly bool[] isNamed = new bool[CodesMax];
    private readonly IPdfTokenScanner scanner;
    private readonly DictionaryToken font;
    private readonly string subtype;
    private readonly string? baseEncoding;
    private readonly IToken encoding;
    private readonly Lazy<IFont?> standard;
    private readonly IReadOnlyList<IToken> widths;
    private readonly double unit = 1 / Thousand;

    public PdfSimpleFont(PdfResources resources, IPdfTokenScanner scanner, DictionaryToken font)
        : base(resources, scanner, font, font)
    {
        (this.scanner, this.font) = (scanner, font);
        subtype = scanner.Name(font, "Subtype") ?? "Type1";
        var given = scanner.Find<DictionaryToken>(font, "Encoding");
        baseEncoding = BaseEncoding(given);
        // For an unknown encoding name, PdfPig uses the font's: Symbol and ZapfDingbats have their own encodings.
        encoding = SymbolName is not null && given is null ? NameToken.Create("BuiltIn") : Encoding(given);
        // Without a descriptor, PdfPig uses the metrics of the standard font of that name, or those of Times.
        standard = new(() => resources.Read(Dictionary()), LazyThreadSafetyMode.None);
        widths = scanner.Find<ArrayToken>(font, "Widths")?.Data ?? [];
        if (IsDrawn && scanner.Numbers(font, "FontMatrix", 4) is { } matrix)
        {
            unit = matrix[0] != 0 ? Math.Abs(matrix[0]) : unit;
            var em = scanner.Numbers(font, "FontBBox", 4) is { } box ? Math.Abs((box[3] - box[1]) * matrix[3]) : 0;
            var widest = widths.Take(CodesMax).Select(width => Math.Abs(scanner.Number(width) ?? 0) * unit).DefaultIfEmpty().Max();
            em = widest > 0 ? Math.Min(em, EmsPerWidestMax * widest) : em;
            EmHeight = em is > 2 or (> 0 and < 0.5) ? em : 1;
        }
    }

    public override double EmHeight { get; } = 1;

    private bool IsTrueType => subtype == "TrueType";

    private bool IsDrawn => subtype == "Type3";

    private NameToken? SymbolName =>
        IsEmbedded || IsTrueType || IsDrawn ? null
        : Look.Name.Contains("Dingbats", StringComparison.OrdinalIgnoreCase) ? NameToken.Create("ZapfDingbats")
        : Look.Name.Contains("Symbol", StringComparison.OrdinalIgnoreCase) ? NameToken.Create("Symbol")
        : null;

    public override PdfCharacter Read(IInputBytes bytes) => characters[bytes.CurrentByte] ??= new(Text(bytes.CurrentByte), Width(bytes.CurrentByte), bytes.CurrentByte == ' ');

    /// <summary>Returns a Type 1 font with one width, the codes' names, and the program only if it has the names.</summary>
    protected override DictionaryToken Reduced()
    {
        var name = NameToken.Create(Look.Name);
        var descriptor = DictionaryToken.Empty.With("Type", NameToken.FontDescriptor).With("FontName", name);
        foreach (var key in baseEncoding is null && !IsTrueType && !IsDrawn ? ["FontFile", "FontFile3"] : Array.Empty<string>())
        {
            descriptor = Descriptor.Entry(key) is IndirectReferenceToken program ? descriptor.With(key, program) : descriptor;
        }

        return Dictionary().With("FirstChar", NumericToken.Zero).With("LastChar", NumericToken.Zero).With("Widths", new ArrayToken([NumericToken.Zero])).With("FontDescriptor", descriptor);
    }

    // Bitmap fonts from TeX name their glyphs by code.
    protected override string? TextWithoutMap(int code, Func<string?> known)
    {
        var hasNames = baseEncoding is not null || isNamed[code] || !(IsDrawn || (IsTrueType && IsEmbedded));
        var mayBeLatin = isNamed[code] ? IsDrawn : IsTrueType || !(IsEmbedded || IsDrawn);
        return (hasNames ? known() : null) ?? (mayBeLatin && code is (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xFF) ? ((char)code).ToString() : null);
    }

    private DictionaryToken Dictionary() => DictionaryToken.Empty.With("Type", NameToken.Font).With("Subtype", NameToken.Type1)
        .With("BaseFont", SymbolName ?? NameToken.Create(Look.Name)).With("Encoding", encoding);

    /// <summary>Returns the encoding of codes that no difference names; null if it is the program's own or Adobe's standard one.</summary>
    private string? BaseEncoding(DictionaryToken? given) => (given is null ? scanner.Name(font, "Encoding") : scanner.Name(given, "BaseEncoding")) switch
    {
        var name and ("WinAnsiEncoding" or "MacRomanEncoding" or "MacExpertEncoding" or "StandardEncoding") => name,
        _ when !IsTrueType => null,
        _ when given is not null && (Flags & FlagSymbolic) == 0 => "StandardEncoding",
        _ => IsEmbedded ? null : "WinAnsiEncoding",
    };

    // "code /name /name … code /name …"; PdfPig refuses anything else in it.
    private DictionaryToken Encoding(DictionaryToken? given)
    {
        var (items, code) = (new List<IToken>(), 0);
        foreach (var item in scanner.Find<ArrayToken>(given, "Differences")?.Data ?? [])
        {
            code = scanner.Number(item) is { } number ? (int)Math.Clamp(number, -CodesMax, CodesMax) : code;
            var name = scanner.Find<NameToken>(item);
            if (name is not null && code is >= 0 and < CodesMax)
            {
                isNamed[code] = true;
                items.AddRange([new NumericToken(code), name]);
            }

            code += name is null ? 0 : 1;
        }

        var start = baseEncoding is null ? DictionaryToken.Empty : DictionaryToken.Empty.With("BaseEncoding", NameToken.Create(baseEncoding));
        return items.Count == 0 ? start : start.With("Differences", new ArrayToken(items));
    }

    private double Width(int code)
    {
        if (widths.Count > 0)
        {
            var width = scanner.Number(widths.ElementAtOrDefault(code - (int)(scanner.Number(font, "FirstChar") ?? 0)));
            return (width ?? scanner.Number(Descriptor, "MissingWidth") ?? 0) * unit;
        }

        return !IsDrawn && standard.Value?.GetBoundingBox(code).Width is > 0 and var known ? known : WidthDefault;
    }
}
