using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Layout;

namespace Pybo.Tests.Rag.Documents.Pdf.Layout;

public sealed class PdfTablesTests
{
    private static readonly string[] Names = ["화분", "자리", "물 주기"];

    private static GlyphPage Page(int first, int rows, float y, string[]? names)
    {
        var page = new GlyphPage();
        string[][] table = [.. names is null ? [] : (string[][])[names], .. Enumerable.Range(first, rows).Select(at => (string[])[$"화분{at:D2}", $"{at % 4}번 선반", $"{(at % 5) + 2}일"])];
        foreach (var (at, row) in table.Index())
        {
            page.Text(50, y + (16 * at), row[0]).Text(200, y + (16 * at), row[1]).Text(350, y + (16 * at), row[2]);
        }

        return page;
    }

    [Fact]
    public void A_table_on_the_next_page_keeps_its_header()
    {
        var text = GlyphPage.Document(Page(1, 20, 400, Names), Page(21, 20, 60, names: null)).Text;
        Assert.Contains("화분: 화분03 | 자리: 3번 선반 | 물 주기: 5일", text, StringComparison.Ordinal);
        Assert.Contains("화분: 화분33 | 자리: 1번 선반 | 물 주기: 5일", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_on_every_page_is_no_running_line_and_no_row()
    {
        var text = GlyphPage.Document(Enumerable.Range(0, 5).Select(page => Page(1 + (30 * page), 30, 60, Names))).Text;
        Assert.Contains("화분: 화분77 | 자리: 1번 선반 | 물 주기: 4일", text, StringComparison.Ordinal);
        Assert.DoesNotContain("화분 | 자리", text, StringComparison.Ordinal);
        Assert.Equal(150, text.Split('\n').Count(line => line.StartsWith("화분: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Another_table_on_the_next_page_has_its_own_header()
    {
        var text = GlyphPage.Document(Page(1, 20, 400, Names), Page(21, 20, 60, ["이름", "칸", "간격"])).Text;
        Assert.Contains("이름: 화분33 | 칸: 1번 선반 | 간격: 5일", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_show_cells_of_several_lines_and_merged_ones()
    {
        // Columns at 50, 150, 300, 450; the first column's cell covers both rows below the header.
        float[] ys = [100, 120, 160, 200];
        PdfRule[] rules =
        [
            new(50, 100, 450, 100), new(50, 120, 450, 120), new(150, 160, 450, 160), new(50, 200, 450, 200),
            .. new[] { 50f, 150, 300, 450 }.Select(x => new PdfRule(x, ys[0], x, ys[^1])),
        ];
        var page = new GlyphPage().Text(55, 114, "종류").Text(155, 114, "맡는 일").Text(305, 114, "횟수")
            .Text(55, 164, "온실 당번").Text(155, 134, "난로를 켜고 화분에 물").Text(155, 148, "을 준다").Text(305, 140, "2회")
            .Text(155, 184, "문을 잠근다").Text(305, 184, "1회");
        var text = GlyphPage.Document(page.Ruled(rules)).Text;
        Assert.Equal("종류: 온실 당번 | 맡는 일: 난로를 켜고 화분에 물을 준다 | 횟수: 2회\n종류: 온실 당번 | 맡는 일: 문을 잠근다 | 횟수: 1회", text);
    }

    [Fact]
    public void A_frame_around_text_is_no_table()
    {
        var page = new GlyphPage().Lines(60, 120, 14, "틀 안의 글은 그대로 읽고", "표로 만들지 않는다.").Ruled(new(50, 100, 450, 100), new(50, 200, 450, 200), new(50, 100, 50, 200), new(450, 100, 450, 200));
        Assert.Equal("틀 안의 글은 그대로 읽고 표로 만들지 않는다.", GlyphPage.Document(page).Text);
    }

    [Fact]
    public void A_page_of_very_many_rules_is_read()
    {
        var page = new GlyphPage().Text(60, 120, "격자 위의 글");
        var rules = Enumerable.Range(0, 9_000).SelectMany(at => (PdfRule[])[new(0, at * 0.05f, 500, at * 0.05f), new(at * 0.05f, 0, at * 0.05f, 500)]).ToArray();
        Assert.Contains("격자", string.Concat(PdfLayout.Lines(page.Ruled(rules).Build()).Select(line => line.Text)), StringComparison.Ordinal);
    }
}
