using System.Text;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>Strings that are text, such as titles and bookmarks (ISO 32000-2, 7.9.2.2).</summary>
internal static class PdfTextString
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // PDFDocEncoding from 0x80 on up to 0x9F; the rest of it is Latin-1.
    private const string Specials = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\uFFFD";

    /// <summary>UTF-16 or UTF-8 by its mark; without one UTF-8 where the bytes are that, then PDFDocEncoding. Old Korean producers write CP949 there, which shows itself by its pairs of high bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFE, 0xFF, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
        [0xFF, 0xFE, .. var rest] => Encoding.Unicode.GetString(rest),
        [0xEF, 0xBB, 0xBF, .. var rest] => Encoding.UTF8.GetString(rest),
        _ => Unmarked(bytes),
    };

    private static string Unmarked(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0)
        {
            return Encoding.Latin1.GetString(bytes);
        }

        return StrictText(bytes) ?? (TextDecoder.TryKorean(bytes) ?? DocumentEncoding(bytes));
    }

    private static string? StrictText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null; // the next encoding is tried
        }
    }

    private static string DocumentEncoding(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
        {
            text.Append(value is >= 0x80 and <= 0x9F ? Specials[value - 0x80] : value == 0xA0 ? '€' : (char)value);
        }

        return text.ToString();
    }
}
