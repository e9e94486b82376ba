using Markdig.Parsers;
using Markdig.Syntax;

namespace Pybo.Rag.Documents.MarkdownParsing;

/// <summary>The step counts that block parsers share.</summary>
internal static class BlockSteps
{
    /// <summary>The nesting limit for quotes and lists (with their items): three times the deepest that real texts have.</summary>
    public const int ContainersMax = 48;

    /// <summary>Searching or moving a block of children handles about four nodes per step.</summary>
    public const int ChildrenPerStep = 4;

    extension(BlockProcessor processor)
    {
        public MarkdownSteps Steps => (MarkdownSteps)processor.Context!;

        /// <summary>Pays for continuing a block on a line: parsers return to the line's beginning to count its columns.</summary>
        public void TakeLine() => processor.Steps.Take(1 + processor.Line.Start - processor.CurrentLineStartPosition);

        /// <summary>Pays for scanning the rest of a line that may be a thematic break.</summary>
        public void TakeThematicBreak()
        {
            if (processor.CurrentChar is '-' or '*' or '_')
            {
                processor.Steps.Take(processor.Line.Length);
            }
        }

        /// <summary>Pays for opening a quote or a list.</summary>
        public void TakeContainer()
        {
            processor.TakeLine();
            var depth = 0;
            for (Block? container = processor.CurrentContainer; container is not null; container = container.Parent)
            {
                depth++;
            }

            if (depth > ContainersMax)
            {
                throw new MarkdownRefusedException(MarkdownFault.Deep);
            }

            processor.Steps.Take(depth);
        }

        /// <summary>Pays for removing a block: its parent searches for it from the beginning.</summary>
        public void TakeRemoval(Block block) => processor.Steps.Take((block.Parent?.Count ?? 0) / ChildrenPerStep);
    }
}

internal sealed class BoundedQuoteParser : QuoteBlockParser
{
    public override BlockState TryOpen(BlockProcessor processor)
    {
        processor.TakeContainer();
        return base.TryOpen(processor);
    }

    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        processor.TakeLine();
        return base.TryContinue(processor, block);
    }
}

internal sealed class BoundedListParser : ListBlockParser
{
    /// <summary>Removing a block moves all later ones in one piece.</summary>
    private const int MovedPerStep = 32;

    public override BlockState TryOpen(BlockProcessor processor)
    {
        processor.TakeContainer();
        processor.TakeThematicBreak();
        return base.TryOpen(processor);
    }

    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        processor.TakeLine();
        processor.TakeThematicBreak();
        return base.TryContinue(processor, block);
    }

    /// <summary>Blank lines are kept as blocks while a list is open, and each is removed from its item at the end.</summary>
    public override bool Close(BlockProcessor processor, Block blockToClose)
    {
        if (blockToClose is ListBlock list)
        {
            processor.Steps.Take(list.Sum(item => (long)((ListItemBlock)item).Count * ((ListItemBlock)item).Count) / MovedPerStep);
        }

        return base.Close(processor, blockToClose);
    }
}

internal sealed class BoundedThematicBreakParser : ThematicBreakParser
{
    public override BlockState TryOpen(BlockProcessor processor)
    {
        processor.TakeThematicBreak();
        return base.TryOpen(processor);
    }
}

/// <summary>Parses paragraphs, the link definitions at their beginning, and the tables made from them.</summary>
internal sealed class BoundedParagraphParser : ParagraphBlockParser
{
    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        // A line that may turn the paragraph into a heading reads its definitions first, and the heading replaces it in the parent.
        if (processor.CurrentChar is '-' or '=')
        {
            processor.Steps.Take(processor.Line.Length + Characters((ParagraphBlock)block));
            TakeDefinitions(processor, (ParagraphBlock)block);
            processor.TakeRemoval(block);
        }

        processor.TakeLine();
        return base.TryContinue(processor, block);
    }

    public override bool Close(BlockProcessor processor, Block block)
    {
        if (block is not ParagraphBlock paragraph)
        {
            return base.Close(processor, block);
        }

        TakeDefinitions(processor, paragraph);
        if (!base.Close(processor, block))
        {
            processor.TakeRemoval(block);
            return false;
        }

        PipeTable.Replace(paragraph, processor.Steps);
        return true;
    }

    /// <summary>Each definition found moves all later lines and is searched for among the earlier definitions; a failed one may be read to the paragraph's end.</summary>
    private static void TakeDefinitions(BlockProcessor processor, ParagraphBlock paragraph)
    {
        var lines = paragraph.Lines.Count;
        if (lines == 0 || !paragraph.Lines.Lines[0].Slice.AsSpan().TrimStart().StartsWith('['))
        {
            return;
        }

        var definitions = 0;
        for (var at = 0; at < lines; at++)
        {
            definitions += paragraph.Lines.Lines[at].Slice.AsSpan().TrimStart().StartsWith('[') ? 1 : 0;
        }

        processor.Steps.Definitions += definitions;
        processor.Steps.Take((definitions * (lines + ((long)processor.Steps.Definitions / BlockSteps.ChildrenPerStep))) + Characters(paragraph));
    }

    private static long Characters(ParagraphBlock paragraph)
    {
        var lines = paragraph.Lines;
        return lines.Count == 0 ? 0 : lines.Lines[lines.Count - 1].Slice.End - lines.Lines[0].Slice.Start + 1L;
    }
}
