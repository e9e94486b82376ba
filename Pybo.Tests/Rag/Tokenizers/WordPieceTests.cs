using System.Text;
using Pybo.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Tokenizers;

/// <summary>The WordPiece model, BERT's stages around it, and its vocabulary without a tokenizer.json.</summary>
public sealed class WordPieceTests : IDisposable
{
    private const string Pieces = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n질문\n##과\n##과는\n답변\n.\ncafe\ncaf\n##é\n漢\n字\n##s\nnot\na\n##😀\nCafe\n";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pybo-vocabulary-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("질문과는 답변.", "질문|##과는|답변|.")]
    [InlineData("질문답변", "[UNK]")] // no piece continues like this
    [InlineData("##과", "[UNK]|[UNK]|[UNK]")]
    [InlineData("漢字", "漢|字")]
    [InlineData("a😀", "a|##😀")]
    [InlineData("a\u200b\u0000\uFFFE.", "[UNK]|.")]
    [InlineData("a\tnot\u3000a", "a|not|a")]
    [InlineData("[MASK]질문", "[MASK]|질문")]
    public void A_word_is_spelt_by_the_longest_pieces_from_the_left_or_unknown(string text, string expected)
    {
        Write("vocab.txt", Pieces);
        Write("tokenizer_config.json", """{"do_lower_case": false}""");
        Assert.Equal(expected.Split('|'), ModelVocabulary.Load(folder.FullName).EncodeToTokens(text, SpecialTokens.Found).Select(t => t.Value));
    }

    [Theory]
    [InlineData("{}", "cafe|cafe")]
    [InlineData("""{"do_lower_case": false}""", "Cafe|caf|##é")]
    [InlineData("""{"do_lower_case": false, "strip_accents": true}""", "Cafe|cafe")]
    [InlineData("""{"do_lower_case": true, "strip_accents": false, "tokenizer_class": "BertTokenizerFast"}""", "cafe|caf|##é")]
    public void Accents_are_stripped_with_the_case_unless_the_settings_say_otherwise(string settings, string expected)
    {
        Write("vocab.txt", Pieces.ReplaceLineEndings("\r\n"));
        Write("tokenizer_config.json", settings);
        Assert.Equal(expected.Split('|'), ModelVocabulary.Load(Path.Combine(folder.FullName, "vocab.txt")).EncodeToTokens("Cafe café", SpecialTokens.Found).Select(t => t.Value));
    }

    [Fact]
    public void A_vocabulary_alone_adds_and_skips_its_special_tokens()
    {
        Write("vocab.txt", Pieces);
        Write("tokenizer_config.json", """{"cls_token": {"content": "[CLS]"}, "tokenize_chinese_chars": false, "do_lower_case": false}""");
        var tokenizer = ModelVocabulary.Load(folder.FullName);
        Assert.Equal([2, 5, 6, 8, 9, 3], tokenizer.EncodeToIds("질문과 답변."));
        Assert.Equal("질문과 답변.", tokenizer.Decode([2, 5, 6, 8, 9, 3]));
        Assert.Equal([1], tokenizer.EncodeToIds("漢字", SpecialTokens.Found)); // one word now
        Assert.Equal([4], tokenizer.EncodeToIds("[MASK]", SpecialTokens.Found));
        Assert.DoesNotContain(4, tokenizer.EncodeToIds("[MASK]", SpecialTokens.Added));
    }

    [Fact]
    public void The_later_of_two_equal_lines_counts_and_empty_lines_are_ids_without_a_piece()
    {
        Write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\na\n\na\n");
        var tokenizer = ModelVocabulary.Load(folder.FullName);
        Assert.Equal([5], tokenizer.EncodeToIds("a", SpecialTokens.Found));
        Assert.Null(tokenizer.IdToToken(3));
        Assert.Null(tokenizer.IdToToken(4));
    }

    [Theory]
    [InlineData("[CLS]\n[SEP]\n", "{}", "[UNK]")]
    [InlineData("[UNK]\n[SEP]\n", "{}", "[CLS]")]
    [InlineData(Pieces, """{"tokenizer_class": "BertJapaneseTokenizer"}""", "BertJapaneseTokenizer")]
    [InlineData(Pieces, """{"do_lower_case": 1}""", "Boolean")]
    [InlineData(Pieces, "{", "JSON")]
    public void A_vocabulary_of_another_tokenizer_is_refused(string pieces, string settings, string named)
    {
        Write("vocab.txt", pieces);
        Write("tokenizer_config.json", settings);
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => ModelVocabulary.Load(folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_refused_with_the_missing_file() =>
        Assert.Contains("vocab.txt", Assert.Throws<InvalidDataException>(() => ModelVocabulary.Load(folder.FullName)).Message, StringComparison.Ordinal);

    [Fact]
    public void Words_longer_than_the_limit_in_code_points_are_unknown()
    {
        const string model = """{"type": "WordPiece", "unk_token": "<?>", "continuing_subword_prefix": "+", "max_input_chars_per_word": 3, "vocab": {"<?>": 0, "a": 1, "+😀": 2, "+a": 3}}""";
        var tokenizer = Load($$"""{"model": {{model}}}""");
        Assert.Equal([1, 2, 2], tokenizer.EncodeToIds("a😀😀"));
        Assert.Equal([0], tokenizer.EncodeToIds("aaaa"));
    }

    [Fact]
    public void Untrusted_text_cannot_form_a_control_token_that_is_a_word()
    {
        var tokenizer = Load("""
            {"model": {"type": "WordPiece", "unk_token": "?", "vocab": {"?": 0, "<end>": 1, "<": 2, "##end>": 3}},
             "added_tokens": [{"id": 1, "content": "<end>", "special": true}]}
            """);
        Assert.Equal([1], tokenizer.EncodeToIds("<end>"));
        Assert.Equal([2, 3], tokenizer.EncodeToIds("<end>", SpecialTokens.Added));
    }

    [Theory]
    [InlineData("""{"type": "WordPiece", "vocab": {"a": 0}}""", "[UNK]")]
    [InlineData("""{"type": "WordPiece", "unk_token": "[UNK]"}""", "vocab")]
    public void An_unsupported_part_is_refused_by_name(string model, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => Load($$"""{"model": {{model}}}""")).Message, StringComparison.Ordinal);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);

    private static ModelVocabulary Load(string json) => ModelVocabulary.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
