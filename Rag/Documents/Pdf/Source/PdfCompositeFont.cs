using System.Text;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>A font with multi-byte codes (Type 0): a CMap maps these to character numbers (CIDs), and its descendant has their glyphs (ISO 32000-2, 9.7).</summary>
/// <remarks>
/// PdfPig has no CMap for UTF-8, UTF-32 and Johab, and none of the collection Adobe-KR. Their codes are characters in another encoding: each is decoded to its
/// character and shown as the code for it in <c>Uni…-UTF16</c>, which PdfPig has.
/// </remarks>
internal sealed class PdfCompositeFont : PdfFont
{
    /// <summary>The most widths read, repetitions included: a file may repeat a list many times.</summary>
    private const int WidthsMax = 200_000;

    private const int JohabCodePage = 1361;
    private const int CodeBytesMax = 4;
    private const double VerticalAdvanceDefault = -1_000;

    private readonly Dictionary<int, PdfCharacter> characters = [];
    private readonly IToken encoding;
    private readonly Decoder? decoder;
    private readonly string? collection;
    private readonly bool isUnicode;
    private readonly double verticalAdvance;
    private readonly double width;
    private readonly ArrayToken? widths;

    /// <param name="descendant">The dictionary of the font with the glyphs.</param>
    public PdfCompositeFont(PdfResources resources, IPdfTokenScanner scanner, DictionaryToken font, DictionaryToken descendant)
        : base(resources, scanner, font, descendant)
    {
        var name = scanner.Name(font, "Encoding") ?? "Identity-H";
        var stream = scanner.Find<StreamToken>(font, "Encoding");
        IsVertical = stream is null ? name.EndsWith('V') : scanner.Number(stream.StreamDictionary, "WMode") == 1 || stream.Data.Span.IndexOf("/WMode 1"u8) >= 0;
        decoder = DecoderOf(name);
        encoding = stream is not null ? font.Entry("Encoding")! : NameToken.Create(decoder is null ? name : NameInPdfPig(name));
        collection = scanner.Bytes(scanner.Find<DictionaryToken>(descendant, "CIDSystemInfo").Entry("Ordering")) is { } bytes ? Encoding.Latin1.GetString(bytes) : null;
        // Programs that embed no font mostly write Unicode if they name "identity".
        isUnicode = scanner.Name(font, "ToUnicode") is "Identity-H" or "Identity-V"
            || (stream is null && name.StartsWith("Identity", StringComparison.Ordinal) && !IsEmbedded && collection is not ("Korea1" or "Japan1" or "GB1" or "CNS1"));
        verticalAdvance = (scanner.Numbers(descendant, "DW2", 2)?[1] ?? VerticalAdvanceDefault) / Thousand;
        width = (scanner.Number(descendant, "DW") ?? Thousand) / Thousand;
        // PdfPig's character numbers belong to another collection here.
        widths = name.StartsWith("UniAKR", StringComparison.Ordinal) ? null : Widths(scanner, scanner.Find<ArrayToken>(descendant, "W")?.Data ?? []);
        if (stream is null && decoder is null && !name.StartsWith("Identity", StringComparison.Ordinal) && resources.Read(Reduced()) is null)
        {
            (encoding, collection) = (NameToken.Create(IsVertical ? "Identity-V" : "Identity-H"), null); // PdfPig has no CMap of that name.
        }
    }

    public override bool IsVertical { get; }

    public override PdfCharacter Read(IInputBytes bytes)
    {
        var code = ReadCode(bytes, out var length);
        // A code's length is part of it: <20> and <0020> are two codes.
        var key = length == 1 ? ~code : code;
        if (!characters.TryGetValue(key, out var character))
        {
            // PdfPig scans a CMap's ranges for each width.
            var across = widths is null ? width : Given?.GetBoundingBox(code).Width ?? width;
            character = new(Text(code), IsVertical ? verticalAdvance : across, length == 1 && code == ' ');
            characters.Add(key, character);
        }

        return character;
    }

