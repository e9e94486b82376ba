using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;
using Pybo.Tests.Pages.Chat;

namespace Pybo.Tests.Rag.Inference;

/// <summary>The generator as the chat sees it, with real weights.</summary>
public sealed class OnnxChatClientTests
{
    private static readonly ChatOptions Short = new() { Temperature = 0, MaxOutputTokens = 24 };

    [Fact]
    public async Task An_answer_streams_with_its_figures()
    {
        using var client = Load();
        Assert.False(client.IsLoaded);
        var updates = await client.GetStreamingResponseAsync([new(ChatRole.User, "대한민국의 수도는 어디인가요?")], Short, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.True(client.IsLoaded);
        Assert.NotEmpty(string.Concat(updates.Select(u => u.Text)));
        var figures = Assert.IsType<GenerationFigures>(updates[^1].AdditionalProperties![nameof(GenerationFigures)]);
        Assert.InRange(figures.OutputTokens, 2, 24);
        Assert.True(figures.TokensPerSecond > 0 && figures.FirstToken > TimeSpan.Zero);
        Assert.Equal(figures.PromptTokens, updates[^1].Contents.OfType<UsageContent>().Single().Details.InputTokenCount);
    }

    [Fact]
    public async Task Tokens_that_a_conversation_has_read_are_not_read_again()
    {
        using var client = Load();
        List<ChatMessage> messages = [new(ChatRole.System, "자료만 근거로 답합니다."), new(ChatRole.User, "세종대왕은 1443년에 훈민정음을 만들었다. 훈민정음은 언제 만들어졌나요?")];
        var first = await client.GetResponseAsync(messages, Short, TestContext.Current.CancellationToken);
        messages.AddRange([new(ChatRole.Assistant, first.Text), new(ChatRole.User, "누가요?")]);
        var second = await client.GetResponseAsync(messages, Short, TestContext.Current.CancellationToken);
        Assert.Equal(0, first.Usage!.CachedInputTokenCount);
        Assert.True(second.Usage!.CachedInputTokenCount >= first.Usage.InputTokenCount);

        // Another conversation's prompt begins with the same instructions and then differs; the first conversation is still cached afterwards.
        var other = await client.GetResponseAsync([messages[0], new(ChatRole.User, "게시판은 어떻게 쓰나요?")], Short, TestContext.Current.CancellationToken);
        Assert.InRange(other.Usage!.CachedInputTokenCount!.Value, 5, first.Usage.InputTokenCount!.Value);
        var again = await client.GetResponseAsync(messages, Short, TestContext.Current.CancellationToken);
        Assert.Equal(again.Usage!.InputTokenCount - 1, again.Usage.CachedInputTokenCount);
        Assert.Equal(second.Text, again.Text);
    }

    [Fact]
    public async Task A_listener_who_leaves_stops_the_answer_and_the_next_is_served()
    {
        using var client = Load();
        using var leaving = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "긴 이야기를 써 주세요.")], new() { Temperature = 0, MaxOutputTokens = 2_000 }, leaving.Token))
            {
                await leaving.CancelAsync();
            }
        });
        await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "긴 이야기를 써 주세요.")], new() { Temperature = 0, MaxOutputTokens = 2_000 }, TestContext.Current.CancellationToken))
        {
            break;
        }

        Assert.NotEmpty((await client.GetResponseAsync([new(ChatRole.User, "안녕하세요?")], Short, TestContext.Current.CancellationToken)).Text);
    }

    [Fact]
    public async Task A_prompt_is_counted_as_it_is_read_and_refused_if_too_long()
    {
        using var client = Load(new() { ContextTokensMax = 256 });
        List<ChatMessage> messages = [new(ChatRole.User, "안녕하세요?")];
        var counted = (await client.EncodeAsync(messages, TestContext.Current.CancellationToken)).TokenCount;
        var answer = await client.GetResponseAsync(messages, Short, TestContext.Current.CancellationToken);
        Assert.Equal(answer.Usage!.InputTokenCount, counted);
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync([new(ChatRole.User, string.Concat(Enumerable.Repeat("긴 질문 ", 300)))], Short, TestContext.Current.CancellationToken));
        Assert.Contains("256", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_string_ends_the_answer_before_it()
    {
        using var client = Load();
        List<ChatMessage> messages = [new(ChatRole.User, "The capital of France is")];
        var whole = (await client.GetResponseAsync(messages, Short, TestContext.Current.CancellationToken)).Text;
        var stop = whole.Substring(whole.Length / 2, 3);
        var cut = await client.GetResponseAsync(messages, new() { Temperature = 0, MaxOutputTokens = 24, StopSequences = [stop] }, TestContext.Current.CancellationToken);
        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], cut.Text);
        Assert.Equal(ChatFinishReason.Stop, cut.FinishReason);
    }

    [Fact]
    public async Task An_idle_model_is_unloaded_and_loaded_again()
    {
        using var client = Load(new() { UnloadAfter = TimeSpan.FromSeconds(1) });
        var first = await client.GetResponseAsync([new(ChatRole.User, "안녕하세요?")], Short, TestContext.Current.CancellationToken);
        await ChatSite.UntilAsync(() => Task.FromResult(!client.IsLoaded));

        Assert.Equal(first.Text, (await client.GetResponseAsync([new(ChatRole.User, "안녕하세요?")], Short, TestContext.Current.CancellationToken)).Text);
    }

    /// <summary>A request may call the disposal: it does not wait for an answer of minutes.</summary>
    [Fact]
    public async Task Disposal_during_an_answer_returns_at_once_and_running_and_waiting_answers_continue()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        var client = new OnnxChatClient(LanguageModelFolder.Read(toy.Path));
        List<ChatMessage> messages = [new(ChatRole.User, "안녕하세요?")];
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 100 };
        var whole = await client.GetResponseAsync(messages, options, TestContext.Current.CancellationToken);
        await using var answer = client.GetStreamingResponseAsync(messages, options, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await answer.MoveNextAsync());
        var waiting = client.GetResponseAsync(messages, options, TestContext.Current.CancellationToken);

        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.EncodeAsync(messages, TestContext.Current.CancellationToken));
        var text = answer.Current.Text;
        while (await answer.MoveNextAsync())
        {
            text += answer.Current.Text;
        }

        Assert.Equal(whole.Text, text);
        Assert.Equal(whole.Text, (await waiting).Text);
        await client.DisposeAsync();
    }

    [Fact]
    public void A_model_too_large_for_memory_is_refused_before_loading()
    {
        var refused = Assert.Throws<ModelMemoryException>(() => ModelMemory.Require("gemma", 3L << 30, 1L << 30));
        Assert.Contains("3,072", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_only_a_tokenizer_model_answers_like_one_with_a_tokenizer_json()
    {
        using ToyLanguageModel published = new(ToyLayout.Concat), googles = new(ToyLayout.Concat);
        googles.UseSentencePiece();
        using OnnxChatClient json = new(LanguageModelFolder.Read(published.Path)), model = new(LanguageModelFolder.Read(googles.Path));
        List<ChatMessage> messages = [new(ChatRole.User, "수도는 <end_of_turn> 어디?\n\n<bos>")];

        var expected = await json.GetResponseAsync(messages, Short, TestContext.Current.CancellationToken);
        var answer = await model.GetResponseAsync(messages, Short, TestContext.Current.CancellationToken);

        Assert.Equal(expected.Text, answer.Text);
        Assert.Equal(expected.Usage!.InputTokenCount, answer.Usage!.InputTokenCount);
        Assert.True(answer.Usage.OutputTokenCount > 0);
    }

    private static OnnxChatClient Load(LocalChatOptions? options = null) => new(LanguageModelFolder.Read(Repository.Shared("models/gemma-3-270m")), options);
}
