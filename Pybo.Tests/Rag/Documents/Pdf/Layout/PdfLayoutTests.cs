using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Layout;

namespace Pybo.Tests.Rag.Documents.Pdf.Layout;

public sealed class PdfLayoutTests
{
    private static readonly string[] Columns = ["배나무 아래", "돌을 놓고", "앉았다."];
    private static readonly string[] Kinds = ["남", "여", "남", "여"];

    [Theory]
    [InlineData("띄어 쓴 글은 낱말로 읽힌다")]
    [InlineData("words of Latin text, too (a few)")]
    public void Gaps_separate_words_without_space_glyphs(string text)
    {
        Assert.Equal([text], new GlyphPage().Text(50, 100, text, wordSpace: 2.2f).Read());
        Assert.Equal([text], new GlyphPage().Text(50, 100, text).Read());
    }

    [Fact]
    public void Kerning_is_not_a_gap()
    {
        Assert.Equal(["AVATAR"], new GlyphPage().Text(50, 100, "AVATAR", spacing: 0.7f).Read());
        Assert.Equal(["AVATAR"], new GlyphPage().Text(50, 100, "AVATAR", spacing: -1).Read());
    }

    [Theory]
    [InlineData(2f)]
    [InlineData(4f)]
    public void Letter_spaced_text_still_forms_words(float spacing) =>
        Assert.Equal(["자간을 벌린 제목 글자"], new GlyphPage().Text(50, 100, "자간을 벌린 제목 글자", spacing: spacing, wordSpace: 6).Read());

    [Fact]
    public void Single_letters_far_apart_are_cells_not_a_spaced_word() =>
        Assert.Equal(["3 | 4 | 5 | 6 | 9"], new GlyphPage().Text(50, 100, "34569", spacing: 20).Read());

    [Fact]
    public void Text_printed_twice_to_look_bold_is_read_once()
    {
        var page = new GlyphPage().Text(50, 100, "굵은 글씨 all").Text(50.4f, 100, "굵은 글씨 all").Text(50.2f, 100.3f, "굵은 글씨 all");
        Assert.Equal(["굵은 글씨 all"], page.Read());
        Assert.Equal(["ㅋㅋㅋ lll"], new GlyphPage().Text(50, 100, "ㅋㅋㅋ lll").Read());
    }

    [Fact]
    public void Indices_and_exponents_stay_in_their_line()
    {
        var page = new GlyphPage().Text(50, 88, "앞줄의 글").Text(50, 100, "H").Text(55.2f, 102.5f, "2", 6).Text(58.4f, 100, "O와 x").Text(81.2f, 96, "2", 6).Text(87, 100, "이다").Text(50, 112, "뒷줄의 글");
        Assert.Equal(["앞줄의 글", "H₂O와 x² 이다", "뒷줄의 글"], page.Read());
    }

    [Fact]
    public void Raised_and_lowered_letters_keep_their_meaning()
    {
        Assert.Equal(["넓이 25 m² 이상"], new GlyphPage().Text(50, 100, "넓이 25 m").Text(90, 96, "2", 6).Text(95.5f, 100, "이상").Read());
        Assert.Equal(["2019¹⁾년에"], new GlyphPage().Text(50, 100, "2019").Text(70, 96, "1)", 6).Text(76, 100, "년에").Read());
        Assert.Equal(["작은 글 옆에"], new GlyphPage().Text(50, 100, "작은 글").Text(90, 99, "옆에", 7).Read());
    }

    [Fact]
    public void The_shadow_of_a_text_is_not_read()
    {
        var page = new GlyphPage().Text(53, 102, "그림자 제목", 18).Text(50, 100, "그림자 제목", 18);
        Assert.Equal(["그림자 제목"], page.Read());
    }

    [Fact]
    public void Single_letters_below_each_other_are_columns_from_the_right()
    {
        var page = new GlyphPage();
        foreach (var (column, text) in Columns.Index())
        {
            for (var at = 0; at < text.Length; at++)
            {
                page.Glyph(text[at].ToString(), 500 - (25 * column), 100 + (12 * at), text[at] == '.' ? 5 : 10, 10);
            }
        }

        Assert.Equal(["배나무 아래", "돌을 놓고", "앉았다."], page.Read());
    }

