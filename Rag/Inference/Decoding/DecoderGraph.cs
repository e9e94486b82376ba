using Google.Protobuf;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference;

/// <summary>Reads from a decoder's operators what its declarations do not say.</summary>
internal static class DecoderGraph
{
    private const string SharingOperator = "com.microsoft.GroupQueryAttention";

    /// <summary>The places of the past key and value among that operator's inputs, and of the present ones among its outputs.</summary>
    private static readonly (int Input, int Output)[] SharingPlaces = [(3, 1), (4, 2)];

    /// <summary>Returns the past inputs that can share a buffer with the present: the operator then writes only the new rows.</summary>
    /// <remarks>
    /// Decided per tensor, because exports mix operators. A tensor cannot be shared if anything else reads its past or present: that reader would see
    /// the whole buffer, including rows beyond the length. A graph that cannot be read shares nothing; the code that loads it reports the error.
    /// </remarks>
    public static IReadOnlySet<string> ShareableCaches(string modelPath)
    {
        var shareable = new HashSet<string>();
        if (new FileInfo(modelPath) is not { Exists: true, Length: <= LastPositionHead.GraphBytesMax } file || !TryRead(file, out var graph))
        {
            return shareable;
        }

        var values = new GraphValues(graph);
        foreach (var node in graph.Node.Where(node => GraphValues.Operator(node) == SharingOperator))
        {
            foreach (var (input, output) in SharingPlaces)
            {
                if (node.Input.Count > input && node.Output.Count > output && values.Readers(node.Input[input]) == 1 && values.Readers(node.Output[output]) == 1)
                {
                    shareable.Add(node.Input[input]);
                }
            }
        }

        return shareable;
    }

    private static bool TryRead(FileInfo file, out GraphProto graph)
    {
        try
        {
            using var stream = file.OpenRead();
            graph = ModelProto.Parser.ParseFrom(stream).Graph ?? new();
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            graph = new();
            return false;
        }
    }
}
