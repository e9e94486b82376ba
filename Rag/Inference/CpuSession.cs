using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference;

/// <summary>Options of a session on the processor.</summary>
/// <remarks>
/// Measured with the embedded model on 2 cores with AVX-512. One thread per physical core gives 1.5 × the speed of one thread for a query and 1.8 ×
/// for a batch. Threads that spin between operators make a query a third faster than threads that sleep (3.0 against 4.5 ms). Spinning on after a run
/// burns 29 ms of processor time per query; stopping at its end burns 9 ms, at no loss. The arena makes a batch up to 1.4 × faster; the memory
/// pattern makes no difference and keeps its default.
/// </remarks>
internal static class CpuSession
{
    /// <summary>Leaves a large server's other cores to the site. An unmeasured guess for encoders of this size.</summary>
    private const int ThreadsMax = 8;

    public static int Threads { get; } = Math.Min(PhysicalCores(), ThreadsMax);

    public static SessionOptions Options() => Options(Threads);

    public static SessionOptions Options(int threads)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            EnableCpuMemArena = true,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            // Every failure surfaces as an exception; otherwise the library would also write a cancelled run to standard error.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return options;
    }

    /// <summary>Counts the cores that this process may use; two hardware threads of one core count once if Linux tells them apart.</summary>
    internal static int PhysicalCores()
    {
        const string processors = "/sys/devices/system/cpu";
        var usable = Environment.ProcessorCount;
        if (!OperatingSystem.IsLinux() || !Directory.Exists(processors))
        {
            return usable;
        }

        var cores = Directory.EnumerateDirectories(processors, "cpu*")
            .Select(processor => Path.Combine(processor, "topology", "thread_siblings_list"))
            .Where(File.Exists)
            .Select(File.ReadAllText)
            .Distinct()
            .Count();
        return cores == 0 ? usable : Math.Min(usable, cores);
    }
}
