namespace Pybo.Rag.Tokenizers;

/// <summary>The "TemplateProcessing" post-processor for one text: the special tokens before and after it. Token types and pairs are not read.</summary>
/// <example>single = [&lt;s&gt;, A, &lt;/s&gt;]: ids 40 864 → 0 40 864 2.</example>
internal sealed class TemplateProcessing(IReadOnlyList<SpecialToken> before, IReadOnlyList<SpecialToken> after) : PostProcessor
{
    public override IReadOnlyList<SpecialToken> Before => before;

    public override IReadOnlyList<SpecialToken> After => after;
}
