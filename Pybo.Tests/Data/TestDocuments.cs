using System.Text;
using Pybo.Data;

namespace Pybo.Tests.Data;

/// <summary>Documents as the site stores them, without a page or a folder.</summary>
internal static class TestDocuments
{
    extension(PyboDb db)
    {
        /// <summary>A document with its bytes, queued unless marked as indexed.</summary>
        public Task<Document> AddDocumentAsync(
            string path, string text = "본문", long audience = Audience.Everyone, long? ownerId = null, long? collectionId = null, DateTime? indexedAt = null, string? title = null) =>
            db.AddDocumentAsync(path, Encoding.UTF8.GetBytes(text), audience, ownerId, collectionId, indexedAt, title);

        public async Task<Document> AddDocumentAsync(
            string path, byte[] bytes, long audience = Audience.Everyone, long? ownerId = null, long? collectionId = null, DateTime? indexedAt = null, string? title = null)
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            using var content = new MemoryStream(bytes);
            var document = new Document
            {
                Path = path,
                Title = title ?? path,
                FileId = await db.StoreFileAsync(ownerId, await FileDigest.OfAsync(content, default), content, default),
                Audience = audience,
                OwnerId = ownerId,
                CollectionId = collectionId,
                IndexedAt = indexedAt,
            };
            db.Documents.Add(document);
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
            return document;
        }
    }
}
