using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference;

/// <summary>How a family of models was tuned to read a conversation: facts from its published chat template, which is not run itself.</summary>
/// <remarks>
/// The opening and close of each turn are written out; any <see cref="Controls"/> or <see cref="Marks"/> in them are added by id, the rest is text. Left out on
/// purpose: tools, pictures, and what Llama 3.1 and newer write before the system text: the training cutoff month and a date, which is either today's, so that
/// no prompt would begin like yesterday's, or a fixed one that is wrong.
/// </remarks>
/// <param name="Name">For messages.</param>
/// <param name="Controls">Control tokens that the vocabulary must contain.</param>
/// <param name="User">Opens a user's turn.</param>
/// <param name="Assistant">Opens the model's turn.</param>
/// <param name="Close">Closes a turn; its control token ends an answer.</param>
/// <param name="Fits">Whether a folder with these control tokens belongs to this family; the first match counts.</param>
internal sealed record ChatFamily(string Name, IReadOnlyList<string> Controls, string User, string Assistant, string Close, Func<DeclaredModel, bool> Fits)
{
    private const string Think = "<think>", EndThink = "</think>";

    /// <summary>An empty thinking section, which Qwen 3 and EXAONE 4 write if thinking is switched off.</summary>
    private const string NoThoughts = $"{Think}\n\n{EndThink}\n\n";

    private const string QwenSystem = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";

    private static readonly string[] ChatMl = ["<|im_start|>", "<|im_end|>"];

