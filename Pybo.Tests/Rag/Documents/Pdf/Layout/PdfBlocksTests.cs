using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents.Pdf.Layout;

public sealed class PdfBlocksTests
{
    private static string Read(params IEnumerable<GlyphPage> pages) => GlyphPage.Document(pages).Text;

    [Fact]
    public void Lines_of_a_paragraph_are_joined_with_a_space()
    {
        var page = new GlyphPage().Lines(50, 100, 14, "문단의 첫째 줄은 낱말 사이에서", "끝나고 둘째 줄이 이어서 온다 또", "셋째 줄에서 끝난다.");
        Assert.Equal("문단의 첫째 줄은 낱말 사이에서 끝나고 둘째 줄이 이어서 온다 또 셋째 줄에서 끝난다.", Read(page));
    }

    [Theory]
    [InlineData("that contain a hyphen-", "ated word and more of", "that contain a hyphenated word and more of")]
    [InlineData("of the years from 1998-", "2003 and some words", "of the years from 1998-2003 and some words")]
    [InlineData("between Anglo-", "Saxon words and", "between Anglo-Saxon words and")]
    [InlineData("that contain a hyphen\u00AD", "ated word and more of", "that contain a hyphenated word and more of")]
    [InlineData("a dash at its end -", "and more words", "a dash at its end - and more words")]
    [InlineData("中文的一段文字在行末", "换到下一行", "中文的一段文字在行末换到下一行")]
    public void The_ends_of_two_lines_decide_the_text_between_them(string first, string second, string read) =>
        Assert.Equal(read, Read(new GlyphPage().Lines(50, 100, 14, first, second)));

