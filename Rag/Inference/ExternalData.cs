using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference;

/// <summary>Where a graph's external data lie once the graph is not loaded from its own file.</summary>
/// <remarks>
/// ONNX Runtime refuses data outside the model's folder, also behind a link, with one exception: of a model file that is itself a link,
/// the folder of the target counts too. A download cache of the Hugging Face Hub is laid out so
/// (<c>snapshots/…/model.onnx → blobs/a</c>, <c>model.onnx_data → blobs/b</c>). A model in memory has one folder only, so for such a
/// model that is the target's, and the names of the data are those of the targets. The library still checks where they lead.
/// </remarks>
internal static class ExternalData
{
    private const int External = 1;
    private const string Location = "location";

    /// <summary>The folder to load the graph's data from; locations are rewritten where the files are links.</summary>
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
