using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;

namespace Pybo.Rag.Chat;

/// <summary>The built-in answerer: quotes the sentences of the sources that answer the question, and generates nothing.</summary>
/// <param name="findEncoder">Lends the model that compares sentences with the question; null where there is none.</param>
/// <remarks>
/// A sentence's score is the share of the question's terms that it holds with its title (rare terms count more), plus its cosine to the question, plus the score of
/// its passage. Without a model the terms and the passages decide. Of the prompt it reads what <see cref="PromptBuilder"/> wrote last: the sources
/// and the question. White space inside a sentence becomes single spaces; else it is quoted as it stands.
/// </remarks>
public sealed partial class ExtractiveChatClient(Func<CancellationToken, Task<Lease<IEmbeddingGenerator<string, Embedding<float>>>?>> findEncoder) : IChatClient
{
    public const int QuotesMax = 2;

    /// <summary>Sources whose sentences compete.</summary>
    public const int SourcesMax = 3;

    /// <summary>Sentences that are embedded, those with the most terms first: a third of a second's work on two cores.</summary>
    public const int SentencesMax = 48;

    private const double CosineWeight = 4;
    private const double PassageWeight = 1;

    private static readonly ChatClientMetadata Metadata = new(ChatAnswerer.ExtractiveProvider, defaultModelId: "extractive");

    /// <summary>Compares with the model that serves the searches.</summary>
    public ExtractiveChatClient(EmbeddingModels models)
        : this(ct => ServingAsync(models, ct))
    {
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <exception cref="ArgumentException">The last message of the user holds no question.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var prompt = AnswerablePrompt.Read(messages);
        var quotes = await BestAsync(prompt, cancellationToken);
        if (quotes.Count == 0)
        {
            var refusal = Update(Refusals.NoAnswer(prompt.Question));
            refusal.AdditionalProperties = new() { [ChatProperties.Refused] = true };
            yield return refusal;
        }

        for (var at = 0; at < quotes.Count; at++)
        {
            yield return Update($"{(at > 0 ? "\n\n" : "")}“{SpaceRegex().Replace(quotes[at].Text, " ")}” [{quotes[at].Source.Number}]");
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? Metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
        // The encoder and the database belong to the site.
    }

    private static async Task<Lease<IEmbeddingGenerator<string, Embedding<float>>>?> ServingAsync(EmbeddingModels models, CancellationToken ct)
    {
        var state = await models.StateAsync(ct);
        if (state.Serving is { } serving)
        {
            return new(serving.Generator, state.Dispose);
        }

        state.Dispose();
        return null;
    }

    /// <summary>The best sentences, best first.</summary>
    private async Task<List<Sentence>> BestAsync(AnswerablePrompt prompt, CancellationToken ct)
    {
        var sentences = prompt.Sources.Take(SourcesMax).SelectMany(source => Sentences(source, prompt.Searched))
            .OrderByDescending(s => s.Score).Take(SentencesMax).ToList();
        if (sentences.Count > 0 && await findEncoder(ct) is { } lease)
        {
            using var held = lease;
            var encoder = held.Value;
            var question = await encoder.EmbedQueryAsync(prompt.Searched.Text, ct);
            var vectors = await encoder.EmbedPassagesAsync([.. sentences.Select(s => s.Embedded)], null, ct);
            sentences = [.. sentences.Zip(vectors, (s, vector) => s with { Score = s.Score + (CosineWeight * TensorPrimitives.Dot(question.Span, vector.Span)) })];
        }

        return [.. sentences.OrderByDescending(s => s.Score).Take(QuotesMax)];
    }

    /// <summary>A source's sentences; its title and heading stand above them and are no answer.</summary>
    private static IEnumerable<Sentence> Sentences(ChatSource source, Searched searched)
    {
        var passage = source.Passage;
        return SentenceSplitter.Split(passage.Text)
            .Select(range => passage.Text.Substring(range.Start, range.Length))
            .Where(text => text.Any(char.IsLetterOrDigit) && text != passage.Title && text != passage.Heading)
            .Select(text => new Sentence(source, text, TermShare.Of(searched.Terms, $"{passage.Title}\n{text}", searched.Statistics) + (PassageWeight * passage.Score)));
    }

    private static ChatResponseUpdate Update(string text) => new(ChatRole.Assistant, text) { ModelId = Metadata.DefaultModelId };

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpaceRegex();

    private readonly record struct Sentence(ChatSource Source, string Text, double Score)
    {
        /// <summary>As chunks are embedded: a sentence seldom names what the title does.</summary>
        public string Embedded => $"{Source.Passage.Title}: {Text}";
    }
}
