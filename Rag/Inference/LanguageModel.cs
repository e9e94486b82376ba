using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;
using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference;

/// <summary>A generator in memory: its tokenizer, its chat template, its decoder and what that has read of the last prompts.</summary>
internal sealed class LanguageModel : IDisposable
{
    private readonly ModelVocabulary vocabulary;
    private readonly Decoder decoder;
    private readonly TokenGenerator generator;
    private readonly LanguageModelFolder folder;
    private readonly HashSet<int> stopIds;
    private readonly Dictionary<int, string>? hidden;

    private LanguageModel(LanguageModelFolder folder, ModelVocabulary vocabulary, ChatTemplate template, Decoder decoder)
    {
        (this.folder, this.vocabulary, Template, this.decoder) = (folder, vocabulary, template, decoder);
        generator = CreateGenerator();
        stopIds = [.. folder.StopIds, .. template.StopIds];
        hidden = template.HidesThinking ? HiddenMarks() : null;
    }

    public string Name => folder.Name;

    public ChatTemplate Template { get; }

    /// <summary>Ids below it can be fed and chosen.</summary>
    public int VocabularySize => decoder.Layout.VocabularySize;

    /// <summary>Loads a folder: a few hundred milliseconds for a small model, some seconds for a large one.</summary>
    /// <exception cref="ModelMemoryException">It does not fit into the free memory.</exception>
    /// <exception cref="InvalidDataException">A file is broken, or the model is of a kind that cannot be run.</exception>
    /// <exception cref="OnnxModelException">A graph is missing or broken.</exception>
    public static LanguageModel Load(LanguageModelFolder folder, int contextTokens)
    {
        ModelMemory.Require(folder);
        var vocabulary = ModelVocabulary.Load(folder.TokenizerPath);
        var template = ChatTemplate.For(vocabulary, folder.ModelType, folder.PublishedTemplate);
        return new(folder, vocabulary, template, new(folder, contextTokens));
    }

    /// <summary>Begins an answer to messages.</summary>
    /// <exception cref="ArgumentException">The messages do not alternate, or with the answer's limit are too long.</exception>
    public TextGeneration Begin(IReadOnlyList<ChatMessage> messages, ChatOptions? options, RunOptions runOptions)
    {
        var prompt = Template.Encode(messages);
        var outputMax = options?.MaxOutputTokens ?? OnnxChatClient.OutputTokensDefault;
        if (prompt.Length + 1 > decoder.ContextTokensMax)
        {
            throw new ArgumentException($"The prompt has {prompt.Length} tokens; '{Name}' takes at most {decoder.ContextTokensMax} with its answer.", nameof(messages));
        }

        outputMax = Math.Min(outputMax, decoder.ContextTokensMax - prompt.Length);
        var sampler = new Sampler(SamplingOptions.Of(options, folder.Sampling), decoder.Layout.VocabularySize, prompt);
        var generation = generator.Begin(new(prompt, outputMax, stopIds, sampler, new(prompt)), runOptions);
        return new(generation, sampler, new(vocabulary), hidden, new(options?.StopSequences ?? []));
    }

    /// <summary>A generator that remembers nothing yet, beside the model's own; not for use at the same time.</summary>
    internal TokenGenerator CreateGenerator() => new(decoder);

    /// <summary>Marks of thoughts that are special tokens, so that no decoder writes them out.</summary>
    private Dictionary<int, string> HiddenMarks() => new[] { ThinkingFilter.Open, ThinkingFilter.Close }
        .Select(mark => (Id: vocabulary.TokenToId(mark), mark))
        .Where(found => found.Id is { } id && vocabulary.IsSpecial(id))
        .ToDictionary(found => found.Id!.Value, found => found.mark);

    public void Dispose()
    {
        generator.Dispose();
        decoder.Dispose();
    }
}
