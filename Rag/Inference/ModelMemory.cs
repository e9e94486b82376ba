namespace Pybo.Rag.Inference;

/// <summary>Checks whether a model fits into the free memory.</summary>
internal static class ModelMemory
{
    /// <summary>Resident bytes per byte of weights: ONNX Runtime packs 4-bit matrices a second time (Gemma 3 270M: 235 MB in addition to the mapped 159).</summary>
    private const double PackedShare = 1.5;

    /// <summary>Reserved for a run's buffers and for the rest of the site.</summary>
    private const long Reserve = 256L << 20;

    /// <exception cref="ModelMemoryException">The model does not fit.</exception>
    public static void Require(LanguageModelFolder folder) => Require(folder.Name, (long)(folder.WeightBytes * PackedShare) + Reserve, Available());

    internal static void Require(string model, long needed, long available)
    {
        if (needed > available)
        {
            throw new ModelMemoryException(model, needed, available);
        }
    }

    /// <summary>Bytes available without swapping: the system's estimate on Linux, the runtime's elsewhere; never more than a container's limit leaves.</summary>
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
/// <param name="model">The model's name.</param>
/// <param name="neededBytes">Bytes that it needs.</param>
/// <param name="availableBytes">Bytes that are free.</param>
public sealed class ModelMemoryException(string model, long neededBytes, long availableBytes)
    : Exception($"The model '{model}' needs about {neededBytes >> 20:N0} MB of memory, and {availableBytes >> 20:N0} MB are free. Close other programs, or choose a smaller model.")
{
    public string Model => model;

    public long NeededBytes => neededBytes;

    public long AvailableBytes => availableBytes;
}
