using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;
using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference;

/// <summary>A generator in memory: its tokenizer, its chat template, its decoder and the cached states of the last prompts.</summary>
internal sealed class LanguageModel : ILanguageModel
{
    private readonly ModelVocabulary vocabulary;
    private readonly Decoder decoder;
    private readonly TokenGenerator generator;
    private readonly LanguageModelFolder folder;
    private readonly HashSet<int> stopIds;
    private readonly IReadOnlyDictionary<int, string>? thoughtMarks;

    private LanguageModel(LanguageModelFolder folder, DeclaredModel declared, ChatTemplate template, Decoder decoder)
    {
        (this.folder, vocabulary, Template, this.decoder) = (folder, declared.Vocabulary, template, decoder);
        generator = CreateGenerator();
        stopIds = [.. folder.StopIds, .. template.StopIds];
        thoughtMarks = ThinkingFilter.MarksOf(declared);
    }

    public string Name => folder.Name;

    public ChatTemplate Template { get; }

    /// <summary>Ids below it can be fed and chosen.</summary>
    public int VocabularySize => decoder.Layout.VocabularySize;

    /// <summary>Loads a folder: takes a few hundred milliseconds for a small model, some seconds for a large one.</summary>
    /// <exception cref="ModelMemoryException">The model does not fit into the free memory.</exception>
    /// <exception cref="InvalidDataException">A file is broken, or this kind of model cannot be run.</exception>
    /// <exception cref="OnnxModelException">A graph is missing or broken.</exception>
    public static LanguageModel Load(LanguageModelFolder folder, int contextTokens)
    {
        ModelMemory.Require(folder);
        var declared = DeclaredModel.Read(folder);
        var template = ChatTemplate.For(declared);
        return new(folder, declared, template, new(folder, contextTokens));
    }

    public int[] Encode(IEnumerable<ChatMessage> messages) => Template.Encode(messages);

    public TextGeneration Begin(int[] prompt, ChatOptions? options, CancellationToken ct)
    {
        var outputMax = PromptLimit.OutputMax(Name, prompt.Length, options, decoder.ContextTokensMax);
        var owned = new Owned();
        try
        {
            var runOptions = owned.Add(new RunOptions());
            owned.Add(ct.Register(() => runOptions.Terminate = true));
            var sampler = owned.Add(new Sampler(SamplingOptions.Of(options, folder.Sampling), decoder.Layout.VocabularySize, prompt));
            var generation = generator.Begin(new(prompt, outputMax, stopIds, sampler, new(prompt)), runOptions);
            return new(generation, new(vocabulary), thoughtMarks, new(options?.StopSequences ?? []), owned);
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    /// <summary>Creates a generator with empty caches, in addition to the model's own; the two must not run at the same time.</summary>
    internal TokenGenerator CreateGenerator() => new(decoder);

    public void Dispose()
    {
        generator.Dispose();
        decoder.Dispose();
    }
}
