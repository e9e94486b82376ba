using System.Text;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents.Html;

/// <summary>A page's links, scripts, fields, formulas and tables say in its text what they say to a reader.</summary>
public sealed class HtmlContentTests
{
    [Theory]
    [InlineData("<a href='https://apply.example.org/2031'>신청</a>하세요", "신청 (https://apply.example.org/2031)하세요")]
    [InlineData("<a href='https://www.example.org/'>example.org</a>", "example.org")]
    [InlineData("<a href='https://example.org/a'>https://example.org/a</a>", "https://example.org/a")]
    [InlineData("<a href='mailto:help@example.org?subject=%EA%B0%80'>담당자</a>", "담당자 (help@example.org)")]
    [InlineData("<a href='tel:02-123-4567'>전화</a>", "전화 (02-123-4567)")]
    [InlineData("<a href='tel:0212345678'>02) 1234-5678</a>", "02) 1234-5678")]
    [InlineData("<a href='#장'>차례</a> <a href='javascript:go()'>가기</a> <a href='/a'>상대</a> <a href='ftp://a.b/c'>파일</a>", "차례 가기 상대 파일")]
    [InlineData("<base href='https://example.org/b/'><a href='c.html'>상대</a>", "상대 (https://example.org/b/c.html)")]
    [InlineData("<link rel=canonical href='https://example.org/b/'><a href='/d'>상대</a>", "상대 (https://example.org/d)")]
    [InlineData("<header><a href='https://example.org/'>머리</a></header>", "머리")]
    [InlineData("<footer><a href='https://example.org/'>발</a> <a href='mailto:a@example.org'>문의</a></footer>", "발 문의 (a@example.org)")]
    [InlineData("<table><tr><td>신청<td><a href='https://example.org/a'>누리집</a></table>", "신청 | 누리집 (https://example.org/a)")]
    public void A_link_is_followed_by_its_address(string html, string text) => Assert.Equal(text, Read(html));

