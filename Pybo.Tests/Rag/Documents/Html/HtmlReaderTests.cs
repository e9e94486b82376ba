using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Html;

namespace Pybo.Tests.Rag.Documents.Html;

public sealed class HtmlReaderTests
{
    private static readonly Encoding Cp949 = CodePagesEncodingProvider.Instance.GetEncoding(949)!;

    [Fact]
    public void A_page_becomes_the_text_that_a_person_reads()
    {
        var document = Read("""
            <!-- 저장함 -->
            <!DOCTYPE html>
            <html><head><title>쪽 &amp; 제목</title><style>p { color: red }</style><script>document.write("<p>대본</p>")</script></head>
            <body>
            <nav><a href="/">처음</a></nav>
            <h1>첫 <em>제목</em></h1>
            <p>문단은   여러
            줄이다.<br>새 줄 <a href="https://example.org">링크</a> <img src="x.png" alt="그림 설명">
            <p>닫지 않은 문단
            <div>구역<div>안쪽</div>뒤</div>
            <h2>목록</h2>
            <ul><li>하나<ul><li>안 하나<li>안 둘</ul><li><p>둘</p></ul>
            <ol start=3><li>셋<li value=7>일곱<li>여덟</ol>
            <dl><dt>낱말<dd>뜻</dl>
            <pre>
            for (a)
              b &lt; c
            </pre>
            <details><summary>요약</summary>펼친 글</details>
            <noscript>대본 없음</noscript><template><p>틀</p></template>
            <ruby>漢<rp>(</rp><rt>한</rt><rp>)</rp>字<rp>(</rp><rt>자</rt><rp>)</rp></ruby>
            </body></html>뒤에 온 글
            """);
        Assert.Equal("""
            첫 제목

            문단은 여러 줄이다.
            새 줄 링크 (https://example.org) 그림 설명

            닫지 않은 문단

            구역

            안쪽

            뒤

            목록

            - 하나
            - 안 하나
            - 안 둘
            - 둘

            3. 셋
            7. 일곱
            8. 여덟

            낱말: 뜻

            for (a)
              b < c

            요약

            펼친 글

            漢字(한자) 뒤에 온 글
            """, document.Text);
        Assert.Equal("쪽 & 제목", document.Title);
        Assert.Equal([("첫 제목", 1), ("목록", 2)], document.Sections.Select(s => (s.Heading!, s.Level)));
    }

    [Fact]
    public void A_table_becomes_readable_rows()
    {
        var document = Read("""
            <html><table><caption>표 1</caption>
            <thead><tr><th>이름</th><th>값</th></tr></thead>
            <tr><td><p>가</p><p>나</p><td><ul><li>1<li>2</ul></tr>
            <tr><td>  <td></tr>
            <tr><td>끝</table>뒤
            """);
        Assert.Equal("표 1\n\n이름: 가 나 | 값: 1 2\n이름: 끝\n\n뒤", document.Text);
    }

    [Fact]
    public void A_long_table_stays_one_block()
    {
        var document = Read("<html><table>" + string.Concat(Enumerable.Range(0, 1_000).Select(i => $"<tr><td>{i}<td>값")));
        Assert.Equal(string.Join('\n', Enumerable.Range(0, 1_000).Select(i => $"{i} | 값")), document.Text);
    }

    [Fact]
    public void A_layout_table_is_read_as_blocks()
    {
        var document = Read("<html><table><tr><td>메뉴<td><h2>제목</h2>본문<table><tr><td>가<td>나</table>끝<tr><td>아래</table>");
        Assert.Equal("메뉴\n\n제목\n\n본문\n\n가 | 나\n\n끝\n\n아래", document.Text);
        Assert.Equal("제목", document.Sections[1].Heading);
    }

    [Theory]
    [InlineData("<p hidden>숨김</p>")]
    [InlineData("<div aria-hidden=TRUE>숨김<b>숨김</b></div>")]
    [InlineData("<span style='color:red; DISPLAY : none'>숨김</span>")]
    [InlineData("<span style='display:none!important'>숨김</span>")]
    [InlineData("<span style='visibility:hidden'>숨김</span>")]
    [InlineData("<span style='font-size:0'>숨김</span>")]
    [InlineData("<span style='font-size: 0.0px'>숨김</span>")]
    [InlineData("<span style='opacity:0'>숨김</span>")]
    [InlineData("<img alt=숨김 hidden>")]
    [InlineData("<dialog>숨김</dialog>")]
    [InlineData("<svg><text>숨김</text><path/></svg>")]
    [InlineData("<svg><g><title>숨김</title></g></svg>")]
    [InlineData("<svg role=presentation><title>숨김</title></svg>")]
    [InlineData("<img role=none alt=숨김>")]
    [InlineData("<img alt='숨김.png'>")]
    [InlineData("<input type=hidden value=숨김><input type=password value=숨김><input type=submit value=숨김>")]
    [InlineData("<select><option value='' selected>숨김<option>숨김</select>")]
    [InlineData("<button>숨김</button>")]
    [InlineData("<div popover>숨김</div>")]
    [InlineData("<svg><style/><title/><script/><g><path></g></svg>")]
    [InlineData("<select><option>숨김</select>")]
    [InlineData("<iframe><p>숨김</iframe>")]
    [InlineData("<object><p>숨김</object>")]
    [InlineData("<!-- <p>숨김</p> -->")]
    [InlineData("<div role=navigation>숨김</div>")]
    [InlineData("<div hidden><table><tr><td>숨김</table></div>")]
    [InlineData("<style>숨김</style><script>if (a < b) '</p>숨김'</script>")]
    public void Text_that_a_person_cannot_see_is_left_out(string hidden)
    {
        var document = Read($"<html><title>제목</title><p>앞{hidden}</p><p>뒤");
        Assert.Equal("앞\n\n뒤", document.Text);
        Assert.Equal("제목", document.Title);
    }

