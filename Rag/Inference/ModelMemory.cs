namespace Pybo.Rag.Inference;

/// <summary>Whether a model fits into the memory that is free.</summary>
internal static class ModelMemory
{
    /// <summary>Resident bytes for each byte of weights: ONNX Runtime packs 4-bit matrices a second time (Gemma 3 270M: 235 MB beside the mapped 159).</summary>
    private const double PackedShare = 1.5;

    /// <summary>For the buffers of a run and what the rest of the site needs meanwhile.</summary>
    private const long Reserve = 256L << 20;

    /// <exception cref="ModelMemoryException">It does not fit.</exception>
    public static void Require(LanguageModelFolder folder) => Require(folder.Name, (long)(folder.WeightBytes * PackedShare) + Reserve, Available());

    internal static void Require(string model, long needed, long available)
    {
        if (needed > available)
        {
            throw new ModelMemoryException(model, needed, available);
        }
    }

    /// <summary>Bytes that can be had without swapping: the system's estimate on Linux, elsewhere what the runtime knows; never more than a container's limit leaves.</summary>
    private static long Available()
    {
        const string system = "/proc/meminfo";
        const string field = "MemAvailable:";
        var runtime = GC.GetGCMemoryInfo();
        var limit = runtime.TotalAvailableMemoryBytes - Environment.WorkingSet;
        var line = OperatingSystem.IsLinux() && File.Exists(system) ? File.ReadLines(system).FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal)) : null;
        return line is not null && long.TryParse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), out var kilobytes)
            ? Math.Min(kilobytes << 10, limit)
            : Math.Min(runtime.TotalAvailableMemoryBytes - runtime.MemoryLoadBytes, limit);
    }
}

/// <summary>A model needs more memory than is free.</summary>
/// <param name="model">Its name.</param>
/// <param name="neededBytes">What it would take.</param>
/// <param name="availableBytes">What is free.</param>
public sealed class ModelMemoryException(string model, long neededBytes, long availableBytes)
    : Exception($"The model '{model}' needs about {neededBytes >> 20:N0} MB of memory, and {availableBytes >> 20:N0} MB are free. Close other programs, or choose a smaller model.")
{
    public string Model => model;

    public long NeededBytes => neededBytes;

    public long AvailableBytes => availableBytes;
}
