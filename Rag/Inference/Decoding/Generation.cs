using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference;

/// <summary>One answer in the making, token by token.</summary>
/// <remarks>
/// With drafts a run reads several tokens and gives the logits behind each. Each position is sampled in its turn, from the same logits and with the same
/// random numbers as without drafts, and what a draft got wrong is forgotten: the text is the same, only its way is shorter.
/// </remarks>
internal sealed class Generation : IGeneration
{
    private readonly Decoder decoder;
    private readonly DecoderState state;
    private readonly GenerationRequest request;
    private readonly RunOptions options;
    private readonly int[] fed = new int[Decoder.LogitRowsMax];
    private readonly int[] chosen = new int[Decoder.LogitRowsMax];
    private readonly long started = Stopwatch.GetTimestamp();
    private long firstAt;
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
        Figures.OutputTokens++;
        if (firstAt == 0)
        {
            firstAt = Stopwatch.GetTimestamp();
            Figures.FirstToken = Stopwatch.GetElapsedTime(started, firstAt);
        }

        Figures.Decoding = Stopwatch.GetElapsedTime(firstAt);
        return true;
    }

    /// <summary>Reads what the state does not hold of the prompt, and chooses a token.</summary>
    private int ChooseFirst()
    {
        var logits = decoder.Run(state, request.Prompt.AsSpan(state.Length), 1, options);
        chosen[0] = request.Sampler.Next(logits);
        return 1;
    }

    /// <summary>Reads the token chosen last and the drafts behind it, and chooses a token at each place up to the first wrong draft.</summary>
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
