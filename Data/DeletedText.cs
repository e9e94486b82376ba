using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>
/// Removes deleted text from the file. <c>pragma secure_delete</c> overwrites deleted rows and pages; two places remain and are cleared here:
/// the FTS5 table, whose segments keep the terms of deleted passages until they are merged, and the write-ahead log, whose old frames stay
/// until it is truncated (docs/decisions/0019).
/// </summary>
public static class DeletedText
{
    /// <summary>Pages of the FTS5 table merged per transaction: some 20 ms, in which other writers wait.</summary>
    private const int PagesPerMerge = 100;

    /// <summary>A merge that changed fewer rows had nothing left to do: SQLite's FTS5 documentation.</summary>
    private const int ChangesMin = 2;

    /// <summary>How long truncating the log waits for readers. It blocks other writers, so it gives up early and retries.</summary>
    private const int LogWaitMilliseconds = 100;

    extension(PyboDb db)
    {
        /// <summary>Merges the FTS5 table if it may contain terms of deleted passages.</summary>
        /// <returns>False if there was nothing to do.</returns>
        public async Task<bool> MergeWordsAsync(CancellationToken ct)
        {
            var waiting = await db.Counters.Where(c => c.Name == Counter.DeletedPassages).Select(c => c.Value).SingleOrDefaultAsync(ct);
            if (waiting == 0)
            {
                return false;
            }

            await db.Database.OpenConnectionAsync(ct);
            try
            {
                var connection = db.Database.GetDbConnection();
                await using var merge = connection.CreateCommand();
                // A negative number starts with all segments, as "optimize" would, and leaves the rest for later.
                merge.CommandText = $"insert into PassageWords(PassageWords, rank) values ('merge', {-PagesPerMerge})";
                await merge.ExecuteNonQueryAsync(ct);
                merge.CommandText = $"insert into PassageWords(PassageWords, rank) values ('merge', {PagesPerMerge})";
                await using var changes = connection.CreateCommand();
                changes.CommandText = "select total_changes()";
                for (var before = 0L; ;)
                {
                    before = (long)(await changes.ExecuteScalarAsync(ct))!;
                    await merge.ExecuteNonQueryAsync(ct);
                    if ((long)(await changes.ExecuteScalarAsync(ct))! - before < ChangesMin)
                    {
                        break;
                    }
                }
            }
            finally
            {
                await db.Database.CloseConnectionAsync();
            }

            // Passages deleted in the meantime count for the next time.
            await db.Database.ExecuteSqlAsync($"update Counters set Value = Value - {waiting} where Name = {Counter.DeletedPassages}", ct);
            return true;
        }

        /// <summary>Checkpoints the write-ahead log into the file and truncates it to zero.</summary>
        /// <returns>False if a reader or a writer was in the way.</returns>
        public async Task<bool> CutLogAsync(CancellationToken ct)
        {
            // Use a separate connection: this one waits only for a moment.
            var connectionString = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()) { Pooling = false }.ConnectionString;
            await using var connection = new SqliteConnection(connectionString);
            await connection.OpenAsync(ct);
            await using var command = connection.CreateCommand();
            command.CommandText = $"pragma busy_timeout = {LogWaitMilliseconds}";
            await command.ExecuteNonQueryAsync(ct);
            command.CommandText = "pragma wal_checkpoint(truncate)";
            await using var row = await command.ExecuteReaderAsync(ct);
            return await row.ReadAsync(ct) && row.GetInt64(0) == 0;
        }
    }
}
