using System.Text;
using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Rag.Inference;
using Pybo.Rag.Retrieval;

namespace Pybo.Rag.Chat;

/// <summary>Has a generator write the answer, and checks it while it streams.</summary>
/// <remarks>
/// The text passes, in this order, a filter of echoes (<see cref="EchoFilter"/>), one of loops (<see cref="LoopFilter"/>), the check of its markers
/// (<see cref="CitationScanner"/>) and that of its statements (<see cref="SupportCheck"/>). An answer that was stopped or cut says so.
/// </remarks>
public sealed class GeneratedAnswerer(IChatClient generator) : IAnswerer
{
    /// <summary>About three sentences.</summary>
    public const int BriefTokensMax = 256;

    public const int OutputTokensMax = 1_024;

    /// <summary>A prompt that fills its part of the context leaves fewer, but never fewer than <see cref="OutputTokensMax"/>.</summary>
    public const int DetailedTokensMax = 2_048;

    /// <summary>A generator that does not stop by itself is cut off here.</summary>
    public const int AnswerCharactersMax = 16_000;

    public string Model => generator.GetService<ChatClientMetadata>() is { } metadata && (metadata.DefaultModelId ?? metadata.ProviderName) is { } name ? name : generator.GetType().Name;

    /// <summary>A part of a long text is summarised in about two sentences.</summary>
    public const int PartTokensMax = 128;

    /// <summary>If the generator says nothing of a part, its beginning speaks for it.</summary>
    private const int PartBeginningCharactersMax = 300;

    /// <summary>Returns the most tokens of an answer of this length.</summary>
    public static int TokensMaxOf(AnswerLength length) => length switch
    {
        AnswerLength.Brief => BriefTokensMax,
        AnswerLength.Detailed => DetailedTokensMax,
        _ => OutputTokensMax,
    };

    /// <exception cref="PromptTooLongException">The question is too long for the generator.</exception>
    /// <exception cref="EmptyAnswerException">The generator produced no text.</exception>
    public async Task<ChatAnswer> AnswerAsync(ChatRequest request, RetrievalResult retrieval, IReadOnlyList<ChatSource> sources, IAnswerListener listener, CancellationToken ct)
    {
        var tokens = generator.GetService<IPromptTokens>();
        var isLong = request.PartsCount is not null && sources.Count > 1 && sources.Sum(source => source.Passage.Text.Length) > SourceSelection.CharactersMax;
        if (isLong)
        {
            await listener.OnSourcesAsync(sources, retrieval.Note, Model, ct);
        }

        var prompt = await PromptBudget.FitAsync(request, isLong ? await SummarizedAsync(request, sources, tokens, listener, ct) : sources, tokens, ct);
        if (isLong)
        {
            // Its quotations and its statements are checked against the texts themselves, not against the summaries.
            prompt = prompt with { Sources = [.. sources.Take(prompt.Sources.Count)] };
        }
        else
        {
            await listener.OnSourcesAsync(prompt.Sources, retrieval.Note, Model, ct);
        }

        var echoes = new EchoFilter(PromptBuilder.Lines(request.Question, prompt.Sources), prompt.Sources.Select(source => source.Passage.Title), request.Question, PromptBuilder.Words(nameof(PromptWords.Question), request.Question));
        var loops = new LoopFilter();
        var scanner = new CitationScanner(prompt.Sources.Count);
        var support = new SupportCheck(string.Join('\n', request.History.Select(h => h.Question).Append(request.Question)), prompt.Sources, PromptBuilder.Words(nameof(PromptWords.UnsupportedNote), request.Question));
        var answer = new StringBuilder();
        GenerationFigures? figures = null;
        var isCut = false;
        // Randomness gains nothing when answering from sources: the same prompt gives the same text. A repetition penalty counts the prompt too, so it would
        // keep the generator from the sources' own words; loops are cut instead.
        await foreach (var update in generator.GetStreamingResponseAsync(prompt.Messages, new() { Temperature = 0, MaxOutputTokens = TokensMaxOf(request.Length) }, ct))
        {
            figures = update.AdditionalProperties?.GetValueOrDefault(nameof(GenerationFigures)) as GenerationFigures ?? figures;
            await SayAsync(support.Push(scanner.Push(loops.Push(echoes.Push(update.Text)))));
            isCut = update.FinishReason == ChatFinishReason.Length || scanner.Length >= AnswerCharactersMax;
            if (isCut || echoes.IsRepeating || echoes.IsAsking || loops.IsLooping)
            {
                break;
            }
        }

        var rest = loops.Push(echoes.Flush(isCut)) + loops.Flush();
        await SayAsync(support.Push(scanner.Push(rest) + scanner.Flush()));
        await SayAsync(support.Flush().TrimEnd());
        if (string.IsNullOrWhiteSpace(scanner.Answer))
        {
            throw new EmptyAnswerException(Model);
        }

        if (loops.IsLooping || echoes.IsRepeating)
        {
            await SayAsync($"\n\n{PromptBuilder.Words(nameof(PromptWords.RepeatingNote), request.Question)}");
        }
        else if (isCut)
        {
            await SayAsync($"\n\n{PromptBuilder.Words(nameof(PromptWords.CutNote), request.Question)}");
        }

        return new(answer.ToString(), IsRefused: false, Model, Quotes.Of(scanner.Answer, scanner.Marks, prompt.Sources))
        {
            IsGenerated = true,
            Speed = figures is null ? null : new((int)Math.Round(figures.FirstToken.TotalMilliseconds), figures.TokensPerSecond),
        };

        ValueTask SayAsync(string text)
        {
            answer.Append(text);
            return text.Length > 0 ? listener.OnTextAsync(text, ct) : ValueTask.CompletedTask;
        }
    }

