using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Parsers;
using Pybo.Benchmarks;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.MarkdownParsing;

namespace Pybo.Tests.Pages;

/// <summary>No post makes the server work long, whatever it contains. The benchmark <c>markdown</c> measures the time; these tests count the steps.</summary>
public sealed class MarkdownBoundTests
{
    private const int RandomTexts = 300;
    private const int Climbs = 4;
    private const int TriesPerClimb = 40;

    /// <summary>Bounds the memory of a step, an inline, a cell and the HTML; a text that escaped the count took gigabytes.</summary>
    private const long BytesMax = 160_000_000;

    public static TheoryData<string, string> Known => [.. HostileMarkdown.Known(Question.BodyMax).Select(t => new TheoryDataRow<string, string>(t.Kind, t.Text))];

    [Theory]
    [MemberData(nameof(Known), DisableDiscoveryEnumeration = true)]
    public void Known_hostile_texts_are_bounded(string kind, string text)
    {
        Assert.NotEqual("", kind);
        AssertBounded(text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_nesting_of_constructs_is_bounded(int seed)
    {
        var random = new Random(seed);
        for (var at = 0; at < RandomTexts; at++)
        {
            AssertBounded(HostileMarkdown.Random(random, Question.BodyMax).Text);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_search_for_more_steps_ends_at_the_bound(int seed)
    {
        var random = new Random(seed);
        for (var at = 0; at < Climbs; at++)
        {
            HostileMarkdown.Climb(random, Question.BodyMax, text => AssertBounded(text.Text), TriesPerClimb);
        }
    }

    /// <summary>Every pair of pieces, shorter: a pair's fault shows in few characters too.</summary>
    [Fact]
    public void Every_pair_of_constructs_is_rendered_or_returned_as_written()
    {
        for (var pair = 0; pair < HostileMarkdown.PairsCount; pair++)
        {
            AssertBounded(HostileMarkdown.Pair(pair, 240).Text);
        }
    }

    [Fact]
    public void The_bound_grows_with_the_length_and_no_faster()
    {
        var (one, two) = (new MarkdownSteps(1_000_000).Max, new MarkdownSteps(2_000_000).Max);
        Assert.InRange(two, one, 2 * one);
    }

    /// <summary>Every construct added to the pipeline must be bounded too, or be listed here with its reason.</summary>
    [Fact]
    public void Every_parser_counts_or_reads_a_line_at_a_time()
    {
        var builder = new MarkdownPipelineBuilder().UseYamlFrontMatter().UseTaskLists().UseAutoLinks().UseEmphasisExtras();
        builder.BuildBounded();
        Assert.All(builder.InlineParsers, parser => Assert.Equal("BoundedInlineParser", parser.GetType().Name));
        Assert.Contains(builder.BlockParsers, parser => parser is PipeTableBlockParser);
        var once = new HashSet<Type>
        {
            // Each looks at a line once, and is asked about it once for each open list and quote around it.
            typeof(PipeTableBlockParser), typeof(FencedCodeBlockParser), typeof(Markdig.Extensions.Mathematics.MathBlockParser), typeof(IndentedCodeBlockParser), typeof(HeadingBlockParser), typeof(HtmlBlockParser), typeof(FootnoteBlockParser),

            // Only at the start of a text.
            typeof(Markdig.Extensions.Yaml.YamlFrontMatterParser),
        };
        Assert.All(builder.BlockParsers, parser => Assert.True(
            parser.GetType().Name.StartsWith("Bounded", StringComparison.Ordinal) || once.Contains(parser.GetType()), $"{parser.GetType()} is not bounded."));
    }

    [Theory]
    [InlineData("*a _b ")]
    [InlineData("[a](")]
    [InlineData("*_")]
    [InlineData("\n[a]: b")]
    public void A_document_is_bounded_by_the_same_code(string piece)
    {
        var refused = Assert.Throws<DocumentUnreadableException>(() =>
            MarkdownReader.Read(string.Concat(Enumerable.Repeat(piece, MarkdownReader.BytesMax / 2 / piece.Length)), "글"));
        Assert.IsType<MarkdownRefusedException>(refused.InnerException);
    }

    [Fact]
    public void Emphasis_across_table_cells_costs_a_document_nothing()
    {
        var document = MarkdownReader.Read("a|b\n-|-\n" + string.Concat(Enumerable.Repeat("**a|b*\n", 100_000)), "글");
        Assert.Equal(100_000, document.Text.Count(c => c == '\n') + 1);
    }

    [Fact]
    public void A_long_ordinary_text_is_rendered()
    {
        const string Paragraph = "문단은 **굵게**, `code`, [링크](https://example.com/a)와 ![그림](/a.png), https://example.com/b 그리고 ~~지움~~을 가진다.\n둘째 줄도 *있다*.\n\n";
        const string Section = "## 제목\n\n" + Paragraph + "- 하나 **둘**\n  - 셋 `넷`\n\n|가|나|\n|-|-|\n|**1**|`a|b`|\n\n> 인용 *한* 줄\n\n```python\nprint(1)\n```\n\n";
        var text = string.Concat(Enumerable.Repeat(Section, Question.BodyMax / Section.Length));
        var steps = new MarkdownSteps(text.Length);
        Assert.DoesNotContain("markdown-reason", MarkdownRenderer.ToHtml(text, 2, ownLinksOnly: false, steps), StringComparison.Ordinal);
        Assert.InRange(steps.Taken, 1, steps.Max / 10);
    }

    [Fact]
    public void A_paragraph_of_hundreds_of_words_in_bold_and_links_is_rendered()
    {
        var text = string.Concat(Enumerable.Repeat("낱말 **굵게** 그리고 [링크](https://example.com)가 이어진다. ", 250));
        Assert.DoesNotContain("markdown-reason", new MarkdownRenderer().ToHtml(text, 2), StringComparison.Ordinal);
    }

    /// <returns>The steps.</returns>
    private static double AssertBounded(string text)
    {
        var steps = new MarkdownSteps(text.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var html = MarkdownRenderer.ToHtml(text, 2, ownLinksOnly: false, steps);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(steps.Taken, 0, steps.Max);
        Assert.InRange(bytes, 0, BytesMax);
        Assert.InRange(html.Length, 0, 2 * MarkdownRenderer.HtmlMax);
        return steps.Taken;
    }
}
