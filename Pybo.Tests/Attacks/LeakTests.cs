using System.Text.RegularExpressions;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Pages.Documents;
using Pybo.Tests.Rag.Inference;

namespace Pybo.Tests.Attacks;

/// <summary>
/// Nothing leaves the machine: system calls of a site and its commands, seen from outside. They open no socket except the one that the site listens on
/// and those it accepts there, and write only into the database's folder, the folder into which a single file extracts itself, and the temporary folder.
/// </summary>
public sealed partial class LeakTests : IAsyncLifetime
{
    /// <summary>ONNX Runtime asked for its maker's address 9 seconds after its environment was created; the test waits longer.</summary>
    private static readonly TimeSpan UploaderPatience = TimeSpan.FromSeconds(20);

    private readonly AttackedSite site = AttackedSite.Prepare();
    private readonly SystemCallTrace trace;
    private readonly string temporary;
    private readonly string extracted;

    public LeakTests()
    {
        trace = new(Directory.CreateDirectory(Path.Combine(site.Root, "trace")).FullName);
        temporary = Directory.CreateDirectory(Path.Combine(site.Root, "tmp")).FullName;
        extracted = Directory.CreateDirectory(Path.Combine(site.Root, "extracted")).FullName;
    }

    private Dictionary<string, string> Variables => new() { ["TMPDIR"] = temporary, ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = extracted };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task A_site_that_searches_ingests_and_answers_contacts_no_host_and_writes_only_into_its_own_folders()
    {
        SystemCallTrace.SkipWithoutStrace();
        using var toy = new ToyLanguageModel(ToyLayout.Shared, contextTokens: 4_096);
        toy.UseGenAi("gemma3_text");
        var generator = $"--Pybo:GenerationModel={toy.Path}";
        await RunAsync("ingest", Path.Combine(Repository.Root, "Pybo.Tests", "Samples", "tour"), "--everyone");

        await site.StartAgainAsync(Variables, [generator, "--Pybo:GenAiProvider=folder"], trace.Wrapper("serve"));
        var member = await site.SignUpAsync("관찰자");
        using (var uploaded = await UploadTests.UploadAsync(member, [], UploadTests.Text("약속.txt", "무지개다리 점검은 매달 셋째 수요일에 한다.")))
        {
            Assert.Equal("/documents?show=own", uploaded.Headers.Location?.OriginalString);
        }

        await FoundAsync(member, "무지개다리", "약속.txt");
        var (_, turn) = await member.AskAsync("승강기 공사는 언제부터 언제까지 하나요?");
        Assert.NotEmpty((await member.HearAllAsync(turn)).Said());
        Assert.Contains(Path.GetFileName(toy.Path), (await member.SeeAsync($"/chat/turns/{turn}")).Body!.TextContent, StringComparison.Ordinal);
        await Task.Delay(UploaderPatience, TestContext.Current.CancellationToken);
        await site.StopAsync();

        Assert.Contains("승강기", await RunAsync("search", "승강기 공사"), StringComparison.Ordinal);
        var weights = Path.Combine(Repository.Root, "..", "shared", "models", "gemma-3-270m");
        var model = Path.Exists(weights) ? weights : toy.Path;
        Assert.Contains(Path.GetFileName(model), await RunAsync("ask", "승강기 공사는 언제부터 언제까지 하나요?", "--json", $"--Pybo:GenerationModel={model}"), StringComparison.Ordinal);
        await RunAsync("reindex");
        await RunAsync("models", "list");
        await AssertNothingLeftAsync(site.Address.Port);
    }

    private async Task<string> RunAsync(params string[] words)
    {
        var (code, output, error) = await site.RunAsync(Variables, trace.Wrapper(words[0]), words);
        Assert.True(code == 0, $"{string.Join(' ', words)}: {error}");
        return output;
    }

    private static async Task FoundAsync(Visitor member, string query, string title)
    {
        for (var waited = 0; waited < 600; waited++)
        {
            if ((await member.SeeAsync($"/search?q={Uri.EscapeDataString(query)}")).Body!.TextContent.Contains(title, StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"{title} was not found.");
    }

    private async Task AssertNothingLeftAsync(int port)
    {
        var calls = await trace.CallsAsync();
        var wrong = Reached(calls, port).Concat(WrittenElsewhere(calls)).Distinct().ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} calls:\n{string.Join('\n', wrong.Take(100))}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(site.Home, "*", SearchOption.AllDirectories));
        Assert.Contains(calls, call => call.Writes && call.Paths.Contains(site.DatabaseFile));
    }

    private IEnumerable<string> Reached(IReadOnlyList<SystemCall> calls, int port)
    {
        var listeners = calls.Where(call => call.Name == "bind" && IsOwnListener(call, port)).SelectMany(call => call.Sockets).ToHashSet();
        var accepted = calls.Where(call => call.Name.StartsWith("accept", StringComparison.Ordinal) && call.Sockets.Any(listeners.Contains)).Select(call => call.NewSocket).ToHashSet();
        Assert.NotEmpty(accepted);
        var used = calls.Where(call => call.IsNetwork).SelectMany(call => call.Sockets).ToHashSet();

        // At its start, .NET asks the system which kinds of sockets it supports: it creates one of each and closes it without a name, a peer or a byte.
        bool IsQuestion(SystemCall call) => call.Name == "socket" && call.Arguments.Contains("SOCK_DGRAM", StringComparison.Ordinal) && call.NewSocket is { } made && !used.Contains(made);

        return calls.Where(call => call.Name switch
        {
            "socket" => !(call.NewSocket is { } made && listeners.Contains(made)) && !IsQuestion(call),
            "connect" or "socketpair" or "io_uring_setup" => true,
            "bind" or "listen" => !call.Sockets.All(listeners.Contains),
            _ when call.Name.StartsWith("send", StringComparison.Ordinal) => !call.Sockets.All(accepted.Contains),
            _ => false,
        }).Select(call => call.ToString());
    }

    /// <summary>The site's address, and the runtime's socket for local diagnostics: a file in the temporary folder that only its owner may open.</summary>
    private bool IsOwnListener(SystemCall bind, int port) =>
        bind.Arguments.Contains($"sin_port=htons({port}), sin_addr=inet_addr(\"127.0.0.1\")", StringComparison.Ordinal)
        || bind.Arguments.Contains($"sun_path=\"{temporary}/dotnet-diagnostic-", StringComparison.Ordinal);

    private IEnumerable<string> WrittenElsewhere(IReadOnlyList<SystemCall> calls) => calls.Where(call => call.Writes && !call.Paths.All(IsOwn)).Select(call => call.ToString());

    private bool IsOwn(string path) => path == site.Folder || IsBelow(path, site.Folder) || path == extracted || IsBelow(path, extracted)
        || (Path.GetDirectoryName(path) == temporary && Temporary().IsMatch(Path.GetFileName(path)))
        || OfRuntime().IsMatch(path);

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>The runtime's pipes and socket for debuggers, .NET's names for temporary files (uploads), and ours. ONNX Runtime's telemetry writes here too, under other names.</summary>
    [GeneratedRegex(@"^(clr-debug-pipe-\d+-\d+-(in|out)|dotnet-diagnostic-\d+-\d+-socket|tmp\w{6}\.tmp|ASPNETCORE_[\w.-]+|pybo[\w.-]*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Temporary();

    /// <summary>For debuggers the runtime names its threads, and looks for the semaphore of a debugger that waits for its start; it creates none.</summary>
    [GeneratedRegex(@"^(/proc/self/task/\d+/comm|/dev/shm/sem\.clrst[0-9a-f]+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex OfRuntime();
}
