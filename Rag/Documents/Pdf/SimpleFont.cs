namespace Pybo.Rag.Documents.Pdf;

/// <summary>A font with codes of one byte: Type 1, TrueType, Type 3 (ISO 32000-2, 9.6).</summary>
internal sealed class SimpleFont : PdfFont
{
    private const double Thousand = 1_000;
    private const double WidthDefault = 500;

    /// <summary>An em is hardly taller than this many of a font's widest glyph; the box of fonts that a program made says any number.</summary>
    private const double EmsPerWidestMax = 1.5;

    private readonly PdfCharacter?[] characters = new PdfCharacter?[256];
    private readonly PdfFile file;
    private readonly PdfFontDescriptor descriptor;
    private readonly CMap? toUnicode;
    private readonly SimpleEncoding encoding;
    private readonly IReadOnlyList<PdfObject> widths;
    private readonly int firstCode;
    private readonly double unit = 1 / Thousand;

    public SimpleFont(PdfFile file, PdfDictionary font, PdfFontDescriptor descriptor, CMap? toUnicode)
        : base(descriptor.Look)
    {
        (this.file, this.descriptor, this.toUnicode) = (file, descriptor, toUnicode);
        encoding = new(file, font, descriptor);
        widths = file.Array(font, "Widths") ?? [];
        firstCode = file.Integer(font, "FirstChar") ?? 0;
        if (file.Name(font, "Subtype") == "Type3" && file.Array(font, "FontMatrix") is { Count: >= 4 } matrix)
        {
            unit = file.Number(matrix[0]) is { } scale && scale != 0 ? Math.Abs(scale) : unit;
            var em = BoxHeight(font) * Math.Abs(file.Number(matrix[3]) ?? 0);
            em = Widest() is > 0 and var widest ? Math.Min(em, EmsPerWidestMax * widest) : em;
            EmHeight = em is > 2 or (> 0 and < 0.5) ? em : 1;
        }
    }

    public override double EmHeight { get; } = 1;

    public override PdfCharacter Read(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 1;
        return characters[bytes[0]] ??= new(Text(bytes[0]), Width(bytes[0]), bytes[0] == ' ');
    }

    private double BoxHeight(PdfDictionary font) =>
        file.Array(font, "FontBBox") is { Count: >= 4 } box ? Math.Abs((file.Number(box[3]) ?? 0) - (file.Number(box[1]) ?? 0)) : 0;

    private double Widest() => widths.Take(256).Select(width => Math.Abs(file.Number(width) ?? 0) * unit).DefaultIfEmpty().Max();

    private string Text(byte code)
    {
        var mapped = toUnicode?.Text(code);
        if (IsGood(mapped))
        {
            return mapped;
        }

        var named = encoding.Text(code);
        return IsGood(named) ? named : mapped is { Length: > 0 } && !CMap.IsNoText(mapped) ? mapped : named ?? "";
    }

    private double Width(byte code)
    {
        var index = code - firstCode;
        if (index >= 0 && index < widths.Count && file.Number(widths[index]) is { } width)
        {
            return width * unit;
        }

        if (widths.Count > 0)
        {
            return descriptor.MissingWidth * unit;
        }

        return (encoding.Name(code) is { } name && StandardWidths.Width(descriptor.StandardFont, name) is { } standard ? standard : WidthDefault) / Thousand;
    }
}
