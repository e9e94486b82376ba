using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;
using Pybo.Tests.Rag.Chat;
using Pybo.Tests.Rag.Inference;

namespace Pybo.Tests.Rag.Models;

public sealed class InstalledChatClientTests
{
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task What_is_registered_and_removed_while_the_site_runs_counts_from_the_next_question_on()
    {
        await using var bench = await ModelBench.StartAsync();
        using var toy = new ToyLanguageModel(ToyLayout.Shared, contextTokens: 4_096);
        using var builtIn = new ScriptedChatClient("인용");
        var time = new ManualTime();
        using var client = Client(bench, builtIn, time);
        Assert.Equal(ScriptedChatClient.Name, Name(client));

        await bench.Store.AddAsync(toy.Path, "toy", default);
        time.Advance(Later);
        Assert.Equal("toy", Name(client));
        Assert.NotNull(client.GetService<IPromptTokens>());
        Assert.NotEmpty((await client.GetResponseAsync([new(ChatRole.User, "안녕")], new() { Temperature = 0, MaxOutputTokens = 20 }, TestContext.Current.CancellationToken)).Text);

        bench.Store.Remove("toy");
        time.Advance(Later);
        Assert.Equal(ScriptedChatClient.Name, Name(client));
        Assert.Equal("인용", string.Concat(await client.GetStreamingResponseAsync([new(ChatRole.User, "안녕")], null, TestContext.Current.CancellationToken).Select(u => u.Text).ToListAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task The_setting_chooses_and_what_it_names_in_vain_leaves_the_built_in_answerer()
    {
        await using var bench = await ModelBench.StartAsync();
        using ToyLanguageModel first = new(ToyLayout.Shared), second = new(ToyLayout.Concat);
        await bench.Store.AddAsync(first.Path, "first", default);
        await bench.Store.AddAsync(second.Path, "second", default);
        using var builtIn = new ScriptedChatClient("인용");
        foreach (var (setting, name) in new[] { ("", "first"), ("second", "second"), (second.Path, Path.GetFileName(second.Path)), (InstalledChatClient.BuiltIn, ScriptedChatClient.Name), ("third", ScriptedChatClient.Name) })
        {
            bench.Options = new() { GenerationModel = setting };
            using var client = Client(bench, builtIn, new ManualTime());
            Assert.Equal(name, Name(client));
        }
    }

    [Fact]
    public async Task A_broken_folder_leaves_the_built_in_answerer()
    {
        await using var bench = await ModelBench.StartAsync();
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.Write("generation_config.json", "{");
        bench.Options = new() { GenerationModel = toy.Path };
        using var builtIn = new ScriptedChatClient("인용");
        using var client = Client(bench, builtIn, new ManualTime());
        Assert.Equal(ScriptedChatClient.Name, Name(client));
    }

    [Fact]
    public async Task Who_holds_a_generator_is_answered_by_it_although_another_was_chosen()
    {
        await using var bench = await ModelBench.StartAsync();
        using ToyLanguageModel first = new(ToyLayout.Shared), second = new(ToyLayout.Concat);
        await bench.Store.AddAsync(first.Path, "first", default);
        using var builtIn = new ScriptedChatClient("인용");
        var time = new ManualTime();
        await using var client = Client(bench, builtIn, time);
        List<ChatMessage> messages = [new(ChatRole.User, "안녕")];
        var lease = client.GetService<InstalledChatClient>()!.Borrow();
        var held = lease.Value;
        bench.Store.Remove("first");
        await bench.Store.AddAsync(second.Path, "second", default);
        time.Advance(Later);
        Assert.Equal("second", Name(client));

        Assert.Equal("first", Name(held));
        Assert.NotEqual(0, await held.GetService<IPromptTokens>()!.CountTokensAsync(messages, TestContext.Current.CancellationToken));
        Assert.NotEmpty((await held.GetResponseAsync(messages, new() { MaxOutputTokens = 8 }, TestContext.Current.CancellationToken)).Text);

        lease.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => held.GetResponseAsync(messages, null, TestContext.Current.CancellationToken));
        Assert.NotEmpty((await client.GetResponseAsync(messages, new() { MaxOutputTokens = 8 }, TestContext.Current.CancellationToken)).Text);
    }

    private static string? Name(IChatClient client) => client.GetService<ChatClientMetadata>()?.DefaultModelId;

    private static InstalledChatClient Client(ModelBench bench, IChatClient builtIn, TimeProvider time) =>
        new(bench.Installed, builtIn, Options.Create(bench.Options), NullLoggerFactory.Instance, time);
}
