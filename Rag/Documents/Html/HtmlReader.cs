using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents.Html;

/// <summary>
/// Reads the visible text of web pages, in order. It loads nothing, runs no script and builds no tree: AngleSharp's tokenizer, which is linear,
/// yields the tags, and <see cref="HtmlText"/> keeps the open ones (its tree builder takes over 30 s for 200,000 nested <c>div</c>).
/// </summary>
public sealed class HtmlReader : DocumentReader
{
    /// <summary>About a second's work (1,974 pages of 85 MB took 4.9 s, not optimised); larger pages have embedded pictures.</summary>
    public const int BytesMax = 16_000_000;

    /// <summary>The reader searches comments and declarations before the first tag up to here.</summary>
    private const int PrologueBytesMax = 16_384;

    private static readonly string[] Beginnings = ["!doctype html", "html", "head", "body"];

    public override DocumentFormat Format { get; } = new("HTML", "text/html", [".html", ".htm", ".xhtml"]);

    /// <summary>A page begins with its doctype or one of its outer tags. The name only helps for a fragment.</summary>
    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) =>
        BeginsPage(Beginning(bytes)) || (HasExtension(Format, fileName) && TextDecoder.Fault(bytes) is null);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        if (bytes.Length > BytesMax)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.HtmlTooLarge, BytesMax / 1_000_000));
        }

        var (html, faults) = TextDecoder.Decode(bytes.Span, HtmlEncoding.Declared(bytes.Span));
        if (faults > 0)
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.LostCharacters, faults));
        }

        foreach (var part in new HtmlText(html, new()).Parts())
        {
            yield return part;
        }
    }

    private static string Beginning(ReadOnlySpan<byte> bytes)
    {
        var start = bytes[..Math.Min(bytes.Length, PrologueBytesMax)];
        return start switch
        {
            [0xEF, 0xBB, 0xBF, .. var rest] => Encoding.Latin1.GetString(rest),
            [0xFF, 0xFE, .. var rest] => Encoding.Unicode.GetString(rest),
            [0xFE, 0xFF, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
            _ => Encoding.Latin1.GetString(start),
        };
    }

    /// <summary>Returns whether a page begins after white space, comments and an XML declaration.</summary>
    private static bool BeginsPage(ReadOnlySpan<char> text)
    {
        while (true)
        {
            text = text.TrimStart();
            var mark = text.StartsWith("<!--") ? "-->" : text.StartsWith("<?") ? ">" : null;
            if (mark is null)
            {
                break;
            }

            var end = text.IndexOf(mark);
            if (end < 0)
            {
                return false;
            }

            text = text[(end + mark.Length)..];
        }

        foreach (var name in Beginnings)
        {
            if (text is ['<', .. var tag] && tag.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (tag.Length == name.Length || !char.IsLetterOrDigit(tag[name.Length])))
            {
                return true;
            }
        }

        return false;
    }
}
