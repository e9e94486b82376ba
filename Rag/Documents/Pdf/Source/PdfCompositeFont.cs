using System.Text;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>A font with codes of several bytes (Type 0): a CMap makes character numbers (CIDs) of them, its descendant has their glyphs (ISO 32000-2, 9.7).</summary>
internal sealed class PdfCompositeFont : PdfFont
{
    /// <summary>Codes of which the character is kept; a font has at most 65,536, only hostile files use more.</summary>
    private const int CachedMax = 70_000;

    /// <summary>Character numbers of a font.</summary>
    private const int CidMax = 0xFFFF;

    /// <summary>Widths that are read, repetitions counted: a list may stand there many times over.</summary>
    private const int WidthsMax = 200_000;

    private const double VerticalAdvanceDefault = -1_000;

    private readonly Dictionary<int, PdfCharacter> characters = [];
    private readonly IPdfTokenScanner scanner;
    private readonly ILookupFilterProvider filters;
    private readonly DictionaryToken font;
    private readonly DictionaryToken descendant;
    private readonly PdfCMap encoding;
    private readonly Lazy<IFont?> mapped;
    private readonly Lazy<IFont?> plain;
    private readonly bool isUnicode;
    private readonly double verticalAdvance;
    private readonly double width;
    private readonly ArrayToken widths;
    private readonly Lazy<ReadOnlyMemory<byte>> glyphNumbers;

    /// <param name="descendant">The dictionary of the font that has the glyphs.</param>
    public PdfCompositeFont(PdfResources resources, IPdfTokenScanner scanner, ILookupFilterProvider filters, DictionaryToken font, DictionaryToken descendant, PdfFontDescriptor descriptor)
        : base(descriptor)
    {
        (this.scanner, this.filters, this.font, this.descendant) = (scanner, filters, font, descendant);
        encoding = PdfCMap.Of(scanner, font);
        isUnicode = scanner.Name(font, "ToUnicode") is "Identity-H" or "Identity-V";
        verticalAdvance = (scanner.Numbers(descendant, "DW2", 2)?[1] ?? VerticalAdvanceDefault) / Thousand;
        width = (scanner.Number(descendant, "DW") ?? Thousand) / Thousand;
        // PdfPig's numbers are those of another collection there.
        widths = encoding.IsOfOtherCollection ? new([]) : Widths();
        mapped = new(() => scanner.Find<StreamToken>(font, "ToUnicode") is not null ? resources.Read(Reduced().With("ToUnicode", font.Entry("ToUnicode")!)) : null, LazyThreadSafetyMode.None);
        plain = new(() => resources.Read(Reduced()), LazyThreadSafetyMode.None);
        glyphNumbers = new(() => scanner.Find<StreamToken>(descendant, "CIDToGIDMap") is { } map ? map.Decode(filters, scanner) : default, LazyThreadSafetyMode.None);
    }

    public override bool IsVertical => encoding.IsVertical;

    private IFont? First => mapped.Value ?? plain.Value;

    public override PdfCharacter Read(IInputBytes bytes)
    {
        var code = encoding.Read(bytes, First, out var length);
        // A code's length is a part of it: <20> and <0020> are two codes.
        var key = length == 1 ? ~code : code;
        if (!characters.TryGetValue(key, out var character))
        {
            character = new(Text(code), IsVertical ? verticalAdvance : Width(code), length == 1 && code == ' ');
            if (characters.Count < CachedMax)
            {
                characters.Add(key, character);
            }
        }

        return character;
    }

    // PdfPig walks through a CMap's ranges for each width.
    private double Width(int code) => widths.Length == 0 ? width : First?.GetBoundingBox(code).Width ?? width;

    private string Text(int code)
    {
        string? map = null;
        if (mapped.Value?.TryGetUnicode(code, out map) == true && IsGood(map))
        {
            return map;
        }

        string? text = null;
        text = encoding.Text(code) ?? (plain.Value?.TryGetUnicode(code, out text) == true ? text : null);
        text = IsGood(text) ? text : encoding.IsIdentity ? ProgramText(code) ?? text : text;
        if (IsGood(text))
        {
            return text;
        }

        if (map is { Length: > 0 } && !IsNoText(map))
        {
            return map;
        }

        // Programs that embed no font mostly write Unicode where they say "identity".
        return isUnicode || (encoding.IsIdentity && !Descriptor.IsEmbedded && !encoding.HasCollection) ? Character(code) : "";
    }

    private string? ProgramText(int cid)
    {
        var (numbers, at) = (glyphNumbers.Value, 2 * cid);
        var glyph = numbers.IsEmpty ? cid : at + 2 <= numbers.Length ? (numbers.Span[at] << 8) | numbers.Span[at + 1] : 0;
        return glyph == 0 ? null : Descriptor.Program.Text(glyph);
    }

    private static string Character(int code) => code >= ' ' && Rune.TryCreate(code, out var rune) ? rune.ToString() : "";

    /// <summary>The dictionary that PdfPig reads: with the types and the collection that it asks for, without the program, which text does not need.</summary>
    private DictionaryToken Reduced()
    {
        var name = NameToken.Create(Look.Name);
        var system = encoding.Collection is { } ordering
            ? DictionaryToken.Empty.With("Registry", new StringToken("Adobe")).With("Ordering", new StringToken(ordering)).With("Supplement", NumericToken.Zero)
            : DictionaryToken.Empty.With("Registry", new StringToken("Adobe")).With("Ordering", new StringToken("Identity")).With("Supplement", NumericToken.Zero);
        var reduced = DictionaryToken.Empty.With("Type", NameToken.Font).With("Subtype", NameToken.CidFontType2).With("BaseFont", name).With("CIDSystemInfo", system)
            .With("FontDescriptor", DictionaryToken.Empty.With("Type", NameToken.FontDescriptor).With("FontName", name))
            .With("DW", new NumericToken(width * Thousand)).With("W", widths);
        return DictionaryToken.Empty.With("Type", NameToken.Font).With("Subtype", NameToken.Type0).With("BaseFont", name)
            .With("Encoding", encoding.Token).With("DescendantFonts", new ArrayToken([reduced]));
    }

    /// <summary>The widths, "first [width …]" or "first last width", without what PdfPig would take at its word: lists that break off, and ranges without end.</summary>
    private ArrayToken Widths()
    {
        var items = scanner.Find<ArrayToken>(descendant, "W")?.Data ?? [];
        var good = new List<IToken>();
        var left = WidthsMax;
        for (var at = 0; at + 1 < items.Count && left > 0;)
        {
            if (scanner.Number(items[at]) is not (>= 0 and <= CidMax and var first))
            {
                at++;
            }
            else if (scanner.Find<ArrayToken>(items[at + 1]) is { } list)
            {
                var widths = list.Data.Take((int)Math.Min(left, CidMax + 1 - first)).Select(width => (IToken)new NumericToken(scanner.Number(width) ?? 0)).ToList();
                good.AddRange([new NumericToken(first), new ArrayToken(widths)]);
                (at, left) = (at + 2, left - widths.Count - 1);
            }
            else
            {
                if (at + 2 < items.Count && scanner.Number(items[at + 1]) is { } last && last >= first && scanner.Number(items[at + 2]) is { } width)
                {
                    last = Math.Min(Math.Min(last, CidMax), first + left - 1);
                    good.AddRange([new NumericToken(first), new NumericToken(last), new NumericToken(width)]);
                    left -= (int)(last - first) + 1;
                }

                at += 3;
            }
        }

        return new(good);
    }
}
