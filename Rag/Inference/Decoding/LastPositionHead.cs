using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference.OnnxGraph;

namespace Pybo.Rag.Inference;

/// <summary>Changes a decoder that computes the logits of every position so that it computes only those of the last ones.</summary>
/// <remarks>
/// <para>
/// Most exports multiply every position's hidden state by the vocabulary, although a generator reads only the last position's row. That is the larger
/// part of a prompt's cost (Gemma 3 270M, 512 tokens: 640 × 262,144 weights 512 times over, and 512 MiB of logits). Slices inserted when the graph is
/// loaded avoid it; the files on disk do not change.
/// </para>
/// <para>
/// They are inserted as early as positions are independent of each other (<see cref="PositionwiseRegion"/>). In the last layer only the attention
/// with its queries, keys and values sees every position; its output product and the feed-forward half see only the last ones.
/// </para>
/// <para>
/// The graph gets the input <see cref="InputName"/>, int64 without dimensions, as newer exports declare it themselves: 0 keeps every position, n the
/// last n (all if there are fewer). The rows that are kept equal those of the unchanged graph. A graph stays unchanged if its region contains no
/// product with weights, for example because of a Reshape before the output or an If that merges two graphs.
/// </para>
/// </remarks>
internal static class LastPositionHead
{
    public const string InputName = "num_logits_to_keep";

    /// <summary>From this version of the format on, initializers need not also be inputs.</summary>
    private const int IrVersionMin = 4;

    /// <summary>From this operator set on, Slice takes its start from a value instead of an attribute.</summary>
    private const int OpsetMin = 10;

    /// <summary>Prefix of every added name. No export uses it.</summary>
    private const string Prefix = "/pybo/last_position/";

    /// <summary>Inserts the slices into a graph; leaves it unchanged if they do not fit.</summary>
    /// <returns>Why the graph is unchanged; null if it was changed.</returns>
    internal static string? Edit(ModelProto model, string logits)
    {
        var graph = model.Graph;
        var opset = model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version;
        if (model.IrVersion < IrVersionMin || opset is null or < OpsetMin)
        {
            return $"it is of IR version {model.IrVersion} and operator set {opset}, at least {IrVersionMin} and {OpsetMin} are needed";
        }

        if (graph.Input.Any(input => input.Name == InputName))
        {
            return $"it has the input '{InputName}' already";
        }

        if (graph.Output.FirstOrDefault(output => output.Name == logits) is not { } output)
        {
            return $"it has no output '{logits}'";
        }

        // [batch, position, vocabulary], with the positions left open
        if (output.Type?.TensorType?.Shape?.Dim is not [_, { HasDimValue: false } positions, _])
        {
            return $"the output '{logits}' is not declared as a tensor of three dimensions, the second of them open";
        }

        var region = new PositionwiseRegion(graph, logits);
        if (!region.HasProduct)
        {
            return $"no product with weights is known before '{logits}', only what comes from {region}";
        }

        positions.DimParam = "num_logits";
        foreach (var stale in graph.ValueInfo.Where(info => region.Made.Contains(info.Name)).ToList())
        {
            graph.ValueInfo.Remove(stale);
        }

        Insert(graph, region);
        return null;
    }

    /// <summary>Replaces every value that enters the region with value[…, -keep:, :].</summary>
    private static void Insert(GraphProto graph, PositionwiseRegion region)
    {
        const string one = Prefix + "one", rows = Prefix + "rows", end = Prefix + "end", keep = Prefix + "keep", start = Prefix + "start", kept = Prefix + "kept/";
        graph.Input.Add(new ValueInfoProto
        {
            Name = InputName,
            Type = new() { TensorType = new() { ElemType = (int)TensorElementType.Int64, Shape = new() } },
        });
        graph.Initializer.Add(Vector(one, 1)); // shape: one element
        graph.Initializer.Add(Vector(rows, -2)); // axis: the positions
        graph.Initializer.Add(Vector(end, long.MaxValue));

        List<NodeProto> nodes = [Node("Reshape", keep, InputName, one), Node("Neg", start, keep)]; // 0 stays 0: starts at the first position
        var sliced = new HashSet<string>();
        foreach (var node in graph.Node)
        {
            for (var at = 0; region.Contains(node) && at < node.Input.Count; at++)
            {
                var value = node.Input[at];
                if (region.Inputs.Contains(value))
                {
                    node.Input[at] = kept + value;
                    if (sliced.Add(value))
                    {
                        nodes.Add(Node("Slice", kept + value, value, start, end, rows));
                    }
                }
            }

            nodes.Add(node);
        }

        graph.Node.Clear();
        graph.Node.Add(nodes);
    }

    private static NodeProto Node(string type, string output, params string[] inputs) =>
        new() { OpType = type, Name = output, Input = { inputs }, Output = { output } };

    private static TensorProto Vector(string name, long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return new() { Name = name, Dims = { 1 }, DataType = (int)TensorElementType.Int64, RawData = ByteString.CopyFrom(bytes) };
    }
}
