using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pybo.Tests.Rag.Inference;

/// <summary>A folder with a sentence encoder made on the spot. Its vectors mean nothing, but a run takes long enough for other events to overlap with it.</summary>
internal sealed class ToySentenceEncoder : IDisposable
{
    private const int Width = 64;
    private const int Products = 60;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pybo-toy-encoder-");

    /// <param name="seed">A different seed makes a different model.</param>
    /// <param name="output">The graph's name for its vectors.</param>
    public ToySentenceEncoder(int seed, string output = "last_hidden_state")
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "onnx"));
        File.WriteAllText(System.IO.Path.Combine(Path, "tokenizer.json"), ToyLanguageModel.Tokenizer());
        File.WriteAllText(System.IO.Path.Combine(Path, "config.json"), $$"""{ "hidden_size": {{Width}} }""");
        File.WriteAllBytes(System.IO.Path.Combine(Path, "onnx", "model.onnx"), Graph(seed, output).Bytes());
    }

    public string Path => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);

    private static TinyGraph Graph(int seed, string output)
    {
        var graph = new TinyGraph()
            .Input("input_ids", TensorElementType.Int64, "batch", "sequence")
            .Weight("table", ToyLanguageModel.Random(seed, ToyLanguageModel.VocabularySize * Width), ToyLanguageModel.VocabularySize, Width)
            .Weight("w", [.. ToyLanguageModel.Random(seed + 1, Width * Width).Select(weight => weight / 8)], Width, Width)
            .Node("Gather", "x0", "table", "input_ids");
        for (var i = 0; i < Products; i++)
        {
            graph.Node("MatMul", $"y{i}", $"x{i}", "w").Node("Tanh", i == Products - 1 ? output : $"x{i + 1}", $"y{i}");
        }

        return graph.Output(output, TensorElementType.Float, "batch", "sequence", Width);
    }
}
