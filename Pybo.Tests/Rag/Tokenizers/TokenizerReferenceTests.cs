using System.Text.Json;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>Compares ids and offsets with those of the Hugging Face library for the same texts.</summary>
public sealed class TokenizerReferenceTests
{
    private static readonly ModelVocabulary Embedded = ModelVocabulary.Load(TokenizerSamples.EmbeddedFile);

    [Fact]
    public void Every_reference_line_has_the_same_ids_and_offsets()
    {
        var lines = File.ReadAllLines(TokenizerSamples.EmbeddedReference);
        Assert.Equal(218, lines.Length);
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            var text = json.RootElement.GetProperty("prefix").GetString() + json.RootElement.GetProperty("text").GetString();
            AssertEqual(Embedded, text, json.RootElement);
        }
    }

    /// <param name="cutLength">The length to which the reference cut its ids, the model's own; the tokenizer does not cut.</param>
    [Theory]
    [InlineData("xlmr-unigram", 64)]
    [InlineData("bert-wordpiece", 32)]
    public void The_small_encoders_tokenizers_give_the_same_ids_offsets_and_tokens(string model, int cutLength)
    {
        var folder = TokenizerSamples.Shared($"models/tiny/{model}");
        var tokenizer = ModelVocabulary.Load(folder);
        var compared = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "reference.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("kind").GetString() != "text")
            {
                continue;
            }
            var text = json.RootElement.GetProperty("text").GetString()!;
            if (json.RootElement.GetProperty("ids").GetArrayLength() == cutLength)
            {
                continue;
            }
            AssertEqual(tokenizer, text, json.RootElement);
            Assert.Equal(
                json.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()),
                tokenizer.EncodeToTokens(text).Select(t => t.Value));
            compared++;
        }
        Assert.True(compared >= 50);
    }

    [Fact]
    public void A_vocabulary_alone_gives_the_ids_of_the_whole_tokenizer()
    {
        var folder = TokenizerSamples.Shared("models/tiny/bert-wordpiece");
        var (whole, alone) = (ModelVocabulary.Load(folder), ModelVocabulary.Load(Path.Combine(folder, "vocab.txt")));
        foreach (var line in File.ReadLines(Path.Combine(folder, "reference.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("text", out var text))
            {
                Assert.Equal(whole.EncodeToIds(text.GetString()!), alone.EncodeToIds(text.GetString()!));
            }
        }
        Assert.Equal(whole.Size, alone.Size);
    }

    [Fact]
    public void The_decoded_text_of_a_reference_line_has_the_same_ids()
    {
        foreach (var line in File.ReadLines(TokenizerSamples.EmbeddedReference))
        {
            using var json = JsonDocument.Parse(line);
            int[] ids = [.. json.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            if (!ids[1..^1].Any(id => id <= Embedded.TokenToId("<unk>")))
            {
                Assert.Equal(ids, Embedded.EncodeToIds(Embedded.Decode(ids)));
            }
        }
    }

    private static void AssertEqual(ModelVocabulary tokenizer, string text, JsonElement reference)
    {
        int[] ids = [.. reference.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        (int, int)[] offsets = [.. reference.GetProperty("offsets_code_points").EnumerateArray().Select(o => (o[0].GetInt32(), o[1].GetInt32()))];
        var codePoints = CodePointsBefore(text);
        var tokens = tokenizer.EncodeToTokens(text);

        Assert.True(ids.AsSpan().SequenceEqual(tokens.Select(t => t.Id).ToArray()), $"{text}: ids {string.Join(' ', tokens.Select(t => t.Id))}, not {string.Join(' ', ids)}");
        Assert.Equal(ids, tokenizer.EncodeToIds(text));
        Assert.Equal(ids.Length, tokenizer.CountTokens(text));
        var got = tokens.Select(t => (codePoints[t.Offset.Start.Value], codePoints[t.Offset.End.Value])).ToArray();
        Assert.True(offsets.AsSpan().SequenceEqual(got), $"{text}: offsets {string.Join(' ', got)}, not {string.Join(' ', offsets)}");
    }

    private static int[] CodePointsBefore(string text)
    {
        var before = new int[text.Length + 1];
        for (var i = 0; i < text.Length; i++)
        {
            before[i + 1] = before[i] + (char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 0 : 1);
        }
        return before;
    }
}
