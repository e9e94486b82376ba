using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;
using Pybo.Tests.Rag.Chat;
using Pybo.Tests.Rag.Inference;

namespace Pybo.Tests.Rag.Models;

public sealed class InstalledGeneratorTests
{
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Models_registered_or_removed_at_run_time_take_effect_with_the_next_question()
    {
        await using var bench = await ModelBench.StartAsync();
        using var toy = new ToyLanguageModel(ToyLayout.Shared, contextTokens: 4_096);
        var time = new ManualTime();
        await using var generator = Generator(bench, time);
        Assert.Null(generator.Borrow());

        await bench.Store.AddAsync(toy.Path, "toy", default);
        time.Advance(Later);
        using (var lease = generator.Borrow())
        {
            Assert.Equal("toy", Name(lease));
            Assert.NotNull(lease!.Value.GetService<IPromptTokens>());
            Assert.NotEmpty((await lease.Value.GetResponseAsync([new(ChatRole.User, "안녕")], new() { Temperature = 0, MaxOutputTokens = 20 }, TestContext.Current.CancellationToken)).Text);
        }

        bench.Store.Remove("toy");
        time.Advance(Later);
        Assert.Null(generator.Borrow());
    }

    [Fact]
    public async Task The_setting_chooses_the_generator_and_an_unknown_name_leaves_none()
    {
        await using var bench = await ModelBench.StartAsync();
        using ToyLanguageModel first = new(ToyLayout.Shared), second = new(ToyLayout.Concat);
        await bench.Store.AddAsync(first.Path, "first", default);
        await bench.Store.AddAsync(second.Path, "second", default);
        foreach (var (setting, name) in new[] { ("", "first"), ("second", "second"), (second.Path, Path.GetFileName(second.Path)), (InstalledGenerator.BuiltIn, null), ("third", null) })
        {
            bench.Options = new() { GenerationModel = setting };
            await using var generator = Generator(bench, new ManualTime());
            using var lease = generator.Borrow();
            Assert.Equal(name, Name(lease));
        }
    }

    [Fact]
    public async Task A_broken_folder_leaves_no_generator()
    {
        await using var bench = await ModelBench.StartAsync();
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.Write("generation_config.json", "{");
        bench.Options = new() { GenerationModel = toy.Path };
        await using var generator = Generator(bench, new ManualTime());
        Assert.Null(generator.Borrow());
    }

