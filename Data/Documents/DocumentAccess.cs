using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace Pybo.Data;

/// <summary>Controls who may read and who may change a document. A change updates document, passages, words and vectors in one transaction: no search sees half of it.</summary>
public static class DocumentAccess
{
    extension(PyboDb db)
    {
        /// <summary>Puts a document into a collection, whose audience it takes, or removes it from its collection and sets its audience.</summary>
        /// <param name="id">The document.</param>
        /// <param name="collectionId">A collection of the same owner, or null.</param>
        /// <param name="audience">Who may read it if it is in no collection.</param>
        /// <param name="actor">Its owner; for a document from the command line, an administrator.</param>
        /// <param name="ct">Cancels without changes.</param>
        /// <returns>0 if this person has no such document or collection, or the owner may not use the audience.</returns>
        public async Task<int> PlaceDocumentAsync(long id, long? collectionId, long audience, Actor actor, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var document = await db.ChangeableDocuments(actor).Where(d => d.Id == id).Select(d => new { d.OwnerId }).SingleOrDefaultAsync(ct);
            if (document is null)
            {
                return 0;
            }

            var given = collectionId is null ? audience
                : await db.Collections.Where(c => c.Id == collectionId && c.OwnerId == document.OwnerId).Select(c => (long?)c.Audience).SingleOrDefaultAsync(ct);
            if (given is not { } now || (now is not (Audience.Everyone or Audience.Members) && now != document.OwnerId))
            {
                return 0;
            }

            await db.Documents.Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.CollectionId, collectionId), ct);
            await db.SetAudienceAsync(db.Documents.Where(d => d.Id == id), now, ct);
            await transaction.CommitAsync(ct);
            return 1;
        }

        /// <summary>Gives a document a title, or its own again, and queues it: its passages carry the title. 0 if this person may not change it.</summary>
        /// <param name="id">The document.</param>
        /// <param name="title">Null for the document's own title.</param>
        /// <param name="actor">Its owner; for a document from the command line, an administrator.</param>
        /// <param name="ct">Cancels.</param>
        public Task<int> RenameDocumentAsync(long id, string? title, Actor actor, CancellationToken ct) => db.RequeueAsync(
            db.ChangeableDocuments(actor).Where(d => d.Id == id), set => set.SetProperty(d => d.GivenTitle, title).SetProperty(d => d.Title, d => title ?? d.Title), ct);

        /// <summary>Changes who may read a collection and all its documents.</summary>
        /// <returns>0 if this person may not change it, or its owner may not use the audience.</returns>
        public async Task<int> SetCollectionAudienceAsync(long id, long audience, Actor actor, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var rows = await db.ChangeableCollections(actor)
                .Where(c => c.Id == id && (audience == Audience.Everyone || audience == Audience.Members || audience == c.OwnerId))
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Audience, audience), ct);
            if (rows > 0)
            {
                await db.SetAudienceOfCollectionAsync(id, audience, ct);
                await transaction.CommitAsync(ct);
            }

            return rows;
        }

        /// <summary>Queues a failed document again with its attempts reset. 0 if it did not fail or belongs to someone else.</summary>
        public Task<int> RetryDocumentAsync(long id, Actor actor, CancellationToken ct) =>
            db.RequeueAsync(db.ChangeableDocuments(actor).Where(d => d.Id == id && d.IndexError != null), ct);

        /// <summary>Rereads a document from its original; the current passages stay until then.</summary>
        public Task<int> ReindexDocumentAsync(long id, Actor actor, CancellationToken ct) =>
            db.RequeueAsync(db.ChangeableDocuments(actor).Where(d => d.Id == id), ct);

        /// <summary>Deletes a document with its passages, and its bytes if no other document shares them.</summary>
        /// <param name="id">The document.</param>
        /// <param name="actor">Its owner, or an administrator who may read it.</param>
        /// <param name="ct">Cancels.</param>
        public Task<int> DeleteDocumentAsync(long id, Actor actor, CancellationToken ct) => db.Documents
            .Where(d => d.Id == id && (d.OwnerId == actor.UserId || (actor.IsAdministrator && (d.Audience == Audience.Everyone || d.Audience == Audience.Members))))
            .ExecuteDeleteAsync(ct);

        /// <summary>Puts a document from the command line into a collection, or none, within the open transaction.</summary>
        internal async Task PlaceFolderDocumentAsync(long id, long? collectionId, long audience, CancellationToken ct)
        {
            await db.Documents.Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.CollectionId, collectionId), ct);
            await db.SetAudienceAsync(db.Documents.Where(d => d.Id == id), audience, ct);
        }

        /// <summary>Replaces a document's bytes and queues it.</summary>
        internal Task<int> ReplaceFileAsync(long id, long fileId, CancellationToken ct) => db.Documents.Where(d => d.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.FileId, fileId).SetProperty(d => d.ModifiedAt, DateTime.UtcNow)
                .SetProperty(d => d.Characters, d => d.FileId == fileId ? d.Characters : null).RequeueDocument(), ct);

        private Task<int> RequeueAsync(IQueryable<Document> documents, CancellationToken ct) => db.RequeueAsync(documents, set => { }, ct);

        private async Task<int> RequeueAsync(IQueryable<Document> documents, Action<UpdateSettersBuilder<Document>> change, CancellationToken ct)
        {
            var rows = await documents.ExecuteUpdateAsync(
                set =>
                {
                    change(set);
                    set.RequeueDocument();
                },
                ct);
            db.WakeIndexer();
            return rows;
        }

        /// <summary>Returns the documents a person may change: their own and, for an administrator, those from the command line.</summary>
        internal IQueryable<Document> ChangeableDocuments(Actor actor) =>
            db.Documents.Where(d => d.OwnerId == actor.UserId || (d.OwnerId == null && actor.IsAdministrator));

        /// <summary>Gives a collection's documents its audience, within the open transaction.</summary>
        internal Task SetAudienceOfCollectionAsync(long collectionId, long audience, CancellationToken ct) =>
            db.SetAudienceAsync(db.Documents.Where(d => d.CollectionId == collectionId), audience, ct);

        /// <summary>Sets the audience of documents, their passages, words and vectors, within the open transaction. Passages that are still being written stay hidden.</summary>
        private async Task SetAudienceAsync(IQueryable<Document> documents, long audience, CancellationToken ct)
        {
            // Filter by the passages' own audience, not the documents', which may already be right when a passage's is not.
            var ids = documents.Select(d => (long?)d.Id);
            await db.SetAudienceOfPassagesAsync(db.Passages.Where(p => ids.Contains(p.DocumentId) && p.Audience != Audience.Nobody && p.Audience != audience), audience, ct);
            await documents.Where(d => d.Audience != audience).ExecuteUpdateAsync(set => set.SetProperty(d => d.Audience, audience), ct);
        }

        /// <summary>Sets the audience of passages, their words and their vectors, within the open transaction.</summary>
        internal async Task SetAudienceOfPassagesAsync(IQueryable<Passage> passages, long audience, CancellationToken ct)
        {
            foreach (var model in await db.EmbeddingModels.Select(m => m.Id).ToListAsync(ct))
            {
                var chunks = await passages.SelectMany(p => p.Chunks).Where(c => c.ModelId == model).Select(c => c.Id).ToListAsync(ct);
                await UpdateVectorsAsync(db, model, chunks, audience, ct);
            }

            await db.WriteWordsAsync(passages, audience, ct);
            await passages.ExecuteUpdateAsync(set => set.SetProperty(p => p.Audience, audience), ct);
        }
    }

    // Row by row: if one statement updates several, SQLite buffers their values and forgets that the unchanged one is a bit vector.
    private static async Task UpdateVectorsAsync(PyboDb db, long modelId, List<long> chunks, long audience, CancellationToken ct)
    {
        await using var update = db.Database.GetDbConnection().CreateCommand();
        update.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        update.CommandText = $"update {VectorTables.Name(modelId)} set Audience = @audience where Id = @id";
        update.Parameters.Add(new SqliteParameter("@audience", audience));
        var id = new SqliteParameter("@id", 0L);
        update.Parameters.Add(id);
        foreach (var chunk in chunks)
        {
            id.Value = chunk;
            await update.ExecuteNonQueryAsync(ct);
        }
    }
}
