using Markdig.Parsers;
using Markdig.Syntax;

namespace Pybo.Rag.Documents.MarkdownParsing;

/// <summary>What the parsers of blocks share.</summary>
internal static class BlockSteps
{
    /// <summary>Quotes and lists (with their items) inside each other: three times the deepest that real texts have.</summary>
    public const int ContainersMax = 48;

    /// <summary>A block of children is searched, or moved, about four nodes a step.</summary>
    public const int ChildrenPerStep = 4;

    extension(BlockProcessor processor)
    {
        public MarkdownSteps Steps => (MarkdownSteps)processor.Context!;

        /// <summary>Going on with a block of a line: parsers go back to the line's beginning to count its columns.</summary>
        public void TakeLine() => processor.Steps.Take(1 + processor.Line.Start - processor.CurrentLineStartPosition);

        /// <summary>Looking through the rest of a line that may be a thematic break.</summary>
        public void TakeThematicBreak()
        {
            if (processor.CurrentChar is '-' or '*' or '_')
            {
                processor.Steps.Take(processor.Line.Length);
            }
        }

        /// <summary>Opening a quote or a list.</summary>
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

        /// <summary>Removing a block: its parent looks for it from the beginning.</summary>
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
    /// <summary>What is behind a block that is cut out moves in one piece.</summary>
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

    /// <summary>Blank lines are kept as blocks while a list is open, and each is cut out of its item at the end.</summary>
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

/// <summary>Paragraphs, the definitions of links at their beginning, and what is a table instead.</summary>
internal sealed class BoundedParagraphParser : ParagraphBlockParser
{
    public override BlockState TryContinue(BlockProcessor processor, Block block)
    {
        // A line that may make a heading of the paragraph reads its definitions first, and a heading takes its place in the parent.
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

    /// <summary>Each definition that is found moves all lines behind it, and is looked for among those before; one that is not may be read to the paragraph's end.</summary>
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
