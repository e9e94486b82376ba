using System.Runtime.InteropServices;
using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Isolation;
using Pybo.Tests.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Isolation;

/// <summary>A child process whose reader acts as the document's name says, after a first part if the document has any bytes.</summary>
internal static class HostileReaders
{
    public const string Command = "read-hostile-documents";

    private static readonly string[] FontMaps = ["KSC-EUC-H", "KSCms-UHC-H", "UniKS-UTF16-H"];

    /// <summary>This program in that role.</summary>
    public static IReadOnlyList<string> CommandLine { get; } = ["dotnet", Path.Combine(AppContext.BaseDirectory, typeof(HostileReaders).Assembly.GetName().Name + ".dll"), Command];

    public static int Run() => IsolatedReading.Run(request => Read(request.Content, request.FileName));

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
                throw new DocumentUnreadableException(Notice.Of(ReadingProblem.Encrypted));
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
            case "telemetry":
                yield return BlockPart.Paragraph($"ORT_DISABLE_TELEMETRY={TelemetryOffTests.NativeValue()}");
                break;
            case "attacks":
                // One by one: if an attempt ends the process, the last line shows which.
                foreach (var line in ReadingAttacks.Run(ReadingAttacks.Targets.Parse(Encoding.UTF8.GetString(bytes.Span))))
                {
                    yield return BlockPart.Paragraph(line, BlockBreak.Line);
                }

                break;
            case "needed":
                yield return Lines(ReadingAttacks.Needed());
                break;
            case "sweep":
                yield return Lines(ReadingAttacks.Sweep(AllowedCalls()));
                break;
            case "fonts":
                yield return Lines(FontMaps.Select(map => PdfDraft.Text("BT /F 10 Tf 20 70 Td <B0A1> Tj ET", font: PdfDraft.KoreanFont(map)).Length > 0 ? "found" : "missing"));
                break;
            case "identity":
                yield return BlockPart.Paragraph(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }

    private static HashSet<uint> AllowedCalls()
    {
        var isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        return [.. SystemCallFilter.Calls.Select(call => isX64 ? call.X64 : call.Arm64).OfType<uint>()];
    }

    private static BlockPart Lines(IEnumerable<string> lines) => BlockPart.Paragraph(string.Join('\n', lines));

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
