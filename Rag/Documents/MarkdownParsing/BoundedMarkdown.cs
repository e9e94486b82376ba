using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Syntax;

namespace Pybo.Rag.Documents.MarkdownParsing;

/// <summary>
/// Markdig with a bound. On its own it takes quadratic time or worse for unclosed links, code spans, emphasis, definitions and
/// nested lists, and it builds tables from finished inlines, with emphasis across cells. Here every parser counts its steps
/// (<see cref="MarkdownSteps"/>), and tables are made of lines before inlines are parsed (<see cref="PipeTable"/>).
/// </summary>
/// <remarks>Shared by the posts that pages show, the posts that are indexed, and documents.</remarks>
public static class BoundedMarkdown
{
    /// <summary>Finishes a pipeline. Pipe tables, footnotes and formulas are included; nothing may be added afterwards.</summary>
    public static MarkdownPipeline BuildBounded(this MarkdownPipelineBuilder builder)
    {
        // Otherwise **굵게(bold)**를 keeps its asterisks: the particle follows a punctuation mark.
        builder.UseCjkFriendlyEmphasis();
        builder.Extensions.Add(new Bounds());
        return builder.Build();
    }

    /// <param name="markdown">The text.</param>
    /// <param name="pipeline">Made by <see cref="BuildBounded"/>.</param>
    /// <exception cref="MarkdownRefusedException">It would take too long, or is too deep.</exception>
    public static MarkdownDocument Parse(string markdown, MarkdownPipeline pipeline) => Parse(markdown, pipeline, new MarkdownSteps(markdown.Length));

    /// <summary>Parses, and leaves the step count to the caller.</summary>
    public static MarkdownDocument Parse(string markdown, MarkdownPipeline pipeline, MarkdownSteps steps)
    {
        try
        {
            var document = Markdown.Parse(markdown, pipeline, steps);
            Footnotes.Mark(document);
            return document;
        }
        catch (ArgumentException nesting)
        {
            // Markdig reports its own depth limit with this exception.
            throw new MarkdownRefusedException(MarkdownFault.Deep, nesting);
        }
    }

    /// <summary>Must be last, after the other extensions have added their parsers.</summary>
    private sealed class Bounds : IMarkdownExtension
    {
        public void Setup(MarkdownPipelineBuilder pipeline)
        {
            for (var at = 0; at < pipeline.BlockParsers.Count; at++)
            {
                pipeline.BlockParsers[at] = pipeline.BlockParsers[at] switch
                {
                    ParagraphBlockParser => new BoundedParagraphParser(),
                    ListBlockParser => new BoundedListParser(),
                    QuoteBlockParser => new BoundedQuoteParser(),
                    ThematicBreakParser => new BoundedThematicBreakParser(),
                    var parser => parser,
                };
            }

            // Otherwise a row of dashes would begin a list.
            pipeline.BlockParsers.Insert(0, new PipeTableBlockParser());
            pipeline.BlockParsers.Insert(0, new FootnoteBlockParser());
            pipeline.BlockParsers.InsertBefore<FencedCodeBlockParser>(new MathBlockParser());
            pipeline.InlineParsers.Insert(0, new FootnoteMarkParser());
            pipeline.InlineParsers.Insert(0, new FormulaInlineParser());
            for (var at = 0; at < pipeline.InlineParsers.Count; at++)
            {
                pipeline.InlineParsers[at] = new BoundedInlineParser(pipeline.InlineParsers[at]);
            }
        }

        public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
        {
            if (renderer is HtmlRenderer html)
            {
                html.ObjectRenderers.AddIfNotAlready<HtmlTableRenderer>();
                html.ObjectRenderers.AddIfNotAlready<FootnoteMarkRenderer>();

                // Ahead of the renderers of code, which a formula derives from.
                html.ObjectRenderers.Insert(0, new FormulaInlineRenderer());
                html.ObjectRenderers.Insert(0, new FormulaBlockRenderer());
            }
        }
    }
}
