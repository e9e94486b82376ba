using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Pybo.Rag.Chat;

/// <summary>From a question to a cited answer, as a stream; the same for the site and for the terminal. Saves nothing.</summary>
public sealed class ChatAnswerer(Retriever retriever, IChatClient generator)
{
    /// <summary>The built-in answerer's provider name: it quotes sentences and generates nothing.</summary>
    public const string ExtractiveProvider = "pybo-extractive";

    public const int OutputTokensMax = 1_024;

    /// <summary>A generator that does not end by itself is cut off here.</summary>
    public const int AnswerCharactersMax = 16_000;

    /// <summary>The generator's name.</summary>
    public string Model => Metadata?.DefaultModelId ?? Metadata?.ProviderName ?? generator.GetType().Name;

    public bool IsExtractive => Metadata?.ProviderName == ExtractiveProvider;

    private ChatClientMetadata? Metadata => generator.GetService<ChatClientMetadata>();

    /// <summary>Searches, asks the generator, and checks its markers against the sources while the answer streams.</summary>
    /// <exception cref="InvalidDataException">The generator ended without a word.</exception>
    public async IAsyncEnumerable<ChatEvent> AnswerAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        var searched = FollowUp.Searched(request.Question, request.History);
        var retrieval = await retriever.RetrieveAsync(searched, request.Reader, SourceSelection.HitsMax, kind: null, ct);
        var sources = SourceSelection.Select(retrieval.Hits);
        yield return new ChatEvent.Sources(sources, retrieval.Note);
        if (sources.Count == 0)
        {
            var refusal = Refusal(request.Question);
            yield return new ChatEvent.Token(refusal);
            yield return new ChatEvent.Done(refusal, Refused: true, Model, []);
            yield break;
        }

        var scanner = new CitationScanner(sources.Count);
        var refused = false;
        var messages = PromptBuilder.Build(request, sources, searched, retrieval);
        await foreach (var update in generator.GetStreamingResponseAsync(messages, new() { MaxOutputTokens = OutputTokensMax }, ct))
        {
            refused |= update.AdditionalProperties?.GetValueOrDefault(ChatProperties.Refused) is true;
            if (scanner.Push(update.Text) is { Length: > 0 } text)
            {
                yield return new ChatEvent.Token(text);
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
            throw new InvalidDataException($"{Model} answered nothing.");
        }

        yield return new ChatEvent.Done(answer, refused, Model, Quotes.Of(answer, scanner.Marks, sources));
    }

    private static string Refusal(string question) => PromptBuilder.IsKorean(question)
        ? "등록된 글과 문서에서 이 질문과 관련된 내용을 찾지 못했습니다."
        : "Nothing in the posts and documents here is about this question.";
}
