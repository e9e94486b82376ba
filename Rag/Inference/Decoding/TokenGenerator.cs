using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference;

/// <summary>From prompts to answers over one decoder.</summary>
/// <remarks>
/// Keeps what it has read of the last prompts (<see cref="StatesMax"/> of them at most), so that a prompt that begins like one of them is computed
/// from where they part. One generation at a time.
/// </remarks>
internal sealed class TokenGenerator : IDisposable
{
    /// <summary>Texts that are remembered side by side.</summary>
    public const int StatesMax = 4;

    /// <summary>Memory that their caches may take together when full; one is always kept.</summary>
    public const long StateBytesMax = 512L << 20;

    private readonly Decoder decoder;
    private readonly List<DecoderState> states = []; // the one used last comes last
    private readonly int statesMax;

    public TokenGenerator(Decoder decoder)
    {
        this.decoder = decoder;
        var stateBytes = (long)decoder.Layout.TokenBytes * decoder.ContextTokensMax;
        statesMax = (int)Math.Clamp(StateBytesMax / stateBytes, 1, StatesMax);
    }

    /// <summary>Begins to continue a prompt; nothing runs until the first token is asked for.</summary>
    /// <param name="request">The prompt with its limits: together not longer than the decoder's context.</param>
    /// <param name="options">Stops it: see <see cref="Decoder.Run"/>.</param>
    public Generation Begin(GenerationRequest request, RunOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(request.Prompt.Length, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Prompt.Length + request.OutputMax, decoder.ContextTokensMax, nameof(request));
        return new(decoder, Take(request.Prompt), request, options);
    }

    public void Dispose() => states.ForEach(state => state.Dispose());

    /// <summary>A state that holds as much of the prompt's beginning as any does, but not its last token: that one is fed for its logits.</summary>
    private DecoderState Take(ReadOnlySpan<int> prompt)
    {
        var (best, common) = ((DecoderState?)null, 0);
        foreach (var state in states)
        {
            if (state.CommonPrefix(prompt[..^1]) is var length && length > common)
            {
                (best, common) = (state, length);
            }
        }

        // To continue a text is to keep its state. To share but the beginning of one (the instructions, say) is not to lose the rest of it.
        var taken = best is not null && 2 * common >= best.Length ? best
            : states.Count < statesMax ? decoder.CreateState()
            : states[0];
        if (taken == best || best is null)
        {
            taken.Truncate(common);
        }
        else
        {
            taken.CopyFrom(best, common);
        }

        states.Remove(taken);
        states.Add(taken);
        return taken;
    }
}

/// <summary>What to continue, and how far.</summary>
/// <param name="Prompt">The ids.</param>
/// <param name="OutputMax">The most tokens to choose.</param>
/// <param name="StopIds">Ids that end the answer.</param>
/// <param name="Sampler">Chooses.</param>
/// <param name="Lookup">Proposes drafts; null where they do not pay.</param>
internal sealed record GenerationRequest(int[] Prompt, int OutputMax, IReadOnlySet<int> StopIds, Sampler Sampler, PromptLookup? Lookup);
