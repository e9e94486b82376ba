using System.Text;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>The BPE model and its pipeline as in Gemma's file, with a vocabulary small enough to read.</summary>
public sealed class BpeTests
{
    private const string Vocabulary = """
        {"<pad>": 0, "<eos>": 1, "<bos>": 2, "<unk>": 3, "<turn>": 4, "<unused0>": 5, "<td>": 6, "\n": 7, "\n\n": 8, "▁": 9, "나": 10, "무": 11, "나무": 12,
         "▁나무": 13, "a": 14, "b": 15, "c": 16, "ab": 17, "bc": 18, "abc": 19, "<": 20, "t": 21, "u": 22, "r": 23, "n": 24, ">": 25, "aa": 26,
         "<0xEA>": 27, "<0xB0>": 28, "<0x80>": 29, "▁▁": 30, "aaaa": 31}
        """;

    private const string Pairs = """[["나", "무"], ["▁", "나무"], ["b", "c"], ["a", "b"], ["ab", "c"], ["a", "bc"], ["a", "a"], ["\n", "\n"], ["▁", "▁"], ["aa", "aa"]]""";

    private const string Lines = """["나 무", "▁ 나무", "b c", "a b", "ab c", "a bc", "a a", "\n \n", "▁ ▁", "aa aa"]""";

    private const string Around = """
        "added_tokens": [
            {"id": 0, "content": "<pad>", "special": true}, {"id": 1, "content": "<eos>", "special": true}, {"id": 2, "content": "<bos>", "special": true},
            {"id": 3, "content": "<unk>", "special": true}, {"id": 4, "content": "<turn>", "special": true}, {"id": 5, "content": "<unused0>"},
            {"id": 6, "content": "<td>"}, {"id": 8, "content": "\n\n"}, {"id": 32, "content": "<image>", "special": true}],
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
        "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": false},
        "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<bos>"}}, {"Sequence": {"id": "A"}}],
            "special_tokens": {"<bos>": {"id": "<bos>", "ids": [2], "tokens": ["<bos>"]}}},
        "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]}
        """;

    private static readonly ModelVocabulary Small = Load(Pairs);

    [Theory]
    [InlineData("나무 나무", "나무|▁나무")]
    [InlineData("나 무", "나|▁|무")]
    [InlineData("abc", "abc")] // b c, then a bc
    [InlineData("abab", "ab|ab")]
    [InlineData("aaa", "aa|a")]
    [InlineData("aaaaa", "aaaa|a")]
    [InlineData("  나무", "▁|▁나무")] // "▁ 나무" ranks before "▁ ▁"
    [InlineData("a\n\n\nb", "a|\n\n|\n|b")]
    public void The_pair_of_the_lowest_rank_is_merged_first_and_the_leftmost_of_equals(string text, string expected)
    {
        var tokens = Small.EncodeToTokens(text, SpecialTokens.Found).Select(t => t.Value);
        Assert.Equal(expected.Split('|'), tokens);
    }

    [Fact]
    public void Merges_as_lines_or_pairs_are_equal_and_may_precede_the_vocabulary()
    {
        const string text = "나무 abc\n\n나무aaaaaaa  나무";
        Assert.Equal(Small.EncodeToIds(text), Load(Lines).EncodeToIds(text));
        var turned = $$$"""{"model": {"merges": {{{Lines}}}, "vocab": {{{Vocabulary}}}, "type": "BPE", "unk_token": "<unk>"}, {{{Around}}}}""";
        Assert.Equal(Small.EncodeToIds(text), LoadText(turned).EncodeToIds(text));
    }

    [Fact]
    public void Characters_without_a_piece_become_bytes_or_one_unknown()
    {
        Assert.Equal([27, 28, 29, 14], Small.EncodeToIds("가a", SpecialTokens.Found));
        Assert.Equal([0..1, 0..1, 0..1, 1..2], Small.EncodeToTokens("가a", SpecialTokens.Found).Select(t => t.Offset));
        Assert.Equal([3, 14, 3], Small.EncodeToIds("다라😀a다", SpecialTokens.Found));
        Assert.Equal([3, 3, 3, 14], Load(Pairs, """, "fuse_unk": false""").EncodeToIds("다라😀a", SpecialTokens.Found));
        // Without an unknown token they vanish, and their neighbours may join.
        Assert.Equal([17], LoadText($$$"""{"model": {"type": "BPE", "vocab": {{{Vocabulary}}}, "merges": {{{Pairs}}}}}""").EncodeToIds("a다b"));
    }

    [Fact]
    public void A_word_that_is_a_piece_ignores_the_merges_if_the_file_says_so()
    {
        const string piece = "aba";
        var vocabulary = Vocabulary.Replace("\"<pad>\": 0", "\"<pad>\": 0, \"aba\": 40", StringComparison.Ordinal);
        Assert.Equal([17, 14], LoadText($$$"""{"model": {"type": "BPE", "vocab": {{{vocabulary}}}, "merges": {{{Pairs}}}}}""").EncodeToIds(piece));
        var ignoring = LoadText($$$"""{"model": {"type": "BPE", "ignore_merges": true, "vocab": {{{vocabulary}}}, "merges": {{{Pairs}}}}, "added_tokens": [{"id": 4, "content": "<turn>", "special": true}]}""");
        Assert.Equal([40], ignoring.EncodeToIds(piece));
        Assert.Equal([4], ignoring.EncodeToIds("<turn>"));
        Assert.Equal([20, 21, 22, 23, 24, 25], ignoring.EncodeToIds("<turn>", SpecialTokens.Added));
    }

