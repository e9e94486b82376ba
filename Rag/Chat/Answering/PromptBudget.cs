using Microsoft.Extensions.AI;
using Pybo.Rag.Inference;

namespace Pybo.Rag.Chat;

/// <summary>A generator's messages and the sources in them: a page must show exactly these, or the citation numbers point elsewhere.</summary>
internal sealed record Prompt(IReadOnlyList<ChatMessage> Messages, IReadOnlyList<ChatSource> Sources);

/// <summary>The question is longer than the model can read, even with almost nothing else in the prompt.</summary>
public sealed class PromptTooLongException(int tokensMax) : Exception($"The question does not fit into {tokensMax} tokens beside the instructions and a piece of a source.");

/// <summary>Fits a prompt to the generator's context, counted in the generator's own tokens.</summary>
/// <remarks>
/// Content that does not fit is dropped in this order: the oldest exchanges of the history, the last sources, and finally the text around the first source's
/// best chunk. A prompt that fits is counted once; otherwise a binary search finds the smallest cut: with eight exchanges and five sources, four more counts,
/// and six for the first source.
/// </remarks>
internal static class PromptBudget
{
    /// <summary>The first source is cut to within this many characters of what fits; a shorter piece of it contains no answer.</summary>
    public const int CutStepCharacters = 100;

    /// <param name="request">The question and its history.</param>
    /// <param name="sources">At least one, best first.</param>
    /// <param name="tokens">The generator's token counter; null if it has no limit of its own.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="PromptTooLongException">The question leaves no room for a source.</exception>
    public static async Task<Prompt> FitAsync(ChatRequest request, IReadOnlyList<ChatSource> sources, IPromptTokens? tokens, CancellationToken ct)
    {
        var history = PromptBuilder.Kept(request.History).ToList();
        const int step = PromptBuilder.HistoryExchangesDropped;
        Prompt[] drafts =
        [
            .. Enumerable.Range(0, ((history.Count + step - 1) / step) + 1).Select(steps => Draft([.. history.Skip(steps * step)], sources)),
            .. Enumerable.Range(1, sources.Count - 1).Select(dropped => Draft([], [.. sources.SkipLast(dropped)])),
        ];
        if (tokens is null)
        {
            return drafts[0];
        }

        if (await FittingAsync(drafts[0]) is { } whole)
        {
            return whole;
        }

        Prompt? longest = null;
        var (first, end) = (1, drafts.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            var fitting = await FittingAsync(drafts[middle]);
            (longest, first, end) = fitting is not null ? (fitting, first, middle) : (longest, middle + 1, end);
        }

        return longest ?? await CutAsync();

        async Task<Prompt> CutAsync()
        {
            var (fitting, tooLong) = (0, sources[0].Passage.Text.Length);
            while (tooLong - fitting > CutStepCharacters)
            {
                var middle = (fitting + tooLong) / 2;
                var draft = await FittingAsync(Draft([], [sources[0] with { Passage = SourceSelection.CutAtSentences(sources[0].Passage, middle) }]));
                (longest, fitting, tooLong) = draft is not null ? (draft, middle, tooLong) : (longest, fitting, middle);
            }

            return longest ?? throw new PromptTooLongException(tokens.PromptTokensMax);
        }

        // The ids that were counted are the ones that are run.
        async Task<Prompt?> FittingAsync(Prompt draft) =>
            await tokens.EncodeAsync(draft.Messages, ct) is var encoded && encoded.TokenCount <= tokens.PromptTokensMax ? draft with { Messages = encoded } : null;

        Prompt Draft(IReadOnlyList<ChatExchange> kept, IReadOnlyList<ChatSource> read) => new(PromptBuilder.Build(request with { History = kept }, read), read);
    }
}
