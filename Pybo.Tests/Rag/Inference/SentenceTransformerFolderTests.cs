using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class SentenceTransformerFolderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pybo-model-");

    public SentenceTransformerFolderTests()
    {
        Write("tokenizer.json", "{}");
        Write("onnx/model.onnx", "weights");
        Write("modules.json", """[{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},{"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]""");
        Write("1_Pooling/config.json", """{"word_embedding_dimension":768,"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}""");
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_embedded_folder_is_read_whole()
    {
        var embedded = EmbeddedModel.Folder;

        Assert.Equal((Pooling.Mean, 384, 512, 1), (embedded.Pooling, embedded.Dimensions, embedded.TokensMax, embedded.PaddingId));
        Assert.EndsWith("model_quantized.onnx", embedded.ModelPath, StringComparison.Ordinal);
        Assert.Equal("query: ", embedded.Prompt("query"));
        Assert.Equal("passage: ", embedded.Prompt("passage"));
        Assert.Equal("", embedded.Prompt(null));
    }

    [Fact]
    public void Pooling_dimensions_length_and_padding_come_from_the_files()
    {
        Write("sentence_bert_config.json", """{"max_seq_length":128}""");
        Write("config.json", """{"hidden_size":768,"pad_token_id":3,"max_position_embeddings":514}""");

        var read = Read();

        Assert.Equal((Pooling.FirstToken, 768, 128, 3), (read.Pooling, read.Dimensions, read.TokensMax, read.PaddingId));
        Assert.Equal(folder.Name, read.Name);
    }

    [Theory]
    [InlineData("""{"pooling_mode":"lasttoken"}""", Pooling.LastToken)]
    [InlineData("""{"pooling_mode_lasttoken":true}""", Pooling.LastToken)]
    [InlineData("""{"pooling_mode_mean_tokens":true,"include_prompt":true}""", Pooling.Mean)]
    public void Pooling_is_read_in_both_spellings(string config, Pooling expected)
    {
        Write("1_Pooling/config.json", config);

        Assert.Equal(expected, Read().Pooling);
    }

    [Theory]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_mean_tokens":true,"pooling_mode_max_tokens":true}""", "mean + max")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_mean_tokens":true,"include_prompt":false}""", "prompt")]
    [InlineData("modules.json", """[{"path":"2_Dense","type":"sentence_transformers.models.Dense"}]""", "Dense")]
    [InlineData("modules.json", "[{", "modules.json")]
    public void An_unsupported_or_broken_folder_is_refused_with_a_message(string file, string content, string told)
    {
        Write(file, content);

        var refused = Assert.Throws<InvalidDataException>(Read);
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("onnx/model.onnx")]
    public void A_missing_file_is_named(string file)
    {
        File.Delete(Path.Combine(folder.FullName, file));

        Assert.Contains(file, Assert.Throws<InvalidDataException>(Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_prompts_takes_queries_unchanged_and_its_document_prompt_is_the_passage_prompt()
    {
        Assert.Equal("", Read().Prompt("query"));
        Assert.Throws<ArgumentException>(() => Read().Prompt("other"));

        Write("config_sentence_transformers.json", """{"prompts":{"document":"title: none | text: ","other":"o: "},"default_prompt_name":"other"}""");

        Assert.Equal("title: none | text: ", Read().Prompt("passage"));
        Assert.Equal("o: ", Read().Prompt(null));
    }

    [Fact]
    public void The_fingerprint_changes_with_the_weights_the_tokenizer_and_the_prompts_only()
    {
        var first = Read().ComputeFingerprint();
        Write("README.md", "words");
        Assert.Equal(first, Read().ComputeFingerprint());

        Write("onnx/model.onnx", "Weights");
        var second = Read().ComputeFingerprint();
        Write("tokenizer.json", "{ }");
        var third = Read().ComputeFingerprint();
        Write("config_sentence_transformers.json", """{"prompts":{"query":"q: "}}""");
        var fourth = Read().ComputeFingerprint();

        Assert.Distinct([first, second, third, fourth]);
    }

    [Fact]
    public void A_vocabulary_replaces_the_tokenizer_and_its_settings_count()
    {
        File.Delete(Path.Combine(folder.FullName, "tokenizer.json"));
        Write("vocab.txt", "[UNK]");
        Assert.EndsWith("vocab.txt", Read().TokenizerPath, StringComparison.Ordinal);

        var bare = Read().ComputeFingerprint();
        Write("tokenizer_config.json", """{"do_lower_case":false}""");
        Assert.NotEqual(bare, Read().ComputeFingerprint());
    }

    [Fact]
    public void A_missing_embedded_model_is_reported_with_its_folder()
    {
        Assert.Contains(Path.Combine(folder.FullName, "models", "embedded"), ModelFolders.Missing(ModelFolders.Embedded, folder.FullName), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Pooling.Mean, 2, 3)]
    [InlineData(Pooling.FirstToken, 1, 1)]
    [InlineData(Pooling.LastToken, 3, 5)]
    public void Pooling_leaves_padding_out(Pooling pooling, float first, float second)
    {
        float[] tokens = [1, 1, 3, 5, 100, 100];

        Assert.Equal([first, second], SentenceEncoder.Pool(tokens, length: 2, dimensions: 2, pooling));
    }

    private SentenceTransformerFolder Read() => SentenceTransformerFolder.Read(folder.FullName);

    private void Write(string file, string content)
    {
        var path = Path.Combine(folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