    [Theory]
    [InlineData("<span style='font-size:0.8em'>보임</span>")]
    [InlineData("<span style='font-size:10px;opacity:0.5'>보임</span>")]
    [InlineData("<span aria-hidden=false style=display:inline>보임</span>")]
    [InlineData("<dialog open>보임</dialog>")]
    [InlineData("<p hidden=until-found>보임<p>")]
    [InlineData("<svg><title>보임</title></svg>")]
    [InlineData("<svg><desc>보임</desc></svg>")]
    [InlineData("<svg role=img aria-label=보임></svg>")]
    [InlineData("<textarea>보임</textarea>")]
    [InlineData("<input value=보임>")]
    [InlineData("<select><option>밖<option selected>보임</select>")]
    [InlineData("<map><area href=x alt=보임></map>")]
    [InlineData("<p/>보임")]
    [InlineData("</p>보임")]
    public void Text_that_a_person_sees_is_kept(string shown) =>
        Assert.Contains("보임", Read($"<html><body style='display:none'><p>앞{shown}").Text, StringComparison.Ordinal);

    public static TheoryData<string, byte[]> Encodings => new()
    {
        { "아무 말 없이", Encoding.UTF8.GetBytes(Page("")) },
        { "BOM", [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Page(""))] },
        { "UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Page("<meta charset=utf-16>"))] },
        { "UTF-16BE", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Page(""))] },
        { "말 없는 CP949", Cp949.GetBytes(Page("")) },
        { "EUC-KR", Cp949.GetBytes(Page("<meta charset=\"EUC-KR\">")) },
        { "http-equiv", Cp949.GetBytes(Page("<meta http-equiv=Content-Type content='text/html; charset=ks_c_5601-1987'>")) },
        { "틀린 선언", Encoding.UTF8.GetBytes(Page("<meta charset=euc-kr>")) },
        { "모르는 선언", Cp949.GetBytes(Page("<meta charset=x-unknown>")) },
        { "주석 속 선언", Cp949.GetBytes(Page("<!-- <meta charset=shift_jis> -->")) },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_page_is_the_same_in_every_encoding(string name, byte[] bytes)
    {
        var document = DocumentReader.ReadFile(bytes, name);
        Assert.Equal(("똠방각하", "글자입니다."), (document.Title, document.Text));
        Assert.Empty(document.Warnings);
    }

    [Fact]
    public void A_page_in_another_language_is_read_as_it_declares()
    {
        var japanese = CodePagesEncodingProvider.Instance.GetEncoding("shift_jis")!;
        Assert.Equal("日本語のページです。", DocumentReader.ReadFile(japanese.GetBytes("<html><meta charset=Shift_JIS><p>日本語のページです。"), "a").Text);
        Assert.Equal("Größe – café", DocumentReader.ReadFile(CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes("<html><meta charset=iso-8859-1><p>Größe – café"), "a").Text);
    }

    [Theory]
    [InlineData("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"><p>a", true)]
    [InlineData(" \n<!-- a --><?xml version=\"1.0\"?>\n<!doctype html><p>a", true)]
    [InlineData("<HTML lang=ko>a", true)]
    [InlineData("<body>a", true)]
    [InlineData("<header>a", false)]
    [InlineData("<p>a", false)]
    [InlineData("<?xml version='1.0'?><hwpml>a</hwpml>", false)]
    [InlineData("<!-- html", false)]
    [InlineData("html", false)]
    public void A_page_is_recognised_by_its_bytes(string html, bool isPage)
    {
        Assert.Equal(isPage, DocumentReader.For(Encoding.UTF8.GetBytes(html), "아무 이름") is HtmlReader);
        Assert.IsType<HtmlReader>(DocumentReader.For(Encoding.UTF8.GetBytes(html), "조각.HTM"));
    }

    [Fact]
    public void Self_closing_XML_markup_is_read()
    {
        Assert.Equal("앞 뒤", Read("<?xml version='1.0'?><html><head><title/><script src='a'/></head><body><p>앞 <a name='b'/><span hidden=''/>뒤</p></body></html>").Text);
    }

    private static DocumentText Read(string html)
    {
        var document = DocumentReader.ReadFile(Encoding.UTF8.GetBytes(html), "쪽.html");
        DocumentReaderContract.AssertShape(document);
        return document;
    }

    private static string Page(string declaration) => $"<!doctype html><html><head>{declaration}<title>똠방각하</title></head><body><p>글자입니다.</p></body></html>";
}
