using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

/// <summary>A new site's database, made once by all migrations and copied for each test: the migrations alone take longer than most tests.</summary>
internal static class MigratedDatabase
{
    private static readonly Lazy<Task<byte[]>> Bytes = new(MakeAsync);

    public static async Task CopyToAsync(string file)
    {
        PrivateFile.Make(file);
        await File.WriteAllBytesAsync(file, await Bytes.Value);
    }

    private static async Task<byte[]> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pybo-test-");
        try
        {
            var file = Path.Combine(folder.FullName, "pybo.db");
            await using (var db = new PyboDb((DbContextOptions<PyboDb>)new DbContextOptionsBuilder<PyboDb>().UsePybo(file).Options))
            {
                await db.StartAsync(CancellationToken.None);
                await db.Database.ExecuteSqlRawAsync("pragma wal_checkpoint(truncate)");
                SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
            }

            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
