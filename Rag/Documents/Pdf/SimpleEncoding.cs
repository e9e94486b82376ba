namespace Pybo.Rag.Documents.Pdf;

/// <summary>The glyph names of a simple font's codes, and their text without the help of a <c>ToUnicode</c> map (ISO 32000-2, 9.6.5).</summary>
internal sealed class SimpleEncoding
{
    private readonly string?[] differences = new string?[256];
    private readonly Lazy<IReadOnlyList<string?>> names;
    private readonly PdfFontDescriptor descriptor;
    private readonly bool isTrueType;
    private readonly bool isDrawn;
    private readonly bool isZapfDingbats;

    public SimpleEncoding(PdfFile file, PdfDictionary font, PdfFontDescriptor descriptor)
    {
        this.descriptor = descriptor;
        isTrueType = file.Name(font, "Subtype") == "TrueType";
        isDrawn = file.Name(font, "Subtype") == "Type3";
        isZapfDingbats = descriptor.Look.Name.Contains("Dingbats", StringComparison.OrdinalIgnoreCase);
        var given = file.Resolve(font["Encoding"]);
        var baseName = given is PdfDictionary dictionary ? file.Name(dictionary, "BaseEncoding") : file.Name(given);
        if (given is PdfDictionary { } described && file.Array(described, "Differences") is { } items)
        {
            ReadDifferences(file, items);
        }

        names = new(() => Names(baseName, isDescribed: given is PdfDictionary), LazyThreadSafetyMode.None);
    }

    /// <summary>The name of a code's glyph; null where there is none.</summary>
    public string? Name(byte code) => differences[code] ?? names.Value[code];

    /// <summary>A code's text; null where neither its name nor the font program says.</summary>
    public string? Text(byte code)
    {
        var name = Name(code);
        if (name is not null && GlyphNames.Text(name, isZapfDingbats) is { } text)
        {
            return text;
        }

        if (descriptor.TrueType is { } program)
        {
            var glyph = program.SymbolGlyph(code);
            if (program.Text(glyph) is { } known || (name is ['g', ..] && GlyphNames.Number(name) is { } number && (known = program.Text(number)) is not null))
            {
                return known;
            }
        }

        return MayBeCharacter(name, code) ? Latin(code) : null;
    }

    // Fonts without names: bitmaps of TeX name their glyphs by their codes; other programs' names that count are sane only where they count codes.
    private bool MayBeCharacter(string? name, byte code) => name switch
    {
        null => isTrueType || (!descriptor.IsEmbedded && !isDrawn),
        ".notdef" => false,
        _ => GlyphNames.Number(name) == code || isDrawn,
    };

    private static string? Latin(byte code) => GlyphEncodings.WinAnsi[code] is { } name ? GlyphNames.Text(name) : null;

    private IReadOnlyList<string?> Names(string? baseName, bool isDescribed)
    {
        var isSymbols = !isDescribed && descriptor is { IsEmbedded: false, StandardFont: "Symbol" or "ZapfDingbats" };
        return !isSymbols && GlyphEncodings.Named(baseName) is { } named ? named : BuiltIn(isDescribed);
    }

    private IReadOnlyList<string?> BuiltIn(bool isDescribed)
    {
        if (descriptor.Cff is { IsCharacterKeyed: false } cff)
        {
            return cff.Encoding;
        }

        if (descriptor.Type1 is { } program && Type1Font.Encoding(program) is { } own)
        {
            return own;
        }

        return descriptor.StandardFont switch
        {
            _ when isDrawn => new string?[256],
            "Symbol" when !isTrueType => GlyphEncodings.Symbol,
            "ZapfDingbats" when !isTrueType => GlyphEncodings.ZapfDingbats,
            _ when !isTrueType => GlyphEncodings.Standard,
            _ when isDescribed && !descriptor.IsSymbolic => GlyphEncodings.Standard,
            _ when descriptor.IsEmbedded => new string?[256], // Its own table of characters is asked.
            _ => GlyphEncodings.WinAnsi,
        };
    }

    // "code /name /name … code /name …"
    private void ReadDifferences(PdfFile file, IReadOnlyList<PdfObject> items)
    {
        var code = 0;
        foreach (var item in items)
        {
            switch (file.Resolve(item))
            {
                case PdfNumber number:
                    code = number.Integer;
                    break;
                case PdfName { Value: var name }:
                    if (code is >= 0 and < 256)
                    {
                        differences[code] = name;
                    }

                    code = Math.Min(code, 256) + 1;
                    break;
            }
        }
    }
}
