using Microsoft.Extensions.Logging.Abstractions;
using Pybo.Data;
using Pybo.Rag.Documents.Enclosed;
using Pybo.Rag.Documents.Recognition;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// Reads untrusted documents in child processes of this program: a document can harm only its reader, and costs at most
/// <see cref="ReadingLimits.Time"/> and <see cref="ReadingLimits.HeapBytes"/>.
/// </summary>
/// <example><code>
/// await using var reader = new IsolatedDocumentReader();
/// var document = await reader.ReadAsync(file, file.Length, "보고서.pdf", pagesRead: null, ct);
/// </code></example>
public sealed partial class IsolatedDocumentReader : IAsyncDisposable
{
    private readonly ReadingLimits limits;
    private readonly IReadOnlyList<string> commandLine;
    private readonly SemaphoreSlim places;
    private readonly SemaphoreSlim unwrapping = new(1);
    private readonly Lock gate = new();
    private readonly Stack<DocumentProcess> idle = new();
    private readonly Timer sweep;
    private readonly PageRecogniser? recogniser;
    private readonly ILogger log;
    private ReadingBounds expected = ReadingBoundsOfSystem.Available;
    private bool isDisposed;

    /// <param name="limits">Null for the defaults.</param>
    /// <param name="commandLine">The command to start; null for this program.</param>
    /// <param name="log">Logs once which of this account's rights a reading process keeps, if it keeps more than reading needs.</param>
    /// <param name="recogniser">Recognises the text of pages that are pictures; null leaves them without text.</param>
    public IsolatedDocumentReader(
        ReadingLimits? limits = null, IReadOnlyList<string>? commandLine = null, ILogger<IsolatedDocumentReader>? log = null, PageRecogniser? recogniser = null)
    {
        this.recogniser = recogniser;
        this.log = log ?? NullLogger<IsolatedDocumentReader>.Instance;
        this.limits = limits ?? new();
        this.commandLine = commandLine ?? ReadingProgram.CommandLine();
        places = new(this.limits.ProcessesMax);
        sweep = new(_ => EndIdle(), null, this.limits.Idle, this.limits.Idle);
        if (ReadingBoundsOfSystem.Without(expected) is { } missing)
        {
            Unbounded(this.log, missing);
        }

        if (OperatingSystem.IsLinux() && !expected.HasFlag(ReadingBounds.Files))
        {
            // Without Landlock a process of the same account may read this one's memory, keys included, unless this one forbids it.
            Linux.HideMemory();
        }
    }

    /// <summary>The largest file that is read.</summary>
    public static int BytesMax => ReadingRequest.ContentBytesMax;

    /// <summary>Reads a document; waits while the maximum number is being read.</summary>
    /// <param name="content">Read from its current position; seekable if its pictures are to be recognised, because each of them is found in it again.</param>
    /// <param name="length">In bytes; no more are read.</param>
    /// <param name="pagesRead">Receives the number of pages begun, as they arrive.</param>
    /// <returns>The document. If it could not be read to its end, it is marked as truncated and its warnings contain the reason.</returns>
    /// <exception cref="DocumentUnreadableException">None of it could be read.</exception>
    /// <exception cref="InvalidOperationException">The child process does not start.</exception>
    /// <exception cref="EndOfStreamException">The content is shorter than its length.</exception>
    /// <exception cref="IOException">The child process was ended from outside: the document can be tried again.</exception>
    public async Task<DocumentText> ReadAsync(Stream content, long length, string fileName, IProgress<int>? pagesRead, CancellationToken ct)
    {
        var start = recogniser is null ? 0 : content.Position;
        var document = await ReadAsync([]);
        if (recogniser is null || !document.Pages.Any(page => page.IsPicture))
        {
            return document;
        }

        var recognition = await recogniser.RecogniseAsync(content, start, document, limits.HiddenFiles, pagesRead, ct);
        if (recognition.Pages.Count > 0)
        {
            content.Position = start;
            document = await ReadAsync(recognition.Pages);
        }

        return document with { Warnings = [.. document.Warnings, .. recognition.Warnings] };

        Task<DocumentText> ReadAsync(IReadOnlyList<RecognisedPage> recognised) =>
            InProcessAsync(places, length, process => process.ReadAsync(content, (int)length, fileName, recognised, pagesRead, ct), ct);
    }

    /// <summary>As <see cref="UnwrapFile"/>. It has a place of its own, because a person waits for it while documents are read.</summary>
    /// <exception cref="InvalidOperationException">The child process does not start.</exception>
    /// <exception cref="IOException">The child process was ended from outside, or there is no room for the files.</exception>
    public Task UnwrapAsync(Stream content, long length, string fileName, string password, UnwrappedFiles into, CancellationToken ct) => InProcessAsync(unwrapping, length, async process =>
    {
        await process.UnwrapAsync(content, (int)length, fileName, password, into, ct);
        return true;
    }, ct);

    private async Task<T> InProcessAsync<T>(SemaphoreSlim place, long length, Func<DocumentProcess, Task<T>> use, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > BytesMax)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.TooLarge, BytesMax / 1_000_000));
        }

        await place.WaitAsync(ct);
        try
        {
            var process = Take() ?? await StartAsync(ct);
            try
            {
                return await use(process);
            }
            finally
            {
                Return(process);
            }
        }
        finally
        {
            place.Release();
        }
    }

    /// <summary>Ends the processes; busy ones end after their document.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            isDisposed = true;
        }

        await sweep.DisposeAsync();
        while (Take() is { } process)
        {
            process.Dispose();
        }
    }

    private async Task<DocumentProcess> StartAsync(CancellationToken ct)
    {
        var process = await DocumentProcess.StartAsync(commandLine, limits, ct);
        lock (gate)
        {
            if ((expected & ~process.Bounds) == ReadingBounds.None)
            {
                return process;
            }

            expected &= process.Bounds;
        }

        Unbounded(log, ReadingBoundsOfSystem.Without(process.Bounds) ?? "");
        return process;
    }

    private DocumentProcess? Take()
    {
        lock (gate)
        {
            while (idle.TryPop(out var process))
            {
                if (process.IsUsable)
                {
                    return process;
                }

                process.Dispose();
            }

            return null;
        }
    }

    private void Return(DocumentProcess process)
    {
        lock (gate)
        {
            if (process.IsUsable && !isDisposed)
            {
                idle.Push(process);
                return;
            }
        }

        process.Dispose();
    }

    private void EndIdle()
    {
        var before = Environment.TickCount64 - (long)limits.Idle.TotalMilliseconds;
        List<DocumentProcess> ended;
        lock (gate)
        {
            var kept = idle.Where(process => process.IsUsable && process.IdleSinceMilliseconds > before).Reverse().ToList();
            ended = [.. idle.Except(kept)];
            idle.Clear();
            kept.ForEach(idle.Push);
        }

        ended.ForEach(process => process.Dispose());
    }

    [LoggerMessage(LogLevel.Warning, "The process that reads documents is not fully bounded here. A document that takes it over finds: {Missing}. See the README on what holds on which system.")]
    private static partial void Unbounded(ILogger log, string missing);
}
