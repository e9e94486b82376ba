using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pybo.Rag.Inference;

/// <summary>Runs a sentence encoder's graph: takes token ids, returns one vector of length 1 per text.</summary>
/// <remarks>
/// Uses the graph's <c>sentence_embedding</c> (f32 [batch, dimensions]) if it declares one with the folder's dimensions: such a graph contains the
/// folder's pooling. Otherwise pools <c>last_hidden_state</c> (f32 [batch, sequence, dimensions]) as the folder says. Vectors are always
/// L2-normalised, even if the folder has no Normalize module, because they are compared by cosine.
/// </remarks>
internal sealed class SentenceEncoder : IDisposable
{
    private const string InputIds = "input_ids";
    private const string AttentionMask = "attention_mask";
    private const string TokenTypeIds = "token_type_ids";
    private const string SentenceEmbedding = "sentence_embedding";
    private const string LastHiddenState = "last_hidden_state";

    private readonly SentenceTransformerFolder folder;
    private readonly OnnxModel model;
    private readonly string[] inputNames;
    private readonly string[] outputNames;

    /// <param name="folder">The model's folder.</param>
    /// <param name="threads">Threads of one run.</param>
    /// <param name="preferHiddenState">Pools here even if the graph could.</param>
    /// <exception cref="OnnxModelException">The model file is missing or broken.</exception>
    /// <exception cref="InvalidDataException">The graph is not a sentence encoder.</exception>
    public SentenceEncoder(SentenceTransformerFolder folder, int threads, bool preferHiddenState = false)
    {
        this.folder = folder;
        using var options = CpuSession.Options(threads);
        model = OnnxModel.Load(folder.ModelPath, options);
        try
        {
            inputNames = [.. model.Inputs.Keys];
            if (inputNames.FirstOrDefault(name => name is not (InputIds or AttentionMask or TokenTypeIds) || model.Inputs[name].ElementDataType != TensorElementType.Int64) is { } unknown)
            {
                throw new InvalidDataException($"The model '{folder.ModelPath}' takes '{unknown}' {model.Inputs[unknown]}; a sentence encoder takes {InputIds}, {AttentionMask} and {TokenTypeIds} as Int64.");
            }

            var direct = Declares(SentenceEmbedding, rank: 2);
            var hidden = Declares(LastHiddenState, rank: 3);
            var output = direct && !(preferHiddenState && hidden) ? SentenceEmbedding
                : hidden ? LastHiddenState
                : throw new InvalidDataException($"The model '{folder.ModelPath}' declares neither {SentenceEmbedding} nor {LastHiddenState} with {folder.Dimensions} dimensions; it gives {string.Join(", ", model.Outputs.Keys)}.");
            outputNames = [output];
            Dimensions = model.Outputs[output].Dimensions[^1] is > 0 and var declared
                ? declared
                : folder.Dimensions ?? throw new InvalidDataException($"Neither the folder '{folder.Path}' nor its graph says how long a vector is.");
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The dimension of a vector.</summary>
    public int Dimensions { get; }

    /// <summary>Encodes one batch on the calling thread.</summary>
    /// <param name="rows">Each text's token ids, special ones included; this method pads them to the longest.</param>
    /// <returns>One vector per row.</returns>
    /// <exception cref="OnnxModelException">The run failed or was terminated.</exception>
    public float[][] Encode(IReadOnlyList<int[]> rows, RunOptions runOptions)
    {
        var width = rows.Max(row => row.Length);
        long[] shape = [rows.Count, width];
        using var inputs = new Owned();
        OrtValue[] given = [.. inputNames.Select(name => inputs.Add(OrtValue.CreateTensorValueFromMemory(Fill(name, rows, width), shape)))];
        using var outputs = model.Run(runOptions, inputNames, given, outputNames);
        var values = outputs[0].GetTensorDataAsSpan<float>();
        var vectors = new float[rows.Count][];
        var size = values.Length / vectors.Length;
        for (var row = 0; row < vectors.Length; row++)
        {
            vectors[row] = Normalise(outputNames[0] == SentenceEmbedding
                ? values.Slice(row * size, size).ToArray()
                : Pool(values.Slice(row * size, size), rows[row].Length));
        }

        return vectors;
    }

    public void Dispose() => model.Dispose();

    /// <summary>Pools token vectors (f32 [sequence, dimensions], padding last) into one vector.</summary>
    internal static float[] Pool(ReadOnlySpan<float> tokens, int length, int dimensions, Pooling pooling)
    {
        switch (pooling)
        {
            case Pooling.FirstToken:
                return tokens[..dimensions].ToArray();
            case Pooling.LastToken:
                return tokens.Slice((length - 1) * dimensions, dimensions).ToArray();
            default:
                var mean = new float[dimensions];
                for (var token = 0; token < length; token++)
                {
                    TensorPrimitives.Add(mean, tokens.Slice(token * dimensions, dimensions), mean);
                }

                TensorPrimitives.Divide(mean, length, mean);
                return mean;
        }
    }

    private float[] Pool(ReadOnlySpan<float> tokens, int length) => Pool(tokens, length, Dimensions, folder.Pooling);

    private static float[] Normalise(float[] vector)
    {
        var norm = TensorPrimitives.Norm(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }

        return vector;
    }

    private bool Declares(string output, int rank) =>
        model.Outputs.TryGetValue(output, out var node)
        && node.ElementDataType == TensorElementType.Float
        && node.Dimensions.Count == rank
        && (node.Dimensions[^1] < 0 || folder.Dimensions is null || node.Dimensions[^1] == folder.Dimensions);

    private long[] Fill(string input, IReadOnlyList<int[]> rows, int width)
    {
        var values = new long[rows.Count * width]; // zeros are right for token types and for the mask of padding
        for (var row = 0; row < rows.Count; row++)
        {
            var target = values.AsSpan(row * width, width);
            var ids = rows[row];
            switch (input)
            {
                case AttentionMask:
                    target[..ids.Length].Fill(1);
                    break;
                case InputIds:
                    TensorPrimitives.ConvertChecked<int, long>(ids, target);
                    target[ids.Length..].Fill(folder.PaddingId);
                    break;
            }
        }

        return values;
    }
}
