using System.Text.Json;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>Compares Gemma's own tokenizer and the small ones like it with the ids of the Hugging Face library.</summary>
public sealed class GemmaTests
{
    private const int Bos = 2;

    private static readonly Lazy<ModelVocabulary> Gemma = new(() => ModelVocabulary.Load(Path.Combine(TokenizerSamples.Shared("models/gemma-3-270m"), "tokenizer.json")));

    [Fact]
    public void Every_golden_text_has_the_same_ids_and_survives_a_round_trip()
    {
        var tokenizer = Gemma.Value;
        var decoder = new StreamingDecoder(tokenizer);
        var compared = 0;
        foreach (var line in File.ReadLines(TokenizerSamples.Shared("models/gemma3-tokenizer-golden.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var text = json.RootElement.GetProperty("text").GetString()!;
            int[] ids = [.. json.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

            Assert.Equal(ids, tokenizer.EncodeToIds(text));
            Assert.Equal(ids, tokenizer.EncodeToTokens(text).Select(t => t.Id));
            var decoded = tokenizer.Decode(ids[1..], skipSpecialTokens: false);
            if (json.RootElement.GetProperty("roundtrip").ValueKind != JsonValueKind.False)
            {
                Assert.Equal(text, decoded);
            }
            string[] pieces = [.. ids.Select(decoder.Push), decoder.Flush()];
            Assert.Equal(tokenizer.Decode(ids), string.Concat(pieces));
            Assert.All(pieces, piece => Assert.False(piece.Length > 0 && (char.IsLowSurrogate(piece[0]) || char.IsHighSurrogate(piece[^1]))));
            compared++;
        }
        Assert.Equal(200, compared);
    }

    [Fact]
    public void Chats_have_the_same_ids_and_untrusted_text_yields_no_control_token()
    {
        var tokenizer = Gemma.Value;
        HashSet<int> controls = [0, 1, 2, 3, 4, 5, .. Enumerable.Range(6, 99), 105, 106, 255_999, 256_000, .. Enumerable.Range(256_001, 262_144 - 256_001 + 1)];
        foreach (var line in File.ReadLines(Path.Combine(TokenizerSamples.Shared("models/gemma-3-270m"), "reference", "chat-template.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var text = json.RootElement.GetProperty("text").GetString()!;
            Assert.Equal(json.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), tokenizer.EncodeToIds(text, SpecialTokens.Found));
            Assert.DoesNotContain(tokenizer.EncodeToIds(text, SpecialTokens.None), controls.Contains);
            Assert.Equal(text, tokenizer.Decode(tokenizer.EncodeToIds(text, SpecialTokens.None)));
        }
    }

    [Fact]
    public void Untrusted_text_can_form_no_bracketed_added_token_except_html()
    {
        var tokenizer = Gemma.Value;
        for (var id = 0; id < tokenizer.Size; id++)
        {
            var piece = tokenizer.IdToToken(id)!;
            var isAdded = id is <= 237 or >= 255_999;
            if (isAdded && piece is ['<' or '[', .., '>' or ']'] && tokenizer.EncodeToIds(piece, SpecialTokens.Found) is [var whole] && whole == id)
            {
                var isTag = id is >= 168 and <= 237 && piece is not ("<bbox>" or "</bbox>");
                Assert.Equal(isTag, tokenizer.EncodeToIds(piece, SpecialTokens.None).Contains(id));
            }
        }
    }

    [Theory]
    [InlineData("gemma3-concat")]
    [InlineData("gemma3-gqa")]
    [InlineData("gemma3n-two-graph")]
    [InlineData("gemma4-two-graph")]
    [InlineData("gemma3-genai")]
    [InlineData("gemma3-genai-windowed")]
    public void Prompts_of_the_small_models_have_the_same_ids(string folder)
    {
        var path = TokenizerSamples.Shared($"models/tiny/{folder}");
        var tokenizer = ModelVocabulary.Load(Path.Combine(path, "tokenizer.json"));
        var compared = 0;
        foreach (var line in File.ReadLines(Path.Combine(path, "reference.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("kind").GetString() == "prompt" && json.RootElement.GetProperty("prompt").GetString() is { } prompt)
            {
                int[] start = prompt.StartsWith("<bos>", StringComparison.Ordinal) ? [] : [Bos];
                Assert.Equal(json.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), [.. start, .. tokenizer.EncodeToIds(prompt, SpecialTokens.Found)]);
                compared++;
            }
        }
        Assert.True(compared >= 6);
    }
}
