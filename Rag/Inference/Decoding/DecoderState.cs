using System.Runtime.InteropServices;

namespace Pybo.Rag.Inference;

/// <summary>One text that a decoder has read: its ids, their keys and values, and the bindings of the runs that go on from there.</summary>
/// <param name="owned">What is disposed with it: the cache and the bindings.</param>
/// <param name="cache">Keys and values.</param>
/// <param name="binding">Of the session that writes answers.</param>
/// <param name="promptBinding">Of the session that reads prompts, where there is one.</param>
/// <param name="tokensMax">The most ids.</param>
internal sealed class DecoderState(Owned owned, KvCache cache, ModelBinding binding, ModelBinding? promptBinding, int tokensMax) : IDisposable
{
    private readonly List<int> tokens = new(tokensMax);

    public KvCache Cache => cache;

    /// <summary>Tokens it has read.</summary>
    public int Length => tokens.Count;

    public ModelBinding Binding => binding;

    /// <summary>The same for the session that reads prompts, where there is one.</summary>
    public ModelBinding? PromptBinding => promptBinding;

    /// <summary>How many leading ids of a prompt have been read already.</summary>
    public int CommonPrefix(ReadOnlySpan<int> prompt) => CollectionsMarshal.AsSpan(tokens).CommonPrefixLength(prompt);

    /// <summary>Counts tokens that a run has read.</summary>
    public void Advance(ReadOnlySpan<int> read)
    {
        cache.Advance(read.Length);
        tokens.AddRange(read);
    }

    /// <summary>Forgets all but the first tokens.</summary>
    public void Truncate(int length)
    {
        cache.Truncate(length);
        tokens.RemoveRange(length, tokens.Count - length);
    }

    /// <summary>Holds another state's first tokens instead of its own.</summary>
    public void CopyFrom(DecoderState other, int length)
    {
        tokens.Clear();
        tokens.AddRange(other.tokens.Take(length));
        cache.CopyFrom(other.Cache, length);
    }

    public void Dispose() => owned.Dispose();
}
