using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Isolation;

namespace Pybo.Tests.Rag.Documents.Isolation;

public sealed class IsolatedDocumentReaderTests
{
    private const string Text = "먼저 읽은 글입니다.";

    /// <summary>Long enough for a process on a busy machine; endless documents get less.</summary>
    private static readonly ReadingLimits Limits = new() { Time = TimeSpan.FromMinutes(2), HeapBytes = 96 << 20, ProcessesMax = 2 };

    [Theory]
    [InlineData("hang", "초가 넘게")]
    [InlineData("spin", "초가 넘게")]
    [InlineData("heap", "메모리")]
    [InlineData("stack", "멈추어")]
    [InlineData("throw", "멈추어")]
    [InlineData("exit", "멈추어")]
    [InlineData("garbage", "알 수 없는")]
    [InlineData("refuse", "암호가 걸린 파일입니다.")]
    public async Task A_document_that_breaks_its_reader_keeps_the_text_read_so_far_or_gives_a_reason(string fault, string reason)
    {
        var isEndless = fault is "hang" or "spin";
        await using var reader = new IsolatedDocumentReader(isEndless ? Limits with { Time = TimeSpan.FromSeconds(10) } : Limits, HostileReaders.CommandLine);
        var partial = await ReadAsync(reader, Text, fault);
        Assert.Equal(Text, partial.Text);
        Assert.True(partial.Truncated);
        Assert.Contains(reason, Assert.Single(partial.Warnings.Said()), StringComparison.Ordinal);
        Assert.Equal((100f, 200f), (Assert.Single(partial.Pages).Width, partial.Pages[0].Height));

        // No text will arrive, so its time may be short.
        await using var hasty = new IsolatedDocumentReader(isEndless ? Limits with { Time = TimeSpan.FromSeconds(1) } : Limits, HostileReaders.CommandLine);
        var refused = await Assert.ThrowsAsync<DocumentUnreadableException>(() => ReadAsync(hasty, "", fault));
        Assert.Contains(reason, refused.Said(), StringComparison.Ordinal);

        // The next document is read as if nothing had happened.
        Assert.Equal(Text, (await ReadAsync(reader, Text, "메모")).Text);
    }

    [Fact]
    public async Task An_endless_document_is_cut_at_the_maximum_length()
    {
        await using var reader = new IsolatedDocumentReader(Limits, HostileReaders.CommandLine);
        var document = await ReadAsync(reader, "", "endless");
        Assert.True(document.Truncated);
        Assert.InRange(document.Text.Length, DocumentReader.CharactersMax - 2, DocumentReader.CharactersMax);
    }

    [Fact]
    public async Task A_cancelled_reading_kills_its_process_and_the_next_is_read()
    {
        await using var reader = new IsolatedDocumentReader(Limits with { Time = TimeSpan.FromMinutes(5) }, HostileReaders.CommandLine);
        using var stop = new CancellationTokenSource();
        var pages = new Pages(() => stop.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(reader, Text, "hang", pages, stop.Token));
        Assert.Equal(Text, (await ReadAsync(reader, Text, "메모")).Text);
    }

    [Fact]
    public async Task One_process_reads_many_documents_and_is_replaced_after_a_fixed_number()
    {
        await using var reader = new IsolatedDocumentReader(Limits with { ProcessesMax = 1, DocumentsPerProcess = 5 }, HostileReaders.CommandLine);
        var processes = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            processes.Add((await ReadAsync(reader, "", "identity")).Text);
        }

