using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;
using Pybo.Rag.Tokenizers;

namespace Pybo.Rag.Inference.GenAi;

/// <summary>A generator that the package runs. It receives and returns ids: this class encodes and decodes the text, so that no user text becomes a control
/// token.</summary>
internal sealed class GenAiModel : ILanguageModel
{
    /// <summary>The package's name for the CPU, its default if no provider is named.</summary>
    private const string Cpu = "cpu";

    private readonly LanguageModelFolder folder;
    private readonly ModelVocabulary vocabulary;
    private readonly Func<IEnumerable<ChatMessage>, int[]> encode;
    private readonly Model model;
    private readonly Owned owned;
    private readonly HashSet<int> stopIds;
    private readonly IReadOnlyDictionary<int, string>? thoughtMarks;
    private readonly int contextTokens;

    private GenAiModel(LanguageModelFolder folder, DeclaredModel declared, ChatTemplate? known, Model model, Owned owned, int contextTokens)
    {
        (this.folder, vocabulary, this.model, this.owned, this.contextTokens) = (folder, declared.Vocabulary, model, owned, contextTokens);
        encode = known is not null ? messages => known.Encode(messages) : owned.Add(new FolderTemplate(folder, vocabulary)).Encode;
        stopIds = [.. folder.StopIds, .. known?.StopIds ?? []];
        thoughtMarks = ThinkingFilter.MarksOf(declared);
    }

    public string Name => folder.Name;

    /// <summary>Loads a folder with <c>genai_config.json</c>.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="provider">See <see cref="GenAiChatClient"/>.</param>
    /// <param name="contextTokens">The maximum tokens of a prompt and its answer together.</param>
    /// <inheritdoc cref="LocalChatClient.Load"/>
    public static GenAiModel Load(LanguageModelFolder folder, string provider, int contextTokens)
    {
        ModelMemory.Require(folder);
        var declared = DeclaredModel.Read(folder);
        var owned = new Owned();
        SignalStack.Enlarge();
        try
        {
            using var config = new Config(folder.Path);
            if (provider != GenAiChatClient.FromFolder)
            {
                config.ClearProviders();
                if (!provider.Equals(Cpu, StringComparison.OrdinalIgnoreCase))
                {
                    config.AppendProvider(provider);
                }
            }

            return new(folder, declared, ChatTemplate.Find(declared), owned.Add(new Model(config)), owned, contextTokens);
        }
        catch (OnnxRuntimeGenAIException failure)
        {
            owned.Dispose();
            throw new OnnxModelException(
                $"The model '{folder.Path}' could not be loaded by ONNX Runtime GenAI (provider: {provider}). Download it again if a file is broken; another device needs its driver and its own build of the libraries beside the program; '{Cpu}' needs nothing. It says: {failure.Message.Trim()}", failure);
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    public int[] Encode(IEnumerable<ChatMessage> messages) => encode(messages);

    public TextGeneration Begin(int[] prompt, ChatOptions? options, CancellationToken ct)
    {
        var sampling = SamplingOptions.Of(options, folder.Sampling);
        sampling.Validate();
        var outputMax = PromptLimit.OutputMax(Name, prompt.Length, options, contextTokens);
        var generation = GenAiGeneration.Begin(model, folder, new(prompt, outputMax, stopIds, sampling), ct);
        return new(generation, new(vocabulary), thoughtMarks, new(options?.StopSequences ?? []), generation);
    }

    public void Dispose() => owned.Dispose();
}
