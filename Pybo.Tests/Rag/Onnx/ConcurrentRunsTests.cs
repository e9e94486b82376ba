using Pybo.Rag.Onnx;

namespace Pybo.Tests.Rag.Onnx;

public sealed class ConcurrentRunsTests : IDisposable
{
    private const int Size = 64;

    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly InferenceSession session;

    public ConcurrentRunsTests() => session = new(TinyGraph.Chain().Bytes(), options);

    public void Dispose()
    {
        session.Dispose();
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

                // A thread of its own, or the loops keep the pool from what stops them.
                var stopped = Task.Factory.StartNew(() => Assert.Throws<OnnxRuntimeException>((Action)(() =>
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

    [Fact]
    public async Task A_value_a_binding_and_a_session_disposed_during_a_run_live_until_its_end()
    {
        const int times = 50;
        for (var i = 0; i < times; i++)
        {
            var own = new InferenceSession(TinyGraph.Product().Bytes(), options);
            var run = new RunOptions();
            var x = OrtValue.CreateTensorValueFromMemory(new float[8], [1, 8]);
            var binding = own.CreateIoBinding();
            binding.BindInput("x", x);
            binding.BindOutputToDevice("y", OrtMemoryInfo.DefaultInstance);

            using var begun = new ManualResetEventSlim();
            var work = Task.Run(() =>
            {
                begun.Set();
                return Record.Exception(() => own.RunWithBinding(run, binding));
            });
            if (i % 2 == 0)
            {
                begun.Wait(TestContext.Current.CancellationToken);
            }

            x.Dispose();
            own.Dispose();
            run.Dispose();
            binding.Dispose();

            // Either it began in time and ended well, or it came too late and was refused.
            Assert.True(await work is null or ObjectDisposedException);
        }
    }

    /// <summary>The chain leaves its input as it is.</summary>
    private float[] Product(RunOptions run, bool bound, float value)
    {
        using var x = OrtValue.CreateTensorValueFromMemory([.. Enumerable.Repeat(value, Size * Size)], [Size, Size]);
        using var y = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, [Size, Size]);
        if (bound)
        {
            using var binding = session.CreateIoBinding();
            binding.BindInput("x", x);
            binding.BindOutput("y", y);
            session.RunWithBinding(run, binding);
        }
        else
        {
            session.Run(run, ["x"], [x], ["y"], [y]);
        }

        return y.GetTensorDataAsSpan<float>().ToArray();
    }
}
