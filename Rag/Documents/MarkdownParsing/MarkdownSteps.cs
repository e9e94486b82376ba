using Markdig;
using Markdig.Syntax;

namespace Pybo.Rag.Documents.MarkdownParsing;

/// <summary>The reason why a Markdown text is not parsed.</summary>
public enum MarkdownFault
{
    /// <summary>It would take more steps than its length allows.</summary>
    Costly,

    /// <summary>Its quotes, lists or brackets nest deeper than in any real text.</summary>
    Deep,

    /// <summary>A table has more cells than a person reads.</summary>
    LargeTable,
}

/// <summary>Thrown for a text whose parsing could take longer than its length allows.</summary>
public sealed class MarkdownRefusedException(MarkdownFault fault, Exception? inner = null) : Exception($"The Markdown is refused: {fault}.", inner)
{
    public MarkdownFault Fault { get; } = fault;
}

/// <summary>
/// Counts the work of the parsers on one text, and stops them. A step is a character that a parser may read, or a node that it may visit, without
/// advancing in the text. Every parser of <see cref="BoundedMarkdown"/> pays before it works or, if the distance is only known then, directly
/// afterwards: a text takes at most <see cref="Max"/> steps, plus those of the one parser that is stopped.
/// </summary>
/// <remarks>It is the context of one parse: Markdig's parsers are shared by all parses, this is not.</remarks>
public sealed class MarkdownSteps(int characters) : MarkdownParserContext
{
    /// <summary>A step takes 2 to 5 ns, and real texts take 1 to 10 per character: the longest post finishes within 20 ms.</summary>
    public const int PerCharacter = 100;

    /// <summary>A short text may be dense: a table, a list of links.</summary>
    public const int ForAnyText = 100_000;

    private LeafBlock? leaf;

    /// <summary>Steps that this text may take: linear in its length, for any content.</summary>
    public long Max { get; } = ForAnyText + ((long)PerCharacter * characters);

    public long Taken { get; private set; }

    /// <summary>Upper bound of the inlines in the current block so far.</summary>
    internal int Inlines { get; set; }

    /// <summary>Delimiters (emphasis, brackets) of the current block that may be open around the text that follows.</summary>
    internal int Delimiters { get; set; }

    /// <summary>Upper bound of the link definitions in the whole text so far.</summary>
    internal int Definitions { get; set; }

    internal BacktickRuns? Backticks { get; set; }

    /// <exception cref="MarkdownRefusedException">The text has used up its steps.</exception>
    internal void Take(long steps)
    {
        if (steps > Max - Taken)
        {
            throw new MarkdownRefusedException(MarkdownFault.Costly);
        }

        Taken += steps;
    }

    /// <summary>Called when a parser starts at a place in a block.</summary>
    internal void Enter(LeafBlock block)
    {
        if (!ReferenceEquals(leaf, block))
        {
            (leaf, Inlines, Delimiters, Backticks) = (block, 0, 0, null);
        }
    }
}
