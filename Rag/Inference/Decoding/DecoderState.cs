using System.Runtime.InteropServices;

namespace Pybo.Rag.Inference;

/// <summary>One text that a decoder has read: its ids, their keys and values, and the bindings of the runs that continue it.</summary>
/// <param name="owned">The cache and the bindings, disposed with this state.</param>
/// <param name="cache">The keys and values.</param>
/// <param name="binding">The binding of the session that writes answers.</param>
/// <param name="promptBinding">The binding of the session that reads prompts, if there is one.</param>
/// <param name="tokensMax">The maximum number of ids.</param>
internal sealed class DecoderState(Owned owned, KvCache cache, ModelBinding binding, ModelBinding? promptBinding, int tokensMax) : IDisposable
{
    private readonly List<int> tokens = new(tokensMax);

    public KvCache Cache => cache;

    /// <summary>Tokens read so far.</summary>
    public int Length => tokens.Count;

    public ModelBinding Binding => binding;

    /// <summary>The binding of the session that reads prompts, if there is one.</summary>
    public ModelBinding? PromptBinding => promptBinding;

    /// <summary>Counts the leading ids of a prompt that have already been read.</summary>
    public int CommonPrefix(ReadOnlySpan<int> prompt) => CollectionsMarshal.AsSpan(tokens).CommonPrefixLength(prompt);

    /// <summary>Appends tokens that a run has read.</summary>
    public void Advance(ReadOnlySpan<int> read)
    {
        cache.Advance(read.Length);
        tokens.AddRange(read);
    }

    /// <summary>Drops all but the first tokens.</summary>
    public void Truncate(int length)
    {
        cache.Truncate(length);
        tokens.RemoveRange(length, tokens.Count - length);
    }

    /// <summary>Replaces its content with another state's first tokens.</summary>
    public void CopyFrom(DecoderState other, int length)
    {
        tokens.Clear();
        tokens.AddRange(other.tokens.Take(length));
        cache.CopyFrom(other.Cache, length);
    }

    public void Dispose() => owned.Dispose();
}
