using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A passage of a document, in reading order.</summary>
/// <param name="Page">The page it begins on; null for a format without pages.</param>
/// <param name="Start">Its start in the document's text, in UTF-16 units.</param>
public sealed record DocumentPassage(long Id, int Ordinal, string? Heading, string Text, int? Page, int Start);

/// <summary>The place of cited words: their range in the document's text, and their page.</summary>
/// <param name="Page">Null for a format without pages.</param>
public readonly record struct CitedPlace(int Start, int Length, int? Page);

/// <summary>Rectangles to mark on a page.</summary>
/// <param name="Width">The page's width in points, to scale the boxes by.</param>
public sealed record PageHighlight(int Page, float Width, float Height, IReadOnlyList<PageBox> Boxes);

/// <summary>Reads a document's passages, its pages, and the places of citations.</summary>
/// <remarks>Passages carry their document's audience, or no audience until all are written: filtering by it is the access check.</remarks>
public static class DocumentReading
{
    /// <summary>Passages on one page of the reading view: about 20,000 tokens.</summary>
    public const int PassagesOnPage = 40;

    /// <summary>A passage is at most a few pages long; a longer range is marked on its first pages only.</summary>
    public const int HighlightedPagesMax = 20;

    /// <summary>The passages that a search within a document lists.</summary>
    public const int FoundMax = 50;

    /// <summary>The longest words that are searched for within a document.</summary>
    public const int FindCharactersMax = 100;

    extension(PyboDb db)
    {
        public Task<int> PassageCountAsync(long documentId, Viewer viewer, CancellationToken ct) => Passages(db, documentId, viewer).CountAsync(ct);

        /// <summary>Returns a page of the reading view.</summary>
        public Task<List<DocumentPassage>> DocumentPassagesAsync(long documentId, int page, Viewer viewer, CancellationToken ct) => Passages(db, documentId, viewer)
            .Where(p => p.Ordinal >= (page - 1) * PassagesOnPage && p.Ordinal < page * PassagesOnPage).OrderBy(p => p.Ordinal)
            .Select(p => new DocumentPassage(p.Id, p.Ordinal, p.Heading, p.Text, p.Page, p.Start)).ToListAsync(ct);

        /// <summary>Returns the page of the reading view that contains a passage; null if it is not one of this document's.</summary>
        public async Task<int?> PassagePageAsync(long documentId, long passageId, Viewer viewer, CancellationToken ct)
        {
            var ordinal = await Passages(db, documentId, viewer).Where(p => p.Id == passageId).Select(p => (int?)p.Ordinal).SingleOrDefaultAsync(ct);
            return (ordinal / PassagesOnPage) + 1;
        }

        /// <summary>Returns the first passage that contains these words: the cited passage has a new id since the document was reread.</summary>
        public Task<long?> PassageWithAsync(long documentId, string words, Viewer viewer, CancellationToken ct) => Passages(db, documentId, viewer)
            .Where(p => p.Text.Contains(words)).OrderBy(p => p.Ordinal).Select(p => (long?)p.Id).FirstOrDefaultAsync(ct);

        /// <summary>Returns the first passages that contain these words, in reading order, and how many do.</summary>
        public async Task<(List<DocumentPassage> Passages, int Count)> FindInDocumentAsync(long documentId, string words, Viewer viewer, CancellationToken ct)
        {
            const string escape = "\\";
            var pattern = string.Join("_%", words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Replace(escape, @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)));
            var found = Passages(db, documentId, viewer).Where(p => EF.Functions.Like(p.Text, $"%{pattern}%", escape));
            var count = await found.CountAsync(ct);
            return (await found.OrderBy(p => p.Ordinal).Take(FoundMax).Select(p => new DocumentPassage(p.Id, p.Ordinal, p.Heading, p.Text, p.Page, p.Start)).ToListAsync(ct), count);
        }

