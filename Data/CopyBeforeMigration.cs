using Microsoft.Data.Sqlite;

namespace Pybo.Data;

/// <summary>
/// A copy of the file from before a migration, kept next to it until the migration has finished. Some tables can only be rebuilt outside a
/// transaction: a process that dies there leaves half a migration, and the next start begins again from the copy. File and copy carry the same
/// mark, written before the copy is made, so that a copy never overwrites a file that has been restored or replaced in the meantime.
/// </summary>
internal static class CopyBeforeMigration
{
    /// <summary>The one-row table with the mark; it exists during a migration.</summary>
    public const string MarkTable = "__PyboMigrationCopy";

    public static string PathOf(string file) => file + "-before";

    /// <summary>Makes the copy, whole or not at all. Concurrent writes of other processes are included or wait.</summary>
    public static void Make(string file)
    {
        var unfinished = PathOf(file) + ".part";
        File.Delete(unfinished);
        PrivateFile.Make(unfinished);
        using (var database = Open(file))
        {
            Execute(database, $"""
                drop table if exists {MarkTable};
                create table {MarkTable} (Mark text not null);
                insert into {MarkTable} values (lower(hex(randomblob(16))));
                """);
        }

        Copy(file, unfinished);
        File.Move(unfinished, PathOf(file));
    }

    /// <summary>True if a migration began and did not finish.</summary>
    public static bool Exists(string file) => File.Exists(PathOf(file));

    /// <summary>Returns whether the copy was made of this same file, whose migration began.</summary>
    public static bool IsOf(string file) => MarkOf(file) is { } mark && mark == MarkOf(PathOf(file));

    /// <summary>Restores the copy's content to the file, in one transaction. The mark stays: the migration begins again.</summary>
    public static void Restore(string file) => Copy(PathOf(file), file);

    /// <summary>Moves a copy of another file aside, to a name that no start looks for.</summary>
    /// <returns>Its new path.</returns>
    public static string SetAside(string file)
    {
        var aside = $"{PathOf(file)}-{DateTime.UtcNow:yyyyMMddHHmmssfff}";
        File.Move(PathOf(file), aside);
        return aside;
    }

    /// <summary>Ends the migration. The copy is deleted first: a mark without a copy means nothing.</summary>
    public static void Forget(string file)
    {
        File.Delete(PathOf(file));
        if (MarkOf(file) is not null)
        {
            using var database = Open(file);
            Execute(database, $"drop table {MarkTable}");
        }
    }

    private static string? MarkOf(string file)
    {
        using var database = Open(file);
        using var command = database.CreateCommand();
        command.CommandText = $"select count(*) from sqlite_master where name = '{MarkTable}'";
        if ((long)command.ExecuteScalar()! == 0)
        {
            return null;
        }

        command.CommandText = $"select Mark from {MarkTable}";
        return command.ExecuteScalar() as string;
    }

    private static void Copy(string from, string to)
    {
        using var source = Open(from);
        using var target = Open(to);
        source.BackupDatabase(target);
    }

    private static void Execute(SqliteConnection database, string sql)
    {
        using var transaction = database.BeginTransaction();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = PyboDbOptions.BusyTimeoutSeconds }.ConnectionString);
        connection.Open();
        return connection;
    }
}
