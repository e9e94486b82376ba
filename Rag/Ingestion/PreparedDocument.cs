using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Passages;

namespace Pybo.Rag.Ingestion;

/// <summary>A document that was read and split, ready to be embedded and written. It no longer holds the text, which its passages cover.</summary>
internal sealed record PreparedDocument(SourceKey Key, DocumentFacts Read, IReadOnlyList<NewPassage> Passages)
{
    /// <summary>The minimum characters per chunk: a text without words to cut between makes few chunks but costs as much.</summary>
    private const int CharactersPerChunk = 500;

    public int Chunks { get; } = Passages.Sum(p => p.Chunks.Count);

    /// <inheritdoc cref="ClaimedDocument.Owner"/>
    public long Owner { get; init; }

    /// <summary>The cost counted against quotas: <see cref="Document.Chunks"/>.</summary>
    public int Cost => Read.Cost ?? Chunks;

    /// <summary>Builds the row's data about a document's text, and its passages with their first pages.</summary>
    public static PreparedDocument Of(SourceKey key, DocumentText text, Chunker chunker)
    {
        var starts = text.Pages.Select(p => p.Start).ToList();
        var passages = chunker.Split(text).ConvertAll(passage => passage with { Page = PageAt(passage.Start) });
        return new(key, new DocumentFacts(text.Title, text.Text.Length)
        {
            Cost = Math.Max(passages.Sum(p => p.Chunks.Count), text.Text.Length / CharactersPerChunk),
            Format = text.Format,
            Pages = [.. text.Pages.Select(page => Page(key.Id, page))],
            Warnings = string.Join('\n', text.Warnings.Select(warning => warning.Stored(Document.WarningsMax / DocumentBuilder.WarningsMax))),
            IsTruncated = text.Truncated,
        }, passages);

        // If several pages begin at one place, all but the last are empty.
        int? PageAt(int offset)
        {
            var (low, high) = (0, starts.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = starts[middle] <= offset ? (middle + 1, high) : (low, middle);
            }

            return low == 0 ? null : text.Pages[low - 1].Number;
        }
    }

    private static DocumentPage Page(long documentId, PageText page) => new()
    {
        DocumentId = documentId,
        Number = page.Number,
        Start = page.Start,
        Length = page.Length,
        Width = page.Width,
        Height = page.Height,
        Lines = PageLines.Encode(page.Start, page.Lines),
    };
}
