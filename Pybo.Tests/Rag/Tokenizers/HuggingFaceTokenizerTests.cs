using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>Our tokenizers keep the promises of the package's base type.</summary>
public sealed class HuggingFaceTokenizerTests
{
    private static readonly ModelVocabulary Embedded = ModelVocabulary.Load(TokenizerSamples.EmbeddedFile);

    /// <summary>Bytes encode what it cannot spell, so that several tokens share a character.</summary>
    private static readonly ModelVocabulary Bytes = ModelVocabulary.Load(new MemoryStream(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        model = new { type = "BPE", byte_fallback = true, merges = Array.Empty<string>(), vocab = Enumerable.Range(0, 256).ToDictionary(b => $"<0x{b:X2}>", b => b).Append(KeyValuePair.Create("가", 256)).ToDictionary() },
    }))));

    [Fact]
    public void A_text_cut_at_a_token_count_has_no_more_tokens_and_no_half_character()
    {
        foreach (var text in File.ReadLines(TokenizerSamples.EmbeddedReference).Take(60).Select(line => JsonElement.Parse(line).GetProperty("text").GetString()!))
        {
            foreach (var special in (SpecialTokens[])[SpecialTokens.FoundAndAdded, SpecialTokens.None])
            {
                var tokenizer = Embedded.TokenizerFor(special);
                var whole = tokenizer.CountTokens(text);
                for (var tokensMax = 2; tokensMax <= whole + 1; tokensMax += 3)
                {
                    var index = tokenizer.GetIndexByTokenCount(text, tokensMax, out var normalized, out var count);
                    Assert.Null(normalized);
                    Assert.InRange(count, 0, tokensMax);
                    Assert.InRange(tokenizer.CountTokens(text.AsSpan(0, index)), 0, tokensMax);
                    Assert.Equal(whole <= tokensMax, index == text.Length && count == whole);

                    var from = tokenizer.GetIndexByTokenCountFromEnd(text, tokensMax, out normalized, out count);
                    Assert.Null(normalized);
                    Assert.InRange(count, 0, tokensMax);
                    Assert.Equal(whole <= tokensMax, from == 0 && count == whole);
                    Assert.False((index < text.Length && char.IsLowSurrogate(text[index])) || (from < text.Length && char.IsLowSurrogate(text[from])));
                }
            }
        }
    }

    [Theory]
    [InlineData(3, 0, 5, 0)]
    [InlineData(4, 2, 3, 4)]
    [InlineData(5, 3, 2, 5)]
    [InlineData(8, 3, 2, 5)]
    [InlineData(9, 5, 0, 9)]
    public void The_bytes_of_a_character_stay_together(int tokensMax, int index, int fromEnd, int count)
    {
        const string text = "😀가😀"; // 4, 1 and 4 tokens
        var tokenizer = Bytes.TokenizerFor(SpecialTokens.None);

        Assert.Equal((index, count), (tokenizer.GetIndexByTokenCount(text, tokensMax, out _, out var counted), counted));
        Assert.Equal(count, tokenizer.EncodeToIds(text, tokensMax, out _, out var consumed).Count);
        Assert.Equal(index, consumed);
        Assert.Equal(fromEnd, tokenizer.GetIndexByTokenCountFromEnd(text, tokensMax, out _, out _));
    }

    [Fact]
    public void A_limit_on_the_ids_keeps_the_special_tokens_around()
    {
        var tokenizer = Embedded.TokenizerFor(SpecialTokens.FoundAndAdded);
        var ids = tokenizer.EncodeToIds("질문을 올리면 문서에서 근거를 찾아 답합니다.");
        Assert.Equal([.. ids.Take(5), ids[^1]], tokenizer.EncodeToIds("질문을 올리면 문서에서 근거를 찾아 답합니다.", maxTokenCount: 6, out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.EncodeToIds("질문", maxTokenCount: 1, out _, out _));
    }

    [Fact]
    public void Text_is_normalised_separately_and_normalised_text_is_taken_unchanged()
    {
        const string text = "ＡＢ ①";
        var tokenizer = Embedded.TokenizerFor(SpecialTokens.None);
        var normalized = tokenizer.Normalizer!.Normalize(text);

        Assert.Equal("AB 1", normalized);
        Assert.Equal(normalized, tokenizer.Normalizer.Normalize(text.AsSpan()));
        Assert.Equal(tokenizer.EncodeToIds(text), tokenizer.EncodeToIds(normalized, considerNormalization: false));
        Assert.NotEqual(tokenizer.EncodeToIds(text), tokenizer.EncodeToIds(text, considerNormalization: false));
        Assert.NotEqual(tokenizer.EncodeToIds(text), tokenizer.EncodeToIds(text, considerPreTokenization: false));
    }

    [Fact]
    public void Spans_give_the_same_ids_as_strings_and_ids_decode_into_a_span()
    {
        const string text = "질문을 올리면 AI가 답합니다.";
        var tokenizer = Embedded.TokenizerFor(SpecialTokens.FoundAndAdded);
        var ids = tokenizer.EncodeToIds(text);
        Assert.Equal(ids, tokenizer.EncodeToIds(text.AsSpan()));
        Assert.Equal(ids.Count, tokenizer.CountTokens(text.AsSpan()));

        Span<char> place = stackalloc char[text.Length];
        Assert.Equal(OperationStatus.Done, tokenizer.Decode(ids, place, out var consumed, out var written));
        Assert.Equal((ids.Count, text), (consumed, place[..written].ToString()));
        Assert.Equal(OperationStatus.DestinationTooSmall, tokenizer.Decode(ids, place[1..], out consumed, out written));
        Assert.Equal((0, 0), (consumed, written));
    }
}
