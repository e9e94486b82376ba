using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The file cannot be used as it is; the message says why, and what to do, in Korean.</summary>
public sealed class DatabaseRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Makes the file, or brings it up to this program, before anything else opens it.</summary>
public static class PyboDbStart
{
    private const int MigrationWaitMaxSeconds = 120;

    extension(PyboDb db)
    {
        /// <summary>Creates or migrates the file.</summary>
        /// <exception cref="DatabaseRefusedException">It is newer than the program, is not Pybo's, or cannot be opened; it is left untouched.</exception>
        public async Task StartAsync(CancellationToken ct)
        {
            var file = Path.GetFullPath(db.Database.GetDbConnection().DataSource);
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                RefuseForeign(file, db.Database.GetMigrations());
                using var turn = await WaitForTurnAsync(file, ct);
                if ((await db.Database.GetPendingMigrationsAsync(ct)).Any())
                {
                    await MigrateAsync(db, file, ct);
                }

                CopyBeforeMigration.Forget(file);
                await db.FillNameSkeletonsAsync(ct);

                await db.Database.ExecuteSqlRawAsync("pragma journal_mode = wal", ct);
                await db.WriteMissingWordsAsync(ct);
            }
            catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new DatabaseRefusedException($"데이터베이스 파일을 열 수 없습니다: {file} ({error.Message}) 경로와 쓰기 권한을 확인하거나 --db로 다른 파일을 지정하세요.", error);
            }
        }
    }

    private static async Task MigrateAsync(PyboDb db, string file, CancellationToken ct)
    {
        if (CopyBeforeMigration.Exists(file))
        {
            CopyBeforeMigration.Restore(file);
        }

        CopyBeforeMigration.Make(file);
        await ForgetCrashedMigrationAsync(db, ct);
        await db.Database.MigrateAsync(ct);
    }

    /// <summary>Looks read-only, so that a file of a newer program, or of another one, stays as it is.</summary>
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

            // The lock table comes first, then the history: a crash between them leaves the lock alone.
            if (tables.GetInt64(1) == 0 && !OnlyLockTable(connection))
            {
                throw new DatabaseRefusedException($"{file}은(는) Pybo의 데이터베이스가 아닙니다. 파일은 건드리지 않았습니다. --db로 다른 파일을 지정하세요.");
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
            throw new DatabaseRefusedException($"{file}은(는) 더 새로운 Pybo가 만든 데이터베이스입니다({unknown}). 파일은 건드리지 않았습니다. Pybo를 새 버전으로 올리거나 --db로 다른 파일을 지정하세요.");
        }
    }

    private static bool OnlyLockTable(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from sqlite_master where type = 'table' and name <> '__EFMigrationsLock'";
        return (long)command.ExecuteScalar()! == 0;
    }

    /// <summary>
    /// One process migrates at a time. The system lets go of a file lock when a process dies; EF Core's own lock is a row, which stays.
    /// </summary>
    private static async Task<FileStream> WaitForTurnAsync(string file, CancellationToken ct)
    {
        for (var waited = 0; ; waited++)
        {
            try
            {
                return new FileStream(file + "-starting", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (waited < MigrationWaitMaxSeconds)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }
        }
    }

    /// <summary>Whoever holds the turn is alone, so a row in EF Core's lock table is of a process that died.</summary>
    private static async Task ForgetCrashedMigrationAsync(PyboDb db, CancellationToken ct)
    {
        var locked = await db.Database.SqlQuery<int>($"select count(*) Value from sqlite_master where name = '__EFMigrationsLock'").SingleAsync(ct);
        if (locked > 0)
        {
            await db.Database.ExecuteSqlRawAsync("""delete from "__EFMigrationsLock" """, ct);
        }
    }
}
