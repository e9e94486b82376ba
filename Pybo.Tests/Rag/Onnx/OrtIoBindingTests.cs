using Pybo.Rag.Onnx;
using Pybo.Tests.Rag.Inference;

namespace Pybo.Tests.Rag.Onnx;

public sealed class OrtIoBindingTests : IDisposable
{
    private const string Embedding = "sentence_embedding";
    private const string Hidden = "last_hidden_state";
    private static readonly string[] Inputs = ["input_ids", "attention_mask"];

    private readonly RunOptions run = new();
    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly InferenceSession session;
    private readonly OrtIoBinding binding;

    public OrtIoBindingTests()
    {
        session = new(EmbeddedModel.Folder.ModelPath, options);
        binding = session.CreateIoBinding();
    }

    public void Dispose()
    {
        binding.Dispose();
        session.Dispose();
        options.Dispose();
        run.Dispose();
    }

    [Fact]
    public void A_bound_run_gives_what_a_run_gives()
    {
        using var ids = Ids(5);
        using var mask = Ids(5);
        using var expected = session.Run(run, Inputs, [ids, mask], [Embedding]);
        using var output = Embeddings();
        BindInputs(ids, mask);
        binding.BindOutput(Embedding, output);

        session.RunWithBinding(run, binding);

        Assert.Equal(expected[0].GetTensorDataAsSpan<float>(), output.GetTensorDataAsSpan<float>());
    }

    [Fact]
    public void Outputs_left_to_the_library_take_the_next_runs_shape_and_come_back_in_order()
    {
        foreach (var length in new[] { 3, 7 })
        {
            using var ids = Ids(length);
            BindInputs(ids, ids);
            binding.BindOutputToDevice(Hidden, OrtMemoryInfo.DefaultInstance);
            binding.BindOutputToDevice(Embedding, OrtMemoryInfo.DefaultInstance);
            Assert.Equal([Hidden, Embedding], binding.GetOutputNames());

            session.RunWithBinding(run, binding);
            binding.SynchronizeBoundOutputs();

            using var outputs = binding.GetOutputValues();
            Assert.Equal([1, length, 384], outputs[0].GetTensorTypeAndShape().Shape);
            Assert.Equal([1, 384], outputs[1].GetTensorTypeAndShape().Shape);
        }
    }

    [Fact]
    public void A_value_taken_from_a_binding_outlives_it_and_the_session()
    {
        using var ids = Ids(3);
        var other = new InferenceSession(EmbeddedModel.Folder.ModelPath, options);
        var bound = other.CreateIoBinding();
        bound.BindInput("input_ids", ids);
        bound.BindInput("attention_mask", ids);
        bound.BindOutputToDevice(Embedding, OrtMemoryInfo.DefaultInstance);
        bound.SynchronizeBoundInputs();
        other.RunWithBinding(run, bound);
        using var outputs = bound.GetOutputValues();

        other.Dispose(); // before its binding, which needs it
        bound.Dispose();

        Assert.Equal(1, Length(outputs[0].GetTensorDataAsSpan<float>()), 4);
    }

    [Fact]
    public void A_bound_value_stays_readable_after_its_owner_disposed_it()
    {
        using var expectedIds = Ids(5);
        using var expected = session.Run(run, Inputs, [expectedIds, expectedIds], [Embedding]);
        using var output = Embeddings();
        var ids = Ids(5);
        BindInputs(ids, ids);
        binding.BindOutput(Embedding, output);

        ids.Dispose();
        GC.Collect();
        session.RunWithBinding(run, binding);

        Assert.Equal(expected[0].GetTensorDataAsSpan<float>(), output.GetTensorDataAsSpan<float>());
    }

