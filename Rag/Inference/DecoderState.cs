using System.Runtime.InteropServices;
using Pybo.Rag.Onnx;

namespace Pybo.Rag.Inference;

/// <summary>One text that a decoder has read: its ids, their keys and values, and the bindings of the runs that go on from there.</summary>
internal sealed class DecoderState(KvCache cache, OrtIoBinding binding, OrtIoBinding? promptBinding, int tokensMax) : IDisposable
{
    private readonly List<int> tokens = new(tokensMax);

    public KvCache Cache => cache;

    /// <summary>Tokens it has read.</summary>
    public int Length => tokens.Count;

    public OrtIoBinding Binding => binding;

    /// <summary>The same for the session that reads prompts, where there is one.</summary>
    public OrtIoBinding? PromptBinding => promptBinding;

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

    public void Dispose()
    {
        binding.Dispose();
        promptBinding?.Dispose();
        cache.Dispose();
    }
}
