using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Pybo.Rag.Documents.Enclosed;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// Runs the program as a process that only reads documents: it takes them one by one from its standard input, answers with frames on its standard
/// output, and ends when its input does. <see cref="DocumentProcess"/> starts it, never a person.
/// </summary>
public static class IsolatedReading
{
    /// <summary>The hidden command.</summary>
    public const string Command = "read-documents";

    /// <summary>Readers limit their depth to fit 1 MB; the rest is for libraries.</summary>
    private const int StackBytes = 16 * 1_048_576;

    /// <summary>Reads with the program's own readers.</summary>
    public static int Run() => Run(request => DocumentReader.ReadParts(request.Content, request.FileName, request.Recognised));

    /// <param name="read">The reader, called on a thread of its own.</param>
    internal static int Run(Func<ReadingRequest, IEnumerable<DocumentPart>> read)
    {
        var bounds = Confinement.Enter();
        if (!OperatingSystem.IsLinux())
        {
            LowerPriority();
        }

        // A service that stops signals all its processes; this one ends with its input, after its current document.
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stay);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stay);
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        using var requests = new BlockingCollection<ReadingRequest>(boundedCapacity: 1);
        new Thread(ReadAll, StackBytes) { IsBackground = true }.Start();

        // This thread always waits for the end of input, even while a document is read: the parent program may have died.
        while (Forward())
        {
        }

        return 0;

        void ReadAll()
        {
            var frames = new DocumentFrameWriter(output);
            frames.Write(bounds);
            while (true)
            {
                AnswerNext(frames);
            }
        }

        // Each function lets go of its document when it returns; a local of a loop would keep it and take room from the next one.
        bool Forward()
        {
            var request = ReadingRequest.Read(input);
            if (request is not null)
            {
                requests.Add(request);
            }

            return request is not null;
        }

        void AnswerNext(DocumentFrameWriter frames) => Answer(frames, read, requests.Take());
    }

    private static void Stay(PosixSignalContext signal) => signal.Cancel = true;

    private static void Answer(DocumentFrameWriter frames, Func<ReadingRequest, IEnumerable<DocumentPart>> read, ReadingRequest request)
    {
        frames.Begin();
        try
        {
            foreach (var part in request.Password is { } password ? Unwrapping.Parts(request.Content, request.FileName, password) : read(request))
            {
                frames.Write(part);
            }

            frames.Write(FrameKind.End);
        }
        catch (DocumentUnreadableException refused)
        {
            frames.Write(FrameKind.Unreadable, refused.Notice);
        }
        catch (OutOfMemoryException)
        {
            frames.Write(FrameKind.OutOfMemory);
        }
    }

    /// <summary>Lowers the priority, because serving pages is more urgent. On Linux this happens before the right to do so is dropped.</summary>
    private static void LowerPriority()
    {
        try
        {
            using var self = Process.GetCurrentProcess();
            self.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Win32Exception)
        {
            // Not allowed here: documents are read at the usual priority.
        }
    }
}
