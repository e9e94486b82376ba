using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>
/// Deleted text leaves the file. <c>pragma secure_delete</c> overwrites what is deleted in rows and pages; two places are left, and are cleared here:
/// the table of words, whose segments keep the terms of deleted passages until they are merged, and the write-ahead log, whose old frames stay
/// until it is cut (docs/decisions/0019).
/// </summary>
public static class DeletedText
{
    /// <summary>Pages of the table of words that one transaction merges: some 20 ms, in which other writers wait.</summary>
    private const int PagesPerMerge = 100;

    /// <summary>A merge that changed fewer rows had nothing left to do: SQLite's documentation of FTS5.</summary>
    private const int ChangesMin = 2;

    /// <summary>How long cutting the log waits for readers. Meanwhile no other writer gets in, so it rather tries again.</summary>
    private const int LogWaitMilliseconds = 100;

    extension(PyboDb db)
    {
        /// <summary>Merges the table of words anew where it may hold terms of deleted passages.</summary>
        /// <returns>False where there was nothing to do.</returns>
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
                // A negative number begins with all segments, as "optimize" would, and leaves the rest for later.
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

            // What was deleted meanwhile counts for the next time.
            await db.Database.ExecuteSqlAsync($"update Counters set Value = Value - {waiting} where Name = {Counter.DeletedPassages}", ct);
            return true;
        }

        /// <summary>Moves what the write-ahead log holds into the file, and cuts the log to nothing.</summary>
        /// <returns>False where a reader or a writer was in the way.</returns>
        public async Task<bool> CutLogAsync(CancellationToken ct)
        {
            // A connection of its own: this one waits for a moment only.
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
