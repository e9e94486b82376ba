namespace Pybo.Rag.Tokenizers;

/// <summary>The "WhitespaceSplit" pre-tokenizer: cuts at Unicode white space and drops it. Punctuation stays with its word.</summary>
/// <example>"질문  있어요." → "질문", "있어요."</example>
internal sealed class WhitespaceSplit : PreTokenizer
{
    public override void PreTokenize(AlignedText text) => text.Cut(Cut);

    private static void Cut(ReadOnlySpan<char> chars, int start, List<TextSplit> cuts)
    {
        var from = 0;
        for (var i = 0; i <= chars.Length; i++)
        {
            if (i < chars.Length && !char.IsWhiteSpace(chars[i]))
            {
                continue;
            }
            if (i > from)
            {
                cuts.Add(new TextSplit(start + from, start + i, TextSplit.IsText));
            }
            from = i + 1;
        }
    }
}
