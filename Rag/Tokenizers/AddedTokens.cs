using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace Pybo.Rag.Tokenizers;

/// <summary>One entry of "added_tokens": a text that always has this id, whatever the model would do with it.</summary>
/// <param name="SingleWord">Matches only without a letter, mark, digit or connector next to it.</param>
/// <param name="LeftStrip">Includes the white space before it.</param>
/// <param name="RightStrip">Includes the white space after it.</param>
/// <param name="Normalized">Normalised and searched for in the normalised text; otherwise in the original.</param>
/// <param name="Special">Omitted when ids are decoded.</param>
internal sealed record AddedToken(int Id, string Content, bool SingleWord, bool LeftStrip, bool RightStrip, bool Normalized, bool Special)
{
    /// <summary>Bracketed names that a document may well contain.</summary>
    private static readonly FrozenSet<string> HtmlNames = FrozenSet.Create(StringComparer.Ordinal,
    [
        "a", "article", "aside", "b", "blockquote", "body", "br", "caption", "code", "col", "dd", "div", "dl", "dt", "em", "footer", "form",
        "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "i", "iframe", "img", "input", "li", "link", "main", "meta", "nav", "ol",
        "p", "pre", "s", "script", "section", "small", "span", "strike", "strong", "style", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
        "thead", "title", "tr", "u", "ul",
    ]);

    /// <summary>
    /// It steers the model and is not text, so only the program may write it. The file calls only some of these special, and a fine-tuned model may
    /// give a meaning to any spare one. So all the others that look like one count too: everything in brackets except HTML tags.
    /// </summary>
    /// <example>&lt;end_of_turn&gt;, &lt;unused7&gt;, [multimodal], &lt;mask&gt;, but not "\n\n", &lt;td&gt; or a word.</example>
    public bool IsControl { get; } = Special || (IsBracketed(Content) && !IsHtmlTag(Content));

    private static bool IsBracketed(string text) => text.Trim() is ['<', .., '>'] or ['[', .., ']'] or ['{', .., '}'] or ['|', .., '|'];

    private static bool IsHtmlTag(string text) => text is ['<', .., '>'] && HtmlNames.Contains(text[1..^1].Trim('/'));
}

/// <summary>Finds added tokens in text: leftmost first, the longest at each place. It does not normalise.</summary>
/// <example>"&lt;s&gt; 특수" → &lt;s&gt; at [0,3), text [3,6).</example>
internal sealed class AddedTokenFinder
{
    private readonly AddedToken[] tokens;
    private readonly PieceTrie trie;
    private readonly SearchValues<char> firstCharacters;

    private AddedTokenFinder(IReadOnlyList<string> texts, AddedToken[] tokens)
    {
        this.tokens = tokens;
        trie = PieceTrie.Build(texts);
        firstCharacters = SearchValues.Create([.. texts.Select(text => text[0])]);
    }

    /// <summary>Creates a finder; returns null if there are no tokens to find.</summary>
    /// <param name="tokens">Each with the text to search for; a normalised token's differs from its content.</param>
    public static AddedTokenFinder? Create(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        (string Text, AddedToken Token)[] found = [.. tokens.Where(t => t.Text.Length > 0)];
        return found.Length == 0 ? null : new AddedTokenFinder([.. found.Select(t => t.Text)], [.. found.Select(t => t.Token)]);
    }

    /// <param name="controls">False leaves control tokens in the text as ordinary characters.</param>
    public void Cut(AlignedText text, bool controls) =>
        text.Cut((ReadOnlySpan<char> chars, int start, List<TextSplit> cuts) => Cut(chars, start, cuts, controls));

    private void Cut(ReadOnlySpan<char> chars, int start, List<TextSplit> cuts, bool controls)
    {
        var done = 0;
        for (var from = 0; chars[from..].IndexOfAny(firstCharacters) is var next && next >= 0;)
        {
            var begin = from + next;
            var (token, end) = LongestAt(chars, begin);
            if (token is null)
            {
                from = begin + 1;
                continue;
            }
            from = end;
            if ((token.IsControl && !controls) || (token.SingleWord && !StandsAlone(chars, begin, end)))
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

    private (AddedToken? Token, int End) LongestAt(ReadOnlySpan<char> chars, int begin)
    {
        var longest = ((AddedToken?)null, begin);
        var walk = trie.Start();
        for (var end = begin; end < chars.Length && walk.Step(chars[end]); end++)
        {
            if (walk.Piece != PieceTrie.NoPiece)
            {
                longest = (tokens[walk.Piece], end + 1);
            }
        }
        return longest;
    }

    private static bool StandsAlone(ReadOnlySpan<char> chars, int begin, int end) =>
        (begin == 0 || !IsWord(chars[begin - 1])) && (end == chars.Length || !IsWord(chars[end]));

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation;
}
