using System.Text.Json;
using Pybo.Pages.Terminal;
using Pybo.Rag.Inference;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Terminal;

public sealed class AskCommandTests(ChatCorpus corpus) : IClassFixture<ChatCorpus>, IDisposable
{
    private const string Question = "백업 파일은 얼마나 보관하나요?";

    private readonly StringWriter output = new();

    [Fact]
    public async Task The_answer_is_printed_while_it_is_written()
    {
        var printed = new List<string>();
        using var client = new ScriptedChatClient("서른 날", " 동안 [1", "].", "\n") { BeforeToken = () => printed.Add(output.ToString()) };
        await AskAsync(client, json: false);
        Assert.Equal(["", "서른 날", "서른 날 동안", "서른 날 동안 [1]."], printed);
        Assert.Contains("[1] 백업 안내  (backup.txt)", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_names_the_model_and_its_speed()
    {
        using var client = new ScriptedChatClient("서른 날 ", "동안 [1].")
        {
            Figures = new() { OutputTokens = 10, FirstToken = TimeSpan.FromMilliseconds(812), Decoding = TimeSpan.FromSeconds(0.7) },
        };
        await AskAsync(client, json: true);
        var answered = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal((ScriptedChatClient.Name, 812, 12.9), (answered.GetProperty("model").GetString(), answered.GetProperty("firstTokenMs").GetInt32(), answered.GetProperty("tokensPerSecond").GetDouble()));
        Assert.Equal("서른 날 동안 [1].", answered.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task A_model_that_cannot_answer_is_reported()
    {
        using var client = new ScriptedChatClient() { Failure = new ModelMemoryException("gemma-3-4b", 6_500L << 20, 1_200L << 20) };
        var failed = await Assert.ThrowsAsync<CommandFailedException>(() => AskAsync(client, json: true));
        Assert.Contains("6,500 MB", failed.Message, StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    private Task AskAsync(ScriptedChatClient client, bool json) =>
        AskCommand.AnswerAsync(corpus.Answerer(client), Question, json, new TerminalConsole(output, TextWriter.Null, null), TestContext.Current.CancellationToken);

    public void Dispose() => output.Dispose();
}
