namespace Pybo.Rag.Tokenizers;

/// <summary>When "Metaspace" prepends its mark to a span that does not begin with one.</summary>
internal enum PrependScheme
{
    Never,

    /// <summary>Only before the span that begins the original text.</summary>
    First,

    Always,
}

/// <summary>
/// The "Metaspace" pre-tokenizer: turns blanks into a visible mark (▁), which also starts every word, and cuts before each mark. Only U+0020 counts
/// as a blank: the normaliser handles other white space.
/// </summary>
/// <example>"질문 있어요" → "▁질문", "▁있어요" (always, split).</example>
internal sealed class MetaspacePreTokenizer(char mark, PrependScheme scheme, bool split) : PreTokenizer
{
    private const char Blank = ' ';

    public override bool NeedsOffsets => scheme == PrependScheme.First;

    public override void PreTokenize(AlignedText text)
    {
        text.Rewrite(Mark);
        if (split)
        {
            text.Cut(Cut);
        }
    }

    private void Mark(AlignedSpan source, AlignedBuffer target)
    {
        var chars = source.Chars;
        ReadOnlySpan<char> written = [mark];
        var first = source.TracksOffsets ? source.Alignments[0] : default;
        if (chars[0] != Blank && chars[0] != mark && (scheme == PrependScheme.Always || (scheme == PrependScheme.First && first.Start == 0)))
        {
            // The mark is aligned to the first character, as in the reference implementation.
            target.Append(written, first);
        }
        var copied = 0;
        for (int blank; (blank = chars[copied..].IndexOf(Blank)) >= 0; copied += blank + 1)
        {
            target.Append(source[copied..(copied + blank)]);
            target.Append(written, source.TracksOffsets ? source.Alignments[copied + blank] : default);
        }
        target.Append(source[copied..]);
    }

    private void Cut(ReadOnlySpan<char> chars, int start, List<TextSplit> cuts)
    {
        for (var from = 0; from < chars.Length;)
        {
            var next = chars[(from + 1)..].IndexOf(mark);
            var end = next < 0 ? chars.Length : from + 1 + next;
            cuts.Add(new TextSplit(start + from, start + end, TextSplit.IsText));
            from = end;
        }
    }
}

/// <summary>The "Metaspace" decoder: turns marks into blanks, except those of the first token, which the pre-tokenizer added.</summary>
/// <example>"▁질문", "▁있", "어요" → "질문", " 있", "어요".</example>
internal sealed class MetaspaceDecoder(char mark, PrependScheme scheme) : SingleTokenDecoder
{
    public override string Decode(string token, int index) => index == 0 && scheme != PrependScheme.Never
        ? token.Replace(mark.ToString(), string.Empty, StringComparison.Ordinal)
        : token.Replace(mark, ' ');
}
