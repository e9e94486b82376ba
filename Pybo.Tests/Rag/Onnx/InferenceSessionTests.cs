using Pybo.Rag.Onnx;
using Pybo.Tests.Rag.Inference;

namespace Pybo.Tests.Rag.Onnx;

public sealed class InferenceSessionTests : IDisposable
{
    private static readonly string[] Inputs = ["input_ids", "attention_mask"];
    private static readonly string[] Output = ["sentence_embedding"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pybo-onnx-");
    private readonly RunOptions run = new();
    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly InferenceSession session;

    public InferenceSessionTests() => session = new(EmbeddedModel.Folder.ModelPath, options);

    public void Dispose()
    {
        session.Dispose();
        options.Dispose();
        run.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void The_graph_tells_its_inputs_and_outputs()
    {
        Assert.Equal(Inputs, session.InputNames);
        var ids = session.InputMetadata["input_ids"];
        Assert.Equal((TensorElementType.Int64, typeof(long), true), (ids.ElementDataType, ids.ElementType, ids.IsTensor));
        Assert.Equal([-1, -1], ids.Dimensions);
        Assert.All(ids.SymbolicDimensions, Assert.NotEmpty);

        var embedding = session.OutputMetadata["sentence_embedding"];
        Assert.Equal(TensorElementType.Float, embedding.ElementDataType);
        Assert.Equal([-1, 384], embedding.Dimensions);
        Assert.Equal(3, session.OutputMetadata["last_hidden_state"].Dimensions.Count);
    }

    [Fact]
    public void The_library_tells_its_version_and_providers()
    {
        Assert.Matches(@"^1\.\d+\.\d+$", OrtEnv.Instance().GetVersionString());
        Assert.Contains("CPUExecutionProvider", OrtEnv.Instance().GetAvailableProviders());
    }

    [Fact]
    public void A_run_gives_outputs_in_the_order_asked()
    {
        using var ids = Tensor(1, 5);
        using var mask = Tensor(1, 5);

        using var outputs = session.Run(run, Inputs, [ids, mask], ["sentence_embedding", "last_hidden_state"]);

        Assert.Equal([1, 384], outputs[0].GetTensorTypeAndShape().Shape);
        Assert.Equal([1, 5, 384], outputs[1].GetTensorTypeAndShape().Shape);
        Assert.True(outputs[0].IsTensor);
    }

    [Fact]
    public void A_run_writes_into_values_of_the_callers()
    {
        using var ids = Tensor(1, 5);
        using var mask = Tensor(1, 5);
        using var target = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [1, 384]);
        target.GetTensorMutableDataAsSpan<float>().Clear();

        session.Run(run, Inputs, [ids, mask], Output, [target]);

        Assert.NotEqual(0, target.GetTensorDataAsSpan<float>()[0]);
    }

    [Fact]
    public void A_missing_model_is_named()
    {
        var path = Path.Combine(folder.FullName, "없는 모델.onnx");

        var missing = Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(path, options));

        Assert.Equal(ErrorCode.NoSuchFile, missing.ErrorCode);
        Assert.Contains(path, missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_model_is_named_with_what_to_do()
    {
        var path = Path.Combine(folder.FullName, "잘린 모델.onnx");
        File.WriteAllBytes(path, File.ReadAllBytes(EmbeddedModel.Folder.ModelPath)[..1_000_000]);

        var broken = Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(path, options));

        Assert.Contains(path, broken.Message, StringComparison.Ordinal);
        Assert.Contains("again", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_in_a_folder_with_a_korean_name_loads()
    {
        var path = Path.Combine(folder.FullName, "모델 파일.onnx");
        File.Copy(EmbeddedModel.Folder.ModelPath, path);

        using var korean = new InferenceSession(path, options);

        Assert.Equal(Inputs, korean.InputNames);
    }

    [Fact]
    public void A_wrong_input_name_type_rank_or_output_name_is_refused_naming_the_model()
    {
        using var ids = Tensor(1, 5);
        using var flat = Tensor(5);
        using var numbers = OrtValue.CreateTensorValueFromMemory(new float[5], [1, 5]);

        AssertNamesTheModel(() => session.Run(run, ["input_ids", "attention"], [ids, ids], Output), "attention");
        AssertNamesTheModel(() => session.Run(run, Inputs, [numbers, ids], Output), "float");
        AssertNamesTheModel(() => session.Run(run, Inputs, [flat, ids], Output), "rank");
        AssertNamesTheModel(() => session.Run(run, Inputs, [ids, ids], ["pooled"]), "pooled");
        AssertNamesTheModel(() => session.Run(run, ["input_ids"], [ids], Output), "attention_mask");
    }

    [Fact]
    public void A_mask_of_another_shape_is_refused_naming_the_model()
    {
        using var ids = Tensor(1, 5);
        using var mask = Tensor(1, 4);

        AssertNamesTheModel(() => session.Run(run, Inputs, [ids, mask], Output), "");
    }

    [Fact]
    public void Terminated_options_end_a_run_until_they_are_taken_back()
    {
        using var ids = Tensor(1, 5);
        run.Terminate = true;
        AssertNamesTheModel(() => session.Run(run, Inputs, [ids, ids], Output), "terminate");

        run.Terminate = false;

        using var outputs = session.Run(run, Inputs, [ids, ids], Output);
        Assert.Single(outputs);
    }

    [Fact]
    public void What_would_crash_the_library_is_refused_before_it()
    {
        using var ids = Tensor(1, 5);
        var disposedValue = Tensor(1, 5);
        disposedValue.Dispose();
        var disposedRun = new RunOptions();
        disposedRun.Dispose();
        var disposedSession = new InferenceSession(EmbeddedModel.Folder.ModelPath, options);
        disposedSession.Dispose();
        var disposedContainer = new PrePackedWeightsContainer();
        disposedContainer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => new InferenceSession(EmbeddedModel.Folder.ModelPath, options, disposedContainer));
        Assert.Throws<ObjectDisposedException>(() => options.AddInitializer("w", disposedValue));
        Assert.Throws<ObjectDisposedException>(() => session.Run(run, Inputs, [ids, disposedValue], Output));
        Assert.Throws<ObjectDisposedException>(() => session.Run(disposedRun, Inputs, [ids, ids], Output));
        Assert.Throws<ObjectDisposedException>(() => disposedSession.Run(run, Inputs, [ids, ids], Output));
        Assert.Throws<ObjectDisposedException>(() => disposedValue.GetTensorTypeAndShape());
        Assert.Throws<ArgumentException>(() => session.Run(run, Inputs, [ids], Output));
        Assert.Throws<ArgumentException>(() => session.Run(run, Inputs, [ids, null!], Output));
        Assert.Throws<ArgumentException>(() => session.Run(run, ["input_ids", ""], [ids, ids], Output));
        Assert.Throws<ArgumentNullException>(() => session.Run(null!, Inputs, [ids, ids], Output));
        Assert.Throws<ArgumentNullException>(() => new InferenceSession("model.onnx", null!));
    }

    [Fact]
    public void Settings_reach_the_library()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => options.IntraOpNumThreads = -1);
        Assert.Throws<ArgumentException>(() => options.AddSessionConfigEntry("", "1"));
        run.LogId = "한 번";
        run.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
        using var all = new SessionOptions
        {
            InterOpNumThreads = 1,
            EnableCpuMemArena = false,
            EnableMemoryPattern = false,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC,
        };

        using var basic = new InferenceSession(EmbeddedModel.Folder.ModelPath, all);

        Assert.Equal(session.OutputNames, basic.OutputNames);
        Assert.Equal(GraphOptimizationLevel.ORT_ENABLE_BASIC, all.GraphOptimizationLevel);
    }