        Assert.Equal([5, 5], processes.GroupBy(p => p).Select(p => p.Count()));
        Assert.DoesNotContain(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), processes);
    }

    [Fact]
    public async Task Concurrent_documents_use_at_most_the_allowed_number_of_processes()
    {
        await using var reader = new IsolatedDocumentReader(Limits with { ProcessesMax = 2 }, HostileReaders.CommandLine);
        var read = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync(reader, "", "identity")));
        Assert.InRange(read.Select(d => d.Text).Distinct().Count(), 1, 2);
    }

    [Fact]
    public async Task A_process_ends_when_idle_and_with_its_reader()
    {
        await using var reader = new IsolatedDocumentReader(Limits with { Idle = TimeSpan.FromMilliseconds(200) }, HostileReaders.CommandLine);
        await EndsAsync((await ReadAsync(reader, "", "identity")).Text);

        var other = new IsolatedDocumentReader(Limits, HostileReaders.CommandLine);
        var process = (await ReadAsync(other, "", "identity")).Text;
        await other.DisposeAsync();
        await EndsAsync(process);
    }

    [Fact]
    public async Task An_externally_killed_process_is_not_blamed_on_the_document()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not tell what ended a process.");
        await using var reader = new IsolatedDocumentReader(Limits with { ProcessesMax = 1 }, HostileReaders.CommandLine);
        using var process = Process.GetProcessById(int.Parse((await ReadAsync(reader, "", "identity")).Text, CultureInfo.InvariantCulture));
        var killed = await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(reader, Text, "hang", new Pages(process.Kill)));
        Assert.Contains("137", killed.Said(), StringComparison.Ordinal);
        Assert.Equal(Text, (await ReadAsync(reader, Text, "메모")).Text);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_process_outlives_the_signal_that_stops_a_service(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using var reader = new IsolatedDocumentReader(Limits with { ProcessesMax = 1 }, HostileReaders.CommandLine);
        var id = (await ReadAsync(reader, "", "identity")).Text;
        using var process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
        Assert.False(process.WaitForExit(TimeSpan.FromSeconds(1)));
        Assert.Equal(id, (await ReadAsync(reader, "", "identity")).Text);
    }

    [Fact]
    public async Task A_process_receives_no_environment_variable_except_the_runtimes_location()
    {
        const string secret = "CANARY_OF_A_TEST";
        Environment.SetEnvironmentVariable(secret, "1");
        try
        {
            await using var reader = new IsolatedDocumentReader(Limits, HostileReaders.CommandLine);
            var names = (await ReadAsync(reader, "", "environment")).Text.Split('\n');
            Assert.Contains("DOTNET_GCHeapHardLimit", names);
            Assert.DoesNotContain(secret, names);
        }
        finally
        {
            Environment.SetEnvironmentVariable(secret, null);
        }
    }

    [Fact]
    public async Task A_process_ends_when_its_input_ends_even_while_it_reads()
    {
        using var process = ReadingProgram.Start(HostileReaders.CommandLine, Limits);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(Text));
        Assert.True(await ReadingRequest.TrySendAsync(process.StandardInput.BaseStream, content, (int)content.Length, "spin", [], default));
        var frames = new DocumentFrameReader(process.StandardOutput.BaseStream);
        Assert.Equal(FrameKind.Ready, (await frames.ReadAsync()).Kind);
        Assert.Equal(FrameKind.Page, (await frames.ReadAsync()).Kind);
        process.StandardInput.Close();
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Content_shorter_than_announced_is_the_callers_fault()
    {
        await using var reader = new IsolatedDocumentReader(Limits, HostileReaders.CommandLine);
        await Assert.ThrowsAsync<EndOfStreamException>(() => reader.ReadAsync(new MemoryStream(new byte[10]), 11, "메모", null, default));
        Assert.Equal(Text, (await ReadAsync(reader, Text, "메모")).Text);
    }

    [Theory]
    [InlineData("dotnet", "없는 프로그램.dll")]
    [InlineData("없는 프로그램", "")]
    public async Task A_program_that_does_not_start_is_not_blamed_on_the_document(string program, string argument)
    {
        await using var reader = new IsolatedDocumentReader(Limits, [program, argument]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(reader, Text, "메모"));
    }

    [Fact]
    public async Task The_program_itself_reads_the_same_as_its_readers()
    {
        const string markdown = "# 제목\n\n- 하나\n- 둘\n\n## 소제목\n\n문단 😀";
        await using var reader = new IsolatedDocumentReader();
        var isolated = await ReadAsync(reader, markdown, "글.md");
        var direct = DocumentReader.ReadFile(Encoding.UTF8.GetBytes(markdown), "글.md");
        Assert.Equivalent(direct, isolated, strict: true);
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused_before_it_is_read()
    {
        await using var reader = new IsolatedDocumentReader(Limits, HostileReaders.CommandLine);
        var refused = await Assert.ThrowsAsync<DocumentUnreadableException>(() => reader.ReadAsync(Stream.Null, IsolatedDocumentReader.BytesMax + 1L, "a", null, default));
        Assert.Contains("256 MB", refused.Said(), StringComparison.Ordinal);
    }

    private static async Task<DocumentText> ReadAsync(
        IsolatedDocumentReader reader, string text, string fileName, IProgress<int>? pagesRead = null, CancellationToken ct = default)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await reader.ReadAsync(content, content.Length, fileName, pagesRead, ct);
    }

    private static async Task EndsAsync(string id)
    {
        const int looksMax = 6_000;
        for (var look = 0; look < looksMax; look++)
        {
            if (Array.TrueForAll(Process.GetProcesses(), p => p.Id != int.Parse(id, CultureInfo.InvariantCulture)))
            {
                return;
            }

            await Task.Delay(20);
        }

        Assert.Fail("The process did not end.");
    }

    private sealed class Pages(Action begun) : IProgress<int>
    {
        public void Report(int value) => begun();
    }
}
