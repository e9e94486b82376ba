using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Documents;
using Pybo.Rag.Inference;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;
using Pybo.Rag.Retrieval;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>A set's documents in a database of the site, filled by the site's own indexer, and the services that search it.</summary>
/// <remarks>
/// Each document is a text file, its title the first line. A filled database is kept under <c>artifacts/benchmarks</c> by a hash of the
/// documents, of the model and of the code that chunks and writes, so that figures never use passages that another version cut.
/// </remarks>
internal sealed class BenchmarkIndex : IAsyncDisposable
{
    private const int DocumentsPerWriteMax = 1_000;

    /// <summary>The code that chunks, embeds and writes; a change in it makes the filled databases stale.</summary>
    private static readonly string[] Code = ["Data", "Migrations", "Rag/Documents", "Rag/Inference", "Rag/Ingestion", "Rag/Tokenizers"];

    private readonly ServiceProvider services;
    private readonly bool isCopy;

    private BenchmarkIndex(string file, IReadOnlyDictionary<string, string> idOfPath, bool isCopy = false)
    {
        (File, IdOfPath, this.isCopy) = (file, idOfPath, isCopy);
        services = Services(file);
    }

    /// <summary>The folder that keeps databases between runs.</summary>
    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "benchmarks")).FullName;

    public string File { get; }

    /// <summary>Maps <see cref="PassageHit.Path"/> to the id of the set's document.</summary>
    public IReadOnlyDictionary<string, string> IdOfPath { get; }

    public IDbContextFactory<PyboDb> Dbs => services.GetRequiredService<IDbContextFactory<PyboDb>>();
    public EmbeddingModels Models => services.GetRequiredService<EmbeddingModels>();
    public Retriever Retriever => services.GetRequiredService<Retriever>();

    /// <summary>Opens the database of these documents; fills it first if there is none (a minute for a thousand passages).</summary>
    public static async Task<BenchmarkIndex> OpenAsync(string name, IReadOnlyList<SetDocument> documents, CancellationToken ct)
    {
        var file = Path.Combine(Folder, $"{Key(documents)}.db");
        var idOfPath = documents.Select((d, place) => (Path: PathOf(place), d.Id)).ToDictionary(d => d.Path, d => d.Id);
        if (!System.IO.File.Exists(file))
        {
            await FillAsync(name, file, documents, ct);
        }

        return new(file, idOfPath);
    }

    /// <summary>A copy with some documents deleted, as the site deletes them; disposing it deletes the copy.</summary>
    public async Task<BenchmarkIndex> WithoutAsync(IReadOnlySet<string> ids, CancellationToken ct)
    {
        var copy = Path.Combine(Folder, $"{Guid.NewGuid():N}.db");
        System.IO.File.Copy(File, copy);
        var paths = IdOfPath.Where(p => ids.Contains(p.Value)).Select(p => p.Key).ToList();
        var index = new BenchmarkIndex(copy, IdOfPath, isCopy: true);
        await using var db = await index.Dbs.CreateDbContextAsync(ct);
        await db.Documents.Where(d => paths.Contains(d.Path)).ExecuteDeleteAsync(ct);
        return index;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (isCopy)
        {
            SqliteConnection.ClearAllPools();
            foreach (var part in new[] { File, $"{File}-wal", $"{File}-shm" })
            {
                System.IO.File.Delete(part);
            }
        }
    }

    private static async Task FillAsync(string name, string file, IReadOnlyList<SetDocument> documents, CancellationToken ct)
    {
        var partial = file + ".partial";
        System.IO.File.Delete(partial);
        await using (var services = Services(partial))
        {
            await AddAsync(services.GetRequiredService<IDbContextFactory<PyboDb>>(), documents, ct);
            await Terminal.Console.Progress().StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(name), maxValue: documents.Count);
                await services.GetRequiredService<Indexer>().RunAsync(new Report(done => task.Value = done), ct);
            });
            await using var db = await services.GetRequiredService<IDbContextFactory<PyboDb>>().CreateDbContextAsync(ct);
            await db.Database.ExecuteSqlRawAsync("pragma wal_checkpoint(truncate); pragma journal_mode = delete;", ct);
        }

        SqliteConnection.ClearAllPools();
        System.IO.File.Move(partial, file);
    }

    private static async Task AddAsync(IDbContextFactory<PyboDb> dbs, IReadOnlyList<SetDocument> documents, CancellationToken ct)
    {
        await using (var db = await dbs.CreateDbContextAsync(ct))
        {
            await db.StartAsync(ct);
        }

        foreach (var some in documents.Select((d, place) => (Document: d, Place: place)).Chunk(DocumentsPerWriteMax))
        {
            await using var db = await dbs.CreateDbContextAsync(ct);
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            foreach (var (document, place) in some)
            {
                await AddAsync(db, PathOf(place), document.Title.Length == 0 ? document.Text : $"{document.Title}\n\n{document.Text}", ct);
            }

            await transaction.CommitAsync(ct);
        }
    }

    /// <summary>Adds a document to the queue, within the open transaction.</summary>
    public static async Task<Document> AddAsync(PyboDb db, string path, string text, CancellationToken ct)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var document = new Document { Path = path, Title = path, FileId = await db.StoreFileAsync(ownerId: null, await FileDigest.OfAsync(content, ct), content, ct) };
        db.Documents.Add(document);
        await db.SaveChangesAsync(ct);
        return document;
    }

    private static string PathOf(int place) => $"{place}.txt";

    private static string Key(IReadOnlyList<SetDocument> documents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(typeof(PyboDb).Module.ModuleVersionId.ToByteArray());
        foreach (var model in Directory.EnumerateFiles(Path.Combine(Repository.Root, "models", "embedded"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(SHA256.HashData(System.IO.File.ReadAllBytes(model)));
        }

        foreach (var document in documents)
        {
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes($"{document.Id}\0{document.Title}\0{document.Text}")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    public static IDbContextFactory<PyboDb> DbsOf(IServiceProvider services) => services.GetRequiredService<IDbContextFactory<PyboDb>>();

    public static PassageWriter WriterOf(IServiceProvider services) => services.GetRequiredService<PassageWriter>();

    /// <summary>The site's services on a database file, without the site.</summary>
    public static ServiceProvider Services(string file)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton<IHostEnvironment>(new CheckoutEnvironment());
        services.AddLogging(logging => logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning));
        services.AddOptions<PyboOptions>();
        services.AddDbContextFactory<PyboDb>(options => options.UsePybo(file));
        services.AddModels().AddSingleton<PassageWriter>().AddSingleton<EmbeddingModels>().AddSingleton(TimeProvider.System).AddSingleton<ExtractText>(ReadHereAsync).AddSingleton<Indexer>().AddSingleton<Retriever>();
        return services.BuildServiceProvider();
    }

    /// <summary>The sets are plain texts: reading them needs no other process.</summary>
    private static async Task<DocumentText> ReadHereAsync(Stream content, long length, string fileName, IProgress<int>? pagesRead, CancellationToken ct)
    {
        var bytes = new byte[length];
        await content.ReadExactlyAsync(bytes, ct);
        return DocumentReader.ReadFile(bytes, fileName);
    }

    /// <summary>Reports on the working thread: <see cref="Progress{T}"/> would report late.</summary>
    private sealed class Report(Action<int> act) : IProgress<int>
    {
        void IProgress<int>.Report(int value) => act(value);
    }

    private sealed class CheckoutEnvironment : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;
        public string ApplicationName { get; set; } = "Pybo.Benchmarks";
        public string ContentRootPath { get; set; } = Repository.Root;
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
