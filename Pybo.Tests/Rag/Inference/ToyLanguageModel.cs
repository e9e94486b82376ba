using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pybo.Rag.Tokenizers.SentencePiece;
using Pybo.Tests.Rag.Tokenizers;

namespace Pybo.Tests.Rag.Inference;

/// <summary>The layouts of a toy model's graphs.</summary>
public enum ToyLayout
{
    /// <summary>One graph whose caches grow, with position_ids.</summary>
    Concat,

    /// <summary>One graph with attention that extends its caches in place.</summary>
    Shared,

    /// <summary>Two kinds of embeddings in a graph of their own, no attention mask.</summary>
    TwoGraphs,
}

/// <summary>Model folders made on the spot: a vocabulary of bytes, one layer, random weights. Their output means nothing, but all of it depends on all input.</summary>
internal sealed class ToyLanguageModel : IDisposable
{
    public const int VocabularySize = 264;
    private const int Size = 16;
    private const int PerLayer = 4;

    private static readonly string[] Controls = ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"];

    private static readonly int[] StopIds = [1, 5];

    private readonly int contextTokens;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pybo-toy-");

    /// <param name="layout">The layout of its graphs.</param>
    /// <param name="contextTokens">The context length that its configuration allows.</param>
    public ToyLanguageModel(ToyLayout layout, int contextTokens = 256)
    {
        this.contextTokens = contextTokens;
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "onnx"));
        Write("tokenizer.json", Tokenizer());
        Write("config.json", $$"""{ "architectures": ["Gemma3ForCausalLM"], "vocab_size": {{VocabularySize}}, "max_position_embeddings": {{contextTokens}} }""");
        Write("generation_config.json", """{ "eos_token_id": [1, 5], "do_sample": true, "top_k": 64, "top_p": 0.95 }""");
        if (layout == ToyLayout.TwoGraphs)
        {
            WriteGraph("embed_tokens", Embedder());
            WriteGraph("decoder_model_merged", Decoder());
        }
        else
        {
            WriteGraph("model", layout == ToyLayout.Shared ? Attention() : Concat());
        }
    }

    /// <summary>The same in the folder of another family: its control tokens and the declarations of its config.json, generation_config.json and chat template.</summary>
    public ToyLanguageModel(ToyFamily family, ToyLayout layout, int contextTokens = 512)
        : this(layout, contextTokens)
    {
        Write("tokenizer.json", Tokenizer(family.Controls));
        Write("config.json", $$"""
            {
              "architectures": ["ForCausalLM"], "model_type": "{{family.Type}}", "vocab_size": {{VocabularySize}}, "max_position_embeddings": {{contextTokens}},
              "hidden_size": {{Size}}, "num_attention_heads": 1, "num_key_value_heads": 1, "rope_scaling": { "rope_type": "llama3", "factor": 8.0 }, "eos_token_id": null
            }
            """);
        Write("generation_config.json", """{ "do_sample": true, "temperature": 0.7, "top_k": 20, "top_p": 0.8 }""");
        if (family.Template is not null)
        {
            Write("chat_template.jinja", family.Template);
        }
    }

    public string Path => folder.FullName;

    public void Write(string file, string text) => File.WriteAllText(System.IO.Path.Combine(Path, file), text);

    public void WriteGraph(string name, TinyGraph graph) => File.WriteAllBytes(System.IO.Path.Combine(Path, "onnx", name + ".onnx"), graph.Bytes());

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Adds the files that ONNX Runtime GenAI needs in a folder.</summary>
    /// <param name="type">The family.</param>
    public void UseGenAi(string type)
    {
        Write("tokenizer_config.json", """{ "tokenizer_class": "GemmaTokenizer", "bos_token": "<bos>", "eos_token": "<eos>" }""");
        Write("genai_config.json", JsonSerializer.Serialize(new
        {
            model = new
            {
                type,
                vocab_size = VocabularySize,
                context_length = contextTokens,
                bos_token_id = 2,
                eos_token_id = StopIds,
                pad_token_id = 0,
                decoder = new
                {
                    session_options = new { provider_options = Array.Empty<object>() },
                    filename = "onnx/model.onnx",
                    head_size = Size,
                    hidden_size = Size,
                    num_attention_heads = 1,
                    num_key_value_heads = 1,
                    num_hidden_layers = 1,
                    inputs = new { input_ids = "input_ids", attention_mask = "attention_mask", past_key_names = "past_key_values.%d.key", past_value_names = "past_key_values.%d.value" },
                    outputs = new { logits = "logits", present_key_names = "present.%d.key", present_value_names = "present.%d.value" },
                },
            },
            search = new { do_sample = true, top_k = 64, top_p = 0.95, max_length = contextTokens, past_present_share_buffer = true },
        }));
    }

    /// <summary>Turns it into a family that no template of ours knows: other tokens open and close a turn, one of them not marked as special, and the folder brings its own template.</summary>
    public void UseTemplate(string template)
    {
        Write("tokenizer.json", Tokenizer([.. Controls[..^2].Select(text => new ToyControl(text)), new("<|open|>", IsSpecial: false), new("<|close|>")]));
        Write("chat_template.jinja", template);
    }

    /// <summary>Writes the same vocabulary as a tokenizer.model of SentencePiece, as Google publishes it, and removes tokenizer.json.</summary>
    public void UseSentencePiece()
    {
        File.Delete(System.IO.Path.Combine(Path, "tokenizer.json"));
        File.WriteAllBytes(
            System.IO.Path.Combine(Path, "tokenizer.model"),
            SentencePieceFile.Model(
                [
                    .. Controls.Select(text => SentencePieceFile.Piece(text, text == "<unk>" ? PieceProto.Types.Type.Unknown : PieceProto.Types.Type.Control)),
                    .. SentencePieceFile.ByteTokens,
                    SentencePieceFile.Piece("▁"),
                ],
                new() { ModelType = TrainerProto.Types.ModelType.Bpe, ByteFallback = true, UnkId = 3, BosId = 2, EosId = 1 }).ToByteArray());
    }

    /// <summary>Each position's state is the mean of all rows up to it: caches that grow by Concat.</summary>
    public static TinyGraph Concat() => Caches(Ids(new TinyGraph()).Input("position_ids", TensorElementType.Int64, "batch", "sequence"))
        .Weight("table", Random(1, VocabularySize * Size), VocabularySize, Size)
        .Node("Gather", "x", "table", "input_ids")
        .Node("Shape", "shape", "input_ids").Growing().Head();

    /// <summary>The same, but position_ids decide: the script's id is chosen at each of its places, a random one elsewhere.</summary>
    /// <param name="answer">The ids of the script.</param>
    /// <param name="promptLength">The first id follows this many tokens.</param>
    /// <param name="contextTokens">The number of rows of the script.</param>
    public static TinyGraph Scripted(IReadOnlyList<int> answer, int promptLength, int contextTokens = 512)
    {
        var script = new float[contextTokens * VocabularySize];
        for (var i = 0; i < answer.Count; i++)
        {
            script[((promptLength - 1 + i) * VocabularySize) + answer[i]] = 1_000;
        }

        return Caches(Ids(new TinyGraph()).Input("position_ids", TensorElementType.Int64, "batch", "sequence"))
            .Weight("table", Random(1, VocabularySize * Size), VocabularySize, Size)
            .Weight("script", script, contextTokens, VocabularySize)
            .Weight("vocabulary", Random(4, Size * VocabularySize), Size, VocabularySize)
            .Node("Gather", "x", "table", "input_ids")
            .Node("Shape", "shape", "input_ids").Growing()
            .Node("MatMul", "chance", "state", "vocabulary")
            .Node("Gather", "scripted", "script", "position_ids")
            .Node("Add", "logits", "chance", "scripted")
            .Output("logits", TensorElementType.Float, "batch", "sequence", VocabularySize);
    }

    /// <summary>Caches in f16, as exports named q4f16 have them, with open head counts and sizes, and no position_ids.</summary>
    public static TinyGraph HalfCaches()
    {
        var graph = Ids(new TinyGraph());
        foreach (var name in new[] { "key", "value" })
        {
            graph.Input($"past_key_values.0.{name}", TensorElementType.Float16, "batch", "heads", "past", "size")
                .Output($"present.0.{name}", TensorElementType.Float16, "batch", "heads", "total", "size");
        }

        return graph
            .Weight("table", Random(1, VocabularySize * Size), VocabularySize, Size)
            .Integers("head_axis", [1], 1)
            .Node("Gather", "x", "table", "input_ids")
            .Node("Cast", "x16", "x").With("to", (long)TensorElementType.Float16)
            .Node("Unsqueeze", "row", "x16", "head_axis")
            .Node("Concat", "present.0.key", "past_key_values.0.key", "row").With("axis", 2)
            .Node("Concat", "present.0.value", "past_key_values.0.value", "row").With("axis", 2)
            .Node("Cast", "values", "present.0.value").With("to", (long)TensorElementType.Float)
            .Node("ReduceMean", "mean", "values").With("axes", [2L]).With("keepdims", 0)
            .Node("Add", "state", "x", "mean").Head();
    }

    public static TinyGraph Attention() => Attending(Caches(Ids(new TinyGraph()))
        .Weight("table", Random(1, VocabularySize * Size), VocabularySize, Size)
        .Node("Gather", "x", "table", "input_ids"));

    /// <summary>Attention over the ids' product with 4-bit weights, whose activations are rounded.</summary>
    public static TinyGraph Packed()
    {
        const int width = 64, block = 32;
        var weights = new byte[width * width / 2];
        new Random(5).NextBytes(weights);
        return Attending(Caches(Ids(new TinyGraph()))
            .Weight("table", Random(1, VocabularySize * width), VocabularySize, width)
            .Packed("packed", weights, width, width / block, block / 2)
            .Weight("scales", [.. Random(6, width * width / block).Select(scale => scale / width)], width * width / block)
            .Weight("down", Random(7, width * Size), width, Size)
            .Node("Gather", "wide", "table", "input_ids")
            .Node("com.microsoft", "MatMulNBits", "mixed", ["wide", "packed", "scales"])
            .With("K", width).With("N", width).With("bits", 4).With("block_size", block).With("accuracy_level", 4)
            .Node("MatMul", "x", "mixed", "down"));
    }

    private static TinyGraph Attending(TinyGraph graph) => graph
        .Integers("one", [1], 1).Integers("scalar_one", [1])
        .Node("ReduceSum", "length", "attention_mask", "one").With("keepdims", 0)
        .Node("Sub", "last", "length", "scalar_one")
        .Node("Cast", "seqlens_k", "last").With("to", (long)TensorElementType.Int32)
        .Node("Shape", "mask_shape", "attention_mask")
        .Node("Gather", "total", "mask_shape", "scalar_one")
        .Node("Cast", "total_sequence_length", "total").With("to", (long)TensorElementType.Int32)
        .Node("com.microsoft", "GroupQueryAttention", ["y", "present.0.key", "present.0.value"],
            ["x", "x", "x", "past_key_values.0.key", "past_key_values.0.value", "seqlens_k", "total_sequence_length"])
        .With("num_heads", 1).With("kv_num_heads", 1)
        .Node("Add", "state", "x", "y").Head();

    private static TinyGraph Embedder() => new TinyGraph()
        .Input("input_ids", TensorElementType.Int64, "batch", "sequence")
        .Weight("table", Random(1, VocabularySize * Size), VocabularySize, Size)
        .Weight("layers", Random(2, VocabularySize * PerLayer), VocabularySize, 1, PerLayer)
        .Node("Gather", "inputs_embeds", "table", "input_ids")
        .Node("Gather", "per_layer_inputs", "layers", "input_ids")
        .Output("inputs_embeds", TensorElementType.Float, "batch", "sequence", Size)
        .Output("per_layer_inputs", TensorElementType.Float, "batch", "sequence", 1, PerLayer);

    private static TinyGraph Decoder() => Caches(new TinyGraph()
            .Input("inputs_embeds", TensorElementType.Float, "batch", "sequence", Size)
            .Input("per_layer_inputs", TensorElementType.Float, "batch", "sequence", 1, PerLayer)
            .Input("num_logits_to_keep", TensorElementType.Int64))
        .Weight("projection", Random(3, PerLayer * Size), PerLayer, Size)
        .Integers("layer_axis", [2], 1)
        .Node("Squeeze", "layer", "per_layer_inputs", "layer_axis")
        .Node("MatMul", "projected", "layer", "projection")
        .Node("Add", "x", "inputs_embeds", "projected")
        .Node("Shape", "shape", "inputs_embeds").Growing()
        .Integers("zero", [0], 1)
        .Node("Neg", "from_end", "num_logits_to_keep")
        .Node("Unsqueeze", "keep_from", "from_end", "zero")
        .Integers("position_axis", [1], 1)
        .Node("Slice", "kept", "state", "keep_from", "end", "position_axis")
        .Head("kept");

    private static TinyGraph Ids(TinyGraph graph) => graph
        .Input("input_ids", TensorElementType.Int64, "batch", "sequence")
        .Input("attention_mask", TensorElementType.Int64, "batch", "total");

    private static TinyGraph Caches(TinyGraph graph) => graph
        .Input("past_key_values.0.key", TensorElementType.Float, "batch", 1, "past", Size)
        .Input("past_key_values.0.value", TensorElementType.Float, "batch", 1, "past", Size)
        .Output("present.0.key", TensorElementType.Float, "batch", 1, "total", Size)
        .Output("present.0.value", TensorElementType.Float, "batch", 1, "total", Size);

    /// <summary>A byte-level vocabulary without merges, in the form of Gemma's.</summary>
    internal static string Tokenizer() => Tokenizer([.. Controls.Select(text => new ToyControl(text))]);

    /// <summary>The same with other control tokens: one must be &lt;unk&gt;, and all must fit into <see cref="VocabularySize"/>.</summary>
    internal static string Tokenizer(IReadOnlyList<ToyControl> controls)
    {
        Assert.InRange(controls.Count, 1, VocabularySize - 257);
        var vocabulary = controls.Select((control, id) => (control.Text, id)).Concat(Enumerable.Range(0, 256).Select(b => ($"<0x{b:X2}>", controls.Count + b))).Append(("▁", controls.Count + 256));
        return JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = controls.Select((control, id) => new { id, content = control.Text, single_word = false, lstrip = false, rstrip = control.TakesSpace, normalized = false, special = control.IsSpecial }),
            normalizer = new { type = "Replace", pattern = new { String = " " }, content = "▁" },
            decoder = new { type = "Sequence", decoders = new object[] { new { type = "Replace", pattern = new { String = "▁" }, content = " " }, new { type = "ByteFallback" }, new { type = "Fuse" } } },
            model = new { type = "BPE", unk_token = "<unk>", fuse_unk = true, byte_fallback = true, vocab = vocabulary.ToDictionary(v => v.Item1, v => v.Item2), merges = Array.Empty<string>() },
        });
    }

    internal static float[] Random(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }
}

