using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class BrokenModelTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pybo-broken-");
    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    public void Dispose()
    {
        options.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>Files of ../shared/models/tiny/broken that fail to load, and words of the advice in the message.</summary>
    public static TheoryData<string, string> Shared => new()
    {
        { "truncated.onnx", "damaged or incomplete. Download it again" },
        { "unknown-operator.onnx", "'com.example:NoSuchOperator', which this ONNX Runtime does not know" },
        { "missing-data/onnx/model.onnx", "missing-data/onnx/model.onnx_data' is missing" },
        { "escaping-data/onnx/model.onnx", "outside its own folder, which is never read" },
        { "absolute-data/onnx/model.onnx", "outside its own folder, which is never read" },
        { "empty.onnx", "it is empty" },
        { "text.onnx", "Git LFS pointer" },
    };

    [Theory]
    [MemberData(nameof(Shared))]
    public void A_broken_model_is_named_with_advice(string file, string advice)
    {
        var path = Repository.Shared($"models/tiny/broken/{file}");

        AssertRefused(path, advice);
        AssertRefused(path, advice, () => OnnxModel.Load(File.ReadAllBytes(path), path, Path.GetDirectoryName(path)!, options));
    }

    [Fact]
    public void Every_broken_graph_of_the_shared_models_is_in_the_table_above()
    {
        var expected = File.ReadLines(Repository.Shared("models/tiny/broken/expected.tsv")).Skip(1).Select(line => line.Split('\t'))
            .Where(columns => columns[2].StartsWith("refused at load", StringComparison.Ordinal))
            .Select(columns => columns[0]);

        Assert.Equal(expected.Order(), Shared.Select(row => row.Data.Item1).Order());
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull")]
    [InlineData("<html>404</html>", "damaged or incomplete")]
    public void A_file_that_is_not_a_model_is_refused_with_a_message(string text, string advice) => AssertRefused(Write("model.onnx", System.Text.Encoding.UTF8.GetBytes(text)), advice);

    [Fact]
    public void An_unknown_operator_is_named() =>
        AssertRefused(
            Write("model.onnx", new TinyGraph().Input("x", TensorElementType.Float, 1).Node("com.example", "Unheard", "y", ["x"]).Output("y", TensorElementType.Float, 1).Bytes()),
            "'com.example:Unheard', which this ONNX Runtime does not know");

    [Fact]
    public void Missing_incomplete_and_foreign_data_files_are_distinguished()
    {
        var outside = Directory.CreateDirectory(Path.Combine(folder.FullName, "outside"));
        var inside = Directory.CreateDirectory(Path.Combine(folder.FullName, "inside"));
        File.WriteAllBytes(Path.Combine(outside.FullName, "w.bin"), new byte[16]);
        File.WriteAllBytes(Path.Combine(inside.FullName, "short.bin"), new byte[15]);
        File.CreateSymbolicLink(Path.Combine(inside.FullName, "link.bin"), Path.Combine("..", "outside", "w.bin"));

        AssertRefused(WithData("없는.bin"), "없는.bin' is missing");
        AssertRefused(WithData("short.bin"), "incomplete or of another model");
        AssertRefused(WithData("../outside/w.bin"), "never read");
        AssertRefused(WithData(Path.Combine(outside.FullName, "w.bin")), "never read");
        AssertRefused(WithData("link.bin"), "'link.bin' is a link that leads out");

        string WithData(string location) => Write("inside/model.onnx", External(location).Bytes());
    }

    [Fact]
    public void Data_of_a_linked_model_are_found_through_their_links()
    {
        using var session = OnnxModel.Load(LinkedModel(), options);

        Assert.Equal(["x"], session.Inputs.Keys);
    }

    [Fact]
    public void A_model_from_memory_finds_its_data_in_the_given_folder()
    {
        File.WriteAllBytes(Path.Combine(folder.FullName, "w.bin"), new byte[16]);
        var model = External("w.bin").Bytes();

        using var session = OnnxModel.Load(model, Path.Combine(folder.FullName, "변경.onnx"), folder.FullName, options);

        Assert.Equal(["y"], session.Outputs.Keys);
    }

    [Fact]
    public void Models_cut_at_two_hundred_places_are_refused()
    {
        const int cuts = 200;
        var model = TinyGraph.Product().Bytes();
        var random = new Random(20240607);
        var path = Path.Combine(folder.FullName, "cut.onnx");
        for (var i = 0; i < cuts; i++)
        {
            var cut = model[..random.Next(model.Length)];
            File.WriteAllBytes(path, cut);
            AssertRefused(path, "Download it again");
            AssertRefused(path, "Download it again", () => OnnxModel.Load(cut, path, folder.FullName, options));
        }
    }

    [Fact]
    public void Models_with_changed_bytes_load_or_are_refused()
    {
        const int changes = 200;
        var model = TinyGraph.Product().Bytes();
        var random = new Random(20240607);
        var refused = 0;
        for (var i = 0; i < changes; i++)
        {
            var changed = model.ToArray();
            changed[^(1 + random.Next(200))] = (byte)random.Next(256); // the weights come earlier in the file: with any change there it is still a model
            try
            {
                OnnxModel.Load(changed, "changed.onnx", folder.FullName, options).Dispose();
            }
            catch (OnnxModelException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, changes);
    }

    /// <summary>A download cache's layout: snapshots/c/model.onnx → blobs/a, and its data → blobs/b.</summary>
    private string LinkedModel()
    {
        var blobs = folder.CreateSubdirectory("blobs");
        var snapshot = folder.CreateSubdirectory("snapshots/c");
        File.WriteAllBytes(Path.Combine(blobs.FullName, "a"), External("w.bin").Bytes());
        File.WriteAllBytes(Path.Combine(blobs.FullName, "b"), new byte[16]);
        var model = Path.Combine(snapshot.FullName, "model.onnx");
        File.CreateSymbolicLink(model, Path.Combine("..", "..", "blobs", "a"));
        File.CreateSymbolicLink(Path.Combine(snapshot.FullName, "w.bin"), Path.Combine("..", "..", "blobs", "b"));
        return model;
    }

    private static TinyGraph External(string location) => new TinyGraph()
        .Input("x", TensorElementType.Float, 4)
        .ExternalWeight("w", location, 4)
        .Node("Add", "y", "x", "w")
        .Output("y", TensorElementType.Float, 4);

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private void AssertRefused(string path, string advice) => AssertRefused(path, advice, () => OnnxModel.Load(path, options));

    private static void AssertRefused(string name, string advice, Func<OnnxModel> load)
    {
        var refused = Assert.Throws<OnnxModelException>(load);
        Assert.True(refused.Message.Contains(name, StringComparison.Ordinal) && refused.Message.Contains(advice, StringComparison.Ordinal), refused.Message);
    }
}
