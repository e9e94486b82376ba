using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class OnnxModelTests : IDisposable
{
    private const string Embedding = "sentence_embedding";
    private static readonly string[] Inputs = ["input_ids", "attention_mask"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pybo-onnx-");
    private readonly RunOptions run = new();
    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly OnnxModel model;
    private readonly ModelBinding binding;

    public OnnxModelTests()
    {
        model = OnnxModel.Load(EmbeddedModel.Folder.ModelPath, options);
        binding = model.CreateBinding();
    }

    public void Dispose()
    {
        binding.Dispose();
        model.Dispose();
        options.Dispose();
        run.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void The_graph_reports_its_inputs_and_outputs()
    {
        Assert.Equal(Inputs, model.Inputs.Keys);
        var ids = model.Inputs["input_ids"];
        Assert.Equal((TensorElementType.Int64, 2), (ids.ElementDataType, ids.Dimensions.Count));
        Assert.All(ids.Dimensions, size => Assert.Equal(-1, size));
        Assert.All(ids.Names, Assert.NotEmpty);
        Assert.EndsWith("384]", $"{model.Outputs[Embedding]}", StringComparison.Ordinal);
        Assert.Equal(3, model.Outputs["last_hidden_state"].Dimensions.Count);
    }

    [Fact]
    public void A_value_that_is_not_a_tensor_is_reported()
    {
        using var sequence = TinyGraph.Load(new TinyGraph().Input("x", TensorElementType.Float, 2).Node("SequenceConstruct", "y", "x").Untyped("y").Model(), options);

        Assert.Equal("Float[2]", $"{sequence.Inputs["x"]}");
        Assert.Equal("not a tensor", $"{sequence.Outputs["y"]}");
    }

    /// <summary>The product's calls of the C API reach the package's library, not a second one.</summary>
    [Fact]
    public void A_mask_bound_through_the_C_API_belongs_to_the_package()
    {
        using var mask = new AttentionMask(5);
        using var ids = Tensor(1, 5);
        using var output = Vector();
        binding.Input("input_ids", ids);
        binding.Output(Embedding, output);
        mask.Bind(binding, 5);

        model.Run(run, binding);

        using var expected = model.Run(run, Inputs, [ids, ids], [Embedding]);
        Assert.Equal(expected[0].GetTensorDataAsSpan<float>(), output.GetTensorDataAsSpan<float>());
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mapped files are listed by Linux only.");
        Assert.Single(File.ReadLines("/proc/self/maps").Where(line => line.Contains("libonnxruntime.so", StringComparison.Ordinal)).Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).Distinct());
    }

    [Fact]
    public void A_missing_model_is_named()
    {
        var path = Path.Combine(folder.FullName, "없는 모델.onnx");

        Assert.Contains(path, Assert.Throws<OnnxModelException>(() => OnnxModel.Load(path, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_model_is_named_with_advice()
    {
        var path = Path.Combine(folder.FullName, "잘린 모델.onnx");
        File.WriteAllBytes(path, File.ReadAllBytes(EmbeddedModel.Folder.ModelPath)[..1_000_000]);

        var broken = Assert.Throws<OnnxModelException>(() => OnnxModel.Load(path, options));

        Assert.StartsWith($"The model '{path}' could not be loaded: it is damaged or incomplete. Download it again. ONNX Runtime 1.", broken.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ErrorCode", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_in_a_folder_with_a_korean_name_loads()
    {
        var path = Path.Combine(folder.FullName, "모델 파일.onnx");
        File.Copy(EmbeddedModel.Folder.ModelPath, path);

        using var korean = OnnxModel.Load(path, options);

        Assert.Equal(Inputs, korean.Inputs.Keys);
    }

    [Fact]
    public void A_wrong_input_name_type_rank_shape_or_output_name_is_refused_naming_the_model()
    {
        using var ids = Tensor(1, 5);
        using var flat = Tensor(5);
        using var shorter = Tensor(1, 4);
        using var numbers = OrtValue.CreateTensorValueFromMemory(new float[5], [1, 5]);

        AssertNamesTheModel(() => model.Run(run, ["input_ids", "attention"], [ids, ids], [Embedding]), "attention");
        AssertNamesTheModel(() => model.Run(run, Inputs, [numbers, ids], [Embedding]), "float");
        AssertNamesTheModel(() => model.Run(run, Inputs, [flat, ids], [Embedding]), "rank");
        AssertNamesTheModel(() => model.Run(run, Inputs, [ids, shorter], [Embedding]), "");
        AssertNamesTheModel(() => model.Run(run, Inputs, [ids, ids], ["pooled"]), "pooled");
        AssertNamesTheModel(() => model.Run(run, ["input_ids"], [ids], [Embedding]), "attention_mask");
    }

    [Fact]
    public void Inputs_of_the_wrong_kind_are_refused_with_the_expected_inputs()
    {
        using var small = TinyGraph.Load(TinyGraph.Product().Model(), options);
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
        AssertRefused(["x"], [good], ["w"]);
        using var none = OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), [0, 8]);
        using var outputs = small.Run(run, ["x"], [none], ["y"]);
        Assert.Equal([0, 512], outputs[0].GetTensorTypeAndShape().Shape);

        void AssertRefused(string[] names, OrtValue[] values, string[] asked)
        {
            var refused = Assert.Throws<OnnxModelException>(() => small.Run(run, names, values, asked));
            Assert.Contains("x Float[rows, 8] and gives y Float[rows, 512]", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Terminated_options_end_runs_until_they_are_reset()
    {
        using var ids = Tensor(1, 5);
        run.Terminate = true;
        AssertNamesTheModel(() => model.Run(run, Inputs, [ids, ids], [Embedding]), "terminate");

        run.Terminate = false;

        using var outputs = model.Run(run, Inputs, [ids, ids], [Embedding]);
        Assert.Single(outputs);
    }

    [Fact]
    public void A_bound_run_equals_a_run_also_after_another_value_was_bound()
    {
        foreach (var length in new[] { 5, 3, 5 })
        {
            using var ids = Tensor(1, length);
            using var mask = Tensor(1, length);
            using var expected = model.Run(run, Inputs, [ids, mask], [Embedding]);
            using var output = Vector();
            BindInputs(ids, mask);
            binding.Output(Embedding, output);

            model.Run(run, binding);

            Assert.Equal(expected[0].GetTensorDataAsSpan<float>(), output.GetTensorDataAsSpan<float>());
        }
    }

    [Fact]
    public void A_bound_run_reads_the_current_content_and_allocates_nothing()
    {
        long[] numbers = [10, 11];
        using var ids = OrtValue.CreateTensorValueFromMemory(numbers, [1, 2]);
        using var mask = Tensor(1, 2);
        using var output = Vector();
        BindInputs(ids, mask);
        binding.Output(Embedding, output);
        model.Run(run, binding);
        var before = output.GetTensorDataAsSpan<float>().ToArray();
        numbers[1] = 12;

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                BindInputs(ids, mask);
                binding.Output(Embedding, output);
                model.Run(run, binding);
            }
        }));
        Assert.NotEqual(before, output.GetTensorDataAsSpan<float>().ToArray());
    }

    [Fact]
    public void A_failed_bound_run_names_the_model()
    {
        using var ids = Tensor(1, 5);
        using var shorter = Tensor(1, 4);
        using var flat = Tensor(5);
        using var numbers = OrtValue.CreateTensorValueFromMemory(new float[5], [1, 5]);
        using var output = Vector();
        binding.Output(Embedding, output);
        binding.Input("input_ids", ids);

        AssertNamesTheModel(() => model.Run(run, binding), "attention_mask");
        AssertNamesTheModel(() => RunWithMask(shorter), "");
        AssertNamesTheModel(() => RunWithMask(flat), "rank");
        AssertNamesTheModel(() => RunWithMask(numbers), "float");
        run.Terminate = true;
        AssertNamesTheModel(() => RunWithMask(ids), "terminate");

        run.Terminate = false;
        RunWithMask(ids);

        void RunWithMask(OrtValue mask)
        {
            binding.Input("attention_mask", mask);
            model.Run(run, binding);
        }
    }

    [Fact]
    public void A_name_that_the_graph_does_not_have_is_refused_naming_the_model()
    {
        using var ids = Tensor(1, 5);

        AssertNamesTheModel(() => binding.Input("attention", ids), "no input 'attention'");
        AssertNamesTheModel(() => binding.Output("logits", ids), "no output 'logits'");
    }

    [Fact]
    public void A_mask_for_a_graph_that_takes_none_is_refused_naming_the_model()
    {
        using var small = TinyGraph.Load(TinyGraph.Product().Model(), options);
        using var own = small.CreateBinding();
        using var mask = new AttentionMask(5);

        Assert.Contains("did not run: ", Assert.Throws<OnnxModelException>(() => mask.Bind(own, 5)).Message, StringComparison.Ordinal);
    }

    private void BindInputs(OrtValue ids, OrtValue mask)
    {
        binding.Input("input_ids", ids);
        binding.Input("attention_mask", mask);
    }

    private static OrtValue Tensor(params long[] shape) =>
        OrtValue.CreateTensorValueFromMemory([.. Enumerable.Repeat(1L, (int)shape.Aggregate((product, size) => product * size))], shape);

    private static OrtValue Vector() => OrtValue.CreateTensorValueFromMemory(new float[384], [1, 384]);

    private static void AssertNamesTheModel(Action work, string told)
    {
        var failure = Assert.Throws<OnnxModelException>(work);
        Assert.StartsWith($"The model '{EmbeddedModel.Folder.ModelPath}' did not run: ", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Message.Contains(told, StringComparison.OrdinalIgnoreCase), failure.Message);
    }
}