    [Fact]
    public void A_menu_does_not_become_a_wall_of_addresses()
    {
        Assert.Equal("가 | 나 | 다 | 라", Read(string.Join(" | ", Links("https://a.example.org/"))));
        Assert.Equal("- 가\n- 나\n- 다\n- 라\n\n끝", Read($"<ul>{string.Concat(Links("https://a.example.org/").Select(link => $"<li>{link}"))}</ul>끝"));
        Assert.Equal("- 가 (https://a.example.org/가)\n- 나 (https://a.example.org/나)\n\n끝", Read($"<ul>{string.Concat(Links("https://a.example.org/").Take(2).Select(link => $"<li>{link}"))}</ul>끝"));
        var sites = "가나다라".Select(name => $"<li><a href='https://{(int)name}.example.org'>{name}</a>");
        Assert.Contains("- 라 (https://46972.example.org)", Read($"<ul>{string.Concat(sites)}</ul>끝"), StringComparison.Ordinal);

        static IEnumerable<string> Links(string site) => "가나다라".Select(name => $"<a href='{site}{name}'>{name}</a>");
    }

    [Theory]
    [InlineData("10<sup>7</sup>개", "10⁷개")]
    [InlineData("25 m<sup>2</sup>", "25 m²")]
    [InlineData("CO<sub>2</sub>", "CO₂")]
    [InlineData("x<sup>n+k</sup>", "x^(n+k)")]
    [InlineData("2031<sup><a href='#f'>4)</a></sup>년", "2031⁴⁾년")]
    [InlineData("10<span style='vertical-align:super;font-size:70%'>7</span>", "10⁷")]
    [InlineData("<style>.s{vertical-align:sub}</style>H<span class=s>2</span>O", "H₂O")]
    [InlineData("값 <s>9,000원</s> 7,000원", "값 ~~9,000원~~ 7,000원")]
    [InlineData("값 <del>9,000원</del> <ins>7,000원</ins>", "값 ~~9,000원~~ 7,000원")]
    public void Raised_lowered_and_struck_text_keeps_its_meaning(string html, string text) => Assert.Equal(text, Read(html));

    [Theory]
    [InlineData("<label><input type=checkbox checked> 현금</label> <label><input type=checkbox> 카드</label>", "☑ 현금 ☐ 카드")]
    [InlineData("<input type=radio name=a>월 <input type=radio name=a checked>화", "☐ 월 ☑ 화")]
    [InlineData("성명 <input value=이바다> 님", "성명 이바다 님")]
    [InlineData("구분 <select><option value=''>고르기<option selected>장애인<option>노인</select> 요금", "구분 장애인 요금")]
    [InlineData("사유: <textarea>\n첫 줄\n둘째 줄</textarea>", "사유: 첫 줄\n둘째 줄")]
    [InlineData("찾기 <input type=search value=숨김> <button>찾기</button>", "찾기")]
    public void Fields_show_what_is_filled_in(string html, string text) => Assert.Equal(text, Read(html));

    [Theory]
    [InlineData("<mfrac><mn>3</mn><mn>4</mn></mfrac>", "3/4")]
    [InlineData("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac>", "(a+b)/c")]
    [InlineData("<msup><mi>x</mi><mn>2</mn></msup>", "x²")]
    [InlineData("<msub><mi>a</mi><mn>1</mn></msub>", "a₁")]
    [InlineData("<msqrt><mn>16</mn></msqrt>", "√(16)")]
    [InlineData("<mroot><mn>8</mn><mn>3</mn></mroot>", "∛(8)")]
    [InlineData("<mi>y</mi><mo>=</mo><msup><mrow><mo>(</mo><mi>x</mi><mo>+</mo><mn>1</mn><mo>)</mo></mrow><mn>2</mn></msup>", "y = (x+1)²")]
    [InlineData("<munderover><mo>∑</mo><mi>i</mi><mi>∞</mi></munderover>", "∑_i^∞")]
    public void A_formula_is_written_on_one_line(string mathml, string text) => Assert.Equal($"식 {text}", Read($"식 <math><semantics><mrow>{mathml}</mrow><annotation>숨김</annotation></semantics></math>"));

    [Fact]
    public void A_formula_of_any_depth_is_read()
    {
        Assert.Contains("끝", Read("<math>" + string.Concat(Enumerable.Repeat("<mfrac><mi>a</mi>", 5_000)) + "</math>끝"), StringComparison.Ordinal);
        Assert.Contains("끝", Read("<math>" + string.Concat(Enumerable.Repeat("<mi>가나다라</mi>", 50_000)) + "</math>끝"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_definition_is_on_the_line_of_its_term()
    {
        Assert.Equal("전화: 02-123-4567\n\n주소: 서울", Read("<dl><dt>전화<dd>02-123-4567<dt>주소<dd>서울</dl>"));
        Assert.Equal("환불이 되나요?\n됩니다.", Read("<dl><dt>환불이 되나요?<dd>됩니다.</dl>"));
        Assert.Equal("가\n\n나: 뜻\n다른 뜻\n\n다", Read("<dl><dt>가<dt>나<dd>뜻<dd>다른 뜻<dt>다</dl>"));
    }

    [Fact]
    public void Merged_cells_and_marked_headers_name_every_row()
    {
        var text = Read("""
            <table><caption>요금표</caption><thead><tr><th>시설<th>시간<th>요금</tr></thead>
            <tr><th scope=rowgroup rowspan=2>빙상장<td>낮<td>4,000원<tr><td>밤<td>6,500원
            <tr><td>눈썰매장<td colspan=2>쉽니다</table>
            """);
        Assert.Equal("요금표\n\n시설: 빙상장 | 시간: 낮 | 요금: 4,000원\n시설: 빙상장 | 시간: 밤 | 요금: 6,500원\n시설: 눈썰매장 | 시간: 쉽니다 | 요금: 쉽니다", text);
    }

    [Fact]
    public void A_picture_is_its_description_and_its_caption() =>
        Assert.Equal("평면도: 왼쪽이 서고\n\n그림 1. 평면도", Read("<figure><img alt='평면도: 왼쪽이 서고'><figcaption>그림 1. 평면도</figcaption></figure><img alt='' src=a.png><img alt=photo_01.JPG>"));

    private static string Read(string html)
    {
        var document = DocumentReader.ReadFile(Encoding.UTF8.GetBytes($"<!doctype html><html>{html}"), "쪽.html");
        DocumentReaderContract.AssertShape(document);
        return document.Text;
    }
}
