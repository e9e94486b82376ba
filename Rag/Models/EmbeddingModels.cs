using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Models;

/// <summary>A model at hand and the row under which its vectors stand.</summary>
public sealed record Encoder(long ModelId, OnnxEmbeddingGenerator Generator);

/// <summary>Which encoders there are at the moment.</summary>
/// <param name="Filling">Embeds new passages: the model that the settings name; null when it is missing or broken.</param>
/// <param name="Serving">Embeds questions: the model whose vectors are complete; null when there is none, or its folder is gone.</param>
/// <param name="Note">Why searches go by words alone, for the reader; null when they do not.</param>
public sealed record EmbeddingState(Encoder? Filling, Encoder? Serving, string? Note);

/// <summary>Loads the embedding model once, and keeps the one before it at work until every passage has a vector of the new one.</summary>
public sealed partial class EmbeddingModels(
    IDbContextFactory<PyboDb> dbs, IOptions<PyboOptions> options, InstalledModels installed, ILogger<EmbeddingModels> log) : IDisposable
{
    public const string MissingNote = "임베딩 모델이 없어 낱말이 같은 글만 찾았습니다.";
    public const string FillingNote = "새 임베딩 모델로 색인을 만드는 중이어서 지금은 낱말이 같은 글만 찾았습니다.";

    private readonly SemaphoreSlim gate = new(1);
    private Loaded? loaded;

    /// <summary>The encoders, loaded by the first call (a few hundred milliseconds), and again where another process has let another model serve.</summary>
    public async Task<EmbeddingState> StateAsync(CancellationToken ct)
    {
        if (loaded is { } ready && await IsCurrentAsync(ready, ct))
        {
            return ready.State;
        }

        await gate.WaitAsync(ct);
        try
        {
            if (loaded is null || !await IsCurrentAsync(loaded, ct))
            {
                loaded = await LoadAsync(loaded?.State, ct);
            }

            return loaded.State;
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
            if (loaded is not { State: { Filling: { } filling } state } || state.Serving == filling)
            {
                return;
            }

            await using var db = await dbs.CreateDbContextAsync(ct);
            await db.ServeEmbeddingModelAsync(filling.ModelId, ct);
            // The old generator is left to the collector: a search may be using it at this moment.
            loaded = new(new(filling, filling, null), filling.ModelId);
            Serves(log, filling.Generator.ModelName);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        loaded?.State.Filling?.Generator.Dispose();
        if (loaded?.State.Serving != loaded?.State.Filling)
        {
            loaded?.State.Serving?.Generator.Dispose();
        }

        gate.Dispose();
    }

    private async Task<bool> IsCurrentAsync(Loaded ready, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var rows = await db.EmbeddingModels.Select(m => new { m.Id, IsServing = m.ServingSince != null }).ToListAsync(ct);
        return rows.Find(r => r.IsServing)?.Id == ready.ServingRow && (ready.State.Filling is not { } filling || rows.Exists(r => r.Id == filling.ModelId));
    }

    /// <param name="before">What was loaded until now: its generators are used again.</param>
    /// <param name="ct">Cancels.</param>
    private async Task<Loaded> LoadAsync(EmbeddingState? before, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var filling = (before?.Filling?.Generator ?? TryLoad(options.Value.EmbeddingModel)) is { } generator
            ? new Encoder((await db.EnsureEmbeddingModelAsync(generator.ModelName, generator.Fingerprint, options.Value.EmbeddingModel, generator.Dimensions, ct)).Id, generator)
            : null;
        var row = await db.EmbeddingModels.AsNoTracking().SingleOrDefaultAsync(m => m.ServingSince != null, ct);
        var serving = row is null ? null : row.Id == filling?.ModelId ? filling : row.Id == before?.Serving?.ModelId ? before.Serving : Previous(row);
        return new(new(filling, serving, serving is not null ? null : filling is null ? MissingNote : FillingNote), row?.Id);
    }

    /// <summary>The model that serves until the new one is filled, if its files are still where they were.</summary>
    private Encoder? Previous(EmbeddingModel row)
    {
        var generator = TryLoad(row.Folder);
        if (generator is null || generator.Fingerprint == row.Fingerprint)
        {
            return generator is null ? null : new(row.Id, generator);
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
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException or Onnx.OnnxRuntimeException)
        {
            // The board and the search by words must work without the model; the reason goes to the log, the consequence to the page.
            Broken(log, folder, error);
            return null;
        }
    }

    /// <param name="State">What callers see.</param>
    /// <param name="ServingRow">The model that serves by the database, its files at hand or not.</param>
    private sealed record Loaded(EmbeddingState State, long? ServingRow);

    [LoggerMessage(LogLevel.Warning, "{Reason}")]
    private static partial void Missing(ILogger log, string reason);

    [LoggerMessage(LogLevel.Error, "The embedding model in {Folder} cannot be loaded; search goes by words only.")]
    private static partial void Broken(ILogger log, string folder, Exception error);

    [LoggerMessage(LogLevel.Information, "{Model} has a vector for every passage and serves from now on.")]
    private static partial void Serves(ILogger log, string model);
}
