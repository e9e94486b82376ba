using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The passages of one document or collection, read as a whole.</summary>
public static class WholePassages
{
    /// <summary>A longer text is read up to here.</summary>
    public const int PassagesMax = 400;

    extension(PyboDb db)
    {
        /// <summary>Returns the passages that the reader may see, document after document, in the order of the text.</summary>
        public Task<List<PassageHit>> PassagesOfAsync(PassageScope scope, Viewer viewer, CancellationToken ct)
        {
            var (everyone, members, own) = viewer.Audiences;
            var documents = db.ReadableDocuments(viewer).Where(d => scope.DocumentId != null ? d.Id == scope.DocumentId : d.CollectionId == scope.CollectionId);
            return documents.OrderBy(d => d.Id)
                .Join(db.Passages.Where(p => p.Audience == everyone || p.Audience == members || p.Audience == own), d => (long?)d.Id, p => p.DocumentId, (d, p) => new { d.Path, Passage = p })
                .OrderBy(p => p.Passage.DocumentId).ThenBy(p => p.Passage.Ordinal).Take(PassagesMax)
                .Select(p => new PassageHit(p.Passage.Id, PassageKind.Document, null, null, p.Passage.DocumentId, p.Path, p.Passage.Title, p.Passage.Heading, p.Passage.Text, p.Passage.Start, null, null, 0, null, 0) { Page = p.Passage.Page })
                .ToListAsync(ct);
        }
    }
}
