using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Office;
using static Pybo.Tests.Rag.Documents.Office.OfficeFile;

namespace Pybo.Tests.Rag.Documents.Office;

/// <summary>Cells read as Excel shows them.</summary>
public sealed class XlsxNumberFormatTests
{
    [Theory]
    [InlineData("yyyy\"년\" m\"월\" d\"일\"", "46351", "2026년 11월 25일")]
    [InlineData("yyyy년 mm월 dd일", "45658", "2025년 01월 01일")]
    [InlineData("yyyy\"年\" mm\"月\" dd\"日\"", "45658", "2025年 01月 01日")]
    [InlineData("yyyy-mm-dd hh:mm", "46351.604166666664", "2026-11-25 14:30")]
    [InlineData("yyyy\\-mm\\-dd\\(aaa\\)", "46351", "2026-11-25(수)")]
    [InlineData("m/d aaaa;@", "46351", "11/25 수요일")]
    [InlineData("[$-412]AM/PM h:mm", "0.604166666666667", "오후 2:30")]
    [InlineData("[$-412]AM/PM h:mm;@", "0", "오전 12:00")]
    [InlineData("[$-412]dddd", "46351", "수요일")]
    [InlineData("[$-412]yyyy/mm/dd (ddd)", "46351", "2026/11/25 (수)")]
    [InlineData("[$-409]mmm\\-yy;@", "46351", "Nov-26")]
    [InlineData("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "46351", "2026년 11월 25일 수요일")]
    [InlineData("[$-F400]h:mm:ss\\ AM/PM", "0.604166666666667", "오후 2:30:00")]
    [InlineData("h:mm AM/PM", "0.604166666666667", "2:30 PM")]
    [InlineData("h\"시\" mm\"분\" ss\"초\"", "0.604166", "14시 30분 00초")]
    [InlineData("mm:ss.0", "0.0209", "30:05.760")]
    [InlineData("yyyy-mm-dd", "60", "1900-02-29")]
    [InlineData("e-mm-dd", "46351", "2026-11-25")]
    [InlineData("[$-411]ggge\"年\"m\"月\"", "46351", "2026年11月")]
    public void A_date_follows_its_format(string code, string value, string expected) => Assert.Equal(expected, Cell(code, value));

    [Theory]
    [InlineData("[h]:mm", "1.5", "36:00")]
    [InlineData("[h]:mm", "0.8749999999999999", "21:00")]
    [InlineData("[h]:mm", "1.2916666666666665", "31:00")]
    [InlineData("[hh]\"시간\" mm\"분\"", "1.0625", "25시간 30분")]
    [InlineData("[mm]:ss", "0.0625", "90:00")]
    [InlineData("[h]:mm:ss;@", "0.00001157407", "0:00:01")]
    public void Elapsed_time_goes_beyond_a_day(string code, string value, string expected) => Assert.Equal(expected, Cell(code, value));

    [Theory]
    [InlineData("0.0%", "0.125", "12.5%")]
    [InlineData("0.000%", "0.00012", "0.012%")]
    [InlineData("0%", "0.285", "29%")]
    [InlineData("0.00", "1.005", "1.01")]
    [InlineData("#,##0.000", "1234.567", "1,234.567")]
    [InlineData("#,##0.00000000000000000000", "1234.5", "1,234.50000000000000000000")]
    [InlineData("#,##0\"원\"", "1234567", "1,234,567원")]
    [InlineData("#,##0원", "50000", "50,000원")]
    [InlineData("[$₩-412]#,##0", "300000", "₩300,000")]
    [InlineData("\"₩\"#,##0", "-7000", "-₩7,000")]
    [InlineData("#,##0,,\"백만원\"", "123000000", "123백만원")]
    [InlineData("0.0,\"천 명\"", "1234", "1.2천 명")]
    [InlineData("0\"명\"", "45", "45명")]
    [InlineData("0 kg", "3", "3 kg")]
    [InlineData("00000", "6236", "06236")]
    [InlineData("000\\-0000\\-0000", "1012345678", "010-1234-5678")]
    [InlineData("000-00-00000", "1234567890", "123-45-67890")]
    [InlineData("\"제\"0\"호\"", "12", "제12호")]
    [InlineData("# ?/?", "0.75", "3/4")]
    [InlineData("# ??/??", "1.5", "1 1/2")]
    [InlineData("0.00E+00", "1500", "1.50E+03")]
    [InlineData("0.00E+00", "0", "0.00E+00")]
    [InlineData("General", "0.1", "0.1")]
    [InlineData("GENERAL", "0.30000000000000004", "0.3")]
    [InlineData("G/표준\"개\"", "7", "7개")]
    [InlineData("[DBNum4][$-412]General", "12", "12")]
    [InlineData("[Magenta]0.0", "1.25", "1.3")]
    [InlineData("@", "5", "5")]
    public void A_number_follows_its_format(string code, string value, string expected) => Assert.Equal(expected, Cell(code, value));

    [Theory]
    [InlineData("0;\"▲\"0", "-3", "▲3")]
    [InlineData("#,##0;[Red]△#,##0", "-1200", "△1,200")]
    [InlineData("#,##0_);(#,##0)", "-1200", "(1,200)")]
    [InlineData("General;[Red]-General", "-1.5", "-1.5")]
    [InlineData("# ?/?;\"빚 \"# ?/?", "-0.75", "빚 3/4")]
    [InlineData("0;@", "-5", "-5")]
    [InlineData("_-* #,##0_-;\\-* #,##0_-;_-* \"-\"_-;_-@_-", "-1200", "-1,200")]
    [InlineData("_-* #,##0_-;\\-* #,##0_-;_-* \"-\"_-;_-@_-", "0", "-")]
    [InlineData("\"₩\"*-#,##0", "5000", "₩5,000")]
    [InlineData("[<=9999999]###\\-####;\\(0##\\)\\ ###\\-####", "233334444", "(023) 333-4444")]
    [InlineData("[<=9999999]###\\-####;\\(0##\\)\\ ###\\-####", "9999999", "999-9999")]
    [InlineData("[>=100]\"많음\";[>=10]\"보통\";\"적음\"", "50", "보통")]
    [InlineData("[=1]\"예\";[=0]\"아니요\";0", "1", "예")]
    public void Sections_are_chosen_by_sign_and_condition(string code, string value, string expected) => Assert.Equal(expected, Cell(code, value));

    [Theory]
    [InlineData(";;;", "5")]
    [InlineData("0;;", "-5")]
    [InlineData("0;-0;", "0")]
    public void A_value_that_Excel_hides_is_not_read(string code, string value) =>
        Assert.Equal("", Read(code, $"<c s=\"1\"><v>{value}</v></c>"));

    [Theory]
    [InlineData("@\"님\"", "str", "김철수님")]
    [InlineData("0;-0;0;\"이름: \"@", "str", "이름: 김철수")]
    [InlineData("_-* #,##0_-;\\-* #,##0_-;_-* \"-\"_-;_-@_-", "str", "김철수")]
    [InlineData("#,##0", "str", "김철수")]
    public void Text_uses_the_format_section_for_text(string code, string type, string expected) =>
        Assert.Equal($"매출\n\n{expected}", Read(code, $"<c s=\"1\" t=\"{type}\"><v>김철수</v></c>"));

    [Theory]
    [InlineData(14, "46351", "2026-11-25")]
    [InlineData(22, "46351.604166666664", "2026-11-25 14:30")]
    [InlineData(31, "46351", "2026년 11월 25일")]
    [InlineData(32, "0.5", "12시 00분")]
    [InlineData(46, "1.5", "36:00:00")]
    [InlineData(3, "-1200", "-1,200")]
    [InlineData(41, "0", "-")]
    [InlineData(9, "0.5", "50%")]
    [InlineData(99, "0.5", "0.5")]
    public void A_format_without_a_code_is_identified_by_its_number(int id, string value, string expected)
    {
        var styles = $"<cellXfs><xf numFmtId=\"{id}\"/></cellXfs>";
        Assert.Equal($"매출\n\n{expected}", DocumentReader.ReadFile(Xlsx($"<row><c s=\"0\"><v>{value}</v></c></row>", styles: styles), "파일").Text);
    }

    [Fact]
    public void Days_are_counted_from_1904_if_the_workbook_says_so()
    {
        var bytes = Xlsx("<row><c s=\"0\"><v>0</v></c></row>", styles: "<cellXfs><xf numFmtId=\"14\"/></cellXfs>", workbook: "<workbookPr date1904=\"1\"/>");
        Assert.Equal("매출\n\n1904-01-01", DocumentReader.ReadFile(bytes, "파일").Text);
    }

    [Theory]
    [InlineData("yyyy-mm-dd", "1e300", "1E+300")]
    [InlineData("yyyy-mm-dd", "2958466", "2958466")]
    [InlineData("yyyy-mm-dd", "-1", "-1")]
    [InlineData("[h]:mm", "-0.5", "-0.5")]
    [InlineData("[s]", "1e9", "1000000000")]
    [InlineData("# ?/?", "-1e300", "-1E+300")]
    [InlineData("# ?/99999999999", "1.5", "1.5")]
    [InlineData("[<]0", "1.5", "1.5")]
    [InlineData("yyyy@General", "1.5", "1.5")]
    public void A_value_that_cannot_be_formatted_is_a_plain_number(string code, string value, string expected) => Assert.Equal(expected, Cell(code, value));

    [Fact]
    public void A_code_longer_than_Excel_allows_is_ignored()
    {
        Assert.Equal("1", Cell(new string('0', XlsxNumberFormat.CodeCharactersMax + 1), "1"));
        Assert.Equal(new string('0', XlsxNumberFormat.CodeCharactersMax - 1) + "1", Cell(new string('0', XlsxNumberFormat.CodeCharactersMax), "1"));
    }

    [Fact]
    public void Any_format_code_yields_a_short_text()
    {
        string[] pieces = ["0", "#", "?", ",", ".", "/", "%", "E+", "e-", "e", "General", "@", ";", "\"", "\"가\"", "[", "]", "[h]", "[mm]", "[<=5]", "[>]", "[$₩-412]", "[$-F800", "[Red]", "\\", "_", "*", "y", "mmm", "mmmmm", "d", "aaa", "h", "ss", ".00", "AM/PM", "A/P", "g", "1", "0000", " ", "원", "\uD83D", "\0"];
        string[] values = ["0", "-1", "0.5", "46351.75", "-1e300", "1e300", "1e-300", "2147483648", "2958465.9999999"];
        var random = new Random(1);
        for (var at = 0; at < 20_000; at++)
        {
            var code = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var format = new XlsxNumberFormat(code);
            foreach (var value in values)
            {
                Assert.InRange(format.Number(double.Parse(value, System.Globalization.CultureInfo.InvariantCulture), at % 2 == 0).Length, 0, 1_000);
            }

            Assert.InRange(format.Text("글").Length, 0, 1_000);
        }
    }

    private static string Cell(string code, string value)
    {
        var text = Read(code, $"<c r=\"A1\" s=\"1\"><v>{value}</v></c>");
        Assert.StartsWith("매출\n\n", text, StringComparison.Ordinal);
        return text["매출\n\n".Length..];
    }

    private static string Read(string code, string cell)
    {
        var escaped = System.Security.SecurityElement.Escape(code);
        var styles = $"<numFmts><numFmt numFmtId=\"170\" formatCode=\"{escaped}\"/></numFmts><cellXfs><xf/><xf numFmtId=\"170\"/></cellXfs>";
        return DocumentReader.ReadFile(Xlsx($"<row>{cell}</row>", styles: styles), "파일").Text;
    }
}
