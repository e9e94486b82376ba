using Pybo.Data;

namespace Pybo.Rag.Ingestion;

/// <summary>Runs the <see cref="Indexer"/> in the site: at start, when something is saved, and periodically.</summary>
public sealed partial class IngestionWorker(Indexer indexer, IndexingSignal signal, ILogger<IngestionWorker> log) : BackgroundService
{
    /// <summary>How long a row written by another process (<c>ingest</c> on the command line) may wait unnoticed.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Leave the processor to the first page; a moment later the indexer loads the model, so that the first search need not.
        await Task.Delay(AfterStart, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var woken = signal.Next;
                await indexer.RunAsync(null, stoppingToken);
                await woken.WaitAsync(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The failed work is still in its row; the worker must survive a full disk or a locked file.
                Failed(log, error);
                await Task.Delay(RestAfterFailure, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Indexing failed; it is tried again.")]
    private static partial void Failed(ILogger log, Exception error);
}
