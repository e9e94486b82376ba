using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Pages.Terminal;

public sealed class ModelsCommandTests
{
    private const string Name = "ko-sroberta-multitask";
    private const string Weights = "onnx/model_qint8_avx512_vnni.onnx";
    private const int WeightBytes = 3_000_001;

    [Fact]
    public async Task The_list_shows_available_and_installed_models()
    {
        await using var terminal = new TestTerminal();

        var listed = await terminal.RunAsync("models", "list");
        var json = await terminal.RunAsync("models", "list", "--json");

        Assert.Equal((0, "", 0, ""), (listed.Code, listed.Error, json.Code, json.Error));
        Assert.Matches(@"gemma-3n-E2B-it +3\.28 GB  RAM 5\.15 GB +생성  받지 않음  Gemma Terms of Use", listed.Output);
        Assert.Matches(@"Qwen3-0\.6B +\? +생성  받지 않음  Apache License 2\.0\n +이 프로그램으로 아직 돌려 보지 않은 모델입니다\.", listed.Output);
        Assert.Matches(@"EXAONE-3\.5-2\.4B-Instruct .*\n +사용 조건이 상업적 이용을 금지합니다\.\n", listed.Output);
        Assert.Equal(["EXAONE-3.5-2.4B-Instruct"], json.Json.EnumerateArray().Where(model => model.GetProperty("nonCommercial").GetBoolean()).Select(model => model.GetProperty("name").GetString()));
        Assert.Equal(4, json.Json.EnumerateArray().Count(model => model.GetProperty("untried").GetBoolean()));
        Assert.Matches(@"pybo-e5-small-ko +[\d.]+ MB +임베딩  들어 있음", listed.Output);
        var first = json.Json.EnumerateArray().First();
        Assert.Equal(("gemma-3n-E2B-it", "generation", "available"), (first.GetProperty("name").GetString(), first.GetProperty("kind").GetString(), first.GetProperty("state").GetString()));
        Assert.Equal("installed", json.Json.EnumerateArray().Last().GetProperty("state").GetString());
        Assert.False(File.Exists(terminal.DatabaseFile));
    }

