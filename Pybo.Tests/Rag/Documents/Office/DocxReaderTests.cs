using Pybo.Rag.Documents;
using static Pybo.Tests.Rag.Documents.Office.OfficeFile;

namespace Pybo.Tests.Rag.Documents.Office;

/// <summary>A text as Word shows it: scripts, equations, forms, hidden text, tracked changes, pictures, links, charts, tables.</summary>
public sealed class DocxReaderTests
{
    [Fact]
    public void Raised_and_lowered_runs_keep_their_form()
    {
        var styles = Xml("w:styles", """
            <w:style w:type="character" w:styleId="up"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
            <w:style w:type="character" w:styleId="note"><w:basedOn w:val="up"/></w:style>
            """);
        Assert.Equal("빛은 3×10⁸ m/s이고 물은 H₂O이며 10⁻³ mol이다.\n\n크기는 x^(n+k)이다.\n\n넓이는 40 m²이다.\n\n높이는 5이다.", Text(Docx(
            $"<w:p>{Run("빛은 3×10")}{Run("8", "<w:rStyle w:val=\"note\"/>")}{Run(" m/s이고 물은 H")}{Run("2", "<w:vertAlign w:val=\"subscript\"/>")}{Run("O이며 10")}"
            + $"{Run("-", "<w:vertAlign w:val=\"superscript\"/>")}{Run("3", "<w:vertAlign w:val=\"superscript\"/>")}{Run(" mol이다.")}</w:p>"
            + $"<w:p>{Run("크기는 x")}{Run("n+", "<w:vertAlign w:val=\"superscript\"/>")}{Run("k", "<w:vertAlign w:val=\"superscript\"/>")}{Run("이다.")}</w:p>"
            + $"<w:p>{Run("넓이는 40 m")}{Run("2", "<w:position w:val=\"8\"/><w:sz w:val=\"12\"/>")}{Run("이다.")}</w:p>"
            + $"<w:p>{Run("높이는 ")}{Run("5", "<w:position w:val=\"2\"/>")}{Run("이다.")}</w:p>",
            ("styles", styles))));
    }

    [Theory]
    [InlineData("<m:f><m:num>{7}</m:num><m:den>{8}</m:den></m:f>", "7/8")]
    [InlineData("<m:f><m:num>{a+b}</m:num><m:den>{c}</m:den></m:f>", "(a+b)/c")]
    [InlineData("{2}<m:f><m:num>{1}</m:num><m:den>{3}</m:den></m:f>", "2 1/3")]
    [InlineData("<m:f><m:num>{1}</m:num><m:den>{2}</m:den></m:f>{m}", "(1/2)m")]
    [InlineData("<m:sSup><m:e>{1.2}</m:e><m:sup>{3}</m:sup></m:sSup>", "1.2³")]
    [InlineData("<m:sSup><m:e>{a+b}</m:e><m:sup>{2}</m:sup></m:sSup>", "(a+b)²")]
    [InlineData("<m:sSubSup><m:e>{x}</m:e><m:sub>{1}</m:sub><m:sup>{2}</m:sup></m:sSubSup>", "x₁²")]
    [InlineData("<m:rad><m:radPr><m:degHide m:val=\"1\"/></m:radPr><m:deg/><m:e>{25}</m:e></m:rad>", "√(25)")]
    [InlineData("<m:rad><m:deg>{3}</m:deg><m:e>{27}</m:e></m:rad>", "∛(27)")]
    [InlineData("<m:nary><m:naryPr><m:chr m:val=\"∑\"/></m:naryPr><m:sub>{i=1}</m:sub><m:sup>{n}</m:sup><m:e>{i}</m:e></m:nary>", "∑ᵢ₌₁ⁿ i", "∑_(i=1)ⁿ i")]
    [InlineData("<m:d><m:dPr><m:begChr m:val=\"[\"/><m:endChr m:val=\"]\"/></m:dPr><m:e><m:m><m:mr><m:e>{1}</m:e><m:e>{2}</m:e></m:mr><m:mr><m:e>{3}</m:e><m:e>{4}</m:e></m:mr></m:m></m:e></m:d>", "[1, 2; 3, 4]")]
    [InlineData("<m:func><m:fName>{sin}</m:fName><m:e>{x}</m:e></m:func>", "sin(x)")]
    [InlineData("<m:bar><m:barPr><m:pos m:val=\"top\"/></m:barPr><m:e>{x}</m:e></m:bar>", "x\u0305")]
    [InlineData("<m:phant><m:phantPr><m:show m:val=\"0\"/></m:phantPr><m:e>{x}</m:e></m:phant>{y}", "y")]
    public void An_equation_is_one_line(string equation, string expected, string? orElse = null)
    {
        var text = Text(Docx($"<w:p>{Run("값은 ")}<m:oMath>{equation.Replace("{", "<m:r><m:t>", StringComparison.Ordinal).Replace("}", "</m:t></m:r>", StringComparison.Ordinal)}</m:oMath>{Run("이다.")}</w:p>"));
        Assert.True(text == $"값은 {expected}이다." || text == $"값은 {orElse}이다.", text);
    }

    [Fact]
    public void Structures_of_an_equation_beyond_the_limit_keep_their_characters()
    {
        const int depth = 400;
        var deep = string.Concat(Enumerable.Repeat("<m:rad><m:e>", depth)) + "<m:r><m:t>9</m:t></m:r>" + string.Concat(Enumerable.Repeat("</m:e></m:rad>", depth));
        Assert.Contains("9", Text(Docx($"<w:p><m:oMath>{deep}</m:oMath></w:p>")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_form_shows_what_was_filled_in_and_no_prompts() => Assert.Equal(
        "지역: 강원\n\n☐ 우편 ☑ 방문\n\n이름:\n\n직업: 어부\n\n색: 파랑\n\n☑ 동의 ☐ 거절",
        Text(Docx(
            $"<w:p>{Run("지역: ")}{Control("<w:dropDownList><w:listItem w:displayText=\"강원\" w:value=\"g\"/></w:dropDownList>", Run("강원"))}</w:p>"
            + $"<w:p>{Control("<w14:checkbox xmlns:w14=\"urn:w14\"><w14:checked w14:val=\"0\"/></w14:checkbox>", Run("☐"))}{Run(" 우편 ")}{Control("<w14:checkbox xmlns:w14=\"urn:w14\"><w14:checked w14:val=\"1\"/></w14:checkbox>", Run("☒"))}{Run(" 방문")}</w:p>"
            + $"<w:p>{Run("이름: ")}{Control("<w:showingPlcHdr/><w:text/>", Run("여기를 눌러 이름을 쓰십시오."))}</w:p>"
            + $"<w:p>{Run("직업: ")}{Control("<w:comboBox w:lastValue=\"f\"><w:listItem w:displayText=\"농부\" w:value=\"n\"/><w:listItem w:displayText=\"어부\" w:value=\"f\"/></w:comboBox>", "")}</w:p>"
            + $"<w:p>{Run("색: ")}{Field("<w:ffData><w:ddList><w:default w:val=\"0\"/><w:result w:val=\"2\"/><w:listEntry w:val=\"빨강\"/><w:listEntry w:val=\"노랑\"/><w:listEntry w:val=\"파랑\"/></w:ddList></w:ffData>", " FORMDROPDOWN ", "")}</w:p>"
            + $"<w:p>{Field("<w:ffData><w:checkBox><w:default w:val=\"1\"/></w:checkBox></w:ffData>", " FORMCHECKBOX ", "")}{Run(" 동의 ")}{Field("<w:ffData><w:checkBox><w:default w:val=\"1\"/><w:checked w:val=\"0\"/></w:checkBox></w:ffData>", " FORMCHECKBOX ", "")}{Run(" 거절")}</w:p>")));

    [Fact]
    public void A_prompt_in_a_cell_leaves_the_cell_empty() => Assert.Equal(
        "이름: 가 | 나이: 3살 | 주소: 남도\n이름: 나 | 주소: 북도\n이름: 다 | 나이: 5살 | 주소: 서도",
        Text(Docx(Table(["이름", "나이", "주소"], ["가", "3살", "남도"], ["나", "?", "북도"], ["다", "5살", "서도"])
            .Replace(Cell("?"), Control("<w:showingPlcHdr/>", Cell("누르십시오")), StringComparison.Ordinal))));

    [Fact]
    public void What_a_style_hides_is_not_read()
    {
        var styles = Xml("w:styles", """
            <w:style w:type="paragraph" w:styleId="secret"><w:rPr><w:vanish/></w:rPr></w:style>
            <w:style w:type="paragraph" w:styleId="child"><w:basedOn w:val="secret"/></w:style>
            <w:style w:type="paragraph" w:styleId="open"><w:basedOn w:val="secret"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>
            <w:style w:type="character" w:styleId="mark"><w:rPr><w:vanish/></w:rPr></w:style>
            <w:style w:type="table" w:styleId="answers"><w:rPr><w:vanish/></w:rPr></w:style>
            """);
        var text = Text(Docx(
            P("물음") + P("숨은 답", "<w:pStyle w:val=\"secret\"/>") + P("물려받은 답", "<w:pStyle w:val=\"child\"/>") + P("다시 보임", "<w:pStyle w:val=\"open\"/>")
            + $"<w:p>{Run("앞")}{Run("표시", "<w:rStyle w:val=\"mark\"/>")}{Run("뒤")}{Run("보임", "<w:rStyle w:val=\"mark\"/><w:vanish w:val=\"0\"/>")}{Run("12", "<w:webHidden/>")}</w:p>"
            + $"<w:p><w:pPr><w:pStyle w:val=\"secret\"/></w:pPr>{Run("둘이 뒤집음", "<w:rStyle w:val=\"mark\"/>")}</w:p>"
            + $"<w:tbl><w:tblPr><w:tblStyle w:val=\"answers\"/></w:tblPr><w:tr>{Cell("표 답")}</w:tr></w:tbl>" + P("끝"),
            ("styles", styles)));
        Assert.Equal("물음\n\n다시 보임\n\n앞뒤보임\n\n둘이 뒤집음\n\n끝", text);
        Assert.Equal("", Text(Docx(P("모두 숨김"), ("styles", Xml("w:styles", "<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults>")))));
    }

    [Fact]
    public void A_note_whose_reference_is_hidden_is_hidden_too() => Assert.Equal("본문", Text(Docx(
        $"<w:p>{Run("본문")}<w:r><w:rPr><w:vanish/></w:rPr><w:footnoteReference w:id=\"2\"/></w:r></w:p>",
        ("footnotes", Xml("w:footnotes", $"<w:footnote w:id=\"2\">{P("비밀 각주")}</w:footnote>")))));

    [Fact]
    public void Tracked_changes_are_read_as_accepted()
    {
        var document = Read(Docx(
            $"<w:p>{Run("벌금은 ")}<w:del>{Run("3만원")}</w:del><w:ins>{Run("5만원")}</w:ins>{Run("이다.")}</w:p>"
            + $"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{Run("이 규칙은 ")}</w:p><w:p>{Run("오늘부터 쓴다.")}</w:p>"
            + $"<w:p><w:moveFrom>{Run("옮긴 글이다.")}</w:moveFrom></w:p>" + P("사이 글이다.") + $"<w:p><w:moveTo>{Run("옮긴 글이다.")}</w:moveTo></w:p>"
            + $"<w:tbl><w:tr>{Cell("가")}{Cell("1")}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{Cell("지운 행")}{Cell("2")}</w:tr><w:tr>{Cell("다")}<w:tc><w:tcPr><w:cellDel/></w:tcPr>{P("지운 칸")}</w:tc>{Cell("3")}</w:tr></w:tbl>"
            + $"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{Run("끝 글이다.")}</w:p>"));
        Assert.Equal("벌금은 5만원이다.\n\n이 규칙은 오늘부터 쓴다.\n\n사이 글이다.\n\n옮긴 글이다.\n\n가 | 1\n다 | 3\n\n끝 글이다.", document.Text);
        Assert.Equal("변경 내용 추적에서 삭제한 2곳은 읽지 않았습니다.", Assert.Single(document.Warnings.Said()));
    }

    [Fact]
    public void The_description_of_a_picture_follows_its_paragraph()
    {
        static string Picture(string properties, string inside = "") => $"<w:r><w:drawing><wp:docPr xmlns:wp=\"urn:wp\" {properties}>{inside}</wp:docPr><pic:cNvPr xmlns:pic=\"urn:pic\" {properties}>{inside}</pic:cNvPr></w:drawing></w:r>";
        Assert.Equal("그림은 다음과 같다.\n\n약도: 역에서 북쪽으로 200 m\n\n오래된 그림\n\n칸 | 작은 약도", Text(Docx(
            $"<w:p>{Picture("descr=\"약도: 역에서 북쪽으로 200 m\"")}{Run("그림은 다음과 같다.")}</w:p>"
            + $"<w:p>{Picture("descr=\"IMG_2041.jpg\"")}{Picture("descr=\"\"")}{Picture("descr=\"숨은 그림\" hidden=\"1\"").Replace("</w:drawing>", $"<w:txbxContent>{P("숨은 상자")}</w:txbxContent></w:drawing>", StringComparison.Ordinal)}{Picture("descr=\"그림입니다.&#10;원본 그림의 이름: CLP1.bmp\"")}{Picture("descr=\"무늬\"", "<a:ext><x:decorative xmlns:x=\"urn:x\" val=\"1\"/></a:ext>")}</w:p>"
            + "<w:p><w:r><w:pict><v:shape xmlns:v=\"urn:v\" alt=\"오래된 그림\"/></w:pict></w:r></w:p>"
            + $"<w:tbl><w:tr>{Cell("칸")}<w:tc><w:p>{Picture("descr=\"작은 약도\"")}</w:p></w:tc></w:tr></w:tbl>")));
    }

    [Fact]
    public void A_link_shows_where_it_leads() => Assert.Equal(
        "안내 (https://guide.example.net/a)를 보고 www.guide.example.net에 쓰거나 편지 (help@example.net)를 보낸다. 안쪽과 필드 (https://field.example.net)",
        Text(Linked(
            $"<w:p><w:hyperlink r:id=\"web\">{Run("안")}{Run("내")}</w:hyperlink>{Run("를 보고 ")}<w:hyperlink r:id=\"shown\">{Run("www.guide.example.net")}</w:hyperlink>{Run("에 쓰거나 ")}"
            + $"<w:hyperlink r:id=\"mail\">{Run("편지")}</w:hyperlink>{Run("를 보낸다. ")}<w:hyperlink w:anchor=\"b\">{Run("안쪽")}</w:hyperlink>{Run("과 ")}{Field("", " HYPERLINK \"https://field.example.net\" \\o \"도움말\" ", Run("필드"))}<w:hyperlink r:id=\"script\">{Run("")}</w:hyperlink></w:p>",
            ("web", "https://guide.example.net/a"), ("shown", "https://guide.example.net/"), ("mail", "mailto:help@example.net?subject=a"), ("script", "javascript:alert(1)"))));

    [Fact]
    public void Words_in_the_instruction_of_a_field_are_not_read() => Assert.Equal("금액: 큼\n\n다음", Text(Docx(
        $"<w:p>{Run("금액: ")}<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>{Field("", " MERGEFIELD a ", Run("700"))}<w:r><w:instrText> &gt; 500 \"큼\" \"작음\"</w:instrText></w:r>"
        + $"<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{Run("큼")}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p><w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r></w:p>{P("다음")}")));

    [Fact]
    public void A_chart_is_a_table_where_it_is()
    {
        var chart = Xml("c:chartSpace", """
            <c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>달마다 팔린 책</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart>
            <c:ser><c:tx><c:strRef><c:f>S!B1</c:f><c:strCache><c:pt idx="0"><c:v>소설</c:v></c:pt></c:strCache></c:strRef></c:tx>
            <c:cat><c:strRef><c:f>S!A2</c:f><c:strCache><c:pt idx="0"><c:v>4월</c:v></c:pt><c:pt idx="1"><c:v>5월</c:v></c:pt></c:strCache></c:strRef></c:cat>
            <c:val><c:numRef><c:f>S!B2</c:f><c:numCache><c:formatCode>#,##0"권"</c:formatCode><c:pt idx="0"><c:v>1200</c:v></c:pt><c:pt idx="1"><c:v>900</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>
            <c:ser><c:tx><c:v>시집</c:v></c:tx>
            <c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>4월</c:v></c:pt><c:pt idx="1"><c:v>5월</c:v></c:pt></c:strCache></c:strRef></c:cat>
            <c:val><c:numLit><c:pt idx="1"><c:v>70</c:v></c:pt></c:numLit></c:val></c:ser>
            </c:barChart></c:plotArea></c:chart>
            """);
        Assert.Equal("앞\n\n달마다 팔린 책\n\n4월 | 소설: 1,200권\n5월 | 소설: 900권 | 시집: 70\n\n뒤", Text(Docx(
            P("앞") + "<w:p><w:r><w:drawing><c:chart r:id=\"chart\"/></w:drawing></w:r></w:p>" + P("뒤"), ("chart", chart))));
    }

    [Fact]
    public void Merged_cells_name_each_of_their_rows()
    {
        static string Merged(string text, string value) => $"<w:tc><w:tcPr><w:vMerge{value}/></w:tcPr>{P(text)}</w:tc>";
        var rows = string.Concat(Enumerable.Range(1, 60).Select(at => $"<w:tr>{Merged(at == 1 ? "여름" : "", at == 1 ? " w:val=\"restart\"" : "")}{Cell($"{at}일")}{Cell($"{at}00원")}</w:tr>"));
        var lines = Text(Docx($"<w:tbl><w:tr>{Cell("철")}{Cell("날")}{Cell("값")}</w:tr>{rows}</w:tbl>")).Split('\n');
        Assert.Equal(60, lines.Length);
        Assert.All(lines, (line, at) => Assert.Equal($"철: 여름 | 날: {at + 1}일 | 값: {at + 1}00원", line));
    }

    [Fact]
    public void Grouped_names_of_columns_are_joined()
    {
        var header = $"<w:tr><w:tc><w:tcPr><w:vMerge w:val=\"restart\"/></w:tcPr>{P("구분")}</w:tc><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>{P("요금")}</w:tc></w:tr>"
            + $"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{P("")}</w:tc>{Cell("어른")}{Cell("아이")}</w:tr>";
        Assert.Equal("구분: 낮 | 요금 어른: 5,000원 | 요금 아이: 2,000원\n구분: 밤 | 요금 아이: 3,000원", Text(Docx(
            $"<w:tbl>{header}<w:tr>{Cell("낮")}{Cell("5,000원")}{Cell("2,000원")}</w:tr><w:tr>{Cell("밤")}{Cell("")}{Cell("3,000원")}</w:tr></w:tbl>")));
    }

    [Fact]
    public void A_row_that_begins_further_right_keeps_its_columns() => Assert.Equal("품목: 붓 | 값: 900원\n품목: 먹 | 값: 700원\n값: 1,600원", Text(Docx(
        $"<w:tbl><w:tr>{Cell("품목")}{Cell("값")}</w:tr><w:tr>{Cell("붓")}{Cell("900원")}</w:tr><w:tr>{Cell("먹")}{Cell("700원")}</w:tr><w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>{Cell("1,600원")}</w:tr></w:tbl>")));

    [Fact]
    public void A_row_that_is_repeated_on_each_page_names_the_columns() => Assert.Equal("2월: 눈 | 3월: 비", Text(Docx(
        $"<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{Cell("2월")}{Cell("3월")}</w:tr><w:tr>{Cell("눈")}{Cell("비")}</w:tr></w:tbl>")));

    [Fact]
    public void A_document_of_pictures_and_an_empty_one_say_so()
    {
        Assert.Equal("읽을 글이 없는 문서입니다.", Assert.Single(Read(Docx("<w:p/>")).Warnings.Said()));
        var scan = Package(
            ("_rels/.rels", Rels(("m", "officeDocument", "/word/main1.xml"))), ("word/main1.xml", Xml("w:document", "<w:body><w:p/></w:body>")), ("word/media/image1.png", "png"));
        Assert.Equal("그림만 있고 글자가 없어 읽지 못했습니다. 그림 속 글자는 읽을 수 없습니다.", Assert.Single(Read(scan).Warnings.Said()));
    }

    private static string Run(string text, string properties = "") => $"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>";

    private static string Cell(string text) => $"<w:tc>{P(text)}</w:tc>";

    private static string Table(params string[][] rows) => $"<w:tbl>{string.Concat(rows.Select(row => $"<w:tr>{string.Concat(row.Select(Cell))}</w:tr>"))}</w:tbl>";

    private static string Control(string properties, string content) => $"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>";

    private static string Field(string data, string instruction, string result) =>
        $"<w:r><w:fldChar w:fldCharType=\"begin\">{data}</w:fldChar></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{result}<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";

    private static byte[] Linked(string body, params (string Id, string Target)[] links) => Package(
        ("_rels/.rels", Rels(("m", "officeDocument", "/word/main1.xml"))),
        ("word/main1.xml", Xml("w:document", $"<w:body>{body}</w:body>")),
        ("word/_rels/main1.xml.rels", Links(links)));

    private static string Text(byte[] bytes) => Read(bytes).Text;

    private static DocumentText Read(byte[] bytes) => DocumentReader.ReadFile(bytes, "파일");
}
