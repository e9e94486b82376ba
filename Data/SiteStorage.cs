using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Storage limits.</summary>
/// <param name="ChunksPerMemberMax">For all documents of one member: <see cref="Document.Chunks"/>.</param>
/// <param name="DatabaseBytesMax">The maximum size of the database; 0 if only the disk's room counts.</param>
public sealed record StorageLimits(long ChunksPerMemberMax, long DatabaseBytesMax)
{
    /// <summary>The limits without settings: only the disk's room counts.</summary>
    public static readonly StorageLimits None = new(long.MaxValue, 0);
}

/// <summary>The site's used and free storage.</summary>
/// <param name="UsedBytes">The size of the database file, without its free pages.</param>
/// <param name="FreeBytes">The free space on the disk.</param>
public readonly record struct SiteStorage(long UsedBytes, long FreeBytes)
{
    /// <summary>Uploads and indexing stop while less than this is free, so that posts, log-ins and chat turns can continue for long.</summary>
    public const long FreeBytesMin = 256L * 1024 * 1024;

    /// <summary>Writes are stored in the write-ahead log first and in the file afterwards.</summary>
    private const int Copies = 2;

    /// <summary>A chunk with its vector, its share of its passage and the passage's words: 41,932 of them took 98 MiB.</summary>
    public const long BytesPerChunk = 2_500;

    /// <summary>Returns whether this many more bytes may be stored.</summary>
    public bool HasRoomFor(long bytes, StorageLimits limits) =>
        FreeBytes - (bytes * Copies) >= FreeBytesMin && (limits.DatabaseBytesMax == 0 || UsedBytes + bytes <= limits.DatabaseBytesMax);
}

public static class SiteStorageQueries
{
    extension(PyboDb db)
    {
        /// <summary>Reads the sizes in some microseconds, without reading a table.</summary>
        public async Task<SiteStorage> StorageAsync(CancellationToken ct)
        {
            var used = await db.Database.SqlQuery<long>($"""
                select (pages.page_count - spare.freelist_count) * size.page_size Value from pragma_page_count pages, pragma_freelist_count spare, pragma_page_size size
                """).SingleAsync(ct);
            var folder = Path.GetDirectoryName(Path.GetFullPath(db.Database.GetDbConnection().DataSource))!;
            return new(used, new DriveInfo(folder).AvailableFreeSpace);
        }
    }
}
