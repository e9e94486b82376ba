using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Models;
using Pybo.Tests.Rag.Inference;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Rag.Chat;

public sealed class ReplacedModelTests(ChatCorpus corpus) : IClassFixture<ChatCorpus>
{
    /// <summary>The turn's prompt was fitted to that model, in its tokens.</summary>
    [Fact]
    public async Task A_turn_is_answered_by_the_model_that_it_began_with()
    {
        await using var bench = await ModelBench.StartAsync();
        using ToyLanguageModel first = new(ToyLayout.Shared, contextTokens: 4_096), second = new(ToyLayout.Concat);
        await bench.Store.AddAsync(first.Path, "first", default);
        var time = new ManualTime();
        await using var generators = new InstalledGenerator(bench.Installed, Options.Create(bench.Options), NullLoggerFactory.Instance, time);
        var answerer = corpus.Answerer(generators);
        var heard = new HeardAnswer(onSources: async () =>
        {
            bench.Store.Remove("first");
            await bench.Store.AddAsync(second.Path, "second", default);
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal("second", answerer.Model);
        });
        var answer = await answerer.AnswerAsync(new("백업 파일은 얼마나 보관하나요?", [], Viewer.Visitor), heard, TestContext.Current.CancellationToken);
        Assert.Equal(("first", "first"), (heard.Model, answer.Model));
    }
}
