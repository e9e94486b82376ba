using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>A model at hand and the row under which its vectors are kept.</summary>
public sealed record Encoder(long ModelId, OnnxEmbeddingGenerator Generator);

/// <summary>The encoders of a moment. They stay in memory until this is disposed, even when others have replaced them.</summary>
/// <param name="Filling">Embeds new passages: the model that the settings name; null when it is missing or broken.</param>
/// <param name="Serving">Embeds questions: the model whose vectors are complete; null when there is none, or its folder is gone.</param>
/// <param name="Note">Why searches go by words alone, for the reader; null when they do not.</param>
public sealed record EmbeddingState(Encoder? Filling, Encoder? Serving, Notice? Note) : IDisposable
{
    /// <summary>What keeps the encoders in memory.</summary>
    internal IReadOnlyList<IDisposable> Leases { private get; init; } = [];

    public void Dispose()
    {
        foreach (var lease in Leases)
        {
            lease.Dispose();
        }
    }
}

/// <summary>Loads the embedding model once, and keeps the one before it at work until every passage has a vector of the new one.</summary>
/// <remarks>May be disposed while callers hold states: each model is freed when the last state that names it is disposed.</remarks>
public sealed partial class EmbeddingModels(
    IDbContextFactory<PyboDb> dbs, IOptions<PyboOptions> options, InstalledModels installed, ILogger<EmbeddingModels> log) : IDisposable, IAsyncDisposable
{
    public static readonly Notice MissingNote = Notice.Of(ModelProblem.NoEncoder);
    public static readonly Notice FillingNote = Notice.Of(ModelProblem.EncoderFilling);

    // Never disposed: callers may still wait on it.
    private readonly SemaphoreSlim gate = new(1);
    private Loaded? loaded;
    private bool isDisposed;

    /// <summary>The encoders, loaded by the first call (a few hundred milliseconds), and again where another process has let another model serve. The caller disposes the state.</summary>
    /// <exception cref="ObjectDisposedException">The site is ending.</exception>
    public async Task<EmbeddingState> StateAsync(CancellationToken ct)
    {
        if (loaded is { } ready && await IsCurrentAsync(ready, ct) && ready.TryBorrow() is { } state)
        {
            return state;
        }

        await gate.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (loaded is null || !await IsCurrentAsync(loaded, ct))
            {
                Replace(await LoadAsync(loaded, ct));
            }

            return loaded!.TryBorrow() ?? throw new InvalidOperationException("A loaded embedding model was disposed without being replaced.");
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Lets the filling model serve, once no passage lacks a vector of it; the vectors of the model before go.</summary>
    public async Task ServeFillingAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            if (isDisposed || loaded is not { Filling: { } filling } || loaded.Serving == filling)
            {
                return;
            }

            await using var db = await dbs.CreateDbContextAsync(ct);
            await db.ServeEmbeddingModelAsync(filling.Encoder.ModelId, ct);
            Replace(new(filling, filling, null, filling.Encoder.ModelId));
            Serves(log, filling.Encoder.Generator.ModelName);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        gate.Wait();
        isDisposed = true;
        Generators(loaded).ForEach(generator => generator.Dispose());
        gate.Release();
    }

    /// <summary>Disposes, and completes when no state is held any more and the models are freed.</summary>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        isDisposed = true;
        gate.Release();
        foreach (var generator in Generators(loaded))
        {
            await generator.DisposeAsync();
        }
    }

    private static List<Leased<OnnxEmbeddingGenerator>> Generators(Loaded? loaded) =>
        [.. new[] { loaded?.Filling?.Generator, loaded?.Serving?.Generator }.OfType<Leased<OnnxEmbeddingGenerator>>().Distinct()];

    /// <summary>Replaces what is loaded. A model that is no longer needed is freed when the last caller has finished with it.</summary>
    private void Replace(Loaded by)
    {
        var before = loaded;
        loaded = by;
        Generators(before).Except(Generators(by)).ToList().ForEach(generator => generator.Dispose());
    }

    private async Task<bool> IsCurrentAsync(Loaded ready, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var rows = await db.EmbeddingModels.Select(m => new { m.Id, IsServing = m.ServingSince != null }).ToListAsync(ct);
        return rows.Find(r => r.IsServing)?.Id == ready.ServingRow && (ready.Filling is not { } filling || rows.Exists(r => r.Id == filling.Encoder.ModelId));
    }

    /// <param name="before">What was loaded until now: its generators are used again.</param>
    /// <param name="ct">Cancels.</param>
    private async Task<Loaded> LoadAsync(Loaded? before, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var filling = await FillingAsync(db, before?.Filling, ct);
        try
        {
            var row = await db.EmbeddingModels.AsNoTracking().SingleOrDefaultAsync(m => m.ServingSince != null, ct);
            var serving = row is null ? null
                : row.Id == filling?.Encoder.ModelId ? filling
                : row.Id == before?.Serving?.Encoder.ModelId ? before.Serving
                : Previous(row);
            return new(filling, serving, serving is not null ? null : filling is null ? MissingNote : FillingNote, row?.Id);
        }
        catch when (filling?.Generator != before?.Filling?.Generator)
        {
            filling?.Generator.Dispose();
            throw;
        }
    }

    /// <summary>The model that the settings name, with its row; loaded where it is not yet.</summary>
    private async Task<LoadedModel?> FillingAsync(PyboDb db, LoadedModel? before, CancellationToken ct)
    {
        if ((before?.Encoder.Generator ?? TryLoad(options.Value.EmbeddingModel)) is not { } generator)
        {
            return null;
        }

        try
        {
            var row = await db.EnsureEmbeddingModelAsync(generator.ModelName, generator.Fingerprint, options.Value.EmbeddingModel, generator.Dimensions, ct);
            return before?.Encoder.ModelId == row.Id ? before : new(new(row.Id, generator), before?.Generator ?? new(generator));
        }
        catch when (before is null)
        {
            generator.Dispose();
            throw;
        }
    }

    /// <summary>The model that serves until the new one is filled, if its files are still where they were.</summary>
    private LoadedModel? Previous(EmbeddingModel row)
    {
        if (TryLoad(row.Folder) is not { } generator)
        {
            return null;
        }

        try
        {
            if (generator.Fingerprint == row.Fingerprint)
            {
                return new(new(row.Id, generator), new(generator));
            }
        }
        catch
        {
            generator.Dispose();
            throw;
        }

        generator.Dispose();
        return null;
    }

    private OnnxEmbeddingGenerator? TryLoad(string folder)
    {
        try
        {
            if (installed.Embedder(folder) is { } found)
            {
                return OnnxEmbeddingGenerator.Load(found);
            }

            Missing(log, installed.MissingEmbedder(folder));
            return null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException or OnnxModelException)
        {
            // The board and the search by words must work without the model; the reason goes to the log, the consequence to the page.
            Broken(log, folder, error);
            return null;
        }
    }

    /// <summary>A model in memory.</summary>
    /// <param name="Encoder">What callers see.</param>
    /// <param name="Generator">Shared with those who hold a state.</param>
    private sealed record LoadedModel(Encoder Encoder, Leased<OnnxEmbeddingGenerator> Generator);

    /// <param name="Filling">As in a state.</param>
    /// <param name="Serving">As in a state.</param>
    /// <param name="Note">As in a state.</param>
    /// <param name="ServingRow">The model that serves by the database, its files at hand or not.</param>
    private sealed record Loaded(LoadedModel? Filling, LoadedModel? Serving, Notice? Note, long? ServingRow)
    {
        /// <summary>For one caller; null where a model of it is gone already.</summary>
        public EmbeddingState? TryBorrow()
        {
            var leases = Generators(this).ConvertAll(generator => generator.TryBorrow());
            var state = new EmbeddingState(Filling?.Encoder, Serving?.Encoder, Note) { Leases = [.. leases.OfType<IDisposable>()] };
            if (!leases.Contains(null))
            {
                return state;
            }

            state.Dispose();
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Reason}")]
    private static partial void Missing(ILogger log, string reason);

    [LoggerMessage(LogLevel.Error, "The embedding model in {Folder} cannot be loaded; search goes by words only.")]
    private static partial void Broken(ILogger log, string folder, Exception error);

    [LoggerMessage(LogLevel.Information, "{Model} has a vector for every passage and serves from now on.")]
    private static partial void Serves(ILogger log, string model);
}
