using System.Text;
using UglyToad.PdfPig.Core;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>Decodes text strings, such as titles and bookmarks (ISO 32000-2, 7.9.2.2).</summary>
internal static class PdfTextString
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes UTF-16 or UTF-8 by its mark; without one, UTF-8 if the bytes are valid, then PDFDocEncoding. Old Korean producers write CP949 there, recognisable by its pairs of high bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFE, 0xFF, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
        [0xFF, 0xFE, .. var rest] => Encoding.Unicode.GetString(rest),
        [0xEF, 0xBB, 0xBF, .. var rest] => Encoding.UTF8.GetString(rest),
        _ => Utf8(bytes) ?? TextDecoder.TryKorean(bytes) ?? (PdfDocEncoding.TryConvertBytesToString(bytes, out var text) ? text! : Encoding.Latin1.GetString(bytes)),
    };

    private static string? Utf8(ReadOnlySpan<byte> bytes)
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
}
