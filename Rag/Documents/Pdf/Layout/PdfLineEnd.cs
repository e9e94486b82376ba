using System.Text;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Decides from the end of a line whether the next line continues its paragraph, and what separates the two.</summary>
/// <remarks>
/// Lines are joined with a space, Chinese and Japanese letters without one. A final hyphen is removed after letters if a
/// small letter follows, as in pdftotext; the parts of <c>1998-\n2003</c> keep theirs. Korean lines end between words, or anywhere in one
/// (<c>이메\n일로</c>): <see cref="PdfWordBreaks"/> decides which of the two a document does.
/// </remarks>
internal static class PdfLineEnd
{
    private const char SoftHyphen = '\u00AD';

    /// <summary>Returns the text of a line plus the separator from the next, which continues it.</summary>
    /// <param name="isCell">Lines of a table's cell: they are so short that words break in them in any document.</param>
    public static string Joined(PdfLine line, PdfLine next, PdfWordBreaks breaks, bool isCell = false)
    {
        var (text, last, first) = (line.Text, Last(line.Text), First(next.Text));
        if (text.Length > 1 && text[^1] is '-' or '\u2010' or SoftHyphen)
        {
            var before = Last(text[..^1]);
            if (text[^1] == SoftHyphen || (Rune.IsLetter(before) && Rune.IsLower(first)))
            {
                return text[..^1];
            }

            return Rune.IsLetterOrDigit(before) && Rune.IsLetterOrDigit(first) ? text : text + " ";
        }

        var isWhole = line.EndsWithSpace || !(IsUnspaced(last) && IsUnspaced(first)) && !(IsHangul(last) && IsHangul(first) && (breaks.IsCut(line, next) || (isCell && PdfWordBreaks.BeginsInside(line.Text, next.Text))));
        return isWhole ? text + " " : text;
    }

    /// <summary>True if a text ends as sentences do: the next column or page begins with a new one.</summary>
    public static bool EndsSentence(string text) => text.AsSpan().TrimEnd("\"'”’」』)]").EndsWithAny('.', '!', '?', ':', '。', '…', ';');

    /// <summary>True if a text may begin in the middle of a sentence.</summary>
    public static bool BeginsInside(string text) => First(text) is var first && (Rune.IsLower(first) || IsHangul(first) || IsUnspaced(first) || Rune.IsDigit(first) || first.Value is '(' or '‘' or '“');

    public static bool IsHangul(Rune rune) => rune.Value is >= '가' and <= '힣';

    public static Rune First(string text) => Rune.DecodeFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;

    public static Rune Last(string text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;

    /// <summary>True for letters and marks of scripts without spaces between words: Han, Kana, their punctuation.</summary>
    private static bool IsUnspaced(Rune rune) => rune.Value is (>= 0x3001 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF01 and <= 0xFF0F) or 0xFF1A or 0xFF1B or 0xFF1F or (>= 0x20000 and <= 0x3FFFF);

    private static bool EndsWithAny(this ReadOnlySpan<char> text, params ReadOnlySpan<char> marks) => !text.IsEmpty && marks.Contains(text[^1]);
}
