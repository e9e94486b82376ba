using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Pybo.Pages.Documents;

namespace Pybo.Tests.Pages.Documents;

/// <summary>Rows of a table are shown as a table, with the quoted words marked in their cells.</summary>
public sealed class PassageBlocksTests
{
    private const string Text = "요금 안내\n\n평일 | 종목: 수영 | 요금: 4,000원\n주말 | 종목: 탁구 | 비고: 예약\n\n끝";

    [Fact]
    public void Rows_become_a_table_between_the_texts()
    {
        var blocks = new PassageBlocks(Text, []).From(0);
        Assert.Equal([false, true, false], blocks.Select(block => block.Table is not null));
        var table = blocks[1].Table!;
        Assert.Equal(["", "종목", "비고", "요금"], table.Headers);
        Assert.Equal([["평일", "수영", "", "4,000원"], ["주말", "탁구", "예약", ""]], table.Rows.Select(row => row.Select(cell => Text.Substring(cell.Start, cell.Length))));
        Assert.Equal(["요금 안내", "끝"], blocks.Where(block => block.Table is null).Select(block => Text.Substring(block.Range.Start, block.Range.Length)));
    }

    [Fact]
    public void One_row_without_names_is_text() => Assert.Null(Assert.Single(new PassageBlocks("하나 | 둘", []).From(0)).Table);

    [Fact]
    public void A_quoted_row_is_marked_in_all_its_cells_and_the_first_is_the_target()
    {
        const string quote = "주말 | 종목: 탁구 | 비고: 예약";
        var blocks = new PassageBlocks(Text, [(Text.IndexOf(quote, StringComparison.Ordinal), quote.Length)]);
        var table = blocks.From(0)[1].Table!;
        Assert.Equal(["평일", "<mark id=\"quote\" tabindex=\"-1\">주말</mark>", "수영", "<mark>탁구</mark>", "<mark>예약</mark>", "4,000원"],
            Enumerable.Range(0, 4).SelectMany(column => table.Rows.Select(row => Html(blocks.Marked(row[column])))).Where(html => html.Length > 0));
    }

    [Fact]
    public void Words_of_a_file_are_never_markup()
    {
        const string text = "<b>굵게</b> & <script>";
        Assert.Equal("&lt;b&gt;<mark id=\"quote\" tabindex=\"-1\">굵게</mark>&lt;/b&gt; &amp; &lt;script&gt;", Html(new PassageBlocks(text, [(3, 2)]).Marked(new(0, text.Length))));
    }

    private static string Html(IHtmlContent content)
    {
        using var writer = new StringWriter();
        content.WriteTo(writer, HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All));
        return writer.ToString();
    }
}
