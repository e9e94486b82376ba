using System.Text.Json;
using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Inference;

public sealed class ChatTemplateTests
{
    private const string Gemma3 = "models/gemma-3-270m";

    [Fact]
    public void Conversations_have_the_references_text_and_ids()
    {
        var template = Load(Gemma3);
        var references = References($"{Gemma3}/reference/chat-template.jsonl").ToList();
        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            Assert.Equal(reference.Text, template.Render(reference.Messages, reference.Continues));
            if (!reference.IsInjection)
            {
                Assert.Equal(reference.Ids, template.Encode(reference.Messages, reference.Continues));
            }
        }
    }

    [Fact]
    public void No_text_injects_a_control_token_or_an_id_without_a_row()
    {
        var tokenizer = ModelVocabulary.Load(Repository.Shared($"{Gemma3}/tokenizer.json"));
        var template = ChatTemplate.For(new(tokenizer, null, null));
        var references = References($"{Gemma3}/reference/chat-template.jsonl").Where(r => r.IsInjection).ToList();
        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            var ids = template.Encode(reference.Messages, reference.Continues);
            Assert.NotEqual(reference.Ids, ids);
            Assert.Equal(1 + reference.Messages.Count(m => m.Role != ChatRole.System), ids.Count(id => tokenizer.IdToToken(id) == "<start_of_turn>"));
            Assert.Equal(reference.Messages.Count(m => m.Role != ChatRole.System), ids.Count(id => tokenizer.IdToToken(id) == "<end_of_turn>"));
            Assert.DoesNotContain(ids[1..], id => tokenizer.IdToToken(id) is "<bos>" or "<eos>" or "<pad>" or "<unk>" or "<mask>" or "[multimodal]" or "<unused0>" or "<unused42>" or "<start_of_image>" or "<end_of_image>");
            Assert.DoesNotContain(ids, id => id >= 262_144);
        }
    }

    [Theory]
    [InlineData("gemma3n-two-graph")]
    [InlineData("gemma4-two-graph")]
    [InlineData("gemma3-concat")]
    [InlineData("gemma3-genai")]
    public void Prompts_of_the_other_families_equal_the_references(string model)
    {
        var template = Load($"models/tiny/{model}");
        var compared = 0;
        foreach (var json in File.ReadLines(Repository.Shared($"models/tiny/{model}/reference.jsonl")).Select(line => JsonElement.Parse(line)))
        {
            if (json.GetProperty("kind").GetString() == "prompt" && json.TryGetProperty("messages", out var messages))
            {
                Assert.Equal(json.GetProperty("prompt").GetString(), template.Render(Messages(messages)));
                Assert.Equal(json.GetProperty("ids").Deserialize<int[]>(), template.Encode(Messages(messages)));
                compared++;
            }
        }

        Assert.True(compared >= 3);
    }

    [Fact]
    public void A_conversation_starts_with_the_tokens_of_the_one_shorter_by_an_exchange()
    {
        var template = Load(Gemma3);
        List<ChatMessage> messages = [new(ChatRole.System, "짧게 답하세요."), new(ChatRole.User, "수도는?")];
        var shorter = template.Encode(messages);
        messages.AddRange([new(ChatRole.Assistant, "서울입니다."), new(ChatRole.User, "인구는?")]);
        Assert.Equal(shorter, template.Encode(messages)[..shorter.Length]);
    }

    [Fact]
    public void Roles_out_of_turn_are_refused()
    {
        var template = Load(Gemma3);
        Assert.Throws<ArgumentException>(() => template.Encode([new(ChatRole.User, "하나"), new(ChatRole.User, "둘")]));
        Assert.Throws<ArgumentException>(() => template.Encode([new(ChatRole.Assistant, "하나")]));
        Assert.Throws<ArgumentException>(() => template.Encode([new(ChatRole.User, "하나"), new(ChatRole.System, "둘")]));
        Assert.Throws<ArgumentException>(() => template.Encode([new(ChatRole.Tool, "하나")]));
    }

    [Fact]
    public void A_tokenizer_of_another_family_is_refused_with_a_message() =>
        Assert.Contains("Gemma", Assert.Throws<InvalidDataException>(() => ChatTemplate.For(new(ModelVocabulary.Load(Path.Combine(Repository.Root, "models", "embedded", "tokenizer.json")), null, null))).Message, StringComparison.Ordinal);

    private static ChatTemplate Load(string folder) => ChatTemplate.For(new(ModelVocabulary.Load(Repository.Shared($"{folder}/tokenizer.json")), null, null));

    private static IEnumerable<Reference> References(string path) =>
        from line in File.ReadLines(Repository.Shared(path))
        let json = JsonElement.Parse(line)
        select new Reference(
            [.. Messages(json.GetProperty("messages"))],
            json.GetProperty("add_generation_prompt").GetBoolean(),
            json.GetProperty("text").GetString()!,
            json.GetProperty("ids").Deserialize<int[]>()!,
            json.TryGetProperty("injection", out var injection) && injection.GetBoolean());

    private static IEnumerable<ChatMessage> Messages(JsonElement messages) =>
        messages.EnumerateArray().Select(m => new ChatMessage(new(m.GetProperty("role").GetString()!), m.GetProperty("content").GetString()));

    private sealed record Reference(IReadOnlyList<ChatMessage> Messages, bool Continues, string Text, int[] Ids, bool IsInjection);
}
