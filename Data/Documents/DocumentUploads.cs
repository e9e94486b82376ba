using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A file that a member uploads.</summary>
/// <param name="Name">The file's name, cleaned by <see cref="DocumentNames.OfFile"/>.</param>
/// <param name="Audience">Everyone, members, or the owner; overridden by a collection's own.</param>
/// <param name="CollectionId">One of the owner's collections, or null.</param>
public sealed record NewUpload(long OwnerId, string Name, long Audience, long? CollectionId = null);

/// <summary>Why an upload was refused.</summary>
public enum UploadRefusal
{
    /// <summary>The member's files would exceed their quota.</summary>
    QuotaFull,
    TooManyDocuments,

    /// <summary>The member has the maximum number of documents waiting to be read.</summary>
    TooManyWaiting,

    /// <summary>The site has no room at the moment.</summary>
    NoRoom,

    /// <summary>The member has no such collection.</summary>
    NoCollection,
    Empty,

    /// <summary>There is no such document that this person may change.</summary>
    NoDocument,

    /// <summary>Another document of the member has the same bytes.</summary>
    SameElsewhere,
}

/// <summary>The result of an upload.</summary>
/// <param name="IsNew">False if the member already has a document with the same bytes: this one.</param>
public readonly record struct UploadResult(long DocumentId, bool IsNew, UploadRefusal? Refusal = null);

/// <summary>Turns an uploaded file into a queued row.</summary>
public static class DocumentUploads
{
    /// <summary>Keeps a member's list short enough to look through and its pages cheap.</summary>
    public const int DocumentsPerMemberMax = 10_000;

    /// <summary>The limit per member: a document's cost is known only after it is read, so unread ones are limited by number.</summary>
    public const int WaitingPerMemberMax = 500;

    extension(PyboDb db)
    {
        /// <summary>Stores a file and queues it, in one transaction that lasts as long as the copy.</summary>
        /// <param name="upload">The owner, name and audience.</param>
        /// <param name="content">The file; seekable.</param>
        /// <param name="bytesPerMemberMax">The limit for all files of a member together; the same bytes in two documents count once.</param>
        /// <param name="ct">Cancels; nothing is stored.</param>
        /// <param name="limits">The site's limits; null if only the disk's room counts.</param>
        public async Task<UploadResult> UploadAsync(NewUpload upload, Stream content, long bytesPerMemberMax, CancellationToken ct, StorageLimits? limits = null)
        {
            Audience.RequireFor(upload.Audience, upload.OwnerId);
            // Before the transaction: hashing a large file takes longer than other writers should wait.
            var digest = await FileDigest.OfAsync(content, ct);
            if (digest.Size == 0)
            {
                return new(0, false, UploadRefusal.Empty);
            }

            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await SameAsync(db, upload.OwnerId, digest, ct) is { } same)
            {
                // A renamed file is found by its new name: its words, and often its title, are made from it again.
                if (await db.Documents.Where(d => d.Id == same && d.Path != upload.Name).ExecuteUpdateAsync(set => set.SetProperty(d => d.Path, upload.Name).RequeueDocument(), ct) > 0)
                {
                    await transaction.CommitAsync(ct);
                    db.WakeIndexer();
                }

                return new(same, false);
            }

            var collection = await db.Collections.Where(c => c.Id == upload.CollectionId && c.OwnerId == upload.OwnerId).Select(c => new { c.Id, c.Audience }).SingleOrDefaultAsync(ct);
            if (await RefusalAsync(db, upload, digest, collection is not null, bytesPerMemberMax, ct) is { } refusal)
            {
                return new(0, false, refusal);
            }

            var storage = await db.StorageAsync(ct);
            if (!storage.HasRoomFor(digest.Size, limits ?? StorageLimits.None))
            {
                return new(0, false, UploadRefusal.NoRoom);
            }

            var document = new Document
            {
                OwnerId = upload.OwnerId,
                CollectionId = collection?.Id,
                FileId = await db.StoreFileAsync(upload.OwnerId, digest, content, ct),
                Path = upload.Name,
                Title = DocumentNames.Title(upload.Name),
                Audience = collection?.Audience ?? upload.Audience,
            };
            db.Documents.Add(document);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return new(document.Id, true);
        }

