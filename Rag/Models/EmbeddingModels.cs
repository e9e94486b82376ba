using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>A loaded model and the database row of its vectors.</summary>
public sealed record Encoder(long ModelId, OnnxEmbeddingGenerator Generator);

/// <summary>The encoders at one moment. They stay in memory until this is disposed, even if others have replaced them.</summary>
/// <param name="Filling">Embeds new passages: the model named by the settings; null if it is missing or broken.</param>
/// <param name="Serving">Embeds questions: the model whose vectors are complete; null if there is none, or its folder is gone.</param>
/// <param name="Note">Why searches use words alone, for the reader; null if they do not.</param>
public sealed record EmbeddingState(Encoder? Filling, Encoder? Serving, Notice? Note) : IDisposable
{
    /// <summary>The leases that keep the encoders in memory.</summary>
    internal IReadOnlyList<IDisposable> Leases { private get; init; } = [];

    public void Dispose()
    {
        foreach (var lease in Leases)
        {
            lease.Dispose();
        }
    }
}

/// <summary>Loads the embedding model once, and keeps the previous one in use until every passage has a vector of the new one.</summary>
/// <remarks>May be disposed while callers hold states: each model is freed when the last state that uses it is disposed.</remarks>
public sealed partial class EmbeddingModels(
    IDbContextFactory<PyboDb> dbs, IOptions<PyboOptions> options, InstalledModels installed, ILogger<EmbeddingModels> log) : IDisposable, IAsyncDisposable
{
    public static readonly Notice MissingNote = Notice.Of(ModelProblem.NoEncoder);
    public static readonly Notice FillingNote = Notice.Of(ModelProblem.EncoderFilling);

    // Never disposed, because callers may still be waiting.
    private readonly SemaphoreSlim gate = new(1);
    private Loaded? loaded;
    private bool isDisposed;

    /// <summary>Returns the encoders, loaded by the first call (a few hundred milliseconds), and again if another process has changed the serving model. The
    /// caller disposes the state.</summary>
    /// <exception cref="ObjectDisposedException">The site is shutting down.</exception>
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

    /// <summary>Makes the filling model serve once every passage has its vector; deletes the previous model's vectors.</summary>
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

    /// <summary>Disposes, and completes when all states are disposed and the models are freed.</summary>
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

    /// <summary>Replaces the loaded models. A model that is no longer needed is freed when its last caller is done.</summary>
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

    /// <param name="before">The previously loaded models, whose generators are reused.</param>
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

    /// <summary>Returns the model named by the settings with its row; loads it if necessary.</summary>
    private async Task<LoadedModel?> FillingAsync(PyboDb db, LoadedModel? before, CancellationToken ct)
    {
        if ((before?.Encoder.Generator ?? TryLoad(options.Value.EmbeddingModel)) is not { } generator)
        {
            return null;
        }

        try
        {
            var row = await db.EnsureEmbeddingModelAsync(generator.ModelName, generator.Fingerprint, options.Value.EmbeddingModel, generator.Dimensions, ct);
            if (row.Centre is null)
            {
                await db.CentreVectorsAsync(row.Id, await EmbeddingCentre.OfAsync(generator, ct), ct);
            }

            return before?.Encoder.ModelId == row.Id ? before : new(new(row.Id, generator), before?.Generator ?? new(generator));
        }
        catch when (before is null)
        {
            generator.Dispose();
            throw;
        }
    }

    /// <summary>Returns the model that serves until the new one is filled, if its files are still in place.</summary>
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
            // The board and word search must work without the model; the log states the cause, the page the consequence.
            Broken(log, folder, error);
            return null;
        }
    }

    /// <summary>A model in memory.</summary>
    /// <param name="Encoder">The caller's view.</param>
    /// <param name="Generator">Shared by all holders of a state.</param>
    private sealed record LoadedModel(Encoder Encoder, Leased<OnnxEmbeddingGenerator> Generator);

    /// <param name="Filling">As in a state.</param>
    /// <param name="Serving">As in a state.</param>
    /// <param name="Note">As in a state.</param>
    /// <param name="ServingRow">The serving model according to the database, whether or not its files exist.</param>
    private sealed record Loaded(LoadedModel? Filling, LoadedModel? Serving, Notice? Note, long? ServingRow)
    {
        /// <summary>Creates a state for one caller; null if one of its models has already been freed.</summary>
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
