using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Enclosed;
using Pybo.Rag.Documents.Recognition;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// A child process that reads documents one after the other. It is killed if it takes too long. If a document brings it down
/// (an endless loop, an exhausted heap or stack), the text it sent before that is kept. After any failure it is not used again.
/// </summary>
internal sealed class DocumentProcess : IDisposable
{
    /// <summary>Starting takes a tenth of a second, or some seconds on a machine under load.</summary>
    private const int StartSecondsMax = 30;

    /// <summary>The runtime's own error message is short, and a long stack trace is of no use here.</summary>
    private const int ErrorBytesMax = 4_096;

    private const int BufferBytes = 65_536;

    private const int EndSecondsMax = 5;

    private readonly Process process;
    private readonly ReadingLimits limits;
    private readonly DocumentFrameReader frames;
    private readonly Task<string> errors;
    private int documents;
    private bool isBroken;

    private DocumentProcess(Process process, ReadingLimits limits)
    {
        (this.process, this.limits) = (process, limits);
        frames = new(new BufferedStream(process.StandardOutput.BaseStream, BufferBytes));
        errors = DrainAsync(process.StandardError.BaseStream);
    }

    /// <summary>The rights that the process reports to have given up.</summary>
    public ReadingBounds Bounds { get; private set; }

    /// <summary>True while it may be given another document.</summary>
    public bool IsUsable => !isBroken && documents < limits.DocumentsPerProcess && !process.HasExited;

    /// <summary>The time of its last use, in <see cref="Environment.TickCount64"/>.</summary>
    public long IdleSinceMilliseconds { get; private set; } = Environment.TickCount64;

    /// <exception cref="InvalidOperationException">The program does not start; no document is to blame.</exception>
    public static async Task<DocumentProcess> StartAsync(IReadOnlyList<string> commandLine, ReadingLimits limits, CancellationToken ct)
    {
        var started = new DocumentProcess(Launch(commandLine, limits), limits);
        try
        {
            var first = await started.frames.ReadAsync().WaitAsync(TimeSpan.FromSeconds(StartSecondsMax), ct);
            started.Bounds = first.Kind == FrameKind.Ready ? first.Bounds : throw new InvalidDataException("The reading process began with something else.");
            return started;
        }
        catch (Exception error) when (error is EndOfStreamException or InvalidDataException or TimeoutException)
        {
            started.Kill();
            var words = await started.errors;
            started.Dispose();
            throw new InvalidOperationException($"The reading process did not start: {words}", error);
        }
        catch (OperationCanceledException)
        {
            started.Dispose();
            throw;
        }
    }

    /// <param name="length">The content's length in bytes.</param>
    /// <param name="recognised">Pages whose pictures were recognised.</param>
    /// <param name="pagesRead">Receives the number of pages begun.</param>
    /// <exception cref="DocumentUnreadableException">The document cannot be read, with the reason.</exception>
    /// <exception cref="EndOfStreamException">The content is shorter than its length.</exception>
    /// <exception cref="IOException">The process was ended from outside; no document is to blame.</exception>
    public async Task<DocumentText> ReadAsync(Stream content, int length, string fileName, IReadOnlyList<RecognisedPage> recognised, IProgress<int>? pagesRead, CancellationToken ct)
    {
        var (builder, pages) = (new DocumentBuilder(), 0);
        var reason = await RunAsync(content, length, fileName, password: null, recognised, Take, ct);
        return Finish(builder, reason, fileName);

        bool Take(DocumentPart part)
        {
            builder.Add(part);
            if (part is PagePart)
            {
                pagesRead?.Report(++pages);
            }

            return !builder.IsFull;
        }
    }

    /// <param name="length">The content's length in bytes.</param>
    /// <param name="into">Receives the files.</param>
    /// <exception cref="DocumentUnreadableException">The file cannot be read, with the reason.</exception>
    /// <exception cref="EndOfStreamException">The content is shorter than its length.</exception>
    /// <exception cref="IOException">The process was ended from outside, or there is no room for the files.</exception>
    public async Task UnwrapAsync(Stream content, int length, string fileName, string password, UnwrappedFiles into, CancellationToken ct)
    {
        var reason = await RunAsync(content, length, fileName, password, [], into.Take, ct);
        if (password.Length > 0)
        {
            // The next document must not find the password in the memory of its process.
            Kill();
        }

        into.End(reason, fileName);
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }

