using Microsoft.ML.OnnxRuntime;

namespace Pybo.Rag.Inference;

/// <summary>Generates answers to prompts with one decoder.</summary>
/// <remarks>
/// Keeps the states of the last prompts (at most <see cref="StatesMax"/>), so that a prompt that begins like one of them is computed only from where
/// they differ. One generation at a time.
/// </remarks>
internal sealed class TokenGenerator : IDisposable
{
    /// <summary>Maximum number of texts kept.</summary>
    public const int StatesMax = 4;

    /// <summary>Memory that their full caches may take together; one is always kept.</summary>
    public const long StateBytesMax = 512L << 20;

    private readonly Decoder decoder;
    private readonly List<DecoderState> states = []; // the most recently used one is last
    private readonly int statesMax;

    public TokenGenerator(Decoder decoder)
    {
        this.decoder = decoder;
        var stateBytes = (long)decoder.Layout.TokenBytes * decoder.ContextTokensMax;
        statesMax = (int)Math.Clamp(StateBytesMax / stateBytes, 1, StatesMax);
    }

    /// <summary>Starts continuing a prompt; nothing runs until the first token is requested.</summary>
    /// <param name="request">The prompt with its limits, together no longer than the decoder's context.</param>
    /// <param name="options">Stops the generation: see <see cref="Decoder.Run"/>.</param>
    public Generation Begin(GenerationRequest request, RunOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(request.Prompt.Length, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Prompt.Length + request.OutputMax, decoder.ContextTokensMax, nameof(request));
        return new(decoder, Take(request.Prompt), request, options);
    }

    public void Dispose() => states.ForEach(state => state.Dispose());

    /// <summary>Returns a state with the longest common prefix, but without the prompt's last token: that one is fed for its logits.</summary>
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

        // Continuing a text reuses its state. A prompt that shares only the beginning (the instructions, say) must not lose the rest of it.
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

/// <summary>A prompt to continue, with its limits.</summary>
/// <param name="Prompt">The ids.</param>
/// <param name="OutputMax">The maximum number of tokens to choose.</param>
/// <param name="StopIds">Ids that end the answer.</param>
/// <param name="Sampler">Chooses the tokens.</param>
/// <param name="Lookup">Proposes drafts; null if they do not pay off.</param>
internal sealed record GenerationRequest(int[] Prompt, int OutputMax, IReadOnlySet<int> StopIds, Sampler Sampler, PromptLookup? Lookup);
