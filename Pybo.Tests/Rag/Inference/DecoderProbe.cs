using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Inference;

namespace Pybo.Tests.Rag.Inference;

/// <summary>Feeds a decoder one prompt with empty caches, for all inputs that its graph declares.</summary>
internal sealed class DecoderProbe(OnnxModel decoder, OnnxModel? embedder = null, int headSize = 0) : IDisposable
{
    private readonly RunOptions run = new();

    /// <param name="ids">The prompt.</param>
    /// <param name="keep">Fed as num_logits_to_keep if the graph declares it.</param>
    /// <returns>The logits, row by row, and their shape.</returns>
    public (float[] Logits, long[] Shape) Logits(int[] ids, long keep = 0)
    {
        List<OrtValue> values = [];
        try
        {
            Dictionary<string, OrtValue> embedded = [];
            if (embedder is not null)
            {
                values.Add(Row([.. ids.Select(id => (long)id)]));
                using var outputs = embedder.Run(run, ["input_ids"], [values[0]], [.. embedder.Outputs.Keys]);
                foreach (var (name, output) in embedder.Outputs.Keys.Zip(outputs))
                {
                    var copy = OrtValue.CreateTensorValueFromMemory(output.GetTensorDataAsSpan<float>().ToArray(), output.GetTensorTypeAndShape().Shape);
                    values.Add(copy);
                    embedded.Add(name, copy);
                }
            }

            List<OrtValue> inputs = [];
            foreach (var (name, declared) in decoder.Inputs)
            {
                var input = name switch
                {
                    "input_ids" => Row([.. ids.Select(id => (long)id)]),
                    "attention_mask" => Row([.. ids.Select(_ => 1L)]),
                    "position_ids" => Row([.. ids.Select((_, i) => (long)i)]),
                    "num_logits_to_keep" => OrtValue.CreateTensorValueFromMemory([keep], []),
                    _ when embedded.TryGetValue(name, out var value) => value,
                    _ => Empty(declared),
                };
                values.Add(input);
                inputs.Add(input);
            }

            using var logits = decoder.Run(run, [.. decoder.Inputs.Keys], inputs, ["logits"]);
            return (Floats(logits[0]), logits[0].GetTensorTypeAndShape().Shape);
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    public void Dispose() => run.Dispose();

    private static OrtValue Row(long[] numbers) => OrtValue.CreateTensorValueFromMemory(numbers, [1, numbers.Length]);

    /// <summary>A cache [1, heads, 0, head size].</summary>
    private OrtValue Empty(TensorDeclaration declared) => OrtValue.CreateAllocatedTensorValue(
        OrtAllocator.DefaultInstance, declared.ElementDataType, [1, declared.Dimensions[1], 0, declared.Dimensions[3] > 0 ? declared.Dimensions[3] : headSize]);

    private static float[] Floats(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float16
        ? [.. value.GetTensorDataAsSpan<Float16>().ToArray().Select(half => (float)half)]
        : value.GetTensorDataAsSpan<float>().ToArray();
}
