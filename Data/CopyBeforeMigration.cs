using Microsoft.Data.Sqlite;

namespace Pybo.Data;

/// <summary>
/// The file as it was before a migration, beside it until the migration has come to its end. Some tables can only be made anew outside of a
/// transaction: a process that dies meanwhile leaves half a migration, and the next start begins again from the copy. File and copy carry the same
/// mark, written before the copy is made, so that a copy is never put over a file which somebody has restored or replaced in the meantime.
/// </summary>
internal static class CopyBeforeMigration
{
    /// <summary>The table of one row that holds the mark; it is there while a migration is.</summary>
    public const string MarkTable = "__PyboMigrationCopy";

    public static string PathOf(string file) => file + "-before";

    /// <summary>Makes the copy, whole or not at all. What other processes write meanwhile is in it or waits.</summary>
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

    /// <summary>True where a migration was begun and did not come to its end.</summary>
    public static bool Exists(string file) => File.Exists(PathOf(file));

    /// <summary>Whether the copy was made of this very file, whose migration was begun.</summary>
    public static bool IsOf(string file) => MarkOf(file) is { } mark && mark == MarkOf(PathOf(file));

    /// <summary>Puts the copy's content back into the file, in one transaction. The mark stays: the migration begins again.</summary>
    public static void Restore(string file) => Copy(PathOf(file), file);

    /// <summary>Puts a copy of another file out of the way, under a name that no start looks for.</summary>
    /// <returns>Where it is.</returns>
    public static string SetAside(string file)
    {
        var aside = $"{PathOf(file)}-{DateTime.UtcNow:yyyyMMddHHmmssfff}";
        File.Move(PathOf(file), aside);
        return aside;
    }

    /// <summary>The migration has come to its end. The copy goes first: a mark without a copy means nothing.</summary>
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