    /// <summary>Sends a request and passes on the parts of its answer, within the time limit; returns null, or the reason why it did not end.</summary>
    /// <param name="take">Returns false once it needs no more; then the process is ended.</param>
    private async Task<Notice?> RunAsync(
        Stream content, int length, string fileName, string? password, IReadOnlyList<RecognisedPage> recognised, Func<DocumentPart, bool> take, CancellationToken ct)
    {
        documents++;
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(ct);
        clock.CancelAfter(limits.Time);
        var exchange = ExchangeAsync(content, length, fileName, password, recognised, take, clock.Token);
        Notice? reason;
        try
        {
            reason = await exchange.WaitAsync(clock.Token);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested)
        {
            // Once killed it writes no more: the exchange ends, and only this thread uses what it took.
            Kill();
            await ((Task)exchange).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
            reason = Notice.Of(ReadingProblem.TimedOut, limits.Time.TotalSeconds);
        }
        catch (Exception)
        {
            // The source of the content failed in the middle of a request, or the process was ended from outside.
            Kill();
            throw;
        }

        IdleSinceMilliseconds = Environment.TickCount64;
        return reason;
    }

    private static Process Launch(IReadOnlyList<string> commandLine, ReadingLimits limits)
    {
        try
        {
            return ReadingProgram.Start(commandLine, limits);
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"The reading process did not start: {error.Message}", error);
        }
    }

    private static DocumentText Finish(DocumentBuilder builder, Notice? reason, string fileName)
    {
        if (reason is not null && builder.IsEmpty)
        {
            throw new DocumentUnreadableException(reason);
        }

        if (reason is not null)
        {
            builder.Truncate(reason);
        }

        return builder.Build(fileName);
    }

    /// <summary>Sends the document and collects its parts; returns null, or the reason why it was not read to its end.</summary>
    private async Task<Notice?> ExchangeAsync(
        Stream content, int length, string fileName, string? password, IReadOnlyList<RecognisedPage> recognised, Func<DocumentPart, bool> take, CancellationToken ct)
    {
        // If the process ended before it took everything, its answer says how.
        await ReadingRequest.TrySendAsync(process.StandardInput.BaseStream, content, length, fileName, ct, password, recognised);
        try
        {
            return await ReceiveAsync(take);
        }
        catch (EndOfStreamException)
        {
            return await EndedAsync();
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            Kill();
            return Notice.Of(ReadingProblem.UnknownAnswer);
        }
    }

    private async Task<Notice?> ReceiveAsync(Func<DocumentPart, bool> take)
    {
        var takes = true;
        while (takes)
        {
            var frame = await frames.ReadAsync();
            switch (frame)
            {
                case { Kind: FrameKind.End }:
                    return null;
                case { Kind: FrameKind.Unreadable }:
                    return frame.Reason;
                case { Kind: FrameKind.OutOfMemory }:
                    isBroken = true;
                    return OutOfMemory();
                case { Part: { } part }:
                    takes = take(part);
                    break;
                default:
                    throw new InvalidDataException("The reading process said that it is ready in the middle of a document.");
            }
        }

        // The document exceeds the limit, so its rest is not awaited.
        Kill();
        return null;
    }

    /// <exception cref="IOException">The process was ended from outside.</exception>
    private async Task<Notice> EndedAsync()
    {
        if (!isBroken && process.WaitForExit(TimeSpan.FromSeconds(EndSecondsMax)) && IsEndedFromOutside(process.ExitCode))
        {
            isBroken = true;
            throw new IOException($"The reading process was ended from outside (exit code {process.ExitCode}).");
        }

        Kill();
        var words = await errors;
        return words.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) || words.Contains(nameof(OutOfMemoryException), StringComparison.Ordinal)
            ? OutOfMemory()
            : Notice.Of(ReadingProblem.ReaderDied);
    }

    /// <summary>128 plus SIGHUP, SIGINT, SIGKILL (also sent when the system is out of memory) or SIGTERM; a document never ends a process with one of these codes.</summary>
    private static bool IsEndedFromOutside(int exitCode) => !OperatingSystem.IsWindows() && exitCode is 129 or 130 or 137 or 143;

    private Notice OutOfMemory() =>
        Notice.Of(ReadingProblem.OutOfMemory, limits.HeapBytes >> 20);

    private void Kill()
    {
        isBroken = true;
        if (process.HasExited)
        {
            return;
        }

        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is Win32Exception or AggregateException)
        {
            // The process is already ending.
        }

        process.WaitForExit(TimeSpan.FromSeconds(EndSecondsMax));
    }

    private static async Task<string> DrainAsync(Stream errors)
    {
        var (buffer, filled) = (new byte[ErrorBytesMax], 0);
        var rest = new byte[ErrorBytesMax];
        while (true)
        {
            var isFull = filled == buffer.Length;
            var read = await errors.ReadAsync(isFull ? rest : buffer.AsMemory(filled));
            if (read == 0)
            {
                return Encoding.UTF8.GetString(buffer, 0, filled);
            }

            filled += isFull ? 0 : read;
        }
    }
}