    /// <summary>The known families, narrower ones first.</summary>
    public static IReadOnlyList<ChatFamily> All { get; } =
    [
        new("Gemma 3, 3n", ["<bos>", "<start_of_turn>", "<end_of_turn>"], "<start_of_turn>user\n", "<start_of_turn>model\n", "<end_of_turn>\n", _ => true)
        {
            Begin = "<bos>", Trims = true, Alternates = true, Ends = ["<eos>"],
        },
        new("Gemma 4", ["<bos>", "<|turn>", "<turn|>"], "<|turn>user\n", "<|turn>model\n", "<turn|>\n", _ => true)
        {
            Begin = "<bos>", System = "<|turn>system\n", Trims = true, Ends = ["<eos>"],
        },
        new("Llama 3", ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"],
            "<|start_header_id|>user<|end_header_id|>\n\n", "<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>", _ => true)
        {
            Begin = "<|begin_of_text|>", System = "<|start_header_id|>system<|end_header_id|>\n\n", Trims = true, Ends = ["<|end_of_text|>", "<|eom_id|>"],
        },
        new("EXAONE 4", ["[|endofturn|]"], "[|user|]\n", "[|assistant|]\n", "[|endofturn|]\n", model => model.IsOf("exaone4") || model.Says("enable_thinking"))
        {
            Marks = ["[|system|]", "[|user|]", "[|assistant|]", Think, EndThink], System = "[|system|]\n", Opening = NoThoughts, OpensEarlierAnswers = true,
        },
        // EXAONE Deep shares the tokens, but begins every answer with a <thought> that cannot be switched off.
        new("EXAONE 3, 3.5", ["[|endofturn|]"], "[|user|]", "[|assistant|]", "[|endofturn|]\n", model => !model.Says("<thought>"))
        {
            Marks = ["[|system|]", "[|user|]", "[|assistant|]"], System = "[|system|]", DefaultSystem = "", UserClose = "\n",
        },
        new("Phi-4", [.. ChatMl, "<|im_sep|>"], "<|im_start|>user<|im_sep|>", "<|im_start|>assistant<|im_sep|>", "<|im_end|>", _ => true)
        {
            System = "<|im_start|>system<|im_sep|>", Ends = ["<|endoftext|>"],
        },
        new("HyperCLOVA X SEED", [.. ChatMl, "<|endofturn|>", "<|stop|>"], "<|im_start|>user\n", "<|im_start|>assistant\n", "<|im_end|>\n", _ => true)
        {
            // Its makers require an empty list of tools and an empty system turn if there are no tools or instructions.
            Begin = "<|im_start|>tool_list\n<|im_end|>\n", System = "<|im_start|>system\n", DefaultSystem = "", AssistantClose = "<|im_end|><|endofturn|>\n", Ends = ["<|stop|>", "<|endoftext|>"],
        },
        new("Qwen 3", ChatMl, "<|im_start|>user\n", "<|im_start|>assistant\n", "<|im_end|>\n", model => model.IsOf("qwen3") && (model.Says("enable_thinking") || (model.Template is null && model.Has(Think))))
        {
            Marks = [Think, EndThink], System = "<|im_start|>system\n", Opening = NoThoughts, Ends = ["<|endoftext|>"],
        },
        new("Qwen 2.5", ChatMl, "<|im_start|>user\n", "<|im_start|>assistant\n", "<|im_end|>\n", model => model.Says(QwenSystem) || (model.Template is null && model.IsOf("qwen2")))
        {
            System = "<|im_start|>system\n", DefaultSystem = QwenSystem, Ends = ["<|endoftext|>"],
        },
        new("ChatML", ChatMl, "<|im_start|>user\n", "<|im_start|>assistant\n", "<|im_end|>\n", _ => true)
        {
            System = "<|im_start|>system\n", Ends = ["<|endoftext|>"],
        },
        new("Phi-4-mini", ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>", "<|tool|>"], "<|user|>", "<|assistant|>", "<|end|>", _ => true)
        {
            System = "<|system|>", Ends = ["<|endoftext|>"],
        },
        new("Phi-3.5", ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>"], "<|user|>\n", "<|assistant|>\n", "<|end|>\n", _ => true)
        {
            System = "<|system|>\n", Ends = ["<|endoftext|>"],
        },
    ];

    /// <summary>Control tokens added by id if the vocabulary has them, and as text otherwise.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];

    /// <summary>The text that begins every prompt.</summary>
    public string Begin { get; init; } = "";

    /// <summary>Opens a system turn; null if there is no such turn, and the system's text precedes the first question.</summary>
    public string? System { get; init; }

    /// <summary>The system's text for a conversation without one; null if the turn is then left out.</summary>
    public string? DefaultSystem { get; init; }

    /// <summary>Closes a user's turn if it differs from <see cref="Close"/>.</summary>
    public string? UserClose { get; init; }

    /// <summary>Closes the model's turn if it differs from <see cref="Close"/>.</summary>
    public string? AssistantClose { get; init; }

    /// <summary>Written for the model at the beginning of its answer.</summary>
    public string Opening { get; init; } = "";

    /// <summary>True if earlier answers also begin with it.</summary>
    public bool OpensEarlierAnswers { get; init; }

    /// <summary>True if white space around a text is trimmed.</summary>
    public bool Trims { get; init; }

    /// <summary>True if the template accepts only alternating turns of a user and the model.</summary>
    public bool Alternates { get; init; }

    /// <summary>More tokens that end an answer, if the vocabulary has them.</summary>
    public IReadOnlyList<string> Ends { get; init; } = [];

    /// <summary>Returns the family that a folder declares; null if it is none of these.</summary>
    public static ChatFamily? Of(DeclaredModel model) => All.FirstOrDefault(family => family.Controls.All(model.Has) && family.MayBeTemplateOf(model) && family.Fits(model));

    /// <summary>A vocabulary may have control tokens that its model was not tuned on; a published template names the token that closes a turn.</summary>
    private bool MayBeTemplateOf(DeclaredModel model) => model.Template is null || model.Says(Close.Trim());
}

/// <summary>What a model's folder declares about its family; the name that a user gave it never counts.</summary>
/// <param name="Vocabulary">Searched for control tokens.</param>
/// <param name="ModelType"><c>model_type</c> of config.json; null if it does not say.</param>
/// <param name="Template">The chat template as published, searched for words but not run; null if there is none.</param>
internal sealed record DeclaredModel(ModelVocabulary Vocabulary, string? ModelType, string? Template)
{
    /// <summary>Reads a folder's declarations and loads its vocabulary.</summary>
    /// <exception cref="InvalidDataException">The tokenizer is broken or of an unknown kind.</exception>
    public static DeclaredModel Read(LanguageModelFolder folder) => new(ModelVocabulary.Load(folder.TokenizerPath), folder.ModelType, folder.PublishedTemplate);

    public bool Has(string token) => Vocabulary.TokenToId(token) is not null;

    /// <summary>Whether the model's type begins with this one (<c>qwen3</c>, <c>qwen3_moe</c>).</summary>
    public bool IsOf(string type) => ModelType?.StartsWith(type, StringComparison.OrdinalIgnoreCase) == true;

    public bool Says(string words) => Template?.Contains(words, StringComparison.Ordinal) == true;
}
