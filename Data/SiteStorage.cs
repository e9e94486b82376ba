using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>How much may be kept.</summary>
/// <param name="ChunksPerMemberMax">Of all documents of one member: <see cref="Document.Chunks"/>.</param>
/// <param name="DatabaseBytesMax">Of the database; 0 where only the disk's room counts.</param>
public sealed record StorageLimits(long ChunksPerMemberMax, long DatabaseBytesMax)
{
    /// <summary>For what has no settings: the disk's room alone counts.</summary>
    public static readonly StorageLimits None = new(long.MaxValue, 0);
}

/// <summary>How much the site keeps, and how much more there is room for.</summary>
/// <param name="UsedBytes">Of the database file, without the pages that the next rows will fill.</param>
/// <param name="FreeBytes">Of the disk.</param>
public readonly record struct SiteStorage(long UsedBytes, long FreeBytes)
{
    /// <summary>Uploads and documents stop while as much is left, so that posts, log-ins and chat turns go on for long.</summary>
    public const long FreeBytesMin = 256L * 1024 * 1024;

    /// <summary>What is written is in the write-ahead log first and in the file afterwards.</summary>
    private const int Copies = 2;

    /// <summary>A chunk with its vector, its share of its passage and the passage's words: 41,932 of them took 98 MiB.</summary>
    public const long BytesPerChunk = 2_500;

    /// <summary>Whether so many bytes more may be kept.</summary>
    public bool HasRoomFor(long bytes, StorageLimits limits) =>
        FreeBytes - (bytes * Copies) >= FreeBytesMin && (limits.DatabaseBytesMax == 0 || UsedBytes + bytes <= limits.DatabaseBytesMax);
}

public static class SiteStorageQueries
{
    extension(PyboDb db)
    {
        /// <summary>Reads the sizes: some microseconds, and no table.</summary>
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
