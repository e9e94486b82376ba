using System.Text;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>Small files written here: the effect of components, and the messages of refusals.</summary>
public sealed class TokenizerFileTests
{
    private const string Vocabulary = """[["<unk>", 0.0], ["a", 0.0], ["b", 0.0], ["c", 0.0], ["d", 0.0], ["cd", 1.0], ["ab", 2.0], ["abc", 5.0], ["abcd", 10.0], ["▁", 0.0], ["▁a", 1.0]]""";
    private const string Model = $$$"""{"vocab": {{{Vocabulary}}}, "unk_id": 0, "type": "Unigram"}""";

    [Fact]
    public void The_best_scored_spelling_wins()
    {
        var tokens = Load($$$"""{"model": {{{Model}}}}""").EncodeToTokens("abcdacdxx");
        Assert.Equal(["abcd", "a", "cd", "xx"], tokens.Select(t => t.Value));
        Assert.Equal([0..4, 4..5, 5..7, 7..9], tokens.Select(t => t.Offset));
    }

    [Fact]
    public void Bytes_encode_characters_outside_the_vocabulary()
    {
        var tokens = Load("""{"model": {"type": "Unigram", "unk_id": 0, "byte_fallback": true, "vocab": [["<unk>", 0], ["<0xC3>", 0], ["<0xA9>", 0], ["a", 0]]}}""").EncodeToTokens("aéaß");
        Assert.Equal(["a", "<0xC3>", "<0xA9>", "a", "ß"], tokens.Select(t => t.Value));
        Assert.Equal([3, 1, 2, 3, 0], tokens.Select(t => t.Id));
    }

    [Theory]
    [InlineData("always", true, "ab c", "▁ ab ▁ c")]
    [InlineData("never", true, "ab c", "ab ▁ c")]
    [InlineData("first", true, "ab<x>ab", "▁ ab <x> ab")]
    [InlineData("first", false, "<x>a a", "<x> a ▁a")]
    public void Metaspace_marks_words(string scheme, bool split, string text, string expected)
    {
        var tokenizer = Load($$$"""
            {"model": {{{Model}}}, "added_tokens": [{"id": 11, "content": "<x>"}],
             "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "{{{scheme}}}", "split": {{{(split ? "true" : "false")}}}}
            }
            """);
        Assert.Equal(expected, string.Join(' ', tokenizer.EncodeToTokens(text).Select(t => t.Value)));
        Assert.Equal(tokenizer.EncodeToTokens(text).Select(t => t.Id), tokenizer.EncodeToIds(text));
    }

    [Fact]
    public void Replacements_are_literal_or_expressions_and_align_to_the_last_replaced_character()
    {
        var tokenizer = Load($$$"""
            {"model": {{{Model}}}, "normalizer": {"type": "Sequence", "normalizers": [
                {"type": "Replace", "pattern": {"String": "."}, "content": "a"},
                {"type": "Replace", "pattern": {"Regex": "x{2,}"}, "content": "$0b"}]}}
            """);
        var tokens = tokenizer.EncodeToTokens("a.xxxc");
        Assert.Equal(["a", "a", "$0", "b", "c"], tokens.Select(t => t.Value));
        Assert.Equal([0..1, 1..2, 4..5, 4..5, 5..6], tokens.Select(t => t.Offset));
    }

    [Theory]
    [InlineData("Removed", false, "a b c")]
    [InlineData("Isolated", false, "- a - - b - c")]
    [InlineData("MergedWithPrevious", false, "- a- - b- c")]
    [InlineData("MergedWithNext", false, "-a - -b -c")]
    [InlineData("Contiguous", false, "- a -- b - c")]
    [InlineData("Removed", true, "- - - -")]
    public void Text_is_split_at_a_pattern(string behavior, bool invert, string expected)
    {
        var tokenizer = Load($$$"""
            {"model": {"type": "BPE", "ignore_merges": true, "merges": [], "vocab": {"a": 0, "b": 1, "c": 2, "-": 3, "--": 4, "a-": 5, "b-": 6, "-a": 7, "-b": 8, "-c": 9}},
             "pre_tokenizer": {"type": "Split", "pattern": {"String": "-"}, "behavior": "{{{behavior}}}", "invert": {{{(invert ? "true" : "false")}}}}}
            """);
        Assert.Equal(expected, string.Join(' ', tokenizer.EncodeToTokens("-a--b-c").Select(t => t.Value)));
    }

