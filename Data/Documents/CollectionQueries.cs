using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A collection as shown in lists.</summary>
/// <param name="Owner">The owner's name; null for a collection from the command line.</param>
public sealed record CollectionRow(long Id, string Name, long? OwnerId, string? Owner, long Audience, int Documents);

/// <summary>Why a collection was not created or renamed.</summary>
public enum CollectionRefusal
{
    NotFound,
    NameTaken,
    TooMany,
}

/// <summary>Queries for collections: every reader of its documents sees a collection; only its owner changes it, or an administrator that of the command line, the audience by <see cref="DocumentAccess"/>.</summary>
public static class CollectionQueries
{
    /// <summary>The limit per member.</summary>
    public const int PerOwnerMax = 200;

    /// <summary>The most collections offered for selection, newest first.</summary>
    public const int ListedMax = 500;

    extension(PyboDb db)
    {
        internal IQueryable<Collection> ReadableCollections(Viewer viewer)
        {
            var (everyone, members, own) = viewer.Audiences;
            return db.Collections.Where(c => c.Audience == everyone || c.Audience == members || c.Audience == own);
        }

        public Task<List<CollectionRow>> CollectionsAsync(Viewer viewer, CancellationToken ct) =>
            Rows(db, db.ReadableCollections(viewer).OrderByDescending(c => c.Id).Take(ListedMax)).ToListAsync(ct);

        /// <summary>Returns the collections an owner's documents may be put into: a member's, or the command line's for null.</summary>
        public Task<List<CollectionRow>> CollectionsOfAsync(long? ownerId, CancellationToken ct) =>
            Rows(db, db.Collections.Where(c => c.OwnerId == ownerId).OrderBy(c => c.Name)).ToListAsync(ct);

        /// <summary>Returns one collection; null if there is none for this reader.</summary>
        public Task<CollectionRow?> CollectionAsync(long id, Viewer viewer, CancellationToken ct) =>
            Rows(db, db.ReadableCollections(viewer).Where(c => c.Id == id)).SingleOrDefaultAsync(ct);

        /// <summary>Creates a collection of a member.</summary>
        /// <param name="audience">Everyone, members, or the owner's own id.</param>
        public async Task<(long Id, CollectionRefusal? Refusal)> CreateCollectionAsync(long ownerId, string name, long audience, CancellationToken ct)
        {
            Audience.RequireFor(audience, ownerId);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.Collections.CountAsync(c => c.OwnerId == ownerId, ct) >= PerOwnerMax)
            {
                return (0, CollectionRefusal.TooMany);
            }

            if (await db.Collections.AnyAsync(c => c.OwnerId == ownerId && c.Name == name, ct))
            {
                return (0, CollectionRefusal.NameTaken);
            }

            var collection = new Collection { OwnerId = ownerId, Name = name, Audience = audience };
            db.Collections.Add(collection);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return (collection.Id, null);
        }

        /// <summary>Returns the command line's collection with this name, created if missing.</summary>
        /// <param name="name">The collection's name.</param>
        /// <param name="audience">Applied to it and its documents; if null, an existing collection keeps its own and a new one is for everyone.</param>
        /// <param name="ct">Cancels without changes.</param>
        public async Task<Collection> EnsureCollectionAsync(string name, long? audience, CancellationToken ct)
        {
            Audience.RequireFor(audience ?? Audience.Everyone, ownerId: null);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var collection = await db.Collections.SingleOrDefaultAsync(c => c.OwnerId == null && c.Name == name, ct);
            if (collection is null)
            {
                collection = new Collection { Name = name, Audience = audience ?? Audience.Everyone };
                db.Collections.Add(collection);
            }

            collection.Audience = audience ?? collection.Audience;
            await db.SaveChangesAsync(ct);
            await db.SetAudienceOfCollectionAsync(collection.Id, collection.Audience, ct);
            await transaction.CommitAsync(ct);
            return collection;
        }

        /// <summary>Returns the collections a person may change: their own and, for an administrator, those from the command line.</summary>
        internal IQueryable<Collection> ChangeableCollections(Actor actor) =>
            db.Collections.Where(c => c.OwnerId == actor.UserId || (c.OwnerId == null && actor.IsAdministrator));

        /// <summary>Renames a collection. Null on success.</summary>
        public async Task<CollectionRefusal?> RenameCollectionAsync(long id, Actor actor, string name, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var changed = db.ChangeableCollections(actor).Where(c => c.Id == id);
            if (await db.Collections.AnyAsync(c => c.Name == name && c.Id != id && changed.Any(own => own.OwnerId == c.OwnerId), ct))
            {
                return CollectionRefusal.NameTaken;
            }

            var rows = await changed.ExecuteUpdateAsync(set => set.SetProperty(c => c.Name, name), ct);
            await db.Conversations.Where(c => c.CollectionId == id && rows > 0).ExecuteUpdateAsync(set => set.SetProperty(c => c.ScopeName, name), ct);
            await transaction.CommitAsync(ct);
            return rows == 0 ? CollectionRefusal.NotFound : null;
        }

        /// <summary>Deletes a collection; its documents stay, with the same audience.</summary>
        public Task<int> DeleteCollectionAsync(long id, Actor actor, CancellationToken ct) => db.ChangeableCollections(actor).Where(c => c.Id == id).ExecuteDeleteAsync(ct);
    }

    private static IQueryable<CollectionRow> Rows(PyboDb db, IQueryable<Collection> collections) => collections.Select(c => new CollectionRow(
        c.Id, c.Name, c.OwnerId, c.Owner!.UserName, c.Audience, db.Documents.Count(d => d.CollectionId == c.Id)));
}