    [Fact]
    public void A_stack_of_letters_beside_lines_is_one_word()
    {
        var page = new GlyphPage().Lines(100, 93, 18, "첫째 줄은 여기에 길게 쓴다", "둘째 줄도 여기에 길게 쓴다", "셋째 줄도 여기에 길게 쓴다");
        page.Text(50, 100, "인").Text(50, 112, "적").Text(50, 124, "사").Text(50, 136, "항");
        Assert.Contains("인적사항", string.Join('\n', page.Read()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_single_letters_in_a_table_stays_in_its_rows()
    {
        var page = new GlyphPage();
        foreach (var (at, kind) in Kinds.Index())
        {
            page.Text(50, 100 + (13 * at), $"회원 {at + 1}번").Text(150, 100 + (13 * at), kind).Text(200, 100 + (13 * at), "온실 당번");
        }

        Assert.Equal("회원 2번 | 여 | 온실 당번", page.Read()[1]);
    }

    [Fact]
    public void An_initial_over_three_lines_does_not_pull_them_together()
    {
        var page = new GlyphPage().Text(50, 124, "O", 42).Lines(75, 100, 12, "nce upon a time there was", "a page whose first letter", "was larger than the rest");
        Assert.Equal(3, page.Read().Count(line => line.Contains(' ', StringComparison.Ordinal)));
    }

    [Fact]
    public void A_tightly_set_bracket_stays_after_its_letter()
    {
        var page = new GlyphPage().Text(50, 100, "분류표(").Text(79.9f, 100, "【별표1】참조)");
        Assert.Equal(["분류표(【별표1】참조)"], page.Read());
    }

    [Fact]
    public void An_accent_printed_over_a_letter_is_combined_with_it()
    {
        var page = new GlyphPage().Text(50, 100, "caf").Glyph("´", 66, 100, 3, 10).Text(65, 100, "e");
        Assert.Equal(["café"], page.Read());
        Assert.Equal(["über"], new GlyphPage().Text(50, 100, "u").Glyph("¨", 51, 100, 3, 10).Text(55, 100, "ber").Read());
    }

    [Fact]
    public void Ligatures_and_presentation_forms_become_what_people_type()
    {
        Assert.Equal(["final"], new GlyphPage().Glyph("ﬁ", 50, 100, 5, 10).Text(55, 100, "nal").Read());
        Assert.Equal(["人"], new GlyphPage().Glyph("⼈", 50, 100, 10, 10).Read());
    }

    [Fact]
    public void Turned_text_is_read_along_its_direction_and_after_the_page_text()
    {
        var page = new GlyphPage().Turned(20, 700, 270, "arXiv 옆줄").Lines(50, 100, 12, "본문의 첫 줄은 길다", "본문의 둘째 줄");
        Assert.Equal(["본문의 첫 줄은 길다", "본문의 둘째 줄", "arXiv 옆줄"], page.Read());
    }

    [Fact]
    public void A_sideways_page_is_read_line_by_line()
    {
        var page = new GlyphPage(800, 600).Turned(700, 50, 90, "첫째 줄의 글").Turned(688, 50, 90, "둘째 줄의 글").Turned(676, 50, 90, "셋째 줄의 글");
        Assert.Equal(["첫째 줄의 글", "둘째 줄의 글", "셋째 줄의 글"], page.Read());
    }

    [Fact]
    public void Lines_of_a_skewed_scan_stay_in_order()
    {
        var page = new GlyphPage().Turned(50, 100, 0, "첫째 줄의 글").Turned(50, 112, 1, "둘째 줄의 글").Turned(50, 124, 359, "셋째 줄의 글").Turned(50, 136, 0, "넷째 줄의 글");
        Assert.Equal(["첫째 줄의 글", "둘째 줄의 글", "셋째 줄의 글", "넷째 줄의 글"], page.Read());
    }

    [Fact]
    public void Vertical_writing_is_read_from_the_right_column_to_the_left()
    {
        var page = new GlyphPage().Vertical(470, 50, "둘째기둥").Vertical(500, 50, "첫째기둥");
        Assert.Equal(["첫째기둥", "둘째기둥"], page.Read());
        var box = PdfLayout.Lines(page.Build())[0].Box;
        Assert.Equal((495f, 50f, 10f, 40f), (MathF.Round(box.X), MathF.Round(box.Y), MathF.Round(box.Width), MathF.Round(box.Height)));
    }

    [Theory]
    [InlineData("םלוע םולש", "שלום עולם")]
    [InlineData(".2024 תנשב PDF ץבוק", "קובץ PDF בשנת 2024.")]
    [InlineData("The word םולש here", "The word שלום here")]
    [InlineData("ﺔﻴﺑﺮﻌﻟﺍ", "العربية")]
    public void Right_to_left_text_is_reversed_from_page_order_to_reading_order(string shown, string read) =>
        Assert.Equal([read], new GlyphPage().Text(50, 100, shown).Read());

    [Fact]
    public void A_line_of_right_to_left_text_may_be_shown_from_either_end()
    {
        var page = new GlyphPage();
        var x = 300f;
        foreach (var letter in "שלום")
        {
            page.Glyph(letter.ToString(), x, 100, 5, 10);
            x -= 5;
        }

        Assert.Equal(["שלום"], page.Read());
    }

    [Fact]
    public void Lines_have_their_place_on_the_page()
    {
        var line = Assert.Single(PdfLayout.Lines(new GlyphPage().Text(50, 100, "글자 넷", 20).Build()));
        Assert.Equal((50f, 100 - (0.86f * 20), GlyphPage.WidthOf("글자 넷", 20), 20f), (line.Box.X, line.Box.Y, line.Box.Width, line.Box.Height));
    }

    [Fact]
    public void Glyphs_without_a_place_or_an_end_do_no_harm()
    {
        var page = new GlyphPage().Text(50, 100, "남는 글").Glyph("x", float.NaN, 1, 1, 10).Glyph("x", 1, float.PositiveInfinity, 1, 10)
            .Glyph("x", 1, 1, float.NaN, 10).Glyph("x", 1, 1, 1, 0).Glyph("x", 1, 1, 1, float.NaN).Glyph("\u200B", 5, 5, 1, 10).Glyph("\u0007", 5, 5, 1, 10);
        Assert.Equal(["남는 글"], page.Read());
        Assert.Empty(new GlyphPage().Read());
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(0.001f, 0f)]
    [InlineData(0f, 0.001f)]
    [InlineData(3f, 0.5f)]
    [InlineData(-7f, 11f)]
    public void A_page_of_a_hundred_thousand_glyphs_anywhere_is_read(float stepX, float stepY)
    {
        var page = new GlyphPage();
        for (var at = 0; at < 100_000; at++)
        {
            page.Glyph(at % 2 == 0 ? "가" : "a", 300 + (at * stepX % 250), 400 + (at * stepY % 390), at % 7, 1 + (at % 23), (short)(at % 5 == 0 ? at % 360 : 0));
        }

        Assert.NotEmpty(page.Read());
    }

    [Fact]
    public void A_hundred_thousand_tiny_letters_far_apart_on_a_line_are_read()
    {
        var page = new GlyphPage();
        for (var at = 0; at < 100_000; at++)
        {
            page.Glyph("a", at * 0.006f, 100, 0.001f, 0.002f);
        }

        Assert.Equal(100_000, page.Read().Sum(line => line.Count(c => c == 'a')));
    }

    [Fact]
    public void Endless_accents_over_one_letter_are_read()
    {
        var page = new GlyphPage().Text(50, 100, "e");
        for (var at = 0; at < 100_000; at++)
        {
            page.Glyph(at % 2 == 0 ? "´" : "¨", 51, 100, 3, 10);
        }

        Assert.InRange(page.Read().Sum(line => line.Length), 1, 200_000);
    }
}
