using System.Globalization;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Rag.Chat;

namespace Pybo.Tests.Rag.Chat;

/// <summary>The largest, the smallest, the sum, the average and the number over a table's column.</summary>
public sealed class TableAnswersTests
{
    private const string Boats =
        "배: 물새호 | 선착장: 남문 | 요금: 12,000원 | 좌석: 24석\n" +
        "배: 갈매기호 | 선착장: 북문 | 요금: 2만원 | 좌석: 40석\n" +
        "배: 오리호 | 선착장: 남문 | 요금: 9,000원(어린이 동반) | 좌석: 8석\n" +
        "배: 나루호 | 선착장: 동문 | 요금: 2만 원 | 좌석: 16석";

    [Theory]
    [InlineData("좌석이 가장 적은 배는?", "“배: 오리호 | 선착장: 남문 | 요금: 9,000원(어린이 동반) | 좌석: 8석” [1]\n\n표의 4개 행에서 ‘좌석’ 값을 견주었습니다.")]
    [InlineData("제일 싼 배는 뭐야?", "“배: 오리호 | 선착장: 남문 | 요금: 9,000원(어린이 동반) | 좌석: 8석” [1]\n\n표의 4개 행에서 ‘요금’ 값을 견주었습니다.")]
    // All that are equal.
    [InlineData("가장 비싼 배는?", "“배: 갈매기호 | 선착장: 북문 | 요금: 2만원 | 좌석: 40석” [1]\n\n“배: 나루호 | 선착장: 동문 | 요금: 2만 원 | 좌석: 16석” [1]\n\n표의 4개 행에서 ‘요금’ 값을 견주었습니다.")]
    [InlineData("배 요금을 모두 더하면?", "‘요금’ 값을 모두 더하면 61,000원입니다. 표의 4개 행을 더했습니다. [1]")]
    [InlineData("좌석은 모두 몇 석인가요?", "‘좌석’ 값을 모두 더하면 88석입니다. 표의 4개 행을 더했습니다. [1]")]
    [InlineData("평균 요금은 얼마인가요?", "‘요금’ 값의 평균은 15,250원입니다. 표의 4개 행으로 셈했습니다. [1]")]
    [InlineData("배는 모두 몇 대인가요?", "표에서 센 ‘배’의 수: 4대 [1]")]
    // Only the rows that the question means.
    [InlineData("남문에서 타는 배의 요금 합계는?", null)]
    [InlineData("남문 배의 요금 합계는?", "‘요금’ 값을 모두 더하면 21,000원입니다. 표의 2개 행을 더했습니다. [1]")]
    [InlineData("북문 배의 좌석 합계는?", "“배: 갈매기호 | 선착장: 북문 | 요금: 2만원 | 좌석: 40석” [1]")]
    // What the table does not have.
    [InlineData("가장 비싼 와인은?", null)]
    [InlineData("작년 요금 합계는?", null)]
    [InlineData("무게가 가장 무거운 배는?", null)]
    [InlineData("좌석이 20석 이상인 배는 모두 몇 대인가요?", null)]
    [InlineData("가장 비싼 것은?", null)]
    public void A_column_is_computed_if_the_table_has_all_that_the_question_names(string question, string? text) => Assert.Equal(text, Answer(question, $"뱃놀이 안내\n\n{Boats}")?.Text);

    [Theory]
    [InlineData("What is the average fee?", "The average of “Fee” is $15, over 2 rows of the table. [1]")]
    [InlineData("Which is the cheapest boat?", "“Boat: Heron | Fee: $10” [1]\n\nThe values of “Fee” in 2 rows of the table were compared.")]
    public void An_English_question_is_answered_in_English(string question, string text) => Assert.Equal(text, Answer(question, "Boat: Heron | Fee: $10\nBoat: Otter | Fee: $20")!.Text);

    [Fact]
    public void A_question_without_names_is_about_the_document_that_the_reader_chose()
    {
        Assert.StartsWith("“배: 갈매기호", Answer("가장 비싼 것은?", Boats, isChosen: true)!.Text, StringComparison.Ordinal);
        Assert.Null(Answer("가장 큰 것은?", Boats, isChosen: true)); // two columns have numbers
    }

    [Fact]
    public void A_total_of_the_table_is_quoted_for_a_sum_and_never_counted_in()
    {
        const string table = "부스: 떡집 | 판매: 30개\n부스: 책방 | 판매: 12개\n부스: 소계 | 판매: 42개\n부스: 화원 | 판매: 50개\n부스: 합 계 | 판매: 92개";
        Assert.Equal("“부스: 합 계 | 판매: 92개” [1]", Answer("판매 합계는?", table)!.Text);
        Assert.StartsWith("“부스: 화원 | 판매: 50개” [1]", Answer("판매가 가장 많은 부스는?", table)!.Text, StringComparison.Ordinal);
        Assert.Equal("‘판매’ 값의 평균은 약 30.67개입니다. 표의 3개 행으로 셈했습니다. [1]", Answer("판매 평균은?", table)!.Text);
        Assert.Equal("‘판매’ 값을 모두 더하면 92개입니다. 표의 3개 행을 더했습니다. [1]", Answer("판매 합계는?", table[..table.LastIndexOf('\n')])!.Text);
    }

