namespace Pybo.Rag.Tokenizers;

/// <summary>
/// Puts special tokens around the ids of one text: "TemplateProcessing", "BertProcessing", "RobertaProcessing" and "ByteLevel" differ only in the
/// tokens. Token types and pairs of texts are ignored.
/// </summary>
/// <param name="TrimsOffsets">Excludes white space at the ends of a token from its offset.</param>
/// <example>single = [&lt;s&gt;, A, &lt;/s&gt;]: ids 40 864 → 0 40 864 2.</example>
internal sealed record PostProcessor(IReadOnlyList<SpecialToken> Before, IReadOnlyList<SpecialToken> After, bool TrimsOffsets = false)
{
    public static PostProcessor None { get; } = new([], []);

    /// <summary>Applies this one first, then the other around its result.</summary>
    public PostProcessor Then(PostProcessor outer) =>
        new([.. outer.Before, .. Before], [.. After, .. outer.After], TrimsOffsets || outer.TrimsOffsets);
}

/// <summary>A special token that is not in the text.</summary>
internal readonly record struct SpecialToken(int Id, string Value);
