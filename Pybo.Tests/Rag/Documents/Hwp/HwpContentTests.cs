using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Hwp;

namespace Pybo.Tests.Rag.Documents.Hwp;

/// <summary>Characters, equations, fields and descriptions of 한글's documents, in both formats.</summary>
public sealed class HwpContentTests
{
    [Theory]
    [InlineData("{a+b} over 2", "(a + b)/2")]
    [InlineData("x = {-b +- sqrt {b^2 -4ac}} over {2a}", "x = (- b ± √(b² - 4 ac))/(2 a)")]
    [InlineData("root 3 of 8", "∛(8)")]
    [InlineData("비율 = left ( {가격} over {입찰} right ) times 20", "비율 = (가격/입찰) × 20")]
    [InlineData("H_2 O", "H₂ O")]
    [InlineData("sum _{i=1} ^n a_i", "∑_(i = 1)ⁿ a_i")]
    [InlineData("int _0 ^inf f", "∫₀^∞ f")]
    [InlineData("alpha + OMEGA <= 3", "α + Ω ≤ 3")]
    [InlineData("matrix{1&2#3&4}", "[1, 2; 3, 4]")]
    [InlineData("rm \"단가\" ~ = ~ bold 5", "단가 = 5")]
    [InlineData("over", "/")]
    [InlineData("{{{", "")]
    public void An_equation_is_written_on_one_line(string script, string text) => Assert.Equal(text, HwpEquation.Text(script));

    [Fact]
    public void An_equation_of_any_depth_is_read()
    {
        Assert.NotEmpty(HwpEquation.Text(string.Concat(Enumerable.Repeat("{a over ", 600))));
        Assert.NotEmpty(HwpEquation.Text(string.Concat(Enumerable.Repeat("sqrt ", 900))));
        Assert.Equal(6_000, HwpEquation.Text(new string('가', 6_000)).Length);
    }