    [Theory]
    [InlineData("가게: 가 | 값: 1,000원\n가게: 나 | 값: 문의\n가게: 다 | 값: 3,000원", "표의 ‘값’ 열에 수를 읽을 수 없는 행이 1개 있어 셈하지 않았습니다. [1]")]
    [InlineData("가게: 가 | 값: 1,000원\n가게: 나\n가게: 다 | 값: 3,000원", "표의 ‘값’ 열에 수를 읽을 수 없는 행이 1개 있어 셈하지 않았습니다. [1]")]
    [InlineData("가게: 가 | 값: 1,000원\n가게: 나 | 값: 20달러\n가게: 다 | 값: 3,000원", "표의 ‘값’ 열에 단위가 서로 달라 셈하지 않았습니다. [1]")]
    public void Nothing_is_computed_where_rows_lack_numbers_or_units_differ(string table, string text)
    {
        var answer = Answer("가게의 값을 모두 더하면?", table)!;
        Assert.Equal((true, text), (answer.IsRefused, answer.Text));
    }

    [Fact]
    public void A_unit_stated_once_is_that_of_all_bare_numbers() =>
        Assert.Equal("‘집행’ 값을 모두 더하면 2,100천원입니다. 표의 2개 행을 더했습니다. [1]", Answer("집행 합계는?", "항목: 종이 | 집행: 900 | 단위: 천원\n항목: 먹 | 집행: 1,200 | 단위: 천원")!.Text);

    [Fact]
    public void A_table_continues_over_the_passages_of_its_document_and_each_row_counts_once()
    {
        var lines = Enumerable.Range(1, 60).Select(at => string.Create(CultureInfo.InvariantCulture, $"나무: {at:00}번 나무 | 키: {at:00}m")).ToList();
        var text = string.Join('\n', lines);
        // Passages may overlap.
        var length = lines[0].Length + 1;
        List<PassageHit> passages = [Sources.Hit(1, text[..(20 * length)].TrimEnd()), Sources.Hit(2, text[(18 * length)..(40 * length)].TrimEnd(), start: 18 * length), Sources.Hit(3, text[(40 * length)..], start: 40 * length)];
        var sum = Answer("나무의 키를 모두 더하면?", passages)!;
        Assert.StartsWith("‘키’ 값을 모두 더하면 1,830 m입니다. 표의 60개 행을 더했습니다. [1][2][3]", sum.Text, StringComparison.Ordinal);
        Assert.All(sum.Citations, citation => Assert.InRange(citation.Quote.Split('\n').Length, 1, TableAnswers.RowsMax));
        var tallest = Answer("키가 가장 큰 나무는?", passages)!;
        Assert.StartsWith("“나무: 60번 나무 | 키: 60m” [1]", tallest.Text, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(tallest.Citations).Source.Passage.Id);
    }

    [Fact]
    public void Tables_with_the_same_columns_are_one_unless_the_question_names_one_of_them()
    {
        const string text = "봄\n꽃: 튤립 | 송이: 30송이\n꽃: 수선화 | 송이: 20송이\n\n가을\n꽃: 국화 | 송이: 80송이\n꽃: 과꽃 | 송이: 5송이";
        Assert.Contains("135송이입니다. 표의 4개 행을", Answer("꽃 송이를 모두 더하면?", text)!.Text, StringComparison.Ordinal);
        Assert.Contains("85송이입니다. 표의 2개 행을", Answer("가을 꽃 송이를 모두 더하면?", text)!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void More_winners_than_are_quoted_are_mentioned()
    {
        var table = string.Join('\n', Enumerable.Range(1, TableAnswers.RowsMax + 1).Select(at => $"통: {at}호 통 | 무게: 3kg"));
        var answer = Answer("가장 무거운 통은?", table, isChosen: true)!;
        Assert.Equal(TableAnswers.RowsMax, answer.Citations.Sum(citation => citation.Quote.Split('\n').Length));
        Assert.EndsWith($"이 밖에도 더 있습니다: 처음 {TableAnswers.RowsMax}개만 보여 드립니다.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_with_too_many_rows_to_be_read_whole_is_not_computed() =>
        Assert.Empty(DocumentTable.Of([Sources.Hit(1, string.Join('\n', Enumerable.Repeat("통: 가 | 무게: 3kg", DocumentTable.RowsMax + 1)))]));

    private static TableAnswer? Answer(string question, string text, bool isChosen = false) => Answer(question, [Sources.Hit(1, text)], isChosen);

    private static TableAnswer? Answer(string question, List<PassageHit> passages, bool isChosen = false) =>
        TableQuestion.Of(question) is { } asked ? TableAnswers.Of(question, asked, [passages], isChosen, SourceUrl.Of) : null;
}