        /// <summary>Returns the page of the reading view on which a page of the document begins; null for a document without that page.</summary>
        public async Task<int?> ReadingPageOfAsync(long documentId, int page, Viewer viewer, CancellationToken ct)
        {
            var start = await Pages(db, documentId, viewer).Where(p => p.Number == page).Select(p => (int?)p.Start).SingleOrDefaultAsync(ct);
            var ordinal = start is null ? null : await Passages(db, documentId, viewer).Where(p => p.Start <= start).MaxAsync(p => (int?)p.Ordinal, ct);
            return start is null ? null : ((ordinal ?? 0) / PassagesOnPage) + 1;
        }

        /// <summary>Returns the places of the words quoted from a passage, in order; empty if the passage is gone or hidden from this reader.</summary>
        /// <param name="quotes">Searched for in the passage's text; if none is found, the place is the whole passage.</param>
        public async Task<IReadOnlyList<CitedPlace>> CitedPlacesAsync(long documentId, long passageId, IEnumerable<string> quotes, Viewer viewer, CancellationToken ct)
        {
            var passage = await Passages(db, documentId, viewer).Where(p => p.Id == passageId).Select(p => new { p.Start, p.Text }).SingleOrDefaultAsync(ct);
            if (passage is null)
            {
                return [];
            }

            var found = QuotedWords.FindAll(passage.Text, quotes);
            var places = new List<CitedPlace>();
            foreach (var (at, length) in found.Count > 0 ? found : [(0, passage.Text.Length)])
            {
                places.Add(new(passage.Start + at, length, await db.PageAtAsync(documentId, passage.Start + at, viewer, ct)));
            }

            return places;
        }

        /// <summary>Returns the page that contains an offset of the text; null for a document without pages.</summary>
        public Task<int?> PageAtAsync(long documentId, int offset, Viewer viewer, CancellationToken ct) => Pages(db, documentId, viewer)
            .Where(p => p.Start <= offset).OrderByDescending(p => p.Start).ThenByDescending(p => p.Number).Select(p => (int?)p.Number).FirstOrDefaultAsync(ct);

        /// <summary>Returns the rectangles of a range of the text, page by page; empty if the format has no positions.</summary>
        public async Task<List<PageHighlight>> HighlightsAsync(long documentId, int start, int length, Viewer viewer, CancellationToken ct)
        {
            var end = start + (long)length;
            var pages = await Pages(db, documentId, viewer).Where(p => p.Start < end && p.Start + p.Length > start).OrderBy(p => p.Number).Take(HighlightedPagesMax).ToListAsync(ct);
            return [.. pages.Select(p => new PageHighlight(p.Number, p.Width, p.Height, Boxes(p, start, end))).Where(h => h.Boxes.Count > 0)];
        }
    }

    private static List<PageBox> Boxes(DocumentPage page, int start, long end) =>
        [.. PageLines.Decode(page.Start, page.Lines).Where(l => l.Start < end && l.Start + l.Length > start).Select(l => Part(l, start, end))];

    /// <summary>Returns the marked part of a line, by its share of the characters: Korean characters are all about as wide.</summary>
    private static PageBox Part(PlacedLine line, int start, long end)
    {
        var (first, last) = (Math.Max(start, line.Start) - line.Start, (int)Math.Min(end, line.Start + line.Length) - line.Start);
        var width = line.Box.Width / line.Length;
        return line.Box with { X = line.Box.X + (first * width), Width = (last - first) * width };
    }

    private static IQueryable<Passage> Passages(PyboDb db, long documentId, Viewer viewer)
    {
        var (everyone, members, own) = viewer.Audiences;
        return db.Passages.Where(p => p.DocumentId == documentId && (p.Audience == everyone || p.Audience == members || p.Audience == own));
    }

    private static IQueryable<DocumentPage> Pages(PyboDb db, long documentId, Viewer viewer) =>
        db.ReadableDocuments(viewer).Where(d => d.Id == documentId).SelectMany(d => d.Pages).AsNoTracking();
}
