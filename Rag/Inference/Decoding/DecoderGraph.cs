using Google.Protobuf;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference;

/// <summary>What a decoder's operators tell beyond its declarations.</summary>
internal static class DecoderGraph
{
    private const string SharingOperator = "com.microsoft.GroupQueryAttention";

    /// <summary>Its past key and value among that operator's inputs, and the present ones among its outputs.</summary>
    private static readonly (int Input, int Output)[] SharingPlaces = [(3, 1), (4, 2)];

    /// <summary>The past inputs whose buffer may also be the present's: the operator then writes the new rows only.</summary>
    /// <remarks>
    /// Decided for each tensor, because exports mix operators. Not where anything else reads the past or the present: it would see the whole buffer,
    /// rows beyond the length and all. A graph that cannot be read shares nothing; whoever loads it says what is wrong with it.
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
