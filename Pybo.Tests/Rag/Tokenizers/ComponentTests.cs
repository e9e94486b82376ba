using System.Text;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>
/// Single components, seen through a model that knows no character: each of its tokens is the stages' output for one
/// stretch. The expected values were compared with the Hugging Face library.
/// </summary>
public sealed class ComponentTests
{
    private const string Unknown = """{"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0]]}""";

    [Theory]
    [InlineData("""{"type": "Lowercase"}""", "AİΣß", "ai\u0307σß")]
    [InlineData("""{"type": "StripAccents"}""", "e\u0301é", "eé")]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": true}""", " \u3000a b\n", "a b")]
    [InlineData("""{"type": "Strip", "strip_left": false, "strip_right": true}""", "  ", "")]
    [InlineData("""{"type": "Prepend", "prepend": "▁"}""", "나무", "▁나무")]
    [InlineData("""{"type": "NFC"}""", "e\u0301 \u1112\u1161\u11ABㅎㅏ ①", "é 한ㅎㅏ ①")]
    [InlineData("""{"type": "NFD"}""", "é한\uFFFE", "e\u0301\u1112\u1161\u11AB\uFFFE")]
    [InlineData("""{"type": "NFKC"}""", "①ﬁ㈜\uFF76\uFF9E\uFFFE\u0301", "1fi(주)ガ\uFFFE\u0301")]
    [InlineData("""{"type": "NFKD"}""", "ﬁé", "fie\u0301")]
    [InlineData("""{"type": "BertNormalizer", "lowercase": false}""", "É\u0007\t漢a", "É  漢 a")]
    [InlineData("""{"type": "BertNormalizer"}""", "É한", "e\u1112\u1161\u11AB")]
    [InlineData("""{"type": "BertNormalizer", "clean_text": false, "handle_chinese_chars": false, "strip_accents": false}""", "É\u0007漢\uFFFE", "é\u0007漢\uFFFE")]
    public void Normalizers_rewrite_text(string normalizer, string text, string expected) =>
        Assert.Equal(expected, string.Concat(Load("normalizer", normalizer).EncodeToTokens(text).Select(t => t.Value)));

    [Theory]
    [InlineData("""{"type": "NFC"}""", "a\u0323b", "0..1 2..3")]
    [InlineData("""{"type": "NFKC"}""", "㈜b", "0..1 0..1 0..1 1..2")]
    [InlineData("""{"type": "NFD"}""", "한b", "0..1 0..1 0..1 1..2")]
    [InlineData("""{"type": "NFC"}""", "\u1112\u1161\u11AB😀", "0..1 3..5")]
    [InlineData("""{"type": "BertNormalizer"}""", "\u0001É漢", "1..2 2..3 2..3 2..3")]
    [InlineData("""{"type": "Prepend", "prepend": "▁▁"}""", "😀a", "0..2 0..2 0..2 2..3")]
    public void Normalised_text_keeps_its_offsets(string normalizer, string text, string expected)
    {
        var tokenizer = LoadJson($$$"""
            {"model": {{{Unknown}}}, "normalizer": {{{normalizer}}}, "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "[\\s\\S]"}, "behavior": "Isolated"}}
            """);
        Assert.Equal(expected, string.Join(' ', tokenizer.EncodeToTokens(text).Select(t => t.Offset)));
    }

    [Theory]
    [InlineData("""{"type": "BertPreTokenizer"}""", "질문, 답변?\u3000a_b", "질문|,|답변|?|a|_|b")]
    [InlineData("""{"type": "BertPreTokenizer"}""", "$1+2「가」", "$|1|+|2|「|가|」")]
    [InlineData("""{"type": "Whitespace"}""", "가, 나!! a_1 😀😀", "가|,|나|!!|a_1|😀😀")]
    [InlineData("""{"type": "WhitespaceSplit"}""", " 가,\u00A0나 ", "가,|나")]
    [InlineData("""{"type": "Punctuation"}""", "a..b c", "a|.|.|b c")]
    [InlineData("""{"type": "Punctuation", "behavior": "Contiguous"}""", "a..b", "a|..|b")]
    [InlineData("""{"type": "Punctuation", "behavior": "Removed"}""", "a..b", "a|b")]
    [InlineData("""{"type": "Digits"}""", "제12조", "제|12|조")]
    [InlineData("""{"type": "Digits", "individual_digits": true}""", "제12조", "제|1|2|조")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "\\d{1,2}"}, "behavior": "Isolated"}""", "a12345", "a|12|34|5")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated"}""", "a😀b", "a|😀|b")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": false}""", "it's  가1\n", "it|'s|Ġ|Ġê°Ģ|1|Ċ")]
    [InlineData("""{"type": "ByteLevel"}""", "it", "Ġit")]
    [InlineData("""{"type": "ByteLevel", "use_regex": false}""", " it's", "Ġit's")]
    public void Pre_tokenizers_split_text(string preTokenizer, string text, string expected) =>
        Assert.Equal(expected.Split('|'), Load("pre_tokenizer", preTokenizer).EncodeToTokens(text).Select(t => t.Value));

    [Theory]
    [InlineData("""{"type": "BertProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1]}""", "1 0 2", "0..1")]
    [InlineData("""{"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1], "trim_offsets": true, "add_prefix_space": true}""", "1 0 2", "0..1")]
    [InlineData("""{"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1], "trim_offsets": false}""", "1 0 2", "0..2")]
    [InlineData("""{"type": "ByteLevel", "trim_offsets": true}""", "0", "0..1")]
    [InlineData("""{"type": "Sequence", "processors": [{"type": "BertProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1]}, {"type": "BertProcessing", "sep": ["</s>", 2], "cls": ["</s>", 2]}]}""", "2 1 0 2 2", "0..1")]
    public void Post_processors_put_special_tokens_around_and_trim(string postProcessor, string ids, string offset)
    {
        var tokenizer = LoadJson($$$"""
            {"model": {"type": "BPE", "unk_token": "a ", "ignore_merges": true, "vocab": {"a ": 0, "<s>": 1, "</s>": 2}, "merges": []}, "post_processor": {{{postProcessor}}}}
            """);
        Assert.Equal(ids, string.Join(' ', tokenizer.EncodeToIds("a ")));
        var place = tokenizer.EncodeToTokens("a ").Single(t => t.Id == 0).Offset;
        Assert.Equal(postProcessor.Contains("\"trim_offsets\": true", StringComparison.Ordinal) ? offset : "0..2", place.ToString());
    }

    [Theory]
    [InlineData("""{"type": "WordPiece", "prefix": "##", "cleanup": true}""", "a|##b|.|do|n't", "ab. don't")]
    [InlineData("""{"type": "WordPiece", "prefix": "##", "cleanup": false}""", "##b|##b|.", "##bb .")]
    [InlineData("""{"type": "Strip", "content": " ", "start": 1, "stop": 1}""", "  a| a  ", " aa ")]
    [InlineData("""{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 2, "stop": 1}]}""", " |  a| a  ", " a a ")]
    [InlineData("""{"type": "ByteLevel"}""", "ê°|Ģ|Ġhi|ê°|가", "가 hi\uFFFD가")]
    public void Decoders_turn_tokens_into_text_while_they_arrive(string decoder, string tokens, string expected)
    {
        string[] pieces = [.. tokens.Split('|').Distinct()];
        var vocabulary = string.Join(", ", pieces.Select((piece, id) => $"\"{piece}\": {id}"));
        var tokenizer = LoadJson($$$"""{"model": {"type": "BPE", "vocab": { {{{vocabulary}}} }, "merges": []}, "decoder": {{{decoder}}}}""");
        int[] ids = [.. tokens.Split('|').Select(token => Array.IndexOf(pieces, token))];
        Assert.Equal(expected, tokenizer.Decode(ids));

        var streaming = new StreamingDecoder(tokenizer);
        for (var twice = 0; twice < 2; twice++)
        {
            Assert.Equal(expected, string.Concat(ids.Select(streaming.Push)) + streaming.Flush());
        }
    }

    [Fact]
    public void A_strip_after_a_fuse_does_not_hold_the_text_back()
    {
        var tokenizer = LoadJson("""
            {"model": {"type": "BPE", "vocab": {"▁a": 0, "▁": 1}, "merges": []}, "decoder": {"type": "Sequence", "decoders": [
                {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}}
            """);
        var decoder = new StreamingDecoder(tokenizer);
        Assert.Equal(("", " a", " a"), (decoder.Push(1), decoder.Push(0), decoder.Push(0)));
    }

    [Theory]
    [InlineData("pre_tokenizer", """{"type": "Punctuation", "behavior": "MergedWithNext"}""", "MergedWithNext")]
    [InlineData("post_processor", """{"type": "BertProcessing", "sep": ["</s>"], "cls": ["<s>", 1]}""", "sep")]
    [InlineData("post_processor", """{"type": "BertProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1]}""", "id 1")]
    [InlineData("decoder", """{"type": "Strip", "content": "  ", "start": 1, "stop": 0}""", "Strip")]
    public void An_unsupported_part_is_refused_by_name(string section, string component, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => Load(section, component)).Message, StringComparison.Ordinal);

    private static ModelVocabulary Load(string section, string component) => LoadJson($$$"""{"model": {{{Unknown}}}, "{{{section}}}": {{{component}}}}""");

    private static ModelVocabulary LoadJson(string json) => ModelVocabulary.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
