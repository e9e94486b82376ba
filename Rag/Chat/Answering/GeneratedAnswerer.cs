using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>Has a generator write the answer, and checks its markers against the sources while it streams.</summary>
public sealed class GeneratedAnswerer(IChatClient generator) : IAnswerer
{
    public const int OutputTokensMax = 1_024;

    /// <summary>A generator that does not stop by itself is cut off here.</summary>
    public const int AnswerCharactersMax = 16_000;

    public string Model => generator.GetService<ChatClientMetadata>() is { } metadata && (metadata.DefaultModelId ?? metadata.ProviderName) is { } name ? name : generator.GetType().Name;

    /// <exception cref="PromptTooLongException">The question is too long for the generator.</exception>
    /// <exception cref="EmptyAnswerException">The generator produced no text.</exception>
    public async Task<ChatAnswer> AnswerAsync(ChatRequest request, RetrievalResult retrieval, IReadOnlyList<ChatSource> sources, IAnswerListener listener, CancellationToken ct)
    {
        var prompt = await PromptBudget.FitAsync(request, sources, generator.GetService<IPromptTokens>(), ct);
        await listener.OnSourcesAsync(prompt.Sources, retrieval.Note, Model, ct);
        var scanner = new CitationScanner(prompt.Sources.Count);
        GenerationFigures? figures = null;
        // Randomness gains nothing when answering from sources: the same prompt gives the same text.
        await foreach (var update in generator.GetStreamingResponseAsync(prompt.Messages, new() { Temperature = 0, MaxOutputTokens = OutputTokensMax }, ct))
        {
            figures = update.AdditionalProperties?.GetValueOrDefault(nameof(GenerationFigures)) as GenerationFigures ?? figures;
            await SayAsync(scanner.Push(update.Text));
            if (scanner.Length >= AnswerCharactersMax)
            {
                break;
            }
        }

        await SayAsync(scanner.Flush());
        return string.IsNullOrWhiteSpace(scanner.Answer) ? throw new EmptyAnswerException(Model)
            : new(scanner.Answer, IsRefused: false, Model, Quotes.Of(scanner.Answer, scanner.Marks, prompt.Sources))
            {
                IsGenerated = true,
                Speed = figures is null ? null : new((int)Math.Round(figures.FirstToken.TotalMilliseconds), figures.TokensPerSecond),
            };

        ValueTask SayAsync(string text) => text.Length > 0 ? listener.OnTextAsync(text, ct) : ValueTask.CompletedTask;
    }
}
