using System.Text;
using Microsoft.Data.Sqlite;

namespace Pybo.Tests.Attacks;

/// <summary>A site, whether it runs in the tests' process or in its own.</summary>
public interface IDatabaseFile
{
    string DatabaseFile { get; }
}

/// <summary>Reads a site's file without the program: by SQL that every version understands, and byte by byte.</summary>
internal static class RawDatabase
{
    private const int PatienceTenths = 600;

    public static long Count(this IDatabaseFile site, string sql) => Run(site, sql) is long number ? number : 0;

    public static void Execute(this IDatabaseFile site, string sql) => Run(site, sql);

    public static async Task UntilCountAsync(this IDatabaseFile site, string sql)
    {
        for (var waited = 0; waited < PatienceTenths; waited++)
        {
            if (site.Count(sql) > 0)
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"It did not come about: {sql} {(site as AttackedSite)?.Output}");
    }

    /// <summary>The database and the files next to it that contain these words.</summary>
    public static List<string> FilesWith(this IDatabaseFile site, string words) =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(site.DatabaseFile)!).Where(file => Read(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(words)) >= 0).Select(file => Path.GetFileName(file))];

    private static object? Run(IDatabaseFile site, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = site.DatabaseFile, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static byte[] Read(string file)
    {
        // The site has it open.
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