    /// <summary>Has each part of a long text summarised, and returns the parts with their summaries as texts.</summary>
    private async Task<IReadOnlyList<ChatSource>> SummarizedAsync(ChatRequest request, IReadOnlyList<ChatSource> parts, IPromptTokens? tokens, IAnswerListener listener, CancellationToken ct)
    {
        var summarized = new List<ChatSource>();
        foreach (var part in parts)
        {
            await listener.OnPartAsync(summarized.Count + 1, parts.Count, ct);
            var summary = await SummaryOfAsync(part, PromptBuilder.Words(nameof(PromptWords.PartQuestion), request.Question), tokens, ct);
            var text = string.IsNullOrWhiteSpace(summary) ? part.Passage.Text.Cut(PartBeginningCharactersMax) : summary.Trim();
            summarized.Add(part with { Passage = part.Passage with { Text = text, BestStart = null, BestLength = null } });
        }

        return summarized;
    }

    private async Task<string> SummaryOfAsync(ChatSource part, string question, IPromptTokens? tokens, CancellationToken ct)
    {
        var prompt = await PromptBudget.FitAsync(new ChatRequest(question, [], Viewer.Visitor), [part with { Number = 1 }], tokens, ct);
        var echoes = new EchoFilter(PromptBuilder.Lines(question, prompt.Sources), [part.Passage.Title], question, PromptBuilder.Words(nameof(PromptWords.Question), question));
        var loops = new LoopFilter();
        // Its one source needs no number.
        var scanner = new CitationScanner(sourcesCount: 0);
        await foreach (var update in generator.GetStreamingResponseAsync(prompt.Messages, new() { Temperature = 0, MaxOutputTokens = PartTokensMax }, ct))
        {
            scanner.Push(loops.Push(echoes.Push(update.Text)));
            if (scanner.Length >= AnswerCharactersMax || echoes.IsRepeating || echoes.IsAsking || loops.IsLooping)
            {
                break;
            }
        }

        scanner.Push(loops.Push(echoes.Flush(isCut: true)) + loops.Flush());
        scanner.Flush();
        return scanner.Answer;
    }
}
