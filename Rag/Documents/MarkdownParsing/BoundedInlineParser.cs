using Markdig.Extensions.AutoLinks;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax.Inlines;

namespace Pybo.Rag.Documents.MarkdownParsing;

/// <summary>An inline parser that pays for its possible work: the delimiters open around it, the nodes it may search again, the text it reads in vain.</summary>
internal sealed class BoundedInlineParser : InlineParser, IPostInlineProcessor
{
    /// <summary>An address is unescaped, encoded, checked and written, each a few times.</summary>
    private const int StepsPerAddressCharacter = 16;

    private const int StepsPerLabelCharacter = 8;

    private readonly InlineParser parser;

    public BoundedInlineParser(InlineParser parser)
    {
        this.parser = parser;
        OpeningCharacters = parser.OpeningCharacters;
    }

    public override void Initialize()
    {
        parser.Initialize();
        OpeningCharacters = parser.OpeningCharacters;
    }

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var steps = (MarkdownSteps)processor.Context!;
        steps.Enter(processor.Block!);
        var before = slice;
        if (parser is CodeInlineParser && !CodeMayEnd(steps, slice))
        {
            return false;
        }

        var bracket = parser is LinkInlineParser && slice.CurrentChar == ']' ? processor.Inline?.FirstParentOfType<LinkDelimiterInline>() : null;
        steps.Take(Before(steps, slice, bracket));
        var isMatch = parser.Match(processor, ref slice);

        if (isMatch && parser is AutoLinkParser && processor.Inline is LinkInline address)
        {
            slice.Start -= BareAddress.CutParticle(address);
        }

        // The bracket has become a link or a word, and is no longer open.
        steps.Delimiters -= bracket is { Parent: null } ? 1 : 0;
        steps.Take(isMatch ? Found(processor, steps, before, slice) : LookedAt(before));
        return isMatch;
    }

    public bool PostProcess(InlineProcessor state, Inline? root, Inline? lastChild, int postInlineProcessorIndex, bool isFinalProcessing) =>
        parser is not IPostInlineProcessor post || post.PostProcess(state, root, lastChild, postInlineProcessorIndex, isFinalProcessing);

    /// <summary>Every inline is put into the innermost open delimiter, which is searched from the outermost. Some parsers scan all inlines of the block.</summary>
    private int Before(MarkdownSteps steps, StringSlice slice, LinkDelimiterInline? bracket) => 1 + steps.Delimiters + parser switch
    {
        // Emphasis is paired at the end, each delimiter with any earlier one.
        EmphasisInlineParser => steps.Delimiters,

        // The inlines between brackets are moved into a link, or out of a failed one.
        LinkInlineParser => Children(bracket),

        // The parser scans all earlier inlines for an open link.
        AutoLinkParser when MayBeAddress(slice) => steps.Inlines,
        _ => 0,
    };

    private static int Children(ContainerInline? container)
    {
        var children = 0;
        for (var child = container?.FirstChild; child is not null; child = child.NextSibling)
        {
            children++;
        }

        return children;
    }

    private long Found(InlineProcessor processor, MarkdownSteps steps, StringSlice before, StringSlice after)
    {
        // The inline, and the words before it.
        steps.Inlines += 2;
        if (processor.Inline is DelimiterInline)
        {
            steps.Delimiters++;
        }

        var read = after.Start - before.Start;
        return parser switch
        {
            // The parser read an address in parentheses in vain, before it took the words between the brackets for a reference.
            LinkInlineParser when before.CurrentChar == ']' && processor.Inline is LinkInline link =>
                (after.CurrentChar is '(' or '[' ? after.Length : read) + ((long)((link.Url?.Length ?? 0) + (link.Title?.Length ?? 0)) * StepsPerAddressCharacter),

            // The words between brackets are looked up among the definitions with culture-aware comparison.
            LinkInlineParser when processor.Inline is DelimiterInline => read + (ToNext(before, ']') * StepsPerLabelCharacter),

            // For Markdig's own tables the parser scans all inlines at each line that begins with a bar.
            CodeInlineParser => read + ((long)before.Text.AsSpan(before.Start, read).Count("\n|") * steps.Inlines),
            _ => read,
        };
    }

    /// <summary>Returns how far it may have read without finding anything.</summary>
    private int LookedAt(StringSlice slice) => parser switch
    {
        LinkInlineParser when slice.CurrentChar == ']' && slice.PeekChar() is '(' or '[' => slice.Length,
        LinkInlineParser when slice.CurrentChar == ']' => 1,
        LinkInlineParser => 1,
        AutolinkInlineParser { Options.EnableHtmlParsing: true } when char.IsAsciiLetter(slice.PeekChar()) || slice.PeekChar() is '/' or '!' or '?' => slice.Length,
        AutolinkInlineParser => ToNext(slice, '<'),
        AutoLinkParser => MayBeAddress(slice) ? slice.Length : 1,
        HtmlEntityParser => ToNext(slice, '&'),
        _ => 1,
    };

    private static int ToNext(StringSlice slice, char character)
    {
        var next = slice.AsSpan()[1..].IndexOf(character);
        return next < 0 ? slice.Length : next + 1;
    }

    private static bool MayBeAddress(StringSlice slice) => slice.AsSpan() is ['h', 't', 't', 'p', ..] or ['w', 'w', 'w', '.', ..] or ['f', 't', 'p', ':', ..]
        or ['m', 'a', 'i', 'l', ..] or ['t', 'e', 'l', ':', ..];

    /// <summary>Returns whether a run of equally many backticks follows; a look-up, since the parser would read to the end for each run.</summary>
    private static bool CodeMayEnd(MarkdownSteps steps, StringSlice slice)
    {
        if (slice.PeekCharExtra(-1) == '`')
        {
            return false;
        }

        if (steps.Backticks is null)
        {
            steps.Take(slice.Length);
            steps.Backticks = new(slice.Text.AsSpan(0, slice.End + 1), slice.Start);
        }

        return steps.Backticks.FollowsAgain(slice);
    }
}

/// <summary>Stores where the last run of backticks of each length begins in a block.</summary>
internal sealed class BacktickRuns
{
    private readonly Dictionary<int, int> last = [];

    /// <param name="text">Ends at the block's end.</param>
    /// <param name="start">Start of the first run.</param>
    public BacktickRuns(ReadOnlySpan<char> text, int start)
    {
        for (var at = start; at < text.Length; at++)
        {
            if (text[at] == '`')
            {
                var length = Length(text[at..]);
                last[length] = at;
                at += length - 1;
            }
        }
    }

    /// <summary>Returns true if a run as long as the one at this place follows it.</summary>
    public bool FollowsAgain(StringSlice at) => last.GetValueOrDefault(Length(at.AsSpan()), -1) > at.Start;

    /// <summary>Returns the end of the code that a run of backticks begins; the end of the run itself if nothing closes it.</summary>
    public int EndOfCode(ReadOnlySpan<char> text, int run)
    {
        var length = Length(text[run..]);
        if (last.GetValueOrDefault(length, -1) <= run)
        {
            return run + length;
        }

        var at = run + length;
        while (true)
        {
            at += text[at..].IndexOf('`');
            var next = Length(text[at..]);
            at += next;
            if (next == length)
            {
                return at;
            }
        }
    }

    private static int Length(ReadOnlySpan<char> text) => text.IndexOfAnyExcept('`') is >= 0 and var end ? end : text.Length;
}
