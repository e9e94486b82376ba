using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Models;
using Pybo.Tests.Rag.Inference;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Rag.Chat;

public sealed class ReplacedModelTests(ChatCorpus corpus) : IClassFixture<ChatCorpus>
{
    /// <summary>Its prompt was fitted for that model, in that model's tokens.</summary>
    [Fact]
    public async Task A_turn_is_answered_by_the_model_that_it_began_with()
    {
        await using var bench = await ModelBench.StartAsync();
        using ToyLanguageModel first = new(ToyLayout.Shared, contextTokens: 4_096), second = new(ToyLayout.Concat);
        await bench.Store.AddAsync(first.Path, "first", default);
        using var builtIn = new ScriptedChatClient("인용");
        var time = new ManualTime();
        await using var client = new InstalledChatClient(bench.Installed, builtIn, Options.Create(bench.Options), NullLoggerFactory.Instance, time);
        ChatEvent.Done? done = null;
        await foreach (var told in corpus.Answerer(client).AnswerAsync(new("백업 파일은 얼마나 보관하나요?", [], Reader.Visitor), TestContext.Current.CancellationToken))
        {
            if (told is ChatEvent.Sources sources)
            {
                Assert.Equal("first", sources.Model);
                bench.Store.Remove("first");
                await bench.Store.AddAsync(second.Path, "second", default);
                time.Advance(TimeSpan.FromMinutes(1));
                Assert.Equal("second", client.GetService<ChatClientMetadata>()?.DefaultModelId);
            }

            done = told as ChatEvent.Done ?? done;
        }

        Assert.Equal("first", done?.Model);
    }
}
