using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The reason why an image was not stored.</summary>
public enum ImageQuota
{
    /// <summary>Stored.</summary>
    None,
    PerDay,
    PerMember,
    NoRoom,
}

/// <summary>An image or its thumbnail, as it is sent.</summary>
public sealed record SentImage(ImageKind Kind, byte[] Bytes);

/// <summary>Stores, reads and purges the images of posts.</summary>
public static class ImageQueries
{
    /// <summary>The most images of one member within 24 hours.</summary>
    public const int PerDayMax = 100;

    /// <summary>The most bytes of all images of one member, with their thumbnails.</summary>
    public const long BytesPerMemberMax = 200_000_000;

    /// <summary>The most images deleted in one transaction; the next look deletes further ones.</summary>
    public const int PurgedAtOnceMax = 500;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    extension(PyboDb db)
    {
        /// <summary>Stores an image within its owner's quota.</summary>
        public async Task<ImageQuota> AddImageAsync(Image image, StorageLimits limits, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.ImageQuotaAsync(image.OwnerId, image.Length, limits, ct) is not ImageQuota.None and var quota)
            {
                return quota;
            }

            db.Images.Add(image);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return ImageQuota.None;
        }

        /// <summary>Returns the quota that would refuse this many bytes; <see cref="ImageQuota.None"/> if they may be stored.</summary>
        public async Task<ImageQuota> ImageQuotaAsync(long ownerId, long bytes, StorageLimits limits, CancellationToken ct)
        {
            var since = DateTime.UtcNow - Day;
            return await db.Images.CountAsync(i => i.OwnerId == ownerId && i.CreatedAt > since, ct) >= PerDayMax ? ImageQuota.PerDay
                : await db.Images.Where(i => i.OwnerId == ownerId).SumAsync(i => i.Length, ct) + bytes > BytesPerMemberMax ? ImageQuota.PerMember
                : (await db.StorageAsync(ct)).HasRoomFor(bytes, limits) ? ImageQuota.None : ImageQuota.NoRoom;
        }

        /// <summary>Returns an image; null if there is none of this name.</summary>
        /// <param name="name"><see cref="Image.Name"/>.</param>
        /// <param name="isSmall">True for the thumbnail, or the image itself if it has none.</param>
        /// <param name="ct">Cancels.</param>
        public Task<SentImage?> ImageAsync(string name, bool isSmall, CancellationToken ct) => db.Images.Where(i => i.Name == name)
            .Select(i => new SentImage(i.Kind, isSmall ? i.Thumbnail ?? i.Bytes : i.Bytes)).SingleOrDefaultAsync(ct);

        /// <summary>Deletes images from before a time that no text refers to.</summary>
        /// <returns>The number deleted.</returns>
        public async Task<int> PurgeImagesAsync(DateTime before, CancellationToken ct)
        {
            if (!await db.Images.AnyAsync(i => i.CreatedAt < before, ct))
            {
                return 0;
            }

            // One transaction: no post that refers to an image can be saved between reading the texts and deleting.
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var used = new HashSet<string>(StringComparer.Ordinal);
            await foreach (var text in db.TextsWithImages().WithCancellation(ct))
            {
                used.UnionWith(Image.NamesIn(text));
            }

            var old = await db.Images.Where(i => i.CreatedAt < before).Select(i => i.Name).ToListAsync(ct);
            var unused = old.Where(name => !used.Contains(name)).Take(PurgedAtOnceMax).ToList();
            var deleted = await db.Images.Where(i => unused.Contains(i.Name)).ExecuteDeleteAsync(ct);
            await transaction.CommitAsync(ct);
            return deleted;
        }

        /// <summary>Every stored text that may show images. Each table has an index of these rows alone: <see cref="PyboDb"/>.</summary>
        private IAsyncEnumerable<string> TextsWithImages() => db.Questions.Where(q => q.Body.Contains(Image.AddressStart)).Select(q => q.Body)
            .Concat(db.Answers.Where(a => a.Body.Contains(Image.AddressStart)).Select(a => a.Body))
            .Concat(db.Drafts.Where(d => d.Body.Contains(Image.AddressStart)).Select(d => d.Body))
            .Concat(db.DeletedRows.Where(r => r.Json.Contains(Image.AddressStart)).Select(r => r.Json))
            .Concat(db.PostRevisions.Where(r => r.Body.Contains(Image.AddressStart)).Select(r => r.Body))
            .Concat(db.Comments.Where(c => c.Body.Contains(Image.AddressStart)).Select(c => c.Body))
            .AsAsyncEnumerable();
    }
}