    [Fact]
    public void A_bound_run_allocates_nothing()
    {
        using var ids = Ids(2);
        using var output = Embeddings();
        BindInputs(ids, ids);
        binding.BindOutput(Embedding, output);
        session.RunWithBinding(run, binding);

        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                binding.BindInput("input_ids", ids);
                session.RunWithBinding(run, binding);
            }
        }));
    }

    [Fact]
    public void A_failed_bound_run_names_the_model()
    {
        using var ids = Ids(5);
        using var shorter = Ids(4);
        using var flat = OrtValue.CreateTensorValueFromMemory(new long[5], [5]);
        using var numbers = OrtValue.CreateTensorValueFromMemory(new float[5], [1, 5]);
        binding.BindOutputToDevice(Embedding, OrtMemoryInfo.DefaultInstance);
        binding.BindInput("input_ids", ids);

        AssertNamesTheModel(() => session.RunWithBinding(run, binding), "attention_mask");
        AssertNamesTheModel(() => RunWithMask(shorter), "");
        AssertNamesTheModel(() => RunWithMask(flat), "rank");
        AssertNamesTheModel(() => RunWithMask(numbers), "float");
        AssertNamesTheModel(() => binding.BindInput("attention", ids), "no input 'attention'");
        AssertNamesTheModel(() => binding.BindOutputToDevice("logits", OrtMemoryInfo.DefaultInstance), "no output 'logits'");
        run.Terminate = true;
        AssertNamesTheModel(() => RunWithMask(ids), "terminate");

        run.Terminate = false;
        RunWithMask(ids);
        using var outputs = binding.GetOutputValues();
        Assert.Single(outputs);

        void RunWithMask(OrtValue mask)
        {
            binding.BindInput("attention_mask", mask);
            session.RunWithBinding(run, binding);
        }
    }

    [Fact]
    public void Cleared_bindings_are_gone()
    {
        using var ids = Ids(5);
        BindInputs(ids, ids);
        binding.BindOutputToDevice(Embedding, OrtMemoryInfo.DefaultInstance);

        binding.ClearBoundInputs();
        AssertNamesTheModel(() => session.RunWithBinding(run, binding), "input_ids");
        binding.ClearBoundOutputs();

        Assert.Empty(binding.GetOutputNames());
        using var outputs = binding.GetOutputValues();
        Assert.Empty(outputs);
    }

    [Fact]
    public void What_would_crash_the_library_is_refused_before_it()
    {
        using var ids = Ids(5);
        using var other = new InferenceSession(EmbeddedModel.Folder.ModelPath, options);
        using var foreign = other.CreateIoBinding();
        var disposed = session.CreateIoBinding();
        disposed.Dispose();
        var disposedIds = Ids(5);
        disposedIds.Dispose();
        var disposedSession = new InferenceSession(EmbeddedModel.Folder.ModelPath, options);
        disposedSession.Dispose();

        Assert.Throws<ArgumentException>(() => session.RunWithBinding(run, foreign));
        Assert.Throws<ArgumentNullException>(() => session.RunWithBinding(run, null!));
        Assert.Throws<ArgumentNullException>(() => session.RunWithBinding(null!, binding));
        Assert.Throws<ObjectDisposedException>(() => session.RunWithBinding(run, disposed));
        Assert.Throws<ObjectDisposedException>(() => disposed.BindInput("input_ids", ids));
        Assert.Throws<ObjectDisposedException>(() => binding.BindInput("input_ids", disposedIds));
        Assert.Throws<ObjectDisposedException>(() => disposedSession.CreateIoBinding());
        Assert.Throws<ArgumentNullException>(() => binding.BindInput("input_ids", null!));
        Assert.Throws<ArgumentException>(() => binding.BindOutput("", ids));
        Assert.Throws<ArgumentNullException>(() => binding.BindOutputToDevice(Embedding, null!));
    }

    private void BindInputs(OrtValue ids, OrtValue mask)
    {
        binding.BindInput("input_ids", ids);
        binding.BindInput("attention_mask", mask);
    }

    private static OrtValue Ids(int length) =>
        OrtValue.CreateTensorValueFromMemory([.. Enumerable.Repeat(1L, length)], [1, length]);

    private static OrtValue Embeddings() => OrtValue.CreateTensorValueFromMemory(new float[384], [1, 384]);

    private static double Length(ReadOnlySpan<float> vector)
    {
        var sum = 0.0;
        foreach (var value in vector)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }

    private static void AssertNamesTheModel(Action work, string told)
    {
        var failure = Assert.Throws<OnnxRuntimeException>(work);
        Assert.StartsWith($"The model '{EmbeddedModel.Folder.ModelPath}'", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Message.Contains(told, StringComparison.OrdinalIgnoreCase), failure.Message);
    }
}
