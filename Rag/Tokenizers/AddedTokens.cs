using System.Buffers;
using System.Globalization;

namespace Pybo.Rag.Tokenizers;

/// <summary>One entry of "added_tokens": a text that is always this one id, whatever the model would make of it.</summary>
/// <param name="SingleWord">Only where no letter, mark, digit or connector stands beside it.</param>
/// <param name="LeftStrip">Takes the white space before it along.</param>
/// <param name="RightStrip">Takes the white space after it along.</param>
/// <param name="Normalized">Looked for in the normalised text, itself normalised; otherwise in the original.</param>
/// <param name="Special">Left out when ids are decoded.</param>
internal sealed record AddedToken(int Id, string Content, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized, bool Special);

/// <summary>Finds added tokens in text: leftmost first, of those at one place the longest. It does not normalise.</summary>
/// <example>"&lt;s&gt; 특수" → &lt;s&gt; at [0,3), text [3,6).</example>
internal sealed class AddedTokenFinder
{
    private readonly Dictionary<string, AddedToken>.AlternateLookup<ReadOnlySpan<char>> byText;
    private readonly SearchValues<string> texts;
    private readonly int[] lengthsLongestFirst;

    private AddedTokenFinder(Dictionary<string, AddedToken> tokens)
    {
        byText = tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        texts = SearchValues.Create([.. tokens.Keys], StringComparison.Ordinal);
        lengthsLongestFirst = [.. tokens.Keys.Select(t => t.Length).Distinct().OrderDescending()];
    }

    /// <summary>Null where there is nothing to find.</summary>
    /// <param name="tokens">Each with the text to look for, which for normalised tokens is not the content.</param>
    public static AddedTokenFinder? Create(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        var byText = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var (text, token) in tokens.Where(t => t.Text.Length > 0))
        {
            byText[text] = token;
        }
        return byText.Count == 0 ? null : new AddedTokenFinder(byText);
    }

    public void Cut(AlignedText text) => text.Cut(Cut);

    private void Cut(ReadOnlySpan<char> chars, int start, List<TextSplit> cuts)
    {
        var done = 0;
        for (var from = 0; chars[from..].IndexOfAny(texts) is var next && next >= 0;)
        {
            var begin = from + next;
            var (token, end) = LongestAt(chars, begin);
            from = end;
            if (token.SingleWord && !StandsAlone(chars, begin, end))
            {
                continue;
            }
            if (token.LeftStrip)
            {
                begin = Math.Max(done, chars[..begin].TrimEnd().Length);
            }
            if (token.RightStrip)
            {
                end = chars.Length - chars[end..].TrimStart().Length;
                from = end;
            }
            if (begin > done)
            {
                cuts.Add(new TextSplit(start + done, start + begin, TextSplit.IsText));
            }
            cuts.Add(new TextSplit(start + begin, start + end, token.Id));
            done = end;
        }
        if (done < chars.Length)
        {
            cuts.Add(new TextSplit(start + done, start + chars.Length, TextSplit.IsText));
        }
    }

    private (AddedToken Token, int End) LongestAt(ReadOnlySpan<char> chars, int begin)
    {
        foreach (var length in lengthsLongestFirst)
        {
            if (begin + length <= chars.Length && byText.TryGetValue(chars.Slice(begin, length), out var token))
            {
                return (token, begin + length);
            }
        }
        throw new InvalidOperationException("a match that no added token explains");
    }

    private static bool StandsAlone(ReadOnlySpan<char> chars, int begin, int end) =>
        (begin == 0 || !IsWord(chars[begin - 1])) && (end == chars.Length || !IsWord(chars[end]));

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
