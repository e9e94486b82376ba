using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Pybo.Data;

/// <summary>Configures connections to the file; the same for the site, the commands, the tests and dotnet-ef.</summary>
public static class PyboDbOptions
{
    /// <summary>How long a writer waits for the previous one. Write transactions are short: models run before them, never inside.</summary>
    public const int BusyTimeoutSeconds = 30;

    private const int CacheKibibytes = 32 * 1024;
    private const long MemoryMapBytes = 1L << 30;

    public static DbContextOptionsBuilder UsePybo(this DbContextOptionsBuilder options, string file)
    {
        SqliteExtensions.Register();
        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            ForeignKeys = true,
            DefaultTimeout = BusyTimeoutSeconds,
        };
        return options.UseSqlite(connection.ConnectionString).AddInterceptors(ConnectionPragmas.Instance)
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning)); // see CopyBeforeMigration
    }

    private sealed class ConnectionPragmas : DbConnectionInterceptor
    {
        public static readonly ConnectionPragmas Instance = new();

        // Deleted data is overwritten: see DeletedText. With a write-ahead log, NORMAL loses no committed transaction to a crash of the process, and a power cut corrupts nothing.
        private static readonly string Pragmas = string.Create(null,
            $"pragma busy_timeout = {BusyTimeoutSeconds * 1000}; pragma synchronous = normal; pragma temp_store = memory; pragma secure_delete = on; pragma cache_size = -{CacheKibibytes}; pragma mmap_size = {MemoryMapBytes};");

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Run(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Run(connection);
            return Task.CompletedTask;
        }

        private static void Run(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }
    }
}
