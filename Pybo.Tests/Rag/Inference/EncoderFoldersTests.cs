using System.Text.Json;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Compares folders of other families (BERT with WordPiece and token types, XLM-R with Unigram and prompts) with sentence-transformers.</summary>
public sealed class EncoderFoldersTests
{
    private const float CosineMin = 0.9999f;

    [Theory]
    [InlineData("bert-wordpiece", null)]
    [InlineData("bert-wordpiece", "tokenizer.json")]
    [InlineData("xlmr-unigram", null)]
    public async Task Every_text_has_its_reference_vector_alone_and_in_a_batch(string model, string? without)
    {
        using var copy = new FolderCopy(Repository.Shared($"models/tiny/{model}"), without);
        using var generator = OnnxEmbeddingGenerator.Load(SentenceTransformerFolder.Read(copy.Path));
        var lines = File.ReadLines(Repository.Shared($"models/tiny/{model}/reference.jsonl")).Select(line => JsonElement.Parse(line)).ToList();
        var texts = lines.Where(line => line.GetProperty("kind").GetString() == "text").ToList();
        Assert.NotEmpty(texts);
        var batch = await generator.GenerateAsync(texts.Select(Text));
        foreach (var (line, inBatch) in texts.Zip(batch))
        {
            var alone = await generator.GenerateAsync([Text(line)]);
            Assert.InRange(EmbeddedModel.Cosine(alone[0].Vector, Vector(line)), CosineMin, 1.0001f);
            Assert.InRange(EmbeddedModel.Cosine(inBatch.Vector, Vector(line)), CosineMin, 1.0001f);
        }

        foreach (var line in lines.Where(line => line.GetProperty("kind").GetString() == "prompted"))
        {
            var prompted = await generator.GenerateAsync([Text(line)], EmbeddedModel.Prompt(line.GetProperty("prompt_name").GetString()!));
            Assert.InRange(EmbeddedModel.Cosine(prompted[0].Vector, Vector(line)), CosineMin, 1.0001f);
        }
    }

    private static string Text(JsonElement line) => line.GetProperty("text").GetString()!;

    private static float[] Vector(JsonElement line) => line.GetProperty("embedding").Deserialize<float[]>()!;

    private sealed class FolderCopy : IDisposable
    {
        private readonly DirectoryInfo copy = Directory.CreateTempSubdirectory("pybo-encoder-");

        public FolderCopy(string folder, string? without)
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => System.IO.Path.GetFileName(file) != without))
            {
                var target = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(folder, file));
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }

        public string Path => copy.FullName;

        public void Dispose() => copy.Delete(recursive: true);
    }
}
