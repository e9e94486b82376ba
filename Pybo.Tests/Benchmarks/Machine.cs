using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Pybo.Rag.Inference;

namespace Pybo.Benchmarks;

/// <summary>The machine that a figure was measured on; printed with every table.</summary>
internal sealed record Machine(string Processor, int Cores, string System, string Runtime, string OnnxRuntime)
{
    public static Machine Current { get; } = new(
        ProcessorName(),
        CpuSession.PhysicalCores(),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        OrtEnv.Instance().GetVersionString());

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Processor}, {Cores} cores · {System} · {Runtime} · ONNX Runtime {OnnxRuntime}");

    private static string ProcessorName()
    {
        const string linux = "/proc/cpuinfo";
        var line = File.Exists(linux) ? File.ReadLines(linux).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
