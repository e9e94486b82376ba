using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A file that a member uploads.</summary>
/// <param name="FileName">As the browser sent it; a path before it is cut off.</param>
/// <param name="Audience">Everyone, members, or the owner; a collection's own counts instead.</param>
/// <param name="CollectionId">One of the owner's collections, or none.</param>
public sealed record NewUpload(long OwnerId, string FileName, long Audience, long? CollectionId = null);

/// <summary>Why an upload was not taken.</summary>
public enum UploadRefusal
{
    /// <summary>The member's files would take more room than a member has.</summary>
    QuotaFull,
    TooManyDocuments,

    /// <summary>As many of the member's documents wait to be read as may.</summary>
    TooManyWaiting,

    /// <summary>The site has no room now.</summary>
    NoRoom,

    /// <summary>There is no such collection of this member.</summary>
    NoCollection,
    Empty,
}

/// <summary>What became of an upload.</summary>
/// <param name="IsNew">False where the member has a document of the same bytes already: this one.</param>
public readonly record struct UploadResult(long DocumentId, bool IsNew, UploadRefusal? Refusal = null);

/// <summary>From an uploaded file to a row in the queue.</summary>
public static class DocumentUploads
{
    /// <summary>A member's list stays one that a person can look through, and a page of it cheap.</summary>
    public const int DocumentsPerMemberMax = 10_000;

    /// <summary>Of one member: what a document costs is known when it has been read, so those that were not are bounded by their number.</summary>
    public const int WaitingPerMemberMax = 500;

    extension(PyboDb db)
    {
        /// <summary>Keeps a file and puts it into the queue, in one transaction as long as the copying takes.</summary>
        /// <param name="upload">Whose it is and who may read it.</param>
        /// <param name="content">Seekable.</param>
        /// <param name="bytesPerMemberMax">What all files of a member may take together, the same bytes in two documents counted once.</param>
        /// <param name="ct">Cancels; nothing is kept then.</param>
        /// <param name="limits">The site's; null where the disk's room alone counts.</param>
        public async Task<UploadResult> UploadAsync(NewUpload upload, Stream content, long bytesPerMemberMax, CancellationToken ct, StorageLimits? limits = null)
        {
            Audience.RequireFor(upload.Audience, upload.OwnerId);
            // Before the transaction: hashing a large file takes longer than another writer should wait.
            var digest = await FileDigest.OfAsync(content, ct);
            if (digest.Size == 0)
            {
                return new(0, false, UploadRefusal.Empty);
            }

            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await SameAsync(db, upload.OwnerId, digest, ct) is { } same)
            {
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

            var name = DocumentNames.OfFile(upload.FileName);
            var document = new Document
            {
                OwnerId = upload.OwnerId,
                CollectionId = collection?.Id,
                FileId = await db.StoreFileAsync(upload.OwnerId, digest, content, ct),
                Path = name,
                Title = DocumentNames.Title(name),
                Audience = collection?.Audience ?? upload.Audience,
            };
            db.Documents.Add(document);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return new(document.Id, true);
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

/// <summary>What a document is called until it has been read and says so itself.</summary>
public static class DocumentNames
{
    /// <summary>The last part of a path of any system, without characters that are not seen; its extension stays when it is cut.</summary>
    public static string OfFile(string sent)
    {
        var last = sent[(sent.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
        var name = new string([.. last.Where(IsSeen)]).Trim();
        if (name.Length <= Document.TitleMax)
        {
            return name.Length == 0 ? StoredWords.Nameless : name;
        }

        var extension = Path.GetExtension(name);
        return extension.Length < Document.TitleMax / 2 ? name.Cut(Document.TitleMax, extension) : name.Cut(Document.TitleMax);
    }

    /// <summary>The file's name without its extension.</summary>
    public static string Title(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return (name.Length == 0 ? path : name).Cut(Document.TitleMax);
    }

    /// <summary>Not control characters, and not those that turn the writing direction: a name must look like what it is.</summary>
    private static bool IsSeen(char character) => CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
