using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Pybo.Pages;

namespace Pybo.Tests.Pages;

public sealed class PipeTableTests
{
    /// <summary>Rows of cells; <c>/</c> between rows, <c>,</c> between cells.</summary>
    [Theory]
    [InlineData("a|b\n-|-\n1|2", "a,b/1,2")]
    [InlineData("|a|b|\n|-|-|\n|1|2|", "a,b/1,2")]
    [InlineData("| a | b |\n| :-- | --: |\n| 1 | 2 |\n| 3 |", "a,b/1,2/3,")]
    [InlineData("|a|\n|-|\n|1|", "a/1")]
    [InlineData("a|b\n-|-", "a,b")]
    [InlineData("a|b\n-|-\n1|2|3", "a,b,/1,2,3")]
    [InlineData("a|b\n-|-\n||", "a,b/,")]
    [InlineData("a|b\n-|-\n1\\|2|3", "a,b/1|2,3")]
    [InlineData("a|b\n-|-\n`1|2`|3", "a,b/1|2,3")]
    [InlineData("a|b\n-|-\n`1\\|2`|3", "a,b/1|2,3")]
    [InlineData("a|b\n-|-\n``1|`2``|3`", "a,b/1|`2,3`")]
    [InlineData("a|b\n-|-\n`1|2", "a,b/`1,2")]
    [InlineData("a|b\n-|-\n**1|2**", "a,b/**1,2**")]
    [InlineData("a|b\n-|-\n[1|2](/c)", "a,b/[1,2](/c)")]
    [InlineData("a|b\n-|-\n줄", "a,b/줄,")]
    [InlineData("> a|b\n> -|-\n> 1|2", "a,b/1,2")]
    [InlineData("- a|b\n  -|-\n  1|2", "a,b/1,2")]
    [InlineData("a|b\r\n-|-\r\n1|2\r\n", "a,b/1,2")]
    public void Lines_with_bars_become_rows(string markdown, string expected)
    {
        var rows = Parse(markdown).QuerySelectorAll("tr").Select(row => string.Join(',', row.Children.Select(cell => cell.TextContent)));
        Assert.Equal(expected, string.Join('/', rows));
    }

    [Theory]
    [InlineData("a|b")]
    [InlineData("a|b\n\n-|-")]
    [InlineData("a\n-|-x")]
    [InlineData("a|b\n--")]
    [InlineData("a|b\n-|:")]
    [InlineData("a|b\n|")]
    [InlineData("a\\|b\n-\\|-")]
    [InlineData("`a|b`\n-|-")]
    [InlineData("    a|b\n    -|-")]
    public void Other_lines_do_not_become_rows(string markdown) => Assert.Null(Parse(markdown).QuerySelector("table"));

    [Fact]
    public void Text_before_a_table_is_a_paragraph_and_the_start_of_another_block_ends_the_table()
    {
        var body = Parse("앞 줄  \n다음 줄\na|b\n-|-\n1|2\n# 제목\n뒤");
        Assert.Equal(["P", "DIV", "H2", "P"], body.Children.Select(e => e.TagName));
        Assert.Equal("앞 줄\n다음 줄", body.Children[0].TextContent);
    }

    [Fact]
    public void A_link_and_emphasis_work_in_a_cell_and_the_columns_are_aligned()
    {
        var cells = Parse("a|b|c\n:-|-:|:-:\n**1**|[2][r]|<https://example.com>\n\n[r]: /u").QuerySelectorAll("td");
        Assert.Equal(["<strong>1</strong>", "<a href=\"/u\" rel=\"nofollow ugc noopener\">2</a>"], cells.Take(2).Select(c => c.InnerHtml));
        Assert.Equal("https://example.com", cells[2].QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(["text-start", "text-end", "text-center"], cells.Select(c => c.ClassName));
    }

    private static IElement Parse(string markdown) => new HtmlParser().ParseDocument(new MarkdownRenderer().ToHtml(markdown, topHeading: 2)).Body!;
}
