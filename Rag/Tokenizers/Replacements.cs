using System.Text.RegularExpressions;

namespace Pybo.Rag.Tokenizers;

/// <summary>
/// The "Replace" normaliser: every match of a pattern (a literal or a regular expression) becomes a fixed text, aligned to
/// the last character it replaces. Patterns are read as .NET regular expressions; no group is expanded in the content.
/// </summary>
/// <example>Regex " {2,}" → " ": "a   b" → "a b", the blank aligned to the third of the three.</example>
internal sealed class ReplaceNormalizer(Regex pattern, string content) : Normalizer
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
        foreach (var match in pattern.EnumerateMatches(source.Chars))
        {
            var end = match.Index + match.Length;
            target.Append(source[copied..match.Index]);
            target.Append(content, source.TracksOffsets && end > 0 ? source.Alignments[end - 1] : default);
            copied = end;
        }
        target.Append(source[copied..]);
    }
}

/// <summary>The "Replace" decoder: the same within every token.</summary>
/// <example>"▁" → " ": "▁나무" → " 나무".</example>
internal sealed class ReplaceDecoder(Regex pattern, string content) : TokenDecoder
{
    // An evaluator, because a replacement string would read "$1" in the content as a group.
    public override string Decode(string token, int index) => pattern.Replace(token, _ => content);
}
