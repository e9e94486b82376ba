using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Layout;

namespace Pybo.Tests.Rag.Documents.Pdf.Layout;

public sealed class PdfColumnsTests
{
    private static readonly string[] Left = ["왼쪽 단의 첫째 줄은 꽉 차 있고", "왼쪽 단의 둘째 줄도 꽉 차 있고", "왼쪽 단의 셋째 줄도 꽉 차 있고", "왼쪽 단의 넷째 줄도 꽉 차 있다"];
    private static readonly string[] Right = ["오른쪽 단의 첫째 줄은 꽉 차 있고", "오른쪽 단의 둘째 줄도 꽉 차 있고", "오른쪽 단의 셋째 줄도 꽉 차 있고", "오른쪽 단의 넷째 줄은 꽉 차 있다"];

    [Theory]
    [InlineData(0f)]
    [InlineData(5f)]
    public void Columns_are_read_one_after_the_other(float shift)
    {
        var page = new GlyphPage();
        for (var at = 0; at < Left.Length; at++)
        {
            page.Text(50, 100 + (12 * at), Left[at]).Text(250, 100 + shift + (12 * at), Right[at]);
        }

        Assert.Equal([.. Left, .. Right], page.Read());
    }

    [Fact]
    public void A_heading_across_columns_ends_those_above_it()
    {
        const string across = "두 단에 걸친 제목은 위의 단을 모두 읽은 다음에 온다";
        var page = new GlyphPage().Lines(50, 100, 12, Left).Lines(250, 100, 12, Right).Text(120, 170, across).Lines(50, 200, 12, Right).Lines(250, 200, 12, Left);
        Assert.Equal([.. Left, .. Right, across, .. Right, .. Left], page.Read());
    }

    [Fact]
    public void A_short_heading_over_text_across_the_columns_stays_with_that_text()
    {
        const string across = "두 단에 걸친 글은 두 단을 모두 읽은 다음에 읽어야 하며 그 제목도 그렇다";
        var page = new GlyphPage().Lines(50, 100, 12, Left).Lines(250, 100, 12, Right).Text(50, 170, "다음 제목").Text(50, 185, across);
        Assert.Equal([.. Left, .. Right, "다음 제목", across], page.Read());
    }

    [Fact]
    public void A_longer_column_is_read_to_its_end_first()
    {
        var page = new GlyphPage().Lines(50, 100, 12, Left).Lines(50, 148, 12, Left).Lines(250, 100, 12, Right).Text(50, 760, "- 바닥글 하나가 두 단의 아래 가운데를 가로질러 있다 -");
        Assert.Equal([.. Left, .. Left, .. Right, "- 바닥글 하나가 두 단의 아래 가운데를 가로질러 있다 -"], page.Read());
    }

    [Fact]
    public void Columns_are_found_in_any_drawing_order()
    {
        var page = new GlyphPage().Lines(250, 103, 12, Right).Lines(50, 100, 12, Left);
        Assert.Equal([.. Left, .. Right], page.Read());
    }

    [Fact]
    public void A_line_with_very_many_gaps_uses_up_the_limit_for_the_lines_below()
    {
        const int many = 50_000;
        var page = new GlyphPage();
        for (var at = 0; at < many; at++)
        {
            page.Glyph("가", 50 + (20 * at), 100, 10, 10);
        }

        for (var at = 0; at < many; at++)
        {
            page.Glyph("n", 50, 120 + (12 * at), 10, 10);
        }

        Assert.Equal(many + 1, PdfLayout.Lines(page.Build()).Count);
    }

    [Fact]
    public void A_table_is_read_row_by_row()
    {
        var page = new GlyphPage();
        string[][] rows = [["구분", "토요일", "일요일"], ["3월", "17:00", "14:00"], ["4월", "17:00", "14:00"], ["10월", "15:00", "14:00"]];
        for (var at = 0; at < rows.Length; at++)
        {
            page.Text(50, 100 + (15 * at), rows[at][0]).Text(150, 100 + (15 * at), rows[at][1]).Text(250, 100 + (15 * at), rows[at][2]);
        }

        Assert.Equal(rows.Select(cells => string.Join(" | ", cells)), page.Read());
    }

    [Fact]
    public void Hanging_item_numbers_are_neither_columns_nor_cells()
    {
        var page = new GlyphPage();
        for (var at = 0; at < Left.Length; at++)
        {
            page.Text(50, 100 + (12 * at), $"{at + 1}.").Text(75, 100 + (12 * at), Left[at]);
        }

        Assert.Equal(Left.Select((line, at) => $"{at + 1}. {line}"), page.Read());
    }

    [Fact]
    public void Justified_words_with_aligned_gaps_are_not_cells()
    {
        var page = new GlyphPage();
        for (var at = 0; at < 6; at++)
        {
            page.Text(50, 100 + (12 * at), "벌려 놓은 낱말 들이 줄을 채운 다", wordSpace: 10);
        }

        Assert.All(page.Read(), line => Assert.Equal("벌려 놓은 낱말 들이 줄을 채운 다", line));
    }

    [Fact]
    public void Two_short_columns_of_running_text_are_no_table()
    {
        var page = new GlyphPage().Lines(50, 100, 14, "The gardeners counted the seeds", "they had kept over the winter").Lines(300, 100, 14, "and chose the beds for all of", "the beans and squashes.");
        Assert.Equal(["The gardeners counted the seeds", "they had kept over the winter", "and chose the beds for all of", "the beans and squashes."], page.Read());
        var korean = new GlyphPage().Lines(50, 100, 14, "온실의 문은 해가 뜨면 열고 저녁에", "닫는다. 겨울에는 난로를 켜고 화분").Lines(300, 100, 14, "을 안으로 들인다. 물은 이틀마다", "한 번씩 준다.");
        Assert.Equal("온실의 문은 해가 뜨면 열고 저녁에", korean.Read()[0]);
    }

    [Fact]
    public void Rows_of_short_sentences_stay_a_table()
    {
        var page = new GlyphPage().Lines(50, 100, 14, "문을 여는 때와 닫는 때를 정한다", "열쇠를 맡는 사람과 순서를 정한다").Lines(300, 100, 14, "관리 위원회의 회의에서 정한다", "당번 모임의 첫날에 제비로 정한다");
        Assert.Equal(2, page.Read().Length);
    }
}