    /// <summary>Keeps the types and the collection that PdfPig needs, without the font program, which text does not need.</summary>
    protected override DictionaryToken Reduced()
    {
        var name = NameToken.Create(Look.Name);
        var system = DictionaryToken.Empty.With("Registry", new StringToken("Adobe")).With("Ordering", new StringToken(collection ?? "Identity")).With("Supplement", NumericToken.Zero);
        var glyphs = DictionaryToken.Empty.With("Type", NameToken.Font).With("Subtype", NameToken.CidFontType2).With("BaseFont", name).With("CIDSystemInfo", system)
            .With("FontDescriptor", DictionaryToken.Empty.With("Type", NameToken.FontDescriptor).With("FontName", name))
            .With("DW", new NumericToken(width * Thousand)).With("W", widths ?? new([]));
        return DictionaryToken.Empty.With("Type", NameToken.Font).With("Subtype", NameToken.Type0).With("BaseFont", name)
            .With("Encoding", encoding).With("DescendantFonts", new ArrayToken([glyphs]));
    }

    protected override string? TextWithoutMap(int code, Func<string?> known) =>
        (decoder is null ? known() : Character(code)) ?? (isUnicode ? Character(code) : null);

    private static string? Character(int code) => (uint)code > char.MaxValue ? new([(char)(code >> 16), (char)code]) : code >= ' ' ? ((char)code).ToString() : null;

    /// <summary>Returns a decoder for codes that are characters in a known encoding; null for others.</summary>
    private static Decoder? DecoderOf(string name) => (name switch
    {
        _ when name.StartsWith("KSC-Johab", StringComparison.Ordinal) => CodePagesEncodingProvider.Instance.GetEncoding(JohabCodePage),
        _ when !name.StartsWith("Uni", StringComparison.Ordinal) => null,
        _ when name.Contains("-UTF8", StringComparison.Ordinal) => Encoding.UTF8,
        _ when name.Contains("-UTF32", StringComparison.Ordinal) => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
        _ when name.Contains("-UTF16", StringComparison.Ordinal) || name.Contains("-UCS2", StringComparison.Ordinal) => Encoding.BigEndianUnicode,
        _ => null,
    })?.GetDecoder();

    private static string NameInPdfPig(string name)
    {
        var parts = name.Replace("KSC-Johab", "UniKS-UTF16", StringComparison.Ordinal).Replace("UniAKR", "UniKS", StringComparison.Ordinal).Split('-');
        return parts[1].StartsWith("UCS2", StringComparison.Ordinal) ? name : string.Join('-', [parts[0], "UTF16", .. parts[2..]]);
    }

    /// <summary>Reads the code at the current byte; a surrogate pair becomes both units side by side.</summary>
    private int ReadCode(IInputBytes bytes, out int length)
    {
        if (decoder is null && Given is { } font)
        {
            return font.ReadCharacterCode(bytes, out length);
        }

        Span<char> text = stackalloc char[2 * CodeBytesMax];
        var (code, count) = (0, 0);
        decoder?.Reset();
        length = 0;
        do
        {
            length++;
            code = (code << 8) | bytes.CurrentByte;
            count = decoder?.GetChars([bytes.CurrentByte], text, flush: false) ?? 0;
        }
        while (count == 0 && length < (decoder is null ? 2 : CodeBytesMax) && bytes.MoveNext());
        return count switch { 0 => code, 1 => text[0], _ => (text[0] << 16) | text[1] };
    }

    /// <summary>Reads "first [width …]" or "first last width"; null for none. PdfPig trusts truncated lists and endless ranges.</summary>
    private static ArrayToken? Widths(IPdfTokenScanner scanner, IReadOnlyList<IToken> items)
    {
        var (good, left) = (new List<IToken>(), WidthsMax);
        int Cid(IToken item) => (int)Math.Clamp(scanner.Number(item) ?? 0, 0, char.MaxValue);
        NumericToken Width(IToken item) => new(scanner.Number(item) ?? 0);
        for (var at = 0; at + 1 < items.Count && left > 0;)
        {
            var (first, list) = (Cid(items[at]), scanner.Find<ArrayToken>(items[at + 1]));
            var last = list is null ? Cid(items[at + 1]) : first + Math.Min(list.Length, left);
            good.AddRange(list is not null ? [new NumericToken(first), new ArrayToken([.. list.Data.Take(left).Select(Width)])]
                : at + 2 < items.Count ? [new NumericToken(first), new NumericToken(last), Width(items[at + 2])] : []);
            (at, left) = (at + (list is null ? 3 : 2), left - Math.Max(1, last - first));
        }

        return good.Count == 0 ? null : new(good);
    }
}
