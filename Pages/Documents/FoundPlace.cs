using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Pages.Documents;

/// <summary>A place in a document where searched words occur.</summary>
/// <param name="Page">Null for a format without pages.</param>
/// <param name="Before">What precedes the words.</param>
public sealed record FoundPlace(string Url, int? Page, string? Heading, string Before, string Words, string After)
{
    /// <summary>The characters shown on each side of the words.</summary>
    private const int AroundCharactersMax = 60;

    public static FoundPlace Of(DocumentPassage passage, string words, long documentId)
    {
        var text = passage.Text;
        // The database compares without regard to case, and white space may be a line's end.
        var (start, length) = QuotedWords.Find(text, words) ?? QuotedWords.Find(text.ToLowerInvariant(), words.ToLowerInvariant()) ?? (0, 0);
        var (first, end) = (Math.Max(0, start - AroundCharactersMax), Math.Min(text.Length, start + length + AroundCharactersMax));
        var quoted = text.Substring(start, length);
        var url = SourceUrl.Quoted(SourceUrl.Of(documentId, passage.Id, passage.Page), PassageKind.Document, quoted);
        return new(url, passage.Page, passage.Heading, (first > 0 ? "…" : "") + TextNormalizer.OneLine(text[first..start], AroundCharactersMax) + " ", quoted, " " + TextNormalizer.OneLine(text[(start + length)..end], AroundCharactersMax) + (end < text.Length ? "…" : ""));
    }
}
