using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

public sealed class ConcurrentRunsTests : IDisposable
{
    private const int Size = 64;

    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly OnnxModel model;

    public ConcurrentRunsTests() => model = TinyGraph.Load(TinyGraph.Chain().Model(), options);

    public void Dispose()
    {
        model.Dispose();
        options.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopping_some_runs_leaves_the_others_alone_and_the_stopped_ones_run_again(bool bound)
    {
        const int threads = 8;
        await Task.WhenAll(Enumerable.Range(0, threads).Select(async number =>
        {
            using var run = new RunOptions();
            if (number % 2 == 0)
            {
                var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

                // On its own thread, because the loops fill the pool and would delay the stop.
                var stopped = Task.Factory.StartNew(() => Assert.Throws<OnnxModelException>((Action)(() =>
                {
                    while (true)
                    {
                        Product(run, bound, number);
                        running.TrySetResult();
                    }
                })), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                await running.Task;
                run.Terminate = true;
                Assert.Contains("terminate", (await stopped).Message, StringComparison.Ordinal);
                run.Terminate = false;
            }

            await Task.Run(() => Assert.All(Product(run, bound, number), value => Assert.Equal(number, value)));
        }));
    }

    /// <summary>The chain returns its input unchanged.</summary>
    private float[] Product(RunOptions run, bool bound, float value)
    {
        using var x = OrtValue.CreateTensorValueFromMemory([.. Enumerable.Repeat(value, Size * Size)], [Size, Size]);
        if (!bound)
        {
            using var outputs = model.Run(run, ["x"], [x], ["y"]);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }

        using var y = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [Size, Size]);
        using var binding = model.CreateBinding();
        binding.Input("x", x);
        binding.Output("y", y);
        model.Run(run, binding);
        return y.GetTensorDataAsSpan<float>().ToArray();
    }
}
