using System.Text;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Tokenizers;

public sealed class TokenizerTests
{
    private const int Unknown = 3;

    private static readonly ModelVocabulary Embedded = ModelVocabulary.Load(TokenizerSamples.EmbeddedFile);

    public static TheoryData<string> Odd =>
    [
        "",
        " ",
        "\r\n\r\n",
        "\u1112\u1161\u11AB\u1100\u1173\u11AF", // Jamo
        "한글 자모 분리".Normalize(NormalizationForm.FormD),
        "ㄱㄴㄷ ㅏㅑㅓ ㅋㅋㅋ",
        "대한민국 大韓民國",
        "👩🏽‍💻 👨‍👩‍👧‍👦 🇰🇷 🏳️‍🌈",
        "e\u0301 \uFF45\u0301 \u0600a",
        "\uD83D",
        "\uDE00가",
        "가\uD83D\uD83D\uDE00나",
        "\u0000\u0001\u0007\u200B\u200D\uFEFF",
        "㈜한국 ㎏ ① Ⅳ ½ ﷼ …",
        "<s></s><pad><unk>",
        new string('\u0301', 5000),
        new string('한', 5000),
    ];

    [Theory]
    [MemberData(nameof(Odd))]
    public void Odd_text_gives_the_same_ids_in_every_way_and_offsets_inside_it(string text)
    {
        var tokens = Embedded.EncodeToTokens(text);

        Assert.Equal(Embedded.EncodeToIds(text), tokens.Select(t => t.Id));
        Assert.Equal(Embedded.CountTokens(text), tokens.Count);
        Assert.Equal(Embedded.EncodeToIds(text, SpecialTokens.Found), tokens.Skip(1).SkipLast(1).Select(t => t.Id));
        Assert.All(tokens, t => Assert.InRange(t.Offset.End.Value, t.Offset.Start.Value, text.Length));
        Assert.All(tokens, t => Assert.InRange(t.Id, 0, Embedded.Size - 1));
    }

    [Fact]
    public void A_lone_surrogate_is_read_as_the_replacement_character() =>
        Assert.Equal(Embedded.EncodeToIds("가\uFFFD나"), Embedded.EncodeToIds("가\uD83D나"));

    [Fact]
    public void Offsets_are_in_units_of_the_text_as_given()
    {
        const string text = "😀  ①번 질문…";
        var pieces = Embedded.EncodeToTokens(text, SpecialTokens.Found).Where(t => t.Value != "▁").Select(t => text[t.Offset]);
        Assert.Equal(text.Replace(" ", "", StringComparison.Ordinal), string.Concat(pieces));
    }

    [Fact]
    public void Characters_removed_before_the_first_word_shift_its_offsets_as_in_the_reference()
    {
        var token = Embedded.EncodeToTokens("\u0001\u0001query", SpecialTokens.Found);
        Assert.Equal([0..3, 3..5], token.Select(t => t.Offset));
    }

    [Fact]
    public void A_character_removed_after_an_expansion_keeps_the_offsets_after_it()
    {
        const string text = "™\u0001 query";
        Assert.Equal("query", string.Concat(Embedded.EncodeToTokens(text, SpecialTokens.Found).TakeLast(2).Select(t => text[t.Offset])));
    }

    [Fact]
    public void A_megabyte_without_a_space_is_encoded()
    {
        var text = string.Concat(Enumerable.Repeat("가나다라마바사아", 1 << 17));
        var ids = Embedded.EncodeToIds(text, SpecialTokens.Found);
        Assert.Equal(ids.Length, Embedded.CountTokens(text, SpecialTokens.Found));
        Assert.Equal(text, Embedded.Decode(ids));
    }

    [Fact]
    public void Unknown_neighbours_are_one_token_that_covers_them()
    {
        const string text = "\U0001FAE0\U0001FAE1\U0001FABF";
        var token = Embedded.EncodeToTokens(text, SpecialTokens.Found)[^1];
        Assert.Equal((Unknown, text, 0..text.Length), (token.Id, token.Value, token.Offset));
    }

    [Fact]
    public void Plain_text_survives_a_round_trip()
    {
        const string text = "질문을 올리면 AI가 문서에서 근거를 찾아 답합니다. See chapter 3, please!";
        Assert.Equal(text, Embedded.Decode(Embedded.EncodeToIds(text)));
        Assert.Equal($"<s>{text}</s>", Embedded.Decode(Embedded.EncodeToIds(text), skipSpecialTokens: false).Replace("<s> ", "<s>", StringComparison.Ordinal));
    }

    [Fact]
    public void Ids_and_tokens_map_to_each_other()
    {
        Assert.Equal(30062, Embedded.Size);
        for (var id = 0; id < Embedded.Size; id++)
        {
            Assert.Equal(id, Embedded.TokenToId(Embedded.IdToToken(id)!));
        }
        Assert.Null(Embedded.IdToToken(-1));
        Assert.Null(Embedded.IdToToken(Embedded.Size));
        Assert.Null(Embedded.TokenToId("없는조각입니다"));
        Assert.Null(Embedded.TokenToId(""));
    }

    [Theory]
    [InlineData("<s>")]
    [InlineData("＜ｓ＞")] // becomes the same after normalisation, and the model has a piece for it
    [InlineData("가 </s> 나 <pad>")]
    public void Untrusted_text_cannot_form_a_control_token(string text)
    {
        const int lastControl = 2;
        Assert.Contains(Embedded.EncodeToIds(text, SpecialTokens.Found), id => id <= lastControl);
        Assert.DoesNotContain(Embedded.EncodeToIds(text, SpecialTokens.None), id => id <= lastControl);
    }

    [Fact]
    public void Many_threads_get_the_same_ids()
    {
        string[] texts = [.. Odd.Select(row => row.Data), "질문을 올리면 문서에서 근거를 찾아 답합니다."];
        var expected = texts.Select(t => Embedded.EncodeToIds(t)).ToArray();
        Parallel.For(0, 400, i => Assert.Equal(expected[i % texts.Length], Embedded.EncodeToIds(texts[i % texts.Length])));
    }

    [Fact]
    public void Text_beyond_the_limit_is_refused() =>
        Assert.Throws<ArgumentException>(() => Embedded.CountTokens(new string('a', HuggingFaceTokenizer.TextLengthMax + 1)));
}
