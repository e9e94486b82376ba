using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference;

/// <summary>One answer being generated, token by token.</summary>
/// <remarks>
/// With drafts, a run reads several tokens and returns the logits after each. Each position is sampled in order, from the same logits and with the
/// same random numbers as without drafts, and wrong draft tokens are dropped. The text is the same; it only takes fewer runs.
/// </remarks>
internal sealed class Generation : IGeneration
{
    private readonly Decoder decoder;
    private readonly DecoderState state;
    private readonly GenerationRequest request;
    private readonly RunOptions options;
    private readonly int[] fed = new int[Decoder.LogitRowsMax];
    private readonly int[] chosen = new int[Decoder.LogitRowsMax];
    private int chosenCount, given;

    public Generation(Decoder decoder, DecoderState state, GenerationRequest request, RunOptions options)
    {
        (this.decoder, this.state, this.request, this.options) = (decoder, state, request, options);
        Figures = new() { PromptTokens = request.Prompt.Length, CachedTokens = state.Length };
    }

    public GenerationFigures Figures { get; }

    public int Current { get; private set; }

    public bool IsStopped { get; private set; }

    public bool MoveNext()
    {
        if (IsStopped || Figures.OutputTokens == request.OutputMax)
        {
            return false;
        }

        if (given == chosenCount)
        {
            (given, chosenCount) = (0, Figures.OutputTokens == 0 ? ChooseFirst() : ChooseNext());
        }

        Current = chosen[given++];
        request.Lookup?.Append(Current);
        IsStopped = request.StopIds.Contains(Current);
        Figures.CountToken();
        return true;
    }

    /// <summary>Reads the part of the prompt that the state does not hold, and chooses a token.</summary>
    private int ChooseFirst()
    {
        var logits = decoder.Run(state, request.Prompt.AsSpan(state.Length), 1, options);
        chosen[0] = request.Sampler.Next(logits);
        return 1;
    }

    /// <summary>Reads the last chosen token and the drafts after it, and chooses a token at each position up to the first wrong draft.</summary>
    private int ChooseNext()
    {
        fed[0] = Current;
        var drafts = 0;
        if (request.Lookup is { } lookup)
        {
            var proposed = lookup.Draft();
            drafts = Math.Min(proposed.Length, Math.Min(request.OutputMax - Figures.OutputTokens, fed.Length) - 1);
            proposed[..drafts].CopyTo(fed.AsSpan(1));
        }

        var logits = decoder.Run(state, fed.AsSpan(0, 1 + drafts), 1 + drafts, options);
        var columns = decoder.Layout.LogitColumns;
        var count = 0;
        do
        {
            chosen[count] = request.Sampler.Next(logits.Slice(count * columns, columns));
            count++;
        }
        while (count <= drafts && chosen[count - 1] == fed[count] && !request.StopIds.Contains(chosen[count - 1]));

        state.Truncate(state.Length - (1 + drafts - count));
        request.Lookup?.Accepted(drafts, count - 1);
        Figures.Drafts = (Figures.Drafts.Proposed + drafts, Figures.Drafts.Accepted + count - 1);
        return count;
    }
}
