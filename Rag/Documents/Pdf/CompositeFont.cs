using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>A font with codes of several bytes (Type 0): a CMap makes character numbers of them, its descendant has their glyphs (ISO 32000-2, 9.7).</summary>
internal sealed class CompositeFont : PdfFont
{
    /// <summary>Codes of which the character is kept; a font has at most 65,536, only hostile files use more.</summary>
    private const int CachedMax = 70_000;

    private readonly Dictionary<uint, PdfCharacter> characters = [];
    private readonly CMap encoding;
    private readonly CMap? toUnicode;
    private readonly bool isUnicode;
    private readonly CMap? collection;
    private readonly PdfFontDescriptor descriptor;
    private readonly CidMetrics metrics;
    private readonly Lazy<ReadOnlyMemory<byte>> glyphNumbers;

    /// <param name="descendant">The dictionary of the font that has the glyphs.</param>
    /// <param name="ordering">Of the character collection, as <c>Korea1</c>; null where it is none that is known.</param>
    /// <param name="isUnicode">True where the font says that its codes are Unicode: <c>/ToUnicode /Identity-H</c>.</param>
    public CompositeFont(PdfFile file, PdfDictionary descendant, PdfFontDescriptor descriptor, CMap encoding, string? ordering, CMap? toUnicode, bool isUnicode)
        : base(descriptor.Look)
    {
        (this.descriptor, this.encoding, this.toUnicode, this.isUnicode) = (descriptor, encoding, toUnicode, isUnicode);
        collection = ordering is null ? null : CMapLibrary.Texts(ordering);
        metrics = new(file, descendant);
        // Only a font without a ToUnicode map needs it.
        glyphNumbers = new(() => file.Stream(descendant, "CIDToGIDMap") is { } map ? file.Decode(map) : default, LazyThreadSafetyMode.None);
    }

    public override bool IsVertical => encoding.IsVertical;

    public override PdfCharacter Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var code = encoding.ReadCode(bytes, out length);

        // A code's length is a part of it: <41> and <0041> are two codes.
        var key = length == CMap.CodeBytesMax ? code : code | ((uint)length << 29);
        if (!characters.TryGetValue(key, out var character))
        {
            character = Describe(code, length);
            if (characters.Count < CachedMax)
            {
                characters.Add(key, character);
            }
        }

        return character;
    }

    private PdfCharacter Describe(uint code, int length)
    {
        var number = encoding.Character(code);
        var isSpace = length == 1 && code == ' ';
        return new(Text(code, number), IsVertical ? metrics.VerticalAdvance(number) : metrics.Width(number), isSpace);
    }

    private string Text(uint code, int number)
    {
        var mapped = toUnicode?.Text(code);
        if (IsGood(mapped))
        {
            return mapped;
        }

        var text = encoding.Text(code) ?? collection?.Text((uint)number);
        text = IsGood(text) ? text : ProgramText(number) ?? text;
        if (IsGood(text))
        {
            return text;
        }

        if (mapped is { Length: > 0 } && !CMap.IsNoText(mapped))
        {
            return mapped;
        }

        // Programs that embed no font mostly write Unicode where they say "identity".
        return isUnicode || (encoding.IsIdentity && !descriptor.IsEmbedded && collection is null) ? Character(code) : "";
    }

    private string? ProgramText(int number)
    {
        if (descriptor.Cff is { } cff)
        {
            return cff.Name(cff.Glyph(number)) is { } name && GlyphNames.Text(name) is { } text ? text : descriptor.TrueType?.Text(cff.Glyph(number));
        }

        var (numbers, at) = (glyphNumbers.Value, 2 * number);
        int glyph = numbers.IsEmpty ? number : at + 2 <= numbers.Length ? BinaryPrimitives.ReadUInt16BigEndian(numbers.Span[at..]) : 0;
        return glyph == 0 ? null : descriptor.TrueType?.Text(glyph);
    }

    private static string Character(uint code) => System.Text.Rune.TryCreate(code, out var rune) && code >= ' ' ? rune.ToString() : "";
}
