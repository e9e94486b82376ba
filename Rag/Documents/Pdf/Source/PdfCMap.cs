using System.Text;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.PdfFonts;
using UglyToad.PdfPig.Tokenization.Scanner;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>How a composite font's strings are cut into codes (ISO 32000-2, 9.7.5): by PdfPig's CMap, or here where that is simpler or PdfPig has none.</summary>
/// <remarks>
/// PdfPig carries no CMap for UTF-8, UTF-32 and Johab, and none of the collection Adobe-KR. Their codes are characters in another encoding: each is read as that
/// character, and shown as the code that <c>Uni…-UTF16</c>, which PdfPig has, gives it.
/// </remarks>
internal sealed class PdfCMap
{
    private const int JohabCodePage = 1361;
    private const int CodeBytesMax = 4;

    private readonly Form form;

    private PdfCMap(Form form, IToken token, bool isVertical, string? collection)
    {
        (this.form, Token, IsVertical, Collection) = (form, token, isVertical, collection);
    }

    private enum Form
    {
        /// <summary>Two bytes, which are the character number.</summary>
        Identity,

        /// <summary>PdfPig's CMap cuts.</summary>
        Mapped,

        Utf8,
        Utf16,
        Utf32,
        Johab,
    }

    /// <summary>The encoding that PdfPig is given.</summary>
    public IToken Token { get; }

    /// <summary>Writing mode 1: glyphs stand below each other.</summary>
    public bool IsVertical { get; }

    /// <summary>The character collection of Adobe, as <c>Korea1</c>; null where it is none that is known.</summary>
    public string? Collection { get; }

    public bool HasCollection => Collection is not null;

    public bool IsIdentity => form == Form.Identity;

    /// <summary>True where the font's character numbers are not those that PdfPig's CMap gives: its widths mean nothing then.</summary>
    public bool IsOfOtherCollection { get; private init; }

    /// <param name="font">The dictionary of the composite font.</param>
    public static PdfCMap Of(IPdfTokenScanner scanner, DictionaryToken font)
    {
        var descendants = scanner.Find<ArrayToken>(font, "DescendantFonts");
        var system = scanner.Find<DictionaryToken>(descendants is { Length: > 0 } ? scanner.Find<DictionaryToken>(descendants[0]) : null, "CIDSystemInfo");
        var ordering = scanner.Bytes(system.Entry("Ordering")) is { } bytes ? Encoding.Latin1.GetString(bytes) : null;
        var collection = ordering is "Korea1" or "Japan1" or "GB1" or "CNS1" ? ordering : null;
        if (scanner.Find<StreamToken>(font, "Encoding") is { } stream)
        {
            var isVertical = scanner.Number(stream.StreamDictionary, "WMode") == 1 || stream.Data.Span.IndexOf("/WMode 1"u8) >= 0;
            return new(Form.Mapped, font.Entry("Encoding")!, isVertical, collection);
        }

        var name = scanner.Name(font, "Encoding") ?? "Identity-H";
        var (given, suffix) = name.EndsWith("-V", StringComparison.Ordinal) ? (name[..^2], "-V") : name.EndsWith("-H", StringComparison.Ordinal) ? (name[..^2], "-H") : (name, "");
        collection ??= OrderingOf(name);
        var form = given switch
        {
            "KSC-Johab" => Form.Johab,
            "UniAKR-UTF8" or "UniKS-UTF8" or "UniJIS-UTF8" or "UniGB-UTF8" or "UniCNS-UTF8" => Form.Utf8,
            _ when given.StartsWith("Uni", StringComparison.Ordinal) && (given.Contains("-UTF16", StringComparison.Ordinal) || given.Contains("-UCS2", StringComparison.Ordinal)) => Form.Utf16,
            "UniAKR-UTF32" or "UniKS-UTF32" or "UniJIS-UTF32" or "UniGB-UTF32" or "UniCNS-UTF32" => Form.Utf32,
            "Identity" => Form.Identity,
            _ => OrderingOf(name) is null ? Form.Identity : Form.Mapped,
        };
        var token = form switch
        {
            Form.Identity => "Identity" + (suffix.Length == 0 ? "-H" : suffix),
            Form.Mapped => name,
            Form.Utf16 when !given.StartsWith("UniAKR", StringComparison.Ordinal) => name,
            _ => (given == "KSC-Johab" || given.StartsWith("UniAKR", StringComparison.Ordinal) ? "UniKS" : given[..given.IndexOf('-', StringComparison.Ordinal)]) + "-UTF16" + suffix,
        };
        return new(form, NameToken.Create(token), suffix == "-V" || name == "V", collection) { IsOfOtherCollection = given.StartsWith("UniAKR", StringComparison.Ordinal) };
    }