    [Fact]
    public void Private_characters_become_standard_ones_or_a_visible_mark()
    {
        var document = new HwpBuilder().Paragraph(0, "\U000F02B1 첫째 \U000F0854책\U000F0855 가\U000F02EF나 \uF0FE 동의 \uF53A글 \uE123말").Read();
        Assert.Equal("① 첫째 『책』 가·나 ☑ 동의 ᄒᆞᆫ글 □말", document.Text);
        Assert.Contains("1개", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_of_Hwp_5_is_followed_by_its_address()
    {
        const string command = "https\\://apply.example.org/가;1;0;0;";
        var builder = new HwpBuilder().Paragraph(0, $"신청은 {HwpBuilder.Control(3)}누리집{HwpBuilder.Control(4)}에서 한다.");
        builder.Control(1, "%hlk", [.. new byte[5], (byte)command.Length, 0, .. Encoding.Unicode.GetBytes(command)]);
        Assert.Equal("신청은 누리집 (https://apply.example.org/가)에서 한다.", builder.Read().Text);
    }

    [Theory]
    [InlineData("이바다", "성명: 이바다 끝")]
    [InlineData("성명을 쓰십시오", "성명:  끝")]
    public void A_field_of_Hwp_5_shows_what_is_filled_in(string shown, string text)
    {
        const string command = "Clickhere:set:40:Direction:wstring:8:성명을 쓰십시오 HelpState:wstring:0: ";
        var builder = new HwpBuilder().Paragraph(0, $"성명: {HwpBuilder.Control(3)}{shown}{HwpBuilder.Control(4)} 끝");
        builder.Control(1, "%clk", [.. new byte[5], (byte)command.Length, 0, .. Encoding.Unicode.GetBytes(command)]);
        Assert.Equal(text, builder.Read().Text);
    }

    [Fact]
    public void Raised_text_of_Hwp_5_keeps_its_form()
    {
        byte[] Shape(int attributes) => [.. new byte[46], .. HwpBuilder.Numbers(attributes), .. new byte[20]];
        var info = new HwpBuilder().Record(HwpTag.CharacterShape, 0, Shape(0)).Record(HwpTag.CharacterShape, 0, Shape(1 << 15)).Record(HwpTag.CharacterShape, 0, Shape(1 << 16));
        var body = new HwpBuilder().Paragraph(0, "넓이 25m2, H2O").Record(HwpTag.ParagraphCharacterShapes, 1, HwpBuilder.Numbers(0, 0, 6, 1, 7, 0, 10, 2, 11, 0));
        Assert.Equal("넓이 25m², H₂O", HwpBuilder.Read(HwpBuilder.File(body.Section).Add("DocInfo", HwpBuilder.Deflate(info.Section)).Build()).Text);
    }

    [Theory]
    [InlineData("그림입니다.\r\n원본 그림의 이름: CLP000.bmp\r\n원본 그림의 크기: 가로 10pixel, 세로 20pixel", null)]
    [InlineData("사각형 입니다.", null)]
    [InlineData("그림입니다. 원본 그림의 이름: a.png", null)]
    [InlineData("그림입니다.\n왼쪽 문이 비상구이다.", "왼쪽 문이 비상구이다.")]
    [InlineData("그림 설명: 왼쪽 문이 비상구입니다.", "그림 설명: 왼쪽 문이 비상구입니다.")]
    public void Only_a_persons_description_is_text(string comment, string? description) => Assert.Equal(description, HwpDescription.Of(comment));

    [Fact]
    public void Fields_pictures_deletions_and_memos_of_Hwpx_are_read_as_shown()
    {
        const string section = """
            <p><run charPrIDRef="0"><t>신청은 </t><ctrl><fieldBegin type="HYPERLINK"><parameters><stringParam name="Command">https\://example.org/나;1;0;0;</stringParam></parameters></fieldBegin></ctrl><t>누리집</t><ctrl><fieldEnd/></ctrl><t>에서 한다.</t></run></p>
            <p><run charPrIDRef="0"><t>성명: </t><ctrl><fieldBegin type="CLICK_HERE"><parameters><stringParam name="Direction">쓰십시오</stringParam></parameters></fieldBegin></ctrl><t>쓰십시오</t><ctrl><fieldEnd/></ctrl></run></p>
            <p><run charPrIDRef="0"><t>값은 <deleteBegin/>8백원<deleteEnd/><insertBegin/>9백원<insertEnd/>이다.</t></run></p>
            <p><run charPrIDRef="0"><pic><shapeComment>왼쪽 문이 비상구이다.</shapeComment></pic><t>그림</t></run></p>
            <p><run charPrIDRef="0"><t>글</t><ctrl><fieldBegin type="MEMO"><subList><p><run><t>다시 볼 것</t></run></p></subList></fieldBegin></ctrl><t>이다.</t></run></p>
            <p><run charPrIDRef="0"><checkBtn caption="R&amp;&amp;D 동의" value="CHECKED"/><t> 10</t></run><run charPrIDRef="5"><t>6</t></run><run charPrIDRef="0"><t>개</t></run></p>
            """;
        const string header = """<head><charProperties><charPr id="0"/><charPr id="5"><supscript/></charPr></charProperties></head>""";
        var document = DocumentReader.ReadFile(HwpxReaderTests.Package(("Contents/section0.xml", $"<sec>{section}</sec>"), ("Contents/header.xml", header)), "문서.hwpx");
        Assert.Equal("신청은 누리집 (https://example.org/나)에서 한다.\n\n성명:\n\n값은 9백원이다.\n\n왼쪽 문이 비상구이다.\n\n그림\n\n글이다.\n\n메모: 다시 볼 것\n\n☑ R&D 동의 10⁶개", document.Text);
        Assert.Contains("1곳", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_marked_header_names_the_columns_of_every_row()
    {
        const string table = """
            <p><run><tbl><tr><tc header="1"><subList><p><run><t>시설</t></run></p></subList><cellAddr colAddr="0" rowAddr="0"/></tc><tc header="1"><subList><p><run><t>담당</t></run></p></subList><cellAddr colAddr="1" rowAddr="0"/></tc></tr>
            <tr><tc><subList><p><run><t>빙상장</t></run></p></subList><cellAddr colAddr="0" rowAddr="1"/></tc><tc><subList><p><run><t>이바다</t></run></p></subList><cellAddr colAddr="1" rowAddr="1"/></tc></tr></tbl></run></p>
            """;
        var document = DocumentReader.ReadFile(HwpxReaderTests.Package(("Contents/section0.xml", $"<sec>{table}</sec>")), "문서.hwpx");
        Assert.Equal("시설: 빙상장 | 담당: 이바다", document.Text);
    }
}