    [Fact]
    public void Added_tokens_match_the_longest_and_strip_and_stand_alone_as_declared()
    {
        var tokenizer = Load($$$"""
            {"model": {{{Model}}}, "normalizer": {"type": "Replace", "pattern": {"String": "X"}, "content": "c"}, "added_tokens": [
                {"id": 11, "content": "<x>"}, {"id": 12, "content": "<x><y>"}, {"id": 13, "content": "<mask>", "lstrip": true, "rstrip": true},
                {"id": 14, "content": "[w]", "single_word": true}, {"id": 15, "content": "Xd", "normalized": true}]}
            """);
        Assert.Equal("<x><y>|<x>|a", Values("<x><y><x>a"));
        Assert.Equal("a|  <mask> |b", Values("a  <mask> b"));
        Assert.Equal("[w]", Values("[w]"));
        Assert.DoesNotContain(14, tokenizer.EncodeToIds("a[w]"));
        Assert.Equal([1, 15, 15], tokenizer.EncodeToIds("acdXd"));
        Assert.Equal(16, tokenizer.Size);

        string Values(string text) => string.Join('|', tokenizer.EncodeToTokens(text).Select(t => t.Value));
    }

    [Fact]
    public void Without_a_decoder_tokens_are_joined_by_spaces_and_decoders_apply_in_order()
    {
        Assert.Equal("ab cd", Load($$$"""{"model": {{{Model}}}}""").Decode([6, 5, 99]));
        var tokenizer = Load($$$"""
            {"model": {{{Model}}}, "decoder": {"type": "Sequence", "decoders": [
                {"type": "Replace", "pattern": {"String": "b"}, "content": "$1"}, {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}]}}
            """);
        Assert.Equal("a$1 a", tokenizer.Decode([9, 6, 10]));
    }

    [Theory]
    [InlineData("normalizer", """{"type": "Teleport"}""", "Teleport")]
    [InlineData("pre_tokenizer", """{"type": "Sequence", "pretokenizers": [{"type": "Shuffle"}]}""", "Shuffle")]
    [InlineData("post_processor", """{"type": "Sign"}""", "Sign")]
    [InlineData("decoder", """{"type": "Guess"}""", "Guess")]
    [InlineData("model", """{"type": "Hologram"}""", "Hologram")]
    [InlineData("model", """{"unk_id": 0}""", "type")]
    [InlineData("model", "null", "model")]
    [InlineData("model", "\"Unigram\"", "model")]
    [InlineData("model", """{"type": "Unigram", "unk_id": 7, "vocab": [["a", 0]]}""", "unk_id")]
    [InlineData("model", """{"type": "Unigram", "vocab": [["a", 0]]}""", "unk_id")]
    [InlineData("model", """{"type": "Unigram", "unk_id": 0, "vocab": {"a": 0}}""", "vocab")]
    [InlineData("model", """{"type": "Unigram", "unk_id": "0", "vocab": [["a", 0]]}""", "number")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "AAAA"}""", "precompiled_charsmap")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "!"}""", "Base64")]
    [InlineData("normalizer", """{"type": "Precompiled"}""", "precompiled_charsmap")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {"Regex": "("}, "content": ""}""", "regular expression")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {"String": ""}, "content": "a"}""", "empty")]
    [InlineData("normalizer", "[]", "normalizer")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"String": " "}, "behavior": "Sideways"}""", "Sideways")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "sometimes"}""", "sometimes")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}], "special_tokens": {}}""", "<s>")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [], "special_tokens": {}}""", "template")]
    [InlineData("added_tokens", """[{"id": 1, "content": "<x>"}]""", "<x>")]
    [InlineData("added_tokens", """[{"id": 20, "content": "a"}]""", "\"a\"")]
    [InlineData("added_tokens", """[{"id": 20, "content": "<x>"}, {"id": 20, "content": "<y>"}]""", "<y>")]
    public void An_unsupported_part_is_refused_by_name(string section, string json, string named)
    {
        var file = section == "model" ? $$$"""{"model": {{{json}}}}""" : $$$"""{"{{{section}}}": {{{json}}}, "model": {{{Model}}}}""";
        var error = Assert.Throws<InvalidDataException>(() => Load(file));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("tokenizer.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Download", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("version https://git-lfs.github.com/spec/v1")]
    [InlineData("""{"model": {"type": "Unigram", "vocab": [["a""")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_file_that_is_not_a_tokenizer_is_refused(string file) =>
        Assert.StartsWith("tokenizer.json: not", Assert.Throws<InvalidDataException>(() => Load(file)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_named()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "nowhere", "tokenizer.json");
        Assert.StartsWith(path, Assert.Throws<InvalidDataException>(() => ModelVocabulary.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer-broken-json", "JSON")]
    [InlineData("tokenizer-no-model", "model")]
    [InlineData("tokenizer-unknown-component", "Teleport")]
    [InlineData("tokenizer-unknown-model", "Hologram")]
    [InlineData("tokenizer-duplicate-ids", "id 6 has two texts")]
    [InlineData("tokenizer-merge-unknown", "zz")]
    public void Broken_samples_are_refused(string folder, string named)
    {
        var path = Path.Combine(TokenizerSamples.Shared($"models/tiny/broken/{folder}"), "tokenizer.json");
        var error = Assert.Throws<InvalidDataException>(() => ModelVocabulary.Load(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static ModelVocabulary Load(string json) => ModelVocabulary.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