    [Fact]
    public async Task A_leased_generator_still_answers_after_another_is_chosen()
    {
        await using var bench = await ModelBench.StartAsync();
        using ToyLanguageModel one = new(ToyLayout.Shared), second = new(ToyLayout.Concat);
        await bench.Store.AddAsync(one.Path, "first", default);
        var time = new ManualTime();
        await using var generator = Generator(bench, time);
        List<ChatMessage> messages = [new(ChatRole.User, "안녕")];
        var held = generator.Borrow()!;
        bench.Store.Remove("first");
        await bench.Store.AddAsync(second.Path, "second", default);
        time.Advance(Later);
        using var other = generator.Borrow();
        Assert.Equal("second", Name(other));

        Assert.Equal("first", Name(held));
        Assert.NotEqual(0, (await held.Value.GetService<IPromptTokens>()!.EncodeAsync(messages, TestContext.Current.CancellationToken)).TokenCount);
        Assert.NotEmpty((await held.Value.GetResponseAsync(messages, new() { MaxOutputTokens = 8 }, TestContext.Current.CancellationToken)).Text);

        var first = held.Value;
        held.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => first.GetResponseAsync(messages, null, TestContext.Current.CancellationToken));
        Assert.NotEmpty((await other!.Value.GetResponseAsync(messages, new() { MaxOutputTokens = 8 }, TestContext.Current.CancellationToken)).Text);
    }

    [Fact]
    public async Task Any_installed_generator_can_be_borrowed_by_name_and_the_default_comes_first()
    {
        await using var bench = await ModelBench.StartAsync();
        using ToyLanguageModel first = new(ToyLayout.Shared), second = new(ToyLayout.Concat);
        await bench.Store.AddAsync(first.Path, "first", default);
        await bench.Store.AddAsync(second.Path, "second", default);
        foreach (var (setting, standard, names) in new (string, string?, string[])[]
        {
            ("", "first", ["first", "second"]),
            ("second", "second", ["second", "first"]),
            (InstalledGenerator.BuiltIn, null, ["first", "second"]),
            ("third", null, ["first", "second"]),
        })
        {
            bench.Options = new() { GenerationModel = setting };
            await using var generator = Generator(bench, new ManualTime());
            Assert.Equal((standard, string.Join(' ', names)), (generator.Default?.Name, string.Join(' ', generator.All.Select(info => info.Name))));
            foreach (var name in names)
            {
                using var lease = generator.Borrow(name);
                Assert.Equal(name, Name(lease));
            }

            Assert.Null(generator.Borrow("third"));
        }
    }

    [Fact]
    public async Task Borrowing_another_generator_frees_the_former_one_after_its_last_answer_and_looking_frees_none()
    {
        await using var bench = await ModelBench.StartAsync();
        using ToyLanguageModel one = new(ToyLayout.Shared), two = new(ToyLayout.Concat);
        await bench.Store.AddAsync(one.Path, "first", default);
        await bench.Store.AddAsync(two.Path, "second", default);
        var time = new ManualTime();
        await using var generator = Generator(bench, time);
        List<ChatMessage> messages = [new(ChatRole.User, "안녕")];
        var held = generator.Borrow("second")!;
        var second = held.Value.GetService<LocalChatClient>()!;
        await second.GetResponseAsync(messages, new() { MaxOutputTokens = 8 }, TestContext.Current.CancellationToken);

        time.Advance(Later);
        Assert.Equal("first", generator.Default!.Name);
        Assert.Null(generator.Borrow("third"));
        using (var same = generator.Borrow("second"))
        {
            Assert.Same(second, same!.Value.GetService<LocalChatClient>());
        }

        using var other = generator.Borrow();
        Assert.Equal("first", Name(other));
        Assert.True(second.IsLoaded);
        held.Dispose();
        Assert.False(second.IsLoaded);
        Assert.False(other!.Value.GetService<LocalChatClient>()!.IsLoaded);
    }

    [Fact]
    public async Task A_model_that_is_added_leaves_the_open_one_in_memory()
    {
        await using var bench = await ModelBench.StartAsync();
        using ToyLanguageModel one = new(ToyLayout.Shared), two = new(ToyLayout.Concat);
        await bench.Store.AddAsync(one.Path, "first", default);
        var time = new ManualTime();
        await using var generator = Generator(bench, time);
        LocalChatClient first;
        using (var lease = generator.Borrow()!)
        {
            first = lease.Value.GetService<LocalChatClient>()!;
            await first.GetResponseAsync([new(ChatRole.User, "안녕")], new() { MaxOutputTokens = 8 }, TestContext.Current.CancellationToken);
        }

        await bench.Store.AddAsync(two.Path, "second", default);
        time.Advance(Later);
        Assert.Equal(2, generator.All.Count);
        Assert.True(first.IsLoaded);
        using var again = generator.Borrow();
        Assert.Same(first, again!.Value.GetService<LocalChatClient>());
    }

    [Fact]
    public async Task A_broken_model_is_not_offered_and_leaves_the_others()
    {
        await using var bench = await ModelBench.StartAsync();
        using ToyLanguageModel whole = new(ToyLayout.Shared), broken = new(ToyLayout.Shared);
        await bench.Store.AddAsync(whole.Path, "whole", default);
        broken.Write("generation_config.json", "{");
        bench.Options = new() { GenerationModel = broken.Path };
        await using var generator = Generator(bench, new ManualTime());
        Assert.Null(generator.Default);
        Assert.Equal(["whole"], generator.All.Select(info => info.Name));
        Assert.Null(generator.Borrow());
        using var lease = generator.Borrow("whole");
        Assert.Equal("whole", Name(lease));
    }

    private static string? Name(Lease<IChatClient>? lease) => lease?.Value.GetService<ChatClientMetadata>()?.DefaultModelId;

    private static InstalledGenerator Generator(ModelBench bench, TimeProvider time) =>
        new(bench.Installed, Options.Create(bench.Options), NullLoggerFactory.Instance, time);
}
