using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference;

/// <summary>Session options for an encoder on the processor.</summary>
/// <remarks>
/// Chosen by measurement (the embedded model, 2 cores with AVX-512): one thread for each physical core is 1.5 × one thread's speed for a
/// query and 1.8 × for a batch. Threads that spin between operators make a query a third faster than threads that sleep (3.0 against
/// 4.5 ms); left to spin after a run as well they burn 29 ms of processor for each query, told to stop at its end 9 ms, at no loss.
/// The arena makes a batch up to 1.4 × faster; the memory pattern makes no difference and stays at its default.
/// </remarks>
internal static class EncoderSession
{
    /// <summary>A large server keeps its other cores for the site. Not measured: a guess for encoders of this size.</summary>
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
            // Every failure comes back as an exception; the library would write a cancelled run to standard error as well.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return options;
    }

    /// <summary>Cores that this process may use, two hardware threads of one core counted once where Linux tells them apart.</summary>
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
