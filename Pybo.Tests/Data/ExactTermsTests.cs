using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class ExactTermsTests
{
    [Theory]
    [InlineData("2025년 3월 9일에 열렸다", "2025년3월9일 2025년3월 3월9일")]
    [InlineData("일시: 2025.03.09. 10:00", "2025년3월9일 2025년3월 3월9일")]
    [InlineData("2025. 3. 9.(일)", "2025년3월9일 2025년3월 3월9일")]
    [InlineData("2025-03-09", "2025년3월9일 2025년3월 3월9일")]
    [InlineData("2025/3/9", "2025년3월9일 2025년3월 3월9일")]
    [InlineData("'25. 3. 9", "2025년3월9일 2025년3월 3월9일")]
    [InlineData("보고서_20250309.hwp", "2025년3월9일 2025년3월 3월9일")]
    [InlineData("지난 3월 9일", "3월9일")]
    [InlineData("2025년 3월의 회의", "2025년3월")]
    [InlineData("1999년에는", "")]
    [InlineData("2025.13.40", "")]
    public void A_date_is_one_term_however_it_is_written(string text, string terms) => Assert.Equal(Split(terms), Exact(text));

    [Theory]
    [InlineData("사업자번호 123-45-67890", "1234567890")]
    [InlineData("전화 02)345-6789", "023456789")]
    [InlineData("전화 010 1234 5678", "01012345678")]
    [InlineData("전화 031.123.4567", "0311234567")]
    [InlineData("12-34", "")]
    public void A_number_loses_its_separators(string text, string terms) => Assert.Equal(Split(terms), Exact(text));

    [Theory]
    [InlineData("천 원", "1000")]
    [InlineData("3만원", "30000")]
    [InlineData("1만 5천 원", "15000")]
    [InlineData("천오백 원", "")]
    [InlineData("2억 3,000만 원", "230000000")]
    [InlineData("만 원", "10000")]
    [InlineData("병원", "")]
    [InlineData("999999999억 억 억 억 원", "")]
    public void An_amount_is_written_in_digits(string text, string terms) => Assert.Equal(Split(terms), Exact(text));

    [Theory]
    [InlineData("제17조의 2에 따라", "17조 17조의2")]
    [InlineData("제 17 조", "17조")]
    [InlineData("사원12와 사원112", "사원12 사원112")]
    public void Articles_and_numbered_names_are_exact(string text, string terms) => Assert.Equal(Split(terms), Exact(text));

    [Theory]
    [InlineData("٢٠٢٤년 ١월 ٢일, ١٢٣-٤٥-٦٧٨٩٠, ٣만 원, 제٣조, 사원٣")]
    [InlineData("9999999999999년 99월 99일 999999999999999999999999조")]
    [InlineData("0000.00.00 0000-00-0000000000000000")]
    public void Other_digits_and_endless_numbers_are_no_dates(string text) => Assert.DoesNotContain(Exact(text), term => term.Contains('월'));

    [Fact]
    public void A_question_and_a_text_meet_in_the_same_terms()
    {
        Assert.Contains("2024년1월2일", KoreanText.Terms("회의 2024.01.02."));
        Assert.Contains("2024년1월2일", KoreanText.QueryTerms("2024년 1월 2일에 무엇을 정했나요?"));
        Assert.Contains("4155521730", KoreanText.QueryTerms("4155521730"));
        Assert.Contains("4155521730", KoreanText.Terms("415-55-21730"));
    }

    private static string[] Split(string terms) => terms.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Exact(string text) => ExactTerms.Of(TextRuns.Normalize(text, KoreanText.TextCharactersMax));
}
