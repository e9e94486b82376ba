using Microsoft.Data.Sqlite;

namespace Pybo.Data;

/// <summary>Tells a full disk from every other failure: nothing is wrong with what was to be written, and it can be written when there is room.</summary>
public static class DiskFull
{
    private const int NoSpaceErrno = 28;
    private const int QuotaErrnoLinux = 122;
    private const int QuotaErrnoMac = 69;
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);

    public static bool Is(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error switch
            {
                SqliteException sqlite => IsOf(sqlite),
                IOException file => file.HResult is NoSpaceErrno or QuotaErrnoLinux or QuotaErrnoMac or DiskFullWindows or HandleDiskFullWindows,
                _ => false,
            })
            {
                return true;
            }
        }

        return false;
    }

    // SQLite says "full" for ENOSPC when it writes, and an input/output error for a quota, and for the file that its processes share.
    private static bool IsOf(SqliteException error) => error.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL
        || error.SqliteExtendedErrorCode is SQLitePCL.raw.SQLITE_IOERR_WRITE or SQLitePCL.raw.SQLITE_IOERR_SHMSIZE;
}
