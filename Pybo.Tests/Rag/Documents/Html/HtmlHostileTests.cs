using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Html;

namespace Pybo.Tests.Rag.Documents.Html;

public sealed class HtmlContractTests() : DocumentReaderContract(new HtmlReader())
{
    protected override IEnumerable<Sample> Samples =>
    [
        Text("쪽.html", "<!doctype html><html><head><meta charset=utf-8><title>제목</title><style>a{}</style></head><body><h1>큰 제목</h1><p>문단 &amp; &#xAC00;<br>줄<ul><li>하나<li>둘</ul><table><tr><th>가<td>나</table><pre> a\n b</pre><ruby>漢<rt>한</rt></ruby><div hidden>x</div><script>1<2</script></body></html>"),
        Text("옛.htm", "<html><meta http-equiv=content-type content='text/html; charset=euc-kr'><title>옛 쪽</title><table><tr><td><table><tr><td>안</table><td>밖</table>", CodePagesEncodingProvider.Instance.GetEncoding(949)),
        Text("넓은.xhtml", "\uFEFF<?xml version=\"1.0\"?><html><body><p>문단</p><script src='a'/></body></html>", Encoding.Unicode),
    ];
}

/// <summary>Pages built to be slow or deep. Each is read in one pass, never in the time of a tree.</summary>
public sealed class HtmlHostileTests
{
    [Theory]
    [InlineData("<div>", 200_000)]
    [InlineData("<b a=", 200_000)]
    [InlineData("<table><tr><td>x", 200_000)]
    [InlineData("<ul><li>x", 200_000)]
    [InlineData("<ruby>x<rt>y", 200_000)]
    [InlineData("<h1>x", 200_000)]
    [InlineData("<p><a><b>x", 200_000)]
    [InlineData("<svg><title>", 200_000)]
    [InlineData("<select><div hidden>", 200_000)]
    [InlineData("<!--", 200_000)]
    [InlineData("<![CDATA[", 200_000)]
    [InlineData("<?", 200_000)]
    [InlineData("</p>", 200_000)]
    [InlineData("</table>", 200_000)]
    [InlineData("<td></tr></table><li>", 200_000)]
    [InlineData("&", 1_000_000)]
    [InlineData("&#x110000;&#0;&#xD800;", 200_000)]
    [InlineData("<", 1_000_000)]
    [InlineData("<pre>\n", 200_000)]
    [InlineData("<title>", 200_000)]
    [InlineData("<plaintext>", 200_000)]
    [InlineData("<ol start=2147483647><li>x", 200_000)]
    public void A_hostile_page_is_read_or_refused_with_a_message(string part, int times)
    {
        var html = "<html>" + string.Concat(Enumerable.Repeat(part, times));
        var refused = Record.Exception(() => DocumentReaderContract.AssertShape(DocumentReader.ReadFile(Encoding.UTF8.GetBytes(html), "a.html")));
        Assert.True(refused is null or DocumentUnreadableException, refused?.ToString());
    }

    [Fact]
    public void Elements_beyond_the_depth_limit_are_read_flat_and_hidden_text_stays_hidden()
    {
        var (opened, closed) = (string.Concat(Enumerable.Repeat("<div>", 10_000)), string.Concat(Enumerable.Repeat("</div>", 10_000)));
        var document = DocumentReader.ReadFile(Encoding.UTF8.GetBytes($"<html>{opened}깊다<span hidden><i>숨김</i></span><p>보임{closed}끝<div hidden>숨김{opened}숨김{closed}숨김</div>뒤"), "a.html");
        Assert.Equal("깊다\n\n보임\n\n끝\n\n뒤", document.Text);
    }

    [Theory]
    [InlineData("<p ")]
    [InlineData("< <p ")]
    [InlineData("<p a=\">\" ")]
    [InlineData("<p>글</p ")]
    public void A_tag_with_a_million_attributes_is_refused_with_a_message(string tag)
    {
        var html = $"<html>{tag}{string.Join(' ', Enumerable.Range(0, 1_000_000).Select(i => $"a{i}=1"))}>글";
        var refused = Assert.Throws<DocumentUnreadableException>(() => new HtmlReader().Read(Encoding.UTF8.GetBytes(html), "a.html").ToList());
        Assert.Contains("속성", refused.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_with_too_many_tags_keeps_its_beginning()
    {
        var html = "<html><p>앞</p>" + string.Concat(Enumerable.Repeat("<b>", HtmlText.TokensMax + 1)) + "뒤";
        var document = DocumentReader.ReadFile(Encoding.UTF8.GetBytes(html), "a.html");
        Assert.True(document.Truncated);
        Assert.Equal("앞", document.Text);
    }

    [Fact]
    public void A_page_beyond_the_limit_is_refused_with_a_message()
    {
        var html = new byte[HtmlReader.BytesMax + 1];
        Array.Fill(html, (byte)' ');
        "<html>"u8.CopyTo(html);
        var refused = Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(html, "a"));
        Assert.Contains("16 MB", refused.Said(), StringComparison.Ordinal);
    }
}
