using Microsoft.Data.Sqlite;

namespace Pybo.Data;

/// <summary>Distinguishes a full disk from every other failure: nothing is wrong with the data, which can be written when there is room.</summary>
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

    // SQLite reports "full" for ENOSPC on writes, and an I/O error for a quota and for the shared-memory file.
    private static bool IsOf(SqliteException error) => error.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL
        || error.SqliteExtendedErrorCode is SQLitePCL.raw.SQLITE_IOERR_WRITE or SQLitePCL.raw.SQLITE_IOERR_SHMSIZE;
}
