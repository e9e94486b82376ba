using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;
using Pybo.Rag.Inference;
using Pybo.Rag.Inference.GenAi;
using Pybo.Rag.Models;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Generators that ONNX Runtime GenAI runs.</summary>
public sealed class GenAiChatClientTests
{
    /// <summary>A family that writes role names between braces, as no template of ours does.</summary>
    internal const string Template = "{{ bos_token }}{% for message in messages %}<|open|>{{ message['role'] }}\n{{ message['content'] | trim }}<|close|>\n{% endfor %}{% if add_generation_prompt %}<|open|>assistant\n{% endif %}";

    private const int Begin = 2, Open = 4, Close = 5;

    private static readonly ChatOptions Short = new() { Temperature = 0, MaxOutputTokens = 24 };
    private static readonly List<ChatMessage> Question = [new(ChatRole.System, "자료만 근거로 답합니다."), new(ChatRole.User, "훈민정음은 언제 만들어졌나요?")];

    /// <summary>Gemma 3 270M as its own config.json describes it.</summary>
    private const string RealConfiguration = """
        {
          "model": {
            "type": "gemma3_text", "vocab_size": 262144, "context_length": 8192, "bos_token_id": 2, "eos_token_id": [1, 106], "pad_token_id": 0,
            "decoder": {
              "session_options": { "provider_options": [] },
              "filename": "model_q4.onnx", "head_size": 256, "hidden_size": 640, "num_attention_heads": 4, "num_key_value_heads": 1, "num_hidden_layers": 18,
              "inputs": { "input_ids": "input_ids", "attention_mask": "attention_mask", "past_key_names": "past_key_values.%d.key", "past_value_names": "past_key_values.%d.value" },
              "outputs": { "logits": "logits", "present_key_names": "present.%d.key", "present_value_names": "present.%d.value" }
            }
          },
          "search": { "do_sample": false, "max_length": 8192, "past_present_share_buffer": true }
        }
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> ControlTokens => ["<end_of_turn>", "<start_of_turn>", "<|im_end|>", "<|eot_id|>", "<|open|>", "<|close|>", "<eos>", "<bos>", "\uE0001\uE001"];

    [Fact]
    public async Task An_answer_equals_our_own_loops_with_its_figures()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("gemma3_text");
        var folder = LanguageModelFolder.Read(toy.Path);
        await using var ours = new OnnxChatClient(folder);
        await using var packages = new GenAiChatClient(folder);
        Assert.False(packages.IsLoaded);
        var expected = await ours.GetResponseAsync(Question, Short, Ct);
        var updates = await packages.GetStreamingResponseAsync(Question, Short, Ct).ToListAsync(Ct);

        Assert.True(packages.IsLoaded);
        Assert.Equal(expected.Text, string.Concat(updates.Select(update => update.Text)));
        Assert.Equal(expected.FinishReason, updates[^1].FinishReason);
        var figures = Assert.IsType<GenerationFigures>(updates[^1].AdditionalProperties![nameof(GenerationFigures)]);
        Assert.Equal(expected.Usage!.OutputTokenCount, figures.OutputTokens);
        Assert.Equal((await ours.EncodeAsync(Question, Ct)).TokenCount, figures.PromptTokens);
        Assert.True(figures.FirstToken > TimeSpan.Zero && figures.TokensPerSecond > 0);
        Assert.Equal(figures.PromptTokens, (await packages.EncodeAsync(Question, Ct)).TokenCount);
    }

    [Theory]
    [InlineData("gemma3-genai")]
    [InlineData("gemma3-genai-windowed")]
    public void Greedy_texts_equal_the_references(string model)
    {
        var folder = LanguageModelFolder.Read(Repository.Shared($"models/tiny/{model}"));
        using var loaded = new Model(folder.Path);
        foreach (var prompt in DecoderReferenceTests.Prompts(model, "model.onnx"))
        {
            using var generation = GenAiGeneration.Begin(loaded, folder, new(prompt.Ids, prompt.Greedy.Length, new HashSet<int>(), new() { Temperature = 0 }), Ct);
            for (var i = 0; i < prompt.Greedy.Length && prompt.Gaps[i] >= DecoderReferenceTests.DecisiveGap; i++)
            {
                Assert.True(generation.MoveNext());
                Assert.True(prompt.Greedy[i] == generation.Current, $"{prompt.Name}, token {i}");
            }
        }
    }

    [Theory]
    [InlineData("gemma3_text", "", typeof(OnnxChatClient))]
    [InlineData("gemma3_text", "folder", typeof(GenAiChatClient))]
    [InlineData("gemma3_text", "cuda", typeof(GenAiChatClient))]
    [InlineData("granite", "", typeof(GenAiChatClient))]
    [InlineData(null, "", typeof(OnnxChatClient))]
    [InlineData(null, "cuda", typeof(OnnxChatClient))]
    public void The_folder_decides_which_engine_runs_it(string? type, string provider, Type client)
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        if (type is not null)
        {
            toy.UseGenAi(type);
        }

        using var chosen = LocalChatClient.For(LanguageModelFolder.Read(toy.Path), provider);
        Assert.IsType(client, chosen);
    }

    [Fact]
    public async Task An_unknown_family_answers_with_its_own_template()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("granite");
        toy.UseTemplate(Template);
        await using var client = LocalChatClient.For(LanguageModelFolder.Read(toy.Path), "");
        var answer = await client.GetResponseAsync(Question, Short, Ct);
        Assert.NotEmpty(answer.Text);
        // One token per byte, as in the toy's vocabulary.
        Assert.Equal(
            1 + 5 + "system\n자료만 근거로 답합니다.\nuser\n훈민정음은 언제 만들어졌나요?\nassistant\n".Replace(" ", ".", StringComparison.Ordinal).Sum(letter => letter > 127 ? 3 : 1),
            answer.Usage!.InputTokenCount);
    }

    [Theory]
    [MemberData(nameof(ControlTokens))]
    public void No_text_becomes_a_control_token(string token)
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("granite");
        toy.UseTemplate(Template);
        var vocabulary = ModelVocabulary.Load(toy.Path);
        using var template = new FolderTemplate(LanguageModelFolder.Read(toy.Path), vocabulary);
        var text = $"이 글에 {token} 라고 {token}쓰면 어떻게 되나요?{token}";
        var ids = template.Encode([new(ChatRole.System, text), new(ChatRole.User, text), new(ChatRole.Assistant, text), new(ChatRole.User, text)]);

        Assert.Equal([Begin, Open, Close, Open, Close, Open, Close, Open, Close, Open], ids.Where(vocabulary.IsControl));
        Assert.Equal(
            $"system\n{text}\nuser\n{text}\nassistant\n{text}\nuser\n{text}\nassistant\n",
            vocabulary.Decode(ids.Where(id => !vocabulary.IsControl(id))));
    }

    [Theory]
    [InlineData("{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system turn') }}{% endif %}")]
    [InlineData("{% if messages[0]['role'] == 'system' %}{% set messages = messages[1:] %}{% endif %}")]
    public void Instructions_precede_the_question_if_the_template_has_no_system_turn(string refusal)
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("granite");
        toy.UseTemplate(refusal + Template);
        var vocabulary = ModelVocabulary.Load(toy.Path);
        using var template = new FolderTemplate(LanguageModelFolder.Read(toy.Path), vocabulary);
        Assert.Equal("user\n자료만 근거로 답합니다.\n\n훈민정음은 언제 만들어졌나요?\nassistant\n", vocabulary.Decode(template.Encode(Question).Where(id => !vocabulary.IsControl(id))));
    }

    [Fact]
    public void A_template_that_refuses_the_messages_gives_a_reason()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("granite");
        toy.UseTemplate("{{ raise_exception('users and assistants take turns') }}");
        using var template = new FolderTemplate(LanguageModelFolder.Read(toy.Path), ModelVocabulary.Load(toy.Path));
        Assert.Contains("users and assistants take turns", Assert.Throws<ArgumentException>(() => template.Encode(Question)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_who_leaves_ends_a_long_prompt_and_the_next_is_served()
    {
        var weights = Repository.Shared("models/gemma-3-270m");
        var folder = Directory.CreateTempSubdirectory("pybo-genai-");
        using var deletion = new Deletion(folder);
        foreach (var file in new[] { "tokenizer.json", "onnx/model_q4.onnx", "onnx/model_q4.onnx_data" })
        {
            File.Copy(Path.Combine(weights, file), Path.Combine(folder.FullName, Path.GetFileName(file))); // the package refuses external data behind a link
        }

        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "genai_config.json"), RealConfiguration, Ct);
        await using var client = new GenAiChatClient(LanguageModelFolder.Read(folder.FullName));
        using var leaving = new CancellationTokenSource();
        await client.GetResponseAsync(Question, Short, Ct); // loads the model
        var reading = client.GetResponseAsync([new(ChatRole.User, string.Concat(Enumerable.Repeat("대한민국의 수도는 서울이다. ", 350)))], Short, leaving.Token);
        await Task.Delay(TimeSpan.FromMilliseconds(200), Ct);
        Assert.False(reading.IsCompleted);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.NotEmpty((await client.GetResponseAsync(Question, Short, Ct)).Text);
    }

    [Fact]
    public async Task The_same_seed_draws_the_same_answer_and_a_stop_string_ends_it()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("gemma3_text");
        await using var client = new GenAiChatClient(LanguageModelFolder.Read(toy.Path));
        ChatOptions drawn = new() { Temperature = 1, TopK = 0, Seed = 7, MaxOutputTokens = 40 };
        var whole = (await client.GetResponseAsync(Question, drawn, Ct)).Text;
        Assert.Equal(whole, (await client.GetResponseAsync(Question, drawn, Ct)).Text);
        Assert.NotEqual(whole, (await client.GetResponseAsync(Question, new() { Temperature = 1, TopK = 0, Seed = 8, MaxOutputTokens = 40 }, Ct)).Text);

        var stop = whole.Substring(whole.Length / 2, 1);
        var cut = await client.GetResponseAsync(Question, new() { Temperature = 1, TopK = 0, Seed = 7, MaxOutputTokens = 40, StopSequences = [stop] }, Ct);
        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], cut.Text);
        Assert.Equal(ChatFinishReason.Stop, cut.FinishReason);
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_is_refused()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("gemma3_text");
        await using var client = new GenAiChatClient(LanguageModelFolder.Read(toy.Path));
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync([new(ChatRole.User, new string('가', 100))], Short, Ct));
        Assert.Contains("256", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("OpenVINO")]
    [InlineData("아무것")]
    public async Task A_missing_device_is_named_with_advice(string provider)
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("gemma3_text");
        await using var client = new GenAiChatClient(LanguageModelFolder.Read(toy.Path), provider);
        var refused = await Assert.ThrowsAsync<OnnxModelException>(() => client.GetResponseAsync(Question, Short, Ct));
        Assert.Contains(provider, refused.Message, StringComparison.Ordinal);
        Assert.Contains("cpu", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(ModelFailure.Of(refused));
    }

    [Fact]
    public async Task The_processor_can_be_requested()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("gemma3_text");
        await using var client = new GenAiChatClient(LanguageModelFolder.Read(toy.Path), "CPU");
        Assert.NotEmpty((await client.GetResponseAsync(Question, Short, Ct)).Text);
    }

    [Theory]
    [InlineData("onnx/model.onnx", "")]
    [InlineData("onnx/model.onnx", "아니다")]
    public async Task A_broken_graph_names_the_folder(string file, string content)
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared);
        toy.UseGenAi("gemma3_text");
        toy.Write(file, content);
        await using var client = new GenAiChatClient(LanguageModelFolder.Read(toy.Path));
        var refused = await Assert.ThrowsAsync<OnnxModelException>(() => client.GetResponseAsync(Question, Short, Ct));
        Assert.Contains(toy.Path, refused.Message, StringComparison.Ordinal);
    }

    private sealed class Deletion(DirectoryInfo folder) : IDisposable
    {
        public void Dispose() => folder.Delete(recursive: true);
    }
}
