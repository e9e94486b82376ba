using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Isolation;

namespace Pybo.Tests.Rag.Documents.Isolation;

/// <summary>A child process whose reader does what the document's name says, after a first part where the document has any bytes.</summary>
internal static partial class HostileReaders
{
    public const string Command = "read-hostile-documents";

    private const int OpenFiles = 7; // RLIMIT_NOFILE

    /// <summary>This program in that role.</summary>
    public static IReadOnlyList<string> CommandLine { get; } = ["dotnet", Path.Combine(AppContext.BaseDirectory, typeof(HostileReaders).Assembly.GetName().Name + ".dll"), Command];

    public static int Run() => IsolatedReading.Run(Read);

    private static IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        if (!bytes.IsEmpty)
        {
            yield return new PagePart(100, 200);
            yield return BlockPart.Paragraph(Encoding.UTF8.GetString(bytes.Span));
        }

        switch (fileName)
        {
            case "hang":
                Thread.Sleep(Timeout.Infinite);
                break;
            case "spin":
                while (true)
                {
                }

            case "heap":
                Fill();
                break;
            case "stack":
                yield return BlockPart.Paragraph(Deeper(0).ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case "throw":
                throw new InvalidOperationException("A reader's own fault.");
            case "exit":
                Environment.Exit(0);
                break;
            case "refuse":
                throw new DocumentUnreadableException("거절합니다.");
            case "garbage":
                using (var output = Console.OpenStandardOutput())
                {
                    output.Write(Enumerable.Repeat((byte)0xEE, 100_000).ToArray());
                }

                Thread.Sleep(Timeout.Infinite);
                break;
            case "endless":
                while (true)
                {
                    yield return BlockPart.Paragraph(new string('가', 1_000_000));
                }

            case "environment":
                yield return BlockPart.Paragraph(string.Join('\n', Environment.GetEnvironmentVariables().Keys.Cast<string>()));
                break;
            case "forbidden":
                foreach (var attempt in Forbidden())
                {
                    yield return BlockPart.Paragraph(Outcome(attempt), BlockBreak.Line);
                }

                break;
            case "identity":
                yield return BlockPart.Paragraph(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }

    private static IEnumerable<Action> Forbidden()
    {
        yield return () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp).Connect(IPAddress.Loopback, 9);
        yield return () => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified).Dispose();
        yield return () => Process.Start("/bin/true").Dispose();
        yield return () => File.WriteAllText(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), "");
        yield return () => Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
        var own = typeof(HostileReaders).Assembly.Location;
        yield return () => ChangeMode(own, isOpen: false);
        yield return () => ChangeMode(own, isOpen: true);
        yield return () => Succeed(SignalThread(Parent(), Parent(), 0));
        yield return () => Succeed(Limit(Parent(), OpenFiles, 0, 0));
        yield return () => Succeed(SignalThread(Environment.ProcessId, Environment.ProcessId, 0));
        yield return () => Succeed(Limit(Environment.ProcessId, OpenFiles, 0, 0));
    }

    private static string Outcome(Action attempt)
    {
        try
        {
            attempt();
            return "allowed";
        }
        catch (Exception error) when (error is SocketException or Win32Exception or UnauthorizedAccessException or IOException)
        {
            return "refused";
        }
    }

    private static void ChangeMode(string path, bool isOpen)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var file = File.OpenHandle(path);
        var mode = File.GetUnixFileMode(file);
        if (isOpen)
        {
            File.SetUnixFileMode(file, mode);
        }
        else
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static void Succeed(int answer)
    {
        if (answer != 0)
        {
            throw new Win32Exception();
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int Parent();

    [LibraryImport("libc", EntryPoint = "tgkill")]
    private static partial int SignalThread(int process, int thread, int signal);

    [LibraryImport("libc", EntryPoint = "prlimit64")]
    private static partial int Limit(int process, int resource, nint limit, nint old);

    private static void Fill()
    {
        var kept = new List<byte[]>();
        while (true)
        {
            kept.Add(new byte[1_000_000]);
        }
    }

    private static int Deeper(int depth) => depth == int.MaxValue ? 0 : Deeper(depth + 1) + 1;
}
