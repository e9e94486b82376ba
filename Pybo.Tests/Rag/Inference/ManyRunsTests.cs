using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Nothing else runs at the same time: the resident memory is the process's.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class ManyRunsTests : IDisposable
{
    private const int Runs = 10_000;
    private const int Rows = 4;
    private const int WindowsMax = 5;

    /// <summary>A tenth of the cost of leaking one output per run: 10,000 times [4, 512] floats are 82 MB.</summary>
    private const long GrowthBytesMax = Runs * Rows * 512L * sizeof(float) / 10;

    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly RunOptions run = new();
    private readonly OnnxModel model;

    public ManyRunsTests() => model = TinyGraph.Load(TinyGraph.Product().Model(), options);

    public void Dispose()
    {
        model.Dispose();
        run.Dispose();
        options.Dispose();
    }

    [Fact]
    public void Ten_thousand_runs_leave_no_memory_behind() => AssertSteady(() =>
    {
        using var x = Rowed(Rows);
        using var outputs = model.Run(run, ["x"], [x], ["y"]);
        Assert.Equal(Rows, outputs[0].GetTensorTypeAndShape().Shape[0]);
    });

    [Fact]
    public void Ten_thousand_bound_runs_leave_no_memory_behind()
    {
        using var binding = model.CreateBinding();
        AssertSteady(() =>
        {
            using var x = Rowed(Rows);
            using var y = OrtValue.CreateTensorValueFromMemory(new float[Rows * 512], [Rows, 512]);
            binding.Input("x", x);
            binding.Output("y", y);
            model.Run(run, binding);
        });
    }

    [Fact]
    public void Ten_thousand_refused_runs_leave_no_memory_behind()
    {
        using var flat = OrtValue.CreateTensorValueFromMemory(new float[8], [8]);
        AssertSteady(() => Assert.Throws<OnnxModelException>(() => model.Run(run, ["x"], [flat], ["y"])));
    }

    private static OrtValue Rowed(int rows) => OrtValue.CreateTensorValueFromMemory(new float[rows * 8], [rows, 8]);

    private static void AssertSteady(Action work)
    {
        for (var i = 0; i < Runs / 10; i++) // data that is loaded, compiled and kept once
        {
            work();
        }

        // A leak grows every time; the collector's heap and the system's pages grow only now and then.
        var least = long.MaxValue;
        for (var window = 0; window < WindowsMax && least >= GrowthBytesMax; window++)
        {
            var before = ResidentBytes();
            for (var i = 0; i < Runs; i++)
            {
                work();
            }

            least = Math.Min(least, ResidentBytes() - before);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Runs:N0} runs: resident memory grew by {least / 1024:N0} KiB");
        Assert.True(least < GrowthBytesMax, $"Resident memory grew by at least {least:N0} bytes {WindowsMax} times.");
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
