using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// The program as a process that does nothing but read documents: it takes one after the other from its standard input, answers with frames on its standard
/// output, and ends when its input does. It is started by <see cref="DocumentProcess"/>, never by a person.
/// </summary>
public static class IsolatedReading
{
    /// <summary>The hidden command.</summary>
    public const string Command = "read-documents";

    /// <summary>Readers bound their depth for 1 MB; the rest is for those of libraries.</summary>
    private const int StackBytes = 16 * 1_048_576;

    /// <summary>Reads with the program's own readers.</summary>
    public static int Run() => Run(static (bytes, fileName) => DocumentReader.For(bytes.Span, fileName).Read(bytes, fileName));

    /// <param name="read">The reader; it is asked on a thread of its own.</param>
    internal static int Run(Func<ReadOnlyMemory<byte>, string, IEnumerable<DocumentPart>> read)
    {
        var bounds = Confinement.Enter();
        if (!OperatingSystem.IsLinux())
        {
            LowerPriority();
        }

        // A service that stops tells all its processes; this one ends with its input, after the document that it reads.
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stay);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stay);
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        using var requests = new BlockingCollection<ReadingRequest>(boundedCapacity: 1);
        new Thread(ReadAll, StackBytes) { IsBackground = true }.Start();

        // This thread always waits for the input's end, also while a document is read: the program that started this one may have died.
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

        // Each of these holds a document no longer than it runs: as a local of a loop it would take room from the next one.
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

    private static void Answer(DocumentFrameWriter frames, Func<ReadOnlyMemory<byte>, string, IEnumerable<DocumentPart>> read, ReadingRequest request)
    {
        frames.Begin();
        try
        {
            foreach (var part in read(request.Content, request.FileName))
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

    /// <summary>Pages are served first. On Linux the priority is lowered before the right to is given up.</summary>
    private static void LowerPriority()
    {
        try
        {
            using var self = Process.GetCurrentProcess();
            self.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Win32Exception)
        {
            // Not allowed here: it is read at the usual priority.
        }
    }
}
