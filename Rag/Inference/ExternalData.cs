using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference;

/// <summary>Finds a graph's external data if the graph is not loaded from its own file.</summary>
/// <remarks>
/// ONNX Runtime refuses data outside the model's folder, even behind a link, with one exception: if the model file itself is a link, the target's
/// folder counts too. The Hugging Face Hub's download cache has this layout (<c>snapshots/…/model.onnx → blobs/a</c>, <c>model.onnx_data →
/// blobs/b</c>). A model in memory has only one folder, so such a model gets the target's, and its data the targets' names. The library still checks
/// where they lead.
/// </remarks>
internal static class ExternalData
{
    private const int External = 1;
    private const string Location = "location";

    /// <summary>Returns the folder to load the graph's data from; rewrites locations if the files are links.</summary>
    public static string Resolve(IEnumerable<TensorProto> weights, string modelPath)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
        var locations = weights.Where(weight => weight.DataLocation == External).SelectMany(weight => weight.ExternalData).Where(entry => entry.Key == Location).ToList();
        if (File.ResolveLinkTarget(modelPath, returnFinalTarget: true) is not { } model
            || !locations.Any(location => Target(folder, location.Value) is not null))
        {
            return folder;
        }

        var targets = Path.GetDirectoryName(model.FullName)!;
        foreach (var location in locations)
        {
            var file = Target(folder, location.Value)?.FullName ?? Path.Combine(folder, location.Value);
            location.Value = Path.GetRelativePath(targets, file).Replace('\\', '/');
        }

        return targets;
    }

    private static FileSystemInfo? Target(string folder, string location)
    {
        var file = new FileInfo(Path.Combine(folder, location));
        return file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true) : null;
    }
}
