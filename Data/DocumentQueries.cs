using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A document in the list; its bytes and its text stay where they are.</summary>
public sealed record DocumentRow(long Id, string Title, string Path, DateTime CreatedAt, DateTime? IndexedAt, string? IndexError);

/// <summary>A stretch of a document, in reading order.</summary>
public sealed record DocumentPassage(long Id, int Ordinal, string? Heading, string Text);

/// <summary>Reading documents; what the reader may not see is not there.</summary>
public static class DocumentQueries
{
    public const int PageSize = 20;

    /// <summary>The list ends here: a document further down is found by search.</summary>
    public const int PagesMax = 500;

    /// <summary>Passages on one page of the reading view: about 20,000 tokens.</summary>
    public const int PassagesOnPage = 40;

    extension(PyboDb db)
    {
        /// <summary>A page of the list, newest first, and one row more where there is a next page.</summary>
        public Task<List<DocumentRow>> DocumentPageAsync(int page, Reader reader, CancellationToken ct) => Readable(db, reader)
            .OrderByDescending(d => d.Id).Skip((page - 1) * PageSize).Take(PageSize + 1)
            .Select(d => new DocumentRow(d.Id, d.Title, d.Path, d.CreatedAt, d.IndexedAt, d.IndexError)).ToListAsync(ct);

        public Task<DocumentRow?> DocumentAsync(long id, Reader reader, CancellationToken ct) => Readable(db, reader).Where(d => d.Id == id)
            .Select(d => new DocumentRow(d.Id, d.Title, d.Path, d.CreatedAt, d.IndexedAt, d.IndexError)).SingleOrDefaultAsync(ct);

        public Task<int> PassageCountAsync(long documentId, CancellationToken ct) => db.Passages.CountAsync(p => p.DocumentId == documentId, ct);

        /// <summary>A page of a document's passages. Ask <see cref="DocumentAsync"/> first: it knows the reader.</summary>
        public Task<List<DocumentPassage>> DocumentPassagesAsync(long documentId, int page, CancellationToken ct) => db.Passages
            .Where(p => p.DocumentId == documentId && p.Ordinal >= (page - 1) * PassagesOnPage && p.Ordinal < page * PassagesOnPage).OrderBy(p => p.Ordinal)
            .Select(p => new DocumentPassage(p.Id, p.Ordinal, p.Heading, p.Text)).ToListAsync(ct);

        /// <summary>The page of the reading view that a passage is on; null when it is not one of this document's.</summary>
        public async Task<int?> PassagePageAsync(long documentId, long passageId, CancellationToken ct)
        {
            var ordinal = await db.Passages.Where(p => p.Id == passageId && p.DocumentId == documentId).Select(p => (int?)p.Ordinal).SingleOrDefaultAsync(ct);
            return ordinal / PassagesOnPage + 1;
        }
    }

    private static IQueryable<Document> Readable(PyboDb db, Reader reader)
    {
        var (everyone, members, own) = reader.Audiences;
        return db.Documents.Where(d => d.Audience == everyone || d.Audience == members || d.Audience == own);
    }
}
