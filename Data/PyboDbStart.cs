using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The file cannot be used as it is; the notice says why and how to fix it.</summary>
public sealed class DatabaseRefusedException(Notice notice, Exception? inner = null) : Exception(notice.ToString(), inner)
{
    public Notice Notice => notice;
}

/// <summary>Creates the file, or migrates it to this program's version, before anything else opens it.</summary>
public static class PyboDbStart
{
    private const int MigrationWaitMaxSeconds = 120;

    /// <summary>The suffixes of the file, its log, its shared memory, and the copy of an upgrade.</summary>
    private static readonly string[] FileEnds = ["", "-wal", "-shm", "-before"];

    /// <summary>A <c>pragma user_version</c>: the file contains no text deleted before <c>secure_delete</c> was on.</summary>
    private const int ClearedVersion = 1;

    /// <summary>The copies of the file that clearing needs room for: the temporary one and the log.</summary>
    private const int ClearingCopies = 2;

    extension(PyboDb db)
    {
        /// <summary>Creates or migrates the file, readable only by this account.</summary>
        /// <returns>Notices for the operator, in words for the log.</returns>
        /// <exception cref="DatabaseRefusedException">It is newer than the program, is not Pybo's, or cannot be opened; it is left untouched.</exception>
        public async Task<IReadOnlyList<string>> StartAsync(CancellationToken ct)
        {
            var file = Path.GetFullPath(db.Database.GetDbConnection().DataSource);
            var notices = new List<string>();
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                RefuseForeign(file, db.Database.GetMigrations());
                PrivateFile.Make(file);
                using var turn = await WaitForTurnAsync(file, ct);
                notices.AddRange(FileEnds.Select(end => PrivateFile.Tighten(file + end)).OfType<string>());
                SetForeignCopyAside(file, notices);
                var isNew = !(await db.Database.GetAppliedMigrationsAsync(ct)).Any();
                if ((await db.Database.GetPendingMigrationsAsync(ct)).Any())
                {
                    await MigrateAsync(db, file, ct);
                }

                CopyBeforeMigration.Forget(file);
                if (isNew)
                {
                    await db.Database.ExecuteSqlRawAsync($"pragma user_version = {ClearedVersion}", ct);
                }

                await db.Database.ExecuteSqlRawAsync("pragma journal_mode = wal", ct);
                await db.FillNameSkeletonsAsync(ct);
                await db.WriteMissingWordsAsync(ct);
                await ClearOnceAsync(db, file, notices, ct);
                return notices;
            }
            catch (Exception error) when (DiskFull.Is(error))
            {
                throw new DatabaseRefusedException(Notice.Of(DatabaseProblem.DiskFull, file, error.Message), error);
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new DatabaseRefusedException(Notice.Of(DatabaseProblem.CannotOpen, file, error.Message), error);
            }
        }
    }

    private static async Task MigrateAsync(PyboDb db, string file, CancellationToken ct)
    {
        if (CopyBeforeMigration.Exists(file))
        {
            CopyBeforeMigration.Restore(file);
        }
        else
        {
            CopyBeforeMigration.Make(file);
        }

        await ForgetCrashedMigrationAsync(db, ct);
        await db.Database.MigrateAsync(ct);
    }

    /// <summary>A copy made of another file must not overwrite this one, which has been restored since.</summary>
    private static void SetForeignCopyAside(string file, List<string> notices)
    {
        if (CopyBeforeMigration.Exists(file) && !CopyBeforeMigration.IsOf(file))
        {
            var aside = CopyBeforeMigration.SetAside(file);
            notices.Add($"{CopyBeforeMigration.PathOf(file)} was left by an upgrade that did not come to its end, but {file} is not the file of that upgrade. "
                + $"The site goes on with {file}; the copy is now {aside}. Delete it when you do not need it.");
        }
    }

    /// <summary>
    /// Clears text deleted while <c>secure_delete</c> was off, once: merges the FTS5 table and rewrites all pages. Needs room for two more copies of
    /// the file; without it the next start tries again.
    /// </summary>
    private static async Task ClearOnceAsync(PyboDb db, string file, List<string> notices, CancellationToken ct)
    {
        if (await db.Database.SqlQuery<int>($"select user_version Value from pragma_user_version").SingleAsync(ct) >= ClearedVersion)
        {
            return;
        }

        var storage = await db.StorageAsync(ct);
        if (storage.FreeBytes < new FileInfo(file).Length * ClearingCopies)
        {
            notices.Add($"There is no room to clear text out of {file} that was deleted before this version; the next start tries again.");
            return;
        }

        try
        {
            // The temporary copy of a large site belongs on disk, not in memory.
            await db.Database.OpenConnectionAsync(ct);
            await db.Database.ExecuteSqlRawAsync("insert into PassageWords(PassageWords) values ('optimize'); pragma temp_store = file; vacuum; pragma temp_store = memory;", ct);
            await db.CutLogAsync(ct);
            await db.Database.ExecuteSqlRawAsync($"pragma user_version = {ClearedVersion}", ct);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED || DiskFull.Is(error))
        {
            notices.Add($"Text that was deleted before this version could not be cleared out of {file} ({error.Message}); the next start tries again.");
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>Checks read-only, so that a file of a newer or different program stays as it is.</summary>
    private static void RefuseForeign(string file, IEnumerable<string> known)
    {
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            return;
        }

        var connectionString = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString;
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*), coalesce(sum(name = '__EFMigrationsHistory'), 0) from sqlite_master where type = 'table'";
        using (var tables = command.ExecuteReader())
        {
            tables.Read();
            if (tables.GetInt64(0) == 0)
            {
                return;
            }

            // The lock table is created before the history: a crash between them leaves only the lock.
            if (tables.GetInt64(1) == 0 && !OnlyLockTable(connection))
            {
                throw new DatabaseRefusedException(Notice.Of(DatabaseProblem.NotOurs, file));
            }

            if (tables.GetInt64(1) == 0)
            {
                return;
            }
        }

        command.CommandText = "select MigrationId from __EFMigrationsHistory order by MigrationId";
        var applied = new List<string>();
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                applied.Add(rows.GetString(0));
            }
        }

        if (applied.Except(known).FirstOrDefault() is { } unknown)
        {
            throw new DatabaseRefusedException(Notice.Of(DatabaseProblem.TooNew, file, unknown));
        }
    }

    private static bool OnlyLockTable(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from sqlite_master where type = 'table' and name not in ('__EFMigrationsLock', '{CopyBeforeMigration.MarkTable}')";
        return (long)command.ExecuteScalar()! == 0;
    }

    /// <summary>
    /// Lets one process migrate at a time. The system releases a file lock when a process dies; EF Core's own lock is a row, which stays.
    /// </summary>
    private static async Task<FileStream> WaitForTurnAsync(string file, CancellationToken ct)
    {
        for (var waited = 0; ; waited++)
        {
            try
            {
                var options = PrivateFile.Options(FileMode.OpenOrCreate);
                options.Options = FileOptions.DeleteOnClose;
                return new FileStream(file + "-starting", options);
            }
            catch (IOException) when (waited < MigrationWaitMaxSeconds)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }
        }
    }

    /// <summary>The process with the file lock is alone, so a row in EF Core's lock table belongs to a process that died.</summary>
    private static async Task ForgetCrashedMigrationAsync(PyboDb db, CancellationToken ct)
    {
        var locked = await db.Database.SqlQuery<int>($"select count(*) Value from sqlite_master where name = '__EFMigrationsLock'").SingleAsync(ct);
        if (locked > 0)
        {
            await db.Database.ExecuteSqlRawAsync("""delete from "__EFMigrationsLock" """, ct);
        }
    }
}
