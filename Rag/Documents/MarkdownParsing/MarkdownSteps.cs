using Markdig;
using Markdig.Syntax;

namespace Pybo.Rag.Documents.MarkdownParsing;

/// <summary>Why a Markdown text is not parsed.</summary>
public enum MarkdownFault
{
    /// <summary>It would take more steps than its length allows.</summary>
    Costly,

    /// <summary>Its quotes, lists or brackets nest deeper than anybody writes.</summary>
    Deep,

    /// <summary>A table has more cells than anybody reads.</summary>
    LargeTable,
}

/// <summary>The text is not parsed, because parsing it could take longer than its length allows.</summary>
public sealed class MarkdownRefusedException(MarkdownFault fault, Exception? inner = null) : Exception($"The Markdown is refused: {fault}.", inner)
{
    public MarkdownFault Fault { get; } = fault;
}

/// <summary>
/// Counts what the parsers do with one text, and stops them. A step is a character that a parser may read, or a node that it may visit, without
/// getting ahead in the text. Every parser of <see cref="BoundedMarkdown"/> pays before it works, or, where only then it is known how far it has looked,
/// directly afterwards: a text takes at most <see cref="Max"/> steps, and those of the one parser that is stopped.
/// </summary>
/// <remarks>It travels as the context of a parse: Markdig's parsers are shared by all of them, this is not.</remarks>
public sealed class MarkdownSteps(int characters) : MarkdownParserContext
{
    /// <summary>A step takes 2 to 5 ns, and real texts take 1 to 10 a character: the longest post ends within 20 ms.</summary>
    public const int PerCharacter = 100;

    /// <summary>A short text may be a dense one: a table, a list of links.</summary>
    public const int ForAnyText = 100_000;

    private LeafBlock? leaf;

    /// <summary>Steps that this text may take: linear in its length, whatever it holds.</summary>
    public long Max { get; } = ForAnyText + ((long)PerCharacter * characters);

    public long Taken { get; private set; }

    /// <summary>Inlines, at most, that the present block has by now.</summary>
    internal int Inlines { get; set; }

    /// <summary>Delimiters (emphasis, brackets) of the present block that may be open around what follows.</summary>
    internal int Delimiters { get; set; }

    /// <summary>Definitions of links, at most, in the whole text by now.</summary>
    internal int Definitions { get; set; }

    internal BacktickRuns? Backticks { get; set; }

    /// <exception cref="MarkdownRefusedException">That was too much.</exception>
    internal void Take(long steps)
    {
        if (steps > Max - Taken)
        {
            throw new MarkdownRefusedException(MarkdownFault.Costly);
        }

        Taken += steps;
    }

    /// <summary>A parser is asked at a place of a block.</summary>
    internal void Enter(LeafBlock block)
    {
        if (!ReferenceEquals(leaf, block))
        {
            (leaf, Inlines, Delimiters, Backticks) = (block, 0, 0, null);
        }
    }
}
