using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;

namespace Pybo.Rag.Chat;

/// <summary>From a question to a cited answer, as a stream; the same for the site and for the terminal. Saves nothing.</summary>
public sealed class ChatAnswerer(Retriever retriever, IDbContextFactory<PyboDb> dbs, IChatClient generator)
{
    /// <summary>The built-in answerer's provider name: it quotes sentences and generates nothing.</summary>
    public const string ExtractiveProvider = "pybo-extractive";

    public const int OutputTokensMax = 1_024;

    /// <summary>A generator that does not end by itself is cut off here.</summary>
    public const int AnswerCharactersMax = 16_000;

    /// <summary>The generator's name.</summary>
    public string Model => NameOf(generator);

    public bool IsExtractive => generator.GetService<ChatClientMetadata>()?.ProviderName == ExtractiveProvider;

    /// <summary>
    /// Searches, asks the generator, and checks its markers against the sources while the answer streams. Where nothing that was found fits the
    /// question (<see cref="Relevance"/>), that is the answer, and no generator is asked.
    /// </summary>
    /// <exception cref="PromptTooLongException">The generator cannot read as long a question.</exception>
    /// <exception cref="EmptyAnswerException">The generator ended without a word.</exception>
    public async IAsyncEnumerable<ChatEvent> AnswerAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        // One generator from the count of the prompt to the last word, also where another is installed meanwhile.
        using var lease = generator.GetService<InstalledChatClient>()?.Borrow();
        var client = lease?.Value ?? generator;
        var model = NameOf(client);
        if (request.Scope is { IsGone: true })
        {
            var sentence = Refusals.ScopeGone(request.Question);
            yield return new ChatEvent.Sources([], Note: null, model);
            yield return new ChatEvent.Token(sentence);
            yield return new ChatEvent.Done(sentence, Refused: true, model, Speed: null, []);
            yield break;
        }

        var text = FollowUp.Searched(request.Question, request.History);
        var retrieval = await retriever.RetrieveAsync(text, request.Reader, SourceSelection.HitsMax, kind: null, ct, request.Scope?.Passages);
        var sources = SourceSelection.Select(retrieval.Hits);
        var searched = await JudgeAsync(text, request.Reader, ct);
        if (!searched.IsAnsweredBy(sources))
        {
            yield return new ChatEvent.Sources(sources, retrieval.Note, model);
            var refusal = sources.Count == 0 ? Refusals.NothingFound(request.Question) : Refusals.NoAnswer(request.Question);
            yield return new ChatEvent.Token(refusal);
            yield return new ChatEvent.Done(refusal, Refused: true, model, Speed: null, []);
            yield break;
        }

        var prompt = await PromptBudget.FitAsync(request, sources, searched, client.GetService<IPromptTokens>(), ct);
        yield return new ChatEvent.Sources(prompt.Sources, retrieval.Note, model);
        var scanner = new CitationScanner(prompt.Sources.Count);
        var refused = false;
        GenerationFigures? figures = null;
        await foreach (var update in client.GetStreamingResponseAsync(prompt.Messages, Options(), ct))
        {
            refused |= update.AdditionalProperties?.GetValueOrDefault(ChatProperties.Refused) is true;
            figures = update.AdditionalProperties?.GetValueOrDefault(nameof(GenerationFigures)) as GenerationFigures ?? figures;
            if (scanner.Push(update.Text) is { Length: > 0 } shown)
            {
                yield return new ChatEvent.Token(shown);
            }

            if (scanner.Length >= AnswerCharactersMax)
            {
                break;
            }
        }

        if (scanner.Flush() is { Length: > 0 } rest)
        {
            yield return new ChatEvent.Token(rest);
        }

        var answer = scanner.Answer;
        if (string.IsNullOrWhiteSpace(answer))
        {
            throw new EmptyAnswerException(model);
        }

        yield return new ChatEvent.Done(answer, refused, model, Speed(figures), Quotes.Of(answer, scanner.Marks, prompt.Sources));
    }

    /// <summary>An answer from sources has nothing to gain from chance: the same prompt gives the same text.</summary>
    private static ChatOptions Options() => new() { Temperature = 0, MaxOutputTokens = OutputTokensMax };

    private static string NameOf(IChatClient client) =>
        client.GetService<ChatClientMetadata>() is { } metadata && (metadata.DefaultModelId ?? metadata.ProviderName) is { } name ? name : client.GetType().Name;

    private static AnswerSpeed? Speed(GenerationFigures? figures) =>
        figures is null ? null : new((int)Math.Round(figures.FirstToken.TotalMilliseconds), figures.TokensPerSecond);

    private async Task<Searched> JudgeAsync(string text, Reader reader, CancellationToken ct)
    {
        var terms = TermShare.Terms(text);
        await using var db = await dbs.CreateDbContextAsync(ct);
        return new(text, terms, await db.TermStatisticsAsync(terms, reader, ct));
    }
}
