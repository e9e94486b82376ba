using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Models;
using Pybo.Tests.Data;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Rag.Ingestion;

public sealed class IngestionWorkerTests
{
    [Fact]
    public async Task The_worker_survives_a_failed_model_lookup_and_retries()
    {
        await using var database = await TestDatabase.StartAsync();
        var dbs = new ClosedAtFirst(database);
        using var models = TestModels.Embedding(dbs, "models/none");
        var indexer = new Indexer(dbs, models, new PassageWriter(dbs), ReadHere.ReadAsync, TimeProvider.System, NullLogger<Indexer>.Instance);
        using var worker = new IngestionWorker(indexer, new IndexingSignal(), NullLogger<IngestionWorker>.Instance);
        await worker.StartAsync(default);
        await Task.WhenAny(dbs.IsOpened, worker.ExecuteTask!);
        Assert.True(dbs.IsOpened.IsCompletedSuccessfully, "It ended with its first failure.");
        await worker.StopAsync(default);
    }

    [Fact]
    public async Task An_unreadable_model_counts_as_missing()
    {
        await using var database = await TestDatabase.StartAsync();
        var options = Options.Create(new PyboOptions());
        using var models = new EmbeddingModels(database, options, new(new([]), options, new Forbidden()), NullLogger<EmbeddingModels>.Instance);
        using var state = await models.StateAsync(default);
        Assert.Equal(EmbeddingModels.MissingNote, state.Note);
    }

    /// <summary>Its first connection fails.</summary>
    private sealed class ClosedAtFirst(TestDatabase database) : IDbContextFactory<PyboDb>
    {
        private readonly TaskCompletionSource opened = new();
        private int calls;

        public Task IsOpened => opened.Task;

        public PyboDb CreateDbContext()
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                throw new IOException("The disk is gone for a moment.");
            }

            opened.TrySetResult();
            return database.CreateDbContext();
        }
    }

    /// <summary>The error of a folder without the right to read it, also for the system's administrator.</summary>
    private sealed class Forbidden : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;
        public string ApplicationName { get; set; } = "Pybo";
        public string ContentRootPath { get => throw new UnauthorizedAccessException("No right to read."); set => throw new NotSupportedException(); }
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
