namespace Pybo.Rag.Tokenizers;

/// <summary>How the separators of a split are treated.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,

    /// <summary>Adjacent separators form one span.</summary>
    Contiguous,
}

/// <summary>The "Split" pre-tokenizer: cuts at the matches of a pattern.</summary>
/// <param name="inverted">The matches are the words, and the text between them the separators.</param>
/// <example>"a-b" at "-": Removed a b, Isolated a - b, MergedWithPrevious a- b, MergedWithNext a -b.</example>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool inverted) : PreTokenizer
{
    public override void PreTokenize(AlignedText text) => text.Cut(Cut);

    private void Cut(ReadOnlySpan<char> chars, int start, List<TextSplit> cuts)
    {
        var cutter = new SeparatorCutter(behavior, start, cuts);
        var done = 0;
        foreach (var (from, to) in pattern.Matches(chars))
        {
            cutter.Add(done, from, isSeparator: inverted);
            cutter.Add(from, to, isSeparator: !inverted);
            done = to;
        }
        cutter.Add(done, chars.Length, isSeparator: inverted);
    }
}

/// <summary>Adds adjacent spans of a text, each a separator or not, to its cuts according to a behaviour.</summary>
internal ref struct SeparatorCutter(SplitBehavior behavior, int start, List<TextSplit> cuts)
{
    private bool hasLast;
    private bool lastIsSeparator;

    /// <summary>[from, to) follows the previous span. Empty ones are ignored.</summary>
    public void Add(int from, int to, bool isSeparator)
    {
        if (from == to)
        {
            return;
        }
        var joinsLast = hasLast && behavior switch
        {
            SplitBehavior.Contiguous => isSeparator == lastIsSeparator,
            SplitBehavior.MergedWithPrevious => isSeparator && !lastIsSeparator,
            SplitBehavior.MergedWithNext => !isSeparator && lastIsSeparator,
            _ => false,
        };
        if (joinsLast)
        {
            cuts[^1] = cuts[^1] with { End = start + to };
        }
        else if (behavior != SplitBehavior.Removed || !isSeparator)
        {
            cuts.Add(new TextSplit(start + from, start + to, TextSplit.IsText));
        }
        (hasLast, lastIsSeparator) = (true, isSeparator);
    }
}