        /// <summary>Replaces a document's file by a new version of it: it keeps its place, its readers and its given title.</summary>
        /// <param name="id">A document that this person may change.</param>
        /// <param name="name">The new file's name, cleaned by <see cref="DocumentNames.OfFile"/>.</param>
        /// <param name="content">The file; seekable.</param>
        /// <param name="actor">Its owner; for a document from the command line, an administrator.</param>
        /// <param name="bytesPerMemberMax">The limit for all files of a member together.</param>
        /// <param name="ct">Cancels; nothing is stored.</param>
        /// <param name="limits">The site's limits; null if only the disk's room counts.</param>
        public async Task<UploadResult> UploadVersionAsync(long id, string name, Stream content, Actor actor, long bytesPerMemberMax, CancellationToken ct, StorageLimits? limits = null)
        {
            var digest = await FileDigest.OfAsync(content, ct);
            if (digest.Size == 0)
            {
                return new(0, false, UploadRefusal.Empty);
            }

            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var document = await db.ChangeableDocuments(actor).Where(d => d.Id == id).Select(d => new { d.OwnerId, d.SourcePath, d.File!.Hash, d.File.Size }).SingleOrDefaultAsync(ct);
            if (document is null)
            {
                return new(0, false, UploadRefusal.NoDocument);
            }

            if (document.Hash.AsSpan().SequenceEqual(digest.Hash))
            {
                return new(id, false);
            }

            if (document.OwnerId is { } owner)
            {
                // Two documents of one member never have the same bytes.
                if (await SameAsync(db, owner, digest, ct) is { } same)
                {
                    return new(same, false, UploadRefusal.SameElsewhere);
                }

                if ((await db.StorageOfAsync(owner, ct)).Bytes - document.Size + digest.Size > bytesPerMemberMax)
                {
                    return new(0, false, UploadRefusal.QuotaFull);
                }
            }

            if (!(await db.StorageAsync(ct)).HasRoomFor(digest.Size, limits ?? StorageLimits.None))
            {
                return new(0, false, UploadRefusal.NoRoom);
            }

            await db.ReplaceFileAsync(id, await db.StoreFileAsync(document.OwnerId, digest, content, ct), ct);
            await db.Documents.Where(d => d.Id == id && d.OwnerId != null).ExecuteUpdateAsync(set => set.SetProperty(d => d.Path, name), ct);
            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return new(id, true);
        }
    }

    private static Task<long?> SameAsync(PyboDb db, long ownerId, FileDigest digest, CancellationToken ct) =>
        db.Documents.Where(d => d.OwnerId == ownerId && d.File!.Hash == digest.Hash).Select(d => (long?)d.Id).SingleOrDefaultAsync(ct);

    private static async Task<UploadRefusal?> RefusalAsync(PyboDb db, NewUpload upload, FileDigest digest, bool hasCollection, long bytesMax, CancellationToken ct)
    {
        if (upload.CollectionId is not null && !hasCollection)
        {
            return UploadRefusal.NoCollection;
        }

        var (bytes, documents) = await db.StorageOfAsync(upload.OwnerId, ct);
        if (documents >= DocumentsPerMemberMax || bytes + digest.Size > bytesMax)
        {
            return documents >= DocumentsPerMemberMax ? UploadRefusal.TooManyDocuments : UploadRefusal.QuotaFull;
        }

        var waiting = await db.Documents.CountAsync(d => d.OwnerId == upload.OwnerId && d.IndexedAt == null && d.IndexError == null, ct);
        return waiting >= WaitingPerMemberMax ? UploadRefusal.TooManyWaiting : null;
    }
}

/// <summary>Derives a document's name from its file until its text provides a title.</summary>
public static class DocumentNames
{
    /// <summary>Returns the last part of a path from any system, without invisible characters; a name that is cut keeps its extension.</summary>
    public static string OfFile(string sent) =>
        Cleaned(sent[(sent.AsSpan().LastIndexOfAny('/', '\\') + 1)..]) is { Length: > 0 } name ? name : StoredWords.Nameless;

    /// <summary>Returns the name of a file or folder without invisible characters, cut like <see cref="OfFile"/>; empty if nothing is left.</summary>
    public static string Cleaned(string sent)
    {
        var name = new string([.. sent.Where(IsSeen)]).Trim();
        if (name.Length <= Document.TitleMax)
        {
            return name;
        }

        var extension = Path.GetExtension(name);
        return extension.Length < Document.TitleMax / 2 ? name.Cut(Document.TitleMax, extension) : name.Cut(Document.TitleMax);
    }

    /// <summary>Returns the path of a file in an archive, which is like a folder; without the folders in it if it were too long.</summary>
    public static string InArchive(string archive, string name) =>
        $"{archive}/{name}" is { Length: <= Document.PathMax } whole ? whole : $"{archive}/{name[(name.LastIndexOf('/') + 1)..]}";

    /// <summary>Returns the file's name without its extension.</summary>
    public static string Title(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return (name.Length == 0 ? path : name).Cut(Document.TitleMax);
    }

    /// <summary>True unless it is a control character or changes the writing direction: a name must look like the file it names.</summary>
    private static bool IsSeen(char character) => CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