    [Fact]
    public async Task A_killed_pull_resumes()
    {
        await using var terminal = new TestTerminal();
        await using var hub = await HubAsync();
        var (isHalf, goOn) = (new TaskCompletionSource(), true);
        hub.Instead = async context =>
        {
            if (!TestHub.IsFile(context, Weights) || !goOn)
            {
                return false;
            }

            context.Response.ContentLength = WeightBytes;
            await context.Response.Body.WriteAsync(hub.Files[Weights].AsMemory(0, WeightBytes / 2));
            await context.Response.Body.FlushAsync();
            isHalf.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        string[] pull = ["models", "pull", Name, "--db", terminal.DatabaseFile];
        using (var killed = TestTerminal.Start(Environment(hub, terminal), pull))
        {
            await isHalf.Task;
            while (!Parts(terminal).Any(part => new FileInfo(part).Length is > 0 and var length && length <= WeightBytes / 2 && part.Contains("model_qint8", StringComparison.Ordinal)))
            {
                Assert.False(killed.HasExited, "It ended before it could be killed.");
                await Task.Delay(5);
            }

            killed.Kill();
            await killed.WaitForExitAsync();
        }

        Assert.Contains("이어받습니다", (await terminal.RunAsync("models", "list")).Output, StringComparison.Ordinal);
        var piece = new FileInfo(Parts(terminal).Single(part => part.Contains("model_qint8", StringComparison.Ordinal))).Length;
        goOn = false;
        hub.Requests.Clear();
        var pulled = await TestTerminal.RunProcessAsync(Environment(hub, terminal), pull);

        Assert.True(pulled.Code == 0, pulled.Error);
        Assert.StartsWith($"{Name}을(를) 받았습니다: {Home(terminal)}", pulled.Output, StringComparison.Ordinal);
        Assert.Equal($"bytes={piece}-", Assert.Single(hub.Downloads, download => download.Path.EndsWith(Weights, StringComparison.Ordinal)).Range);
        Assert.Equal(hub.Files[Weights], await File.ReadAllBytesAsync(Path.Combine(Home(terminal), Weights)));
        Assert.Empty(Parts(terminal));
        Assert.False(File.Exists(terminal.DatabaseFile));

        Assert.Equal((0, $"{Name}: 모든 파일이 온전합니다.\n"), Said(await terminal.RunAsync("models", "verify")));
        await File.AppendAllTextAsync(Path.Combine(Home(terminal), "modules.json"), " ");
        var verified = await terminal.RunAsync("models", "verify", Name);
        Assert.Equal((1, ""), Said(verified));
        Assert.Contains("modules.json", verified.Error, StringComparison.Ordinal);

        Assert.Equal((0, $"{Name}을(를) 지웠습니다.\n"), Said(await terminal.RunAsync("models", "remove", Name)));
        Assert.False(Directory.Exists(Home(terminal)));
    }

    [Fact]
    public async Task A_gated_model_is_reported_with_the_address()
    {
        await using var terminal = new TestTerminal();
        await using var hub = await HubAsync();
        hub.Instead = context => TestHub.RefuseAsync(context, StatusCodes.Status403Forbidden, "GatedRepo").ContinueWith(_ => true, TaskScheduler.Default);

        var ran = await TestTerminal.RunProcessAsync(Environment(hub, terminal), ["models", "pull", Name, "--db", terminal.DatabaseFile]);

        Assert.Equal((1, ""), Said(ran));
        Assert.Contains($"{hub.Address}{hub.Name}", ran.Error, StringComparison.Ordinal);
        Assert.Contains("HF_TOKEN", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_is_registered_and_unregistered()
    {
        await using var terminal = new TestTerminal();
        foreach (var file in new[] { "모델/tokenizer.json", "모델/config.json", "모델/modules.json" })
        {
            terminal.Write(file, file.EndsWith("modules.json", StringComparison.Ordinal) ? "[]" : "{}");
        }

        terminal.Write("모델/model.onnx", "weights");
        var folder = Path.Combine(terminal.Folder, "모델");

        var added = await terminal.RunAsync("models", "add", folder, "--name", "mine");
        Assert.Equal((0, $"mine을(를) 임베딩 모델로 등록했습니다: {folder} (13 B)\n"), Said(added));
        Assert.Contains($"등록함 ({folder})", (await terminal.RunAsync("models", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await terminal.RunAsync("models", "remove", "mine")).Code);
        Assert.True(File.Exists(Path.Combine(folder, "model.onnx")));
    }

    [Theory]
    [InlineData("목록에 없는 모델입니다", "pull", "no-such")]
    [InlineData("없습니다", "remove", "no-such")]
    [InlineData("없습니다", "verify", "no-such")]
    [InlineData("지울 수 없습니다", "remove", "pybo-e5-small-ko")]
    [InlineData("폴더가 없습니다", "add", "/없는/폴더")]
    public async Task An_impossible_command_is_reported(string said, params string[] words)
    {
        await using var terminal = new TestTerminal();
        var ran = await terminal.RunAsync(["models", .. words]);
        Assert.Equal((1, ""), Said(ran));
        Assert.Contains(said, ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
    }

    private static (int, string) Said(Ran ran) => (ran.Code, ran.Output);

    private static string Home(TestTerminal terminal) => Path.Combine(Path.GetDirectoryName(terminal.DatabaseFile)!, "models", Name);

    private static IEnumerable<string> Parts(TestTerminal terminal) => Directory.Exists(Home(terminal)) ? Directory.EnumerateFiles(Home(terminal), "*.part", SearchOption.AllDirectories) : [];

    private static Dictionary<string, string> Environment(TestHub hub, TestTerminal terminal) => new()
    {
        ["HF_ENDPOINT"] = hub.Address.ToString(),
        ["HF_HOME"] = Path.Combine(terminal.Folder, "hf"),
        ["HF_TOKEN"] = "",
    };

    private static async Task<TestHub> HubAsync()
    {
        var hub = await TestHub.StartAsync();
        hub.Name = "jhgan/ko-sroberta-multitask";
        foreach (var path in new[] { "config.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json", "tokenizer.json" })
        {
            hub.Files[path] = path == "modules.json" ? "[]"u8.ToArray() : "{}"u8.ToArray();
        }

        hub.Files[Weights] = ModelBench.Bytes(WeightBytes);
        hub.Large.Add(Weights);
        return hub;
    }
}
