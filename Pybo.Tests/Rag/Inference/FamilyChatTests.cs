using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Folders of the other families, with tiny graphs, from the question to the answer.</summary>
public sealed class FamilyChatTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.System, "짧게 답하세요."), new(ChatRole.User, "수도는 <think> 어디?")];

    public static TheoryData<string> Names => ChatFamilyTests.Names;

    public static TheoryData<string, string, bool> Thinking => new()
    {
        { "Qwen 3", "token", false },
        { "EXAONE 4", "token", true },
        { "Qwen 3", "text", false },
        { "ChatML", "token", false }, // a model that thinks regardless of its prompt
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_answer_ends_with_its_turn_and_shows_no_control_token(string name)
    {
        using var toy = new ToyLanguageModel(ChatFamilyTests.Families[name].Family, ToyLayout.Concat);
        var (template, vocabulary) = Load(toy);
        var end = vocabulary.TokenToId(ChatFamilyTests.Families[name].Ends[0])!.Value;

        var answer = await AnswerAsync(toy, template, [.. Ids(vocabulary, "서울입니다."), end, .. Ids(vocabulary, "뒤에 온 말")]);

        Assert.Equal("서울입니다.", answer.Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(Ids(vocabulary, "서울입니다.").Count + 1, answer.Usage!.OutputTokenCount);
    }

    [Theory]
    [MemberData(nameof(Thinking))]
    public async Task A_models_thoughts_are_not_shown(string name, string marks, bool isSpecial)
    {
        var family = Family(name, marks, isSpecial);
        using var toy = new ToyLanguageModel(family, ToyLayout.Concat);
        var (template, vocabulary) = Load(toy);
        var end = vocabulary.TokenToId(ChatFamilyTests.Families[name].Ends[0])!.Value;
        Assert.Equal(marks == "token", vocabulary.TokenToId("<think>") is not null);

        var answer = await AnswerAsync(toy, template, [.. Ids(vocabulary, "<think>음…\n아마</think>\n\n서울입니다.", SpecialTokens.Found), end]);

        Assert.Equal("서울입니다.", answer.Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
    }

    [Theory]
    [MemberData(nameof(Thinking))]
    public async Task Endless_thoughts_stop_at_the_limit_with_an_empty_answer(string name, string marks, bool isSpecial)
    {
        using var toy = new ToyLanguageModel(Family(name, marks, isSpecial), ToyLayout.Concat);
        var (template, vocabulary) = Load(toy);

        var answer = await AnswerAsync(toy, template, [.. Ids(vocabulary, "<think>" + new string('x', 100), SpecialTokens.Found)]);

        Assert.Equal("", answer.Text);
        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(Output, answer.Usage!.OutputTokenCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Random_graphs_answer_in_every_single_graph_layout(string name)
    {
        var family = ChatFamilyTests.Families[name].Family;
        foreach (var (layout, graph) in new[] { (ToyLayout.Concat, null), (ToyLayout.Shared, null), (ToyLayout.Concat, ToyLanguageModel.HalfCaches()) })
        {
            using var toy = new ToyLanguageModel(family, layout);
            if (graph is not null)
            {
                // transformers.js uses this name for a graph with 4-bit weights and f16 between them.
                File.Delete(Path.Combine(toy.Path, "onnx", "model.onnx"));
                toy.WriteGraph("model_q4f16", graph);
            }

            using var client = new OnnxChatClient(LanguageModelFolder.Read(toy.Path));
            var answer = await client.GetResponseAsync(Question, new() { Temperature = 0, MaxOutputTokens = Output }, TestContext.Current.CancellationToken);

            Assert.InRange(answer.Usage!.OutputTokenCount!.Value, 1, Output);
            Assert.All(family.Controls, control => Assert.DoesNotContain(control.Text, answer.Text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_folders_declarations_are_read()
    {
        using var toy = new ToyLanguageModel(ChatFamilyTests.Families["Qwen 3"].Family, ToyLayout.Concat);
        var folder = LanguageModelFolder.Read(toy.Path);
        Assert.Equal(("qwen3", 16, 1), (folder.ModelType, folder.HeadSize, folder.KeyValueHeads));
        Assert.Contains("enable_thinking", folder.PublishedTemplate, StringComparison.Ordinal);
        Assert.Empty(folder.StopIds);

        // Older folders keep it in tokenizer_config.json, as one text or as one of several.
        File.Delete(Path.Combine(toy.Path, "chat_template.jinja"));
        Assert.Null(LanguageModelFolder.Read(toy.Path).PublishedTemplate);
        toy.Write("tokenizer_config.json", """{ "chat_template": "one" }""");
        Assert.Equal("one", LanguageModelFolder.Read(toy.Path).PublishedTemplate);
        toy.Write("tokenizer_config.json", """{ "chat_template": [{ "name": "tool_use", "template": "two" }, { "name": "default", "template": "three" }] }""");
        Assert.Equal("three", LanguageModelFolder.Read(toy.Path).PublishedTemplate);
        toy.Write("chat_template.jinja", new string('x', (1 << 20) + 1));
        Assert.Contains("chat_template.jinja", Assert.Throws<InvalidDataException>(() => LanguageModelFolder.Read(toy.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_external_weight_files_of_a_graph_count()
    {
        using var toy = new ToyLanguageModel(ChatFamilyTests.Families["Qwen 3"].Family, ToyLayout.Concat);
        var graph = LanguageModelFolder.Read(toy.Path).WeightBytes;
        File.WriteAllBytes(Path.Combine(toy.Path, "onnx", "model.onnx_data"), new byte[1_000]);
        File.WriteAllBytes(Path.Combine(toy.Path, "onnx", "model.onnx_data_1"), new byte[100]);

        Assert.Equal(graph + 1_100, LanguageModelFolder.Read(toy.Path).WeightBytes);
    }

    [Fact]
    public void A_head_count_missing_from_graph_and_folder_is_reported()
    {
        using var toy = new ToyLanguageModel(ChatFamilyTests.Families["Qwen 3"].Family, ToyLayout.Concat);
        toy.WriteGraph("model", ToyLanguageModel.HalfCaches());
        toy.Write("config.json", """{ "model_type": "qwen3", "vocab_size": 264 }""");

        var refused = Assert.Throws<InvalidDataException>(() => new Decoder(LanguageModelFolder.Read(toy.Path), 64).Dispose());

        Assert.Contains("past_key_values.0.key", refused.Message, StringComparison.Ordinal);
    }

    private const int Output = 60;

    private static ToyFamily Family(string name, string marks, bool isSpecial)
    {
        var family = ChatFamilyTests.Families[name].Family;
        var others = family.Controls.Where(control => !control.Text.Contains("think>", StringComparison.Ordinal));
        return family with { Controls = marks == "token" ? [.. others, .. ChatFamilyTests.Thoughts(isSpecial)] : [.. others] };
    }

    private static (ChatTemplate Template, ModelVocabulary Vocabulary) Load(ToyLanguageModel toy)
    {
        var folder = LanguageModelFolder.Read(toy.Path);
        var vocabulary = ModelVocabulary.Load(folder.TokenizerPath);
        return (ChatTemplate.For(new(vocabulary, folder.ModelType, folder.PublishedTemplate)), vocabulary);
    }

    private static IReadOnlyList<int> Ids(ModelVocabulary vocabulary, string text, SpecialTokens special = SpecialTokens.None) => vocabulary.TokenizerFor(special).EncodeToIds(text);

    /// <summary>The answer of a model that chooses these ids.</summary>
    private static async Task<ChatResponse> AnswerAsync(ToyLanguageModel toy, ChatTemplate template, IReadOnlyList<int> script)
    {
        toy.WriteGraph("model", ToyLanguageModel.Scripted(script, template.Encode(Question).Length));
        using var client = new OnnxChatClient(LanguageModelFolder.Read(toy.Path));
        return await client.GetResponseAsync(Question, new() { Temperature = 0, MaxOutputTokens = Output }, TestContext.Current.CancellationToken);
    }
}