    [Fact]
    public void Korean_lines_that_end_inside_words_are_joined_if_other_lines_end_with_spaces()
    {
        string[] lines = ["신청서는 매월 말일까지 총무", "팀으로 제출하며 승인의 결과는 ", "이메일로 통보하고 사유가 있", "으면 다시 신청할 수 있으며 그", "경우에는 담당자와 먼저 의논 ", "한다 그리고 나머지 줄도 이렇", "게 낱말의 가운데에서 끝나며 ", "여기까지 모두 아홉 줄을 채운", "다."];
        var text = Read(new GlyphPage().Lines(50, 100, 14, lines));
        Assert.Contains("총무팀으로", text, StringComparison.Ordinal);
        Assert.Contains("결과는 이메일로", text, StringComparison.Ordinal);
        Assert.Contains("이렇게 낱말의", text, StringComparison.Ordinal);
        Assert.DoesNotContain("있 으면", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Fully_justified_Korean_lines_are_joined_except_between_words_known_from_the_document()
    {
        var lines = Enumerable.Range(0, 10).Select(at => at % 2 == 0 ? "이 줄은 끝까지 꽉 차 있으므로 중간에서 잘" : "리고 가운데 나오는 협력 업체 직원도 업체").ToArray();
        var text = Read(new GlyphPage().Lines(50, 100, 14, lines));
        Assert.Contains("중간에서 잘리고", text, StringComparison.Ordinal);
        Assert.Contains("직원도 업체 이 줄은", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_Korean_lines_are_joined_if_they_begin_with_what_begins_no_word()
    {
        var page = new GlyphPage().Lines(50, 100, 14, "텃밭을 빌린 주민은 봄마다 흙을 갈고 거름을 뿌려야 한", "다. 물은 마당 끝 물탱크", "에서 받아 쓰고 남은 씨앗은 공동 창고의 보관", "함에 넣어 두면 다음 사람이 쓴다.");
        Assert.Equal("텃밭을 빌린 주민은 봄마다 흙을 갈고 거름을 뿌려야 한다. 물은 마당 끝 물탱크에서 받아 쓰고 남은 씨앗은 공동 창고의 보관함에 넣어 두면 다음 사람이 쓴다.", Read(page));
    }

    [Fact]
    public void Korean_lines_between_words_keep_their_spaces()
    {
        var page = new GlyphPage().Lines(50, 100, 14, "주민 회의는 매달 첫째 토요일에 마을", "회관에서 열고 안건은 사흘 전까지", "게시판에 붙이며 회의록은 다음 주에", "누구나 볼 수 있게 한다.");
        Assert.Equal("주민 회의는 매달 첫째 토요일에 마을 회관에서 열고 안건은 사흘 전까지 게시판에 붙이며 회의록은 다음 주에 누구나 볼 수 있게 한다.", Read(page));
    }

    [Fact]
    public void A_letter_ends_a_sentence_unless_it_follows_the_letter_before_it()
    {
        var page = new GlyphPage().Lines(50, 100, 14, "이 온실은 겨울에도 화분을 들여놓으려고 지은 곳", "이다. 열쇠는 관리실에 있으니 말하고 받아 쓰면 된", "다. 난로는 저녁 일곱 시에 끈다.");
        Assert.Single(Read(page).Split('\n'));
        Assert.Equal(4, Read(new GlyphPage().Lines(50, 100, 14, "가. 신청 자격", "나. 신청 기간", "다. 신청 방법", "라. 그 밖의 것")).Split('\n').Length);
    }

    [Theory]
    [InlineData("1) 씨앗 이름은 부록에 있다.", 8)]
    [InlineData("* 물 주는 날은 따로 정한다.", 10)]
    public void A_note_at_the_foot_of_a_column_does_not_cut_its_sentence(string note, int size)
    {
        string[] left = ["왼쪽 단의 첫 줄은 모종을 심는 때를", "말하고 둘째 줄은 심는 깊이를 말하며", "셋째 줄은 물을 주는 횟수를 말하고", "넷째 줄은 햇볕이 드는 자리를 찾아"];
        string[] right = ["두면 좋다고 말한다. 오른쪽 단에서는", "거두는 때를 말하고 나머지 줄에서는", "거둔 것을 말리는 방법을 말하는데", "마지막 줄은 여기에서 끝난다."];
        var page = new GlyphPage().Lines(50, 100, 14, left).Text(50, 700, note, size).Lines(300, 105, 14, right);
        var text = Read(page);
        Assert.Contains("자리를 찾아 두면 좋다고", text, StringComparison.Ordinal);
        Assert.EndsWith(note, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_and_what_is_filled_in_behind_it_are_one_line()
    {
        var page = new GlyphPage().Text(50, 100, "받는 곳:").Text(150, 100, "온실 관리실").Text(50, 116, "보내는 사람:").Text(150, 116, "박다라");
        Assert.Equal("받는 곳: 온실 관리실\n보내는 사람: 박다라", Read(page));
    }

    [Fact]
    public void A_short_last_line_ends_a_paragraph()
    {
        var page = new GlyphPage().Lines(50, 100, 14, "첫 문단의 첫째 줄은 이렇게 길게 쓴다", "짧게 끝난다.", "둘째 문단의 첫째 줄도 이렇게 길게 쓴", "것이다.");
        Assert.Equal("첫 문단의 첫째 줄은 이렇게 길게 쓴다 짧게 끝난다.\n\n둘째 문단의 첫째 줄도 이렇게 길게 쓴 것이다.", Read(page));
    }

    [Fact]
    public void An_indented_line_begins_a_paragraph()
    {
        var page = new GlyphPage().Text(60, 100, "들여 쓴 첫 문단의 첫째 줄은 길게 쓴").Text(50, 114, "다음에 이어지고 끝까지 꽉 채워서 쓴다.").Text(60, 128, "들여 쓴 둘째 문단도 길게 꽉 채워 쓴").Text(50, 142, "다음에 끝난다.");
        Assert.Equal(2, Read(page).Split("\n\n").Length);
    }

    [Fact]
    public void A_wider_space_begins_a_paragraph()
    {
        var page = new GlyphPage().Lines(50, 100, 14, "첫 문단의 첫째 줄은 이렇게 길게 쓴다", "둘째 줄도 이렇게 똑같이 길게 쓴 것임").Lines(50, 140, 14, "둘째 문단의 첫째 줄도 이렇게 길게 쓴", "것이다.");
        Assert.Equal(2, Read(page).Split("\n\n").Length);
    }

    [Fact]
    public void List_items_are_separate_lines()
    {
        var page = new GlyphPage().Lines(50, 100, 14, "1. 첫째 항목은 줄을 바꾸어야 할 만큼 길게").Lines(62, 114, 14, "쓴 항목이다.").Lines(50, 128, 14, "2. 둘째 항목", "가. 그 아래", "① 또 그 아래", "- 그리고 이것", "제3조(정의) 조문");
        Assert.Equal("1. 첫째 항목은 줄을 바꾸어야 할 만큼 길게 쓴 항목이다.\n2. 둘째 항목\n가. 그 아래\n① 또 그 아래\n- 그리고 이것\n제3조(정의) 조문", Read(page));
    }

    [Fact]
    public void Table_rows_are_separate_lines()
    {
        var page = new GlyphPage();
        for (var row = 0; row < 4; row++)
        {
            page.Text(50, 100 + (15 * row), $"{row + 3}월").Text(150, 100 + (15 * row), "17:00").Text(250, 100 + (15 * row), "14:00");
        }

        Assert.Equal("3월 | 17:00 | 14:00\n4월 | 17:00 | 14:00\n5월 | 17:00 | 14:00\n6월 | 17:00 | 14:00", Read(page));
    }

    [Fact]
    public void Headings_are_recognised_by_size_and_boldness()
    {
        var page = new GlyphPage().Text(50, 60, "업무 편람", 20).Text(50, 90, "첫째 부분", 14).Text(50, 110, "굵은 소제목", font: GlyphPage.Bold)
            .Lines(50, 130, 14, "본문의 첫째 줄은 길게 쓰고 그 안에 아무 굵은 글자도 없다", "둘째 줄도 그렇다.").Text(50, 175, "제2조(정의)", font: GlyphPage.Bold).Lines(50, 190, 14, "조문의 내용을 여기에 쓴다.");
        var document = GlyphPage.Document(page);
        Assert.Equal([("업무 편람", 1), ("첫째 부분", 2), ("굵은 소제목", 3), ("제2조(정의)", 3)], document.Sections.Select(s => (s.Heading!, s.Level)));
        Assert.Equal("업무 편람", document.Title);
    }

    [Theory]
    [InlineData("제1장 총칙", 1)]
    [InlineData("제2절 보칙", 2)]
    [InlineData("제3조의2 정의", 3)]
    public void Bold_chapters_and_articles_are_headings(string heading, int level)
    {
        var page = new GlyphPage().Text(50, 100, heading, font: GlyphPage.Bold).Lines(50, 120, 14, "본문의 첫째 줄은 길게 쓰고 그 안에 아무 굵은 글자도 없다.");
        Assert.Equal((heading, level), GlyphPage.Document(page).Sections.Select(s => (s.Heading!, s.Level)).First());
        var plain = new GlyphPage().Text(50, 100, heading).Lines(50, 120, 14, "본문의 첫째 줄은 길게 쓰고 그 안에 아무 굵은 글자도 없다.");
        Assert.Null(GlyphPage.Document(plain).Sections[0].Heading);
    }

    [Fact]
    public void A_bold_paragraph_is_not_a_heading()
    {
        var page = new GlyphPage();
        for (var line = 0; line < 5; line++)
        {
            page.Text(50, 100 + (14 * line), "굵게 쓴 문단의 한 줄인데 꽉 차 있", font: GlyphPage.Bold);
        }

        page.Lines(50, 300, 14, [.. Enumerable.Repeat("굵지 않은 본문의 한 줄인데 이것은 길이가 더 길게 꽉 차 있", 20)]);
        Assert.All(GlyphPage.Document(page).Sections, section => Assert.Null(section.Heading));
    }

    [Fact]
    public void A_paragraph_continues_in_the_next_column_and_on_the_next_page()
    {
        string[] column = ["한 단의 줄은 꽉 차 있는 글이고", "그 다음 줄도 꽉 차 있는 글이며", "셋째 줄도 꽉 차 있는 글이라서", "넷째 줄도 다 차 있는 글이므로"];
        var pages = Enumerable.Range(0, 2).Select(_ => new GlyphPage().Lines(50, 100, 14, column).Lines(300, 105, 14, column));
        var document = GlyphPage.Document(pages);
        Assert.DoesNotContain('\n', document.Text);
        Assert.Equal(2, document.Pages.Count);
        Assert.StartsWith("한 단의", document.Text[document.Pages[1].Start..].TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_cut_by_the_end_of_a_page_is_whole()
    {
        var pages = new[] { new GlyphPage().Lines(50, 700, 14, "some text that runs over the end of", "this page because it has a hyphen-"), new GlyphPage().Lines(50, 100, 14, "ated word that goes on over here") };
        Assert.Equal("some text that runs over the end of this page because it has a hyphenated word that goes on over here", Read(pages));
    }

    [Fact]
    public void A_sentence_that_ends_with_its_page_ends_a_paragraph()
    {
        var pages = new[] { new GlyphPage().Lines(50, 700, 14, "쪽의 끝에서 문장이 끝나면 거기까지", "한 문단이고 더 이어지지는 않는다."), new GlyphPage().Lines(50, 100, 14, "다음 쪽의 첫 줄은 새로운 문단이다.") };
        Assert.Equal(2, Read(pages).Split("\n\n").Length);
    }

    [Fact]
    public void Every_line_has_its_place_in_the_text()
    {
        var document = GlyphPage.Document(new GlyphPage().Lines(50, 100, 14, "문단의 첫째 줄은 낱말 사이에서", "끝나고 둘째 줄이 온다."));
        Assert.Equal(["문단의 첫째 줄은 낱말 사이에서", "끝나고 둘째 줄이 온다."], document.Pages[0].Lines.Select(l => document.Text.Substring(l.Start, l.Length)));
        Assert.Equal([50f, 50f], document.Pages[0].Lines.Select(l => l.Box.X));
        Assert.Equal(14f, document.Pages[0].Lines[1].Box.Y - document.Pages[0].Lines[0].Box.Y, 3);
    }

    [Fact]
    public void Empty_pages_are_pages() => Assert.Equal(3, GlyphPage.Parts(new GlyphPage(), new GlyphPage(), new GlyphPage()).OfType<PagePart>().Count());
}
