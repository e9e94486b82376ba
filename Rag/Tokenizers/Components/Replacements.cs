namespace Pybo.Rag.Tokenizers;

/// <summary>
/// The "Replace" normaliser: replaces every match of a pattern with a fixed text, aligned to the last character of the match. Groups in the content
/// are not expanded.
/// </summary>
/// <example>Regex " {2,}" → " ": "a   b" → "a b", the blank aligned to the third of the three.</example>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    public override void Normalize(AlignedText text)
    {
        foreach (var split in text.Splits)
        {
            if (split.AddedTokenId == TextSplit.IsText && pattern.IsMatch(text.CharsOf(split)))
            {
                text.Rewrite(Rewrite);
                return;
            }
        }
    }

    private void Rewrite(AlignedSpan source, AlignedBuffer target)
    {
        var copied = 0;
        foreach (var (start, end) in pattern.Matches(source.Chars))
        {
            target.Append(source[copied..start]);
            target.Append(content, source.TracksOffsets && end > 0 ? source.Alignments[end - 1] : default);
            copied = end;
        }
        target.Append(source[copied..]);
    }
}

/// <summary>The "Replace" decoder: replaces within every token.</summary>
/// <example>"▁" → " ": "▁나무" → " 나무".</example>
internal sealed class ReplaceDecoder(TextPattern pattern, string content) : SingleTokenDecoder
{
    public override string Decode(string token, int index) => pattern.Replace(token, content);
}
