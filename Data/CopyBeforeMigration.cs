using Microsoft.Data.Sqlite;

namespace Pybo.Data;

/// <summary>
/// The file as it was before a migration, beside it until the migration has come to its end. Some tables can only be made anew outside of a
/// transaction: a process that dies meanwhile leaves half a migration, and the next start begins again from the copy.
/// </summary>
internal static class CopyBeforeMigration
{
    public static string PathOf(string file) => file + "-before";

    /// <summary>Makes the copy, whole or not at all. What other processes write meanwhile is in it or waits.</summary>
    public static void Make(string file)
    {
        var unfinished = PathOf(file) + ".part";
        File.Delete(unfinished);
        Copy(file, unfinished);
        File.Move(unfinished, PathOf(file));
    }

    /// <summary>True where a migration was begun and did not come to its end.</summary>
    public static bool Exists(string file) => File.Exists(PathOf(file));

    /// <summary>Puts the copy's content back into the file, in one transaction.</summary>
    public static void Restore(string file)
    {
        Copy(PathOf(file), file);
        Forget(file);
    }

    public static void Forget(string file) => File.Delete(PathOf(file));

    private static void Copy(string from, string to)
    {
        using var source = Open(from);
        using var target = Open(to);
        source.BackupDatabase(target);
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = PyboDbOptions.BusyTimeoutSeconds }.ConnectionString);
        connection.Open();
        return connection;
    }
}