    /// <summary>The code at which the bytes stand; moves them to its last byte.</summary>
    /// <param name="font">PdfPig's font with this encoding; null where it refused that.</param>
    public int Read(IInputBytes bytes, IFont? font, out int length)
    {
        switch (form)
        {
            case Form.Mapped when font is not null:
                return font.ReadCharacterCode(bytes, out length);
            case Form.Utf8:
                return Unicode(Encoding.UTF8, bytes, bytes.CurrentByte switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => CodeBytesMax }, out length);
            case Form.Utf16:
                return Unicode(Encoding.BigEndianUnicode, bytes, bytes.CurrentByte is >= 0xD8 and <= 0xDB ? CodeBytesMax : 2, out length);
            case Form.Utf32:
                return Unicode(new UTF32Encoding(bigEndian: true, byteOrderMark: false), bytes, CodeBytesMax, out length);
            case Form.Johab:
                return Unicode(CodePagesEncodingProvider.Instance.GetEncoding(JohabCodePage)!, bytes, bytes.CurrentByte < 0x80 ? 1 : 2, out length);
            default:
                var high = bytes.CurrentByte;
                length = bytes.MoveNext() ? 2 : 1;
                return length == 2 ? (high << 8) | bytes.CurrentByte : high;
        }
    }

    /// <summary>The text of a code that is a character; null for others.</summary>
    public string? Text(int code) => form switch
    {
        Form.Identity or Form.Mapped => null,
        _ when (uint)code <= char.MaxValue => ((char)code).ToString(),
        _ => new([(char)(code >> 16), (char)code]),
    };

    /// <summary>The collection whose characters a predefined CMap gives; null for others.</summary>
    private static string? OrderingOf(string name) => name switch
    {
        _ when name.StartsWith("UniKS", StringComparison.Ordinal) || name.StartsWith("UniAKR", StringComparison.Ordinal) || name.StartsWith("KSC", StringComparison.Ordinal) => "Korea1",
        _ when name.StartsWith("UniJIS", StringComparison.Ordinal) || name.Contains("RKSJ", StringComparison.Ordinal) || name is "H" or "V" or "EUC-H" or "EUC-V" => "Japan1",
        _ when name.StartsWith("UniGB", StringComparison.Ordinal) || name.StartsWith("GB", StringComparison.Ordinal) => "GB1",
        _ when name.StartsWith("UniCNS", StringComparison.Ordinal) || name.Contains("B5", StringComparison.Ordinal) || name.StartsWith("CNS", StringComparison.Ordinal) => "CNS1",
        _ => null,
    };

    /// <summary>One character of so many bytes, as the code that a CMap for UTF-16 gives it: one unit, or two side by side.</summary>
    private static int Unicode(Encoding encoding, IInputBytes bytes, int count, out int length)
    {
        Span<byte> code = stackalloc byte[CodeBytesMax];
        code[0] = bytes.CurrentByte;
        for (length = 1; length < count && bytes.MoveNext(); length++)
        {
            code[length] = bytes.CurrentByte;
        }

        var text = encoding.GetString(code[..length]);
        return text.Length switch { 0 => 0, 1 => text[0], _ => (text[0] << 16) | text[1] };
    }
}