    [Fact]
    public void Inputs_of_the_wrong_kind_are_refused_whatever_they_are()
    {
        using var small = new InferenceSession(TinyGraph.Product().Bytes(), options);
        using var good = OrtValue.CreateTensorValueFromMemory(new float[8], [1, 8]);
        using var ids = OrtValue.CreateTensorValueFromMemory(new long[8], [1, 8]);
        using var flat = OrtValue.CreateTensorValueFromMemory(new float[8], [8]);
        using var narrow = OrtValue.CreateTensorValueFromMemory(new float[7], [1, 7]);
        using var words = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.String, [1, 8]);

        AssertRefused(["x"], [ids], ["y"]);
        AssertRefused(["x"], [flat], ["y"]);
        AssertRefused(["x"], [narrow], ["y"]);
        AssertRefused(["x"], [words], ["y"]);
        AssertRefused(["z"], [good], ["y"]);
        AssertRefused([], [], ["y"]);
        AssertRefused(["x"], [good], []);
        AssertRefused(["x"], [good], ["w"]);
        using var none = OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [0, 8]);
        using var outputs = small.Run(run, ["x"], [none], ["y"]);
        Assert.Equal([0, 512], outputs[0].GetTensorTypeAndShape().Shape);

        void AssertRefused(string[] names, OrtValue[] values, string[] asked)
        {
            var refused = Assert.Throws<OnnxRuntimeException>(() => small.Run(run, names, values, asked));
            Assert.Contains("x Float[rows, 8] and gives y Float[rows, 512]", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sessions_share_a_weight_and_its_packed_form_which_outlive_their_owner()
    {
        var weight = OrtValue.CreateTensorValueFromMemory([.. Enumerable.Repeat(2f, 8 * 512)], [8, 512]);
        var container = new PrePackedWeightsContainer();
        var sharing = new SessionOptions { IntraOpNumThreads = 1 };
        sharing.AddInitializer("w", weight);
        weight.Dispose();
        GC.Collect();
        var model = TinyGraph.Product().Bytes();
        var path = Path.Combine(folder.FullName, "product.onnx");
        File.WriteAllBytes(path, model);
        using var first = new InferenceSession(model, sharing, container);
        using var second = new InferenceSession(path, sharing, container);
        sharing.Dispose();
        container.Dispose();
        GC.Collect();

        using var x = OrtValue.CreateTensorValueFromMemory([.. Enumerable.Repeat(1f, 8)], [1, 8]);
        foreach (var shared in new[] { first, second })
        {
            using var outputs = shared.Run(run, ["x"], [x], ["y"]);
            Assert.Equal(Enumerable.Repeat(16f, 512), outputs[0].GetTensorDataAsSpan<float>().ToArray());
        }
    }

    private static OrtValue Tensor(params long[] shape) =>
        OrtValue.CreateTensorValueFromMemory([.. Enumerable.Repeat(1L, (int)shape.Aggregate((product, size) => product * size))], shape);

    private static void AssertNamesTheModel(Action work, string told)
    {
        var failure = Assert.Throws<OnnxRuntimeException>(work);
        Assert.Contains(EmbeddedModel.Folder.ModelPath, failure.Message, StringComparison.Ordinal);
        Assert.Contains(told, failure.Message, StringComparison.OrdinalIgnoreCase);
    }
}