/// <summary>An added token of a toy vocabulary.</summary>
/// <param name="IsSpecial">As its file says: left out of decoded text.</param>
/// <param name="TakesSpace">It takes the white space after it along.</param>
internal sealed record ToyControl(string Text, bool IsSpecial = true, bool TakesSpace = false);

/// <summary>The declarations of a family's folder.</summary>
/// <param name="Type"><c>model_type</c>.</param>
/// <param name="Template">The words of its chat template that distinguish it from others; null if the folder has no template.</param>
internal sealed record ToyFamily(string Name, string Type, string? Template, IReadOnlyList<ToyControl> Controls);

internal static class ToyGraphParts
{
    private const int Size = 16;

    /// <summary>From x and the caches to the state: x and the running mean of the value's rows, the earlier ones from the past.</summary>
    public static TinyGraph Growing(this TinyGraph graph) => graph
        .Integers("head_axis", [1], 1).Integers("row_axis", [2]).Integers("rows", [2], 1).Integers("end", [int.MaxValue], 1).Integers("sequence_place", [1], 1)
        .Node("Unsqueeze", "row", "x", "head_axis")
        .Node("Concat", "present.0.key", "past_key_values.0.key", "row").With("axis", 2)
        .Node("Concat", "present.0.value", "past_key_values.0.value", "row").With("axis", 2)
        .Node("CumSum", "sums", "present.0.value", "row_axis")
        .Node("Gather", "sequence", "shape", "sequence_place")
        .Node("Neg", "start", "sequence")
        .Node("Slice", "own", "sums", "start", "end", "rows")
        .Node("Squeeze", "sum", "own", "head_axis")
        .Node("Tanh", "y", "sum")
        .Node("Add", "state", "x", "y");

    /// <summary>From the state to the logits.</summary>
    public static TinyGraph Head(this TinyGraph graph, string state = "state") => graph
        .Weight("vocabulary", ToyLanguageModel.Random(4, Size * ToyLanguageModel.VocabularySize), Size, ToyLanguageModel.VocabularySize)
        .Node("MatMul", "logits", state, "vocabulary")
        .Output("logits", TensorElementType.Float, "batch", "num_logits", ToyLanguageModel.VocabularySize);
}