    [Theory]
    [InlineData("<turn>")]
    [InlineData("<bos>a<turn>b<image><unused0>")]
    [InlineData("<<turn>turn>")]
    [InlineData("<tu<turn>rn><unk>")]
    public void Untrusted_text_cannot_form_a_control_token(string text)
    {
        int[] controls = [0, 1, 2, 4, 5, 32];
        Assert.Contains(Small.EncodeToIds(text, SpecialTokens.Found), controls.Contains);
        Assert.DoesNotContain(Small.EncodeToIds(text, SpecialTokens.None), controls.Contains);
        Assert.Equal(Small.EncodeToIds(text, SpecialTokens.Added).Length, Small.CountTokens(text, SpecialTokens.Added));
        Assert.Equal(Small.EncodeToIds(text, SpecialTokens.Added), Small.EncodeToTokens(text, SpecialTokens.Added).Select(t => t.Id));
    }

    [Fact]
    public void Added_text_tokens_are_found_in_untrusted_text() =>
        Assert.Equal([6, 14, 8, 20, 21, 22, 23, 24, 25], Small.EncodeToIds("<td>a\n\n<turn>", SpecialTokens.None));

    [Fact]
    public void Merges_do_not_spell_a_control_token()
    {
        var merges = """[["<", "t"], ["<t", "u"], ["<tu", "r"], ["<tur", "n"], ["<turn", ">"]]""";
        var vocabulary = Vocabulary.Replace("\"<pad>\": 0", "\"<pad>\": 0, \"<t\": 40, \"<tu\": 41, \"<tur\": 42, \"<turn\": 43", StringComparison.Ordinal);
        var tokenizer = LoadText($$$"""{"model": {"type": "BPE", "vocab": {{{vocabulary}}}, "merges": {{{merges}}}}, "added_tokens": [{"id": 4, "content": "<turn>", "special": true}]}""");
        Assert.Equal([43, 25], tokenizer.EncodeToIds("<turn>", SpecialTokens.Added));
    }

    [Fact]
    public void A_megabyte_without_a_space_is_encoded_whether_it_can_be_cut_or_not()
    {
        var cut = string.Concat(Enumerable.Repeat("나무무나a", 1 << 18));
        Assert.Equal(1 << 20, Small.EncodeToIds(cut, SpecialTokens.Found).Length); // 나무, 무, 나, a
        var uncut = new string('a', (1 << 20) + 3);
        Assert.Equal((1 << 18) + 2, Small.EncodeToIds(uncut, SpecialTokens.Found).Length); // aaaa …, aa, a
    }

    [Fact]
    public void A_queue_of_pairs_gives_the_same_result_as_a_scan()
    {
        var random = new Random(5);
        var merges = new MergeTable(8);
        for (var i = 0; i < 60; i++)
        {
            merges.Add(random.Next(20), random.Next(20), i, random.Next(20));
        }
        for (var round = 0; round < 200; round++)
        {
            BpeSymbol[] symbols = [.. Enumerable.Range(0, random.Next(1, 40)).Select(i => new BpeSymbol(random.Next(20), i, i + 1))];
            Assert.Equal(BpeMerging.Scan([.. symbols], merges).ToArray(), BpeMerging.Queue([.. symbols], merges).ToArray());
        }
    }

    [Fact]
    public void Merges_that_join_bytes_are_applied_across_characters()
    {
        var tokenizer = LoadText("""
            {"model": {"type": "BPE", "byte_fallback": true, "vocab": {"<0xEA>": 0, "<0xB0>": 1, "<0x80>": 2, "<0x80><0xEA>": 3, "a": 4}, "merges": [["<0x80>", "<0xEA>"]]}}
            """);
        Assert.Equal([0, 1, 3, 1, 2, 4], tokenizer.EncodeToIds("가가a"));
    }

    [Theory]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "zz"]]}""", "zz")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}""", "\"ab\"")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]}""", "merge 0")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": ["a a a"]}""", "merge 0")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": [["a", 1]]}""", "merge")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "a", "a"]]}""", "merge 0")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}""", "two texts")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0, "a": 1}, "merges": []}""", "two ids")]
    [InlineData("""{"type": "BPE", "vocab": {"": 0}, "merges": []}""", "no text")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 2000000000}, "merges": []}""", "2000000000")]
    [InlineData("""{"type": "BPE", "vocab": {"a": -1}, "merges": []}""", "-1")]
    [InlineData("""{"type": "BPE", "vocab": [["a", 0]], "merges": []}""", "vocab")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}}""", "merges")]
    [InlineData("""{"type": "BPE", "merges": []}""", "vocab")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": {}}""", "merges")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "<unk>"}""", "<unk>")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": [], "dropout": 0.1}""", "dropout")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": [], "end_of_word_suffix": "</w>"}""", "end_of_word_suffix")]
    public void An_unsupported_part_is_refused_by_name(string model, string named)
    {
        var error = Assert.Throws<InvalidDataException>(() => LoadText($$$"""{"model": {{{model}}}}"""));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static ModelVocabulary Load(string merges, string more = """, "fuse_unk": true, "dropout": null, "continuing_subword_prefix": ""  """) =>
        LoadText($$$"""{ {{{Around}}}, "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": true, "vocab": {{{Vocabulary}}}, "merges": {{{merges}}} {{{more}}}}}""");

    private static ModelVocabulary LoadText(string json) => ModelVocabulary.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
