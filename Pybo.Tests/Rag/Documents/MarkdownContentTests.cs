using System.Text;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

/// <summary>Footnotes, links, scripts and HTML of a Markdown document.</summary>
public sealed class MarkdownContentTests
{
    [Theory]
    [InlineData("한도는 규정[^1]에 따른다.\n\n[^1]: 제9조", "한도는 규정(각주: 제9조)에 따른다.")]
    [InlineData("가[^가]와 나[^나].\n\n[^가]: 하나\n[^나]: 둘", "가(각주: 하나)와 나(각주: 둘).")]
    [InlineData("[^1]: 제9조\n\n뒤[^1]에 쓴다.", "뒤(각주: 제9조)에 쓴다.")]
    [InlineData("글\n[^1]: 제9조", "글\n\n각주: 제9조")]
    [InlineData("글[^없음]이다.", "글[^없음]이다.")]
    [InlineData("글[^1].\n\n[^1]: 첫 문단\n\n    둘째 문단\n\n끝", "글.\n\n각주: 첫 문단\n\n둘째 문단\n\n끝")]
    [InlineData("|값|\n|-|\n|가[^1]|\n\n[^1]: 제9조", "값: 가(각주: 제9조)")]
    [InlineData("[주의]: 환불불가", "주의: 환불불가")]
    [InlineData("[가]: https://example.org\n\n[가]를 본다.", "가 (https://example.org)를 본다.")]
    public void A_note_is_text_at_its_place(string markdown, string text) => Assert.Equal(text, Read(markdown));

    [Fact]
    public void A_long_note_follows_its_paragraph()
    {
        var note = string.Join(' ', Enumerable.Repeat("긴 각주", 30));
        Assert.Equal($"글이다.\n\n각주: {note}\n\n뒤", Read($"글[^1]이다.\n\n뒤\n\n[^1]: {note}"));
    }

    [Fact]
    public void Notes_that_name_each_other_are_read_once()
    {
        var chain = string.Concat(Enumerable.Range(0, 3_000).Select(at => $"[^{at}]: {new string('가', 90)} {at}[^{at + 1}]\n\n"));
        var text = Read($"글[^0]\n\n{chain}");
        Assert.Equal(3_000, text.Split("각주: ").Length - 1);
    }

    [Theory]
    [InlineData("10<sup>7</sup>개, 10^8^개, H~2~O", "10⁷개, 10⁸개, H₂O")]
    [InlineData("~~9,000원~~ 7,000원", "~~9,000원~~ 7,000원")]
    [InlineData("[신청](https://example.org/a \"제목\")과 [안](#b)과 [메일](mailto:a@example.org)", "신청 (https://example.org/a)과 안과 메일 (a@example.org)")]
    [InlineData("<a href='https://example.org/a'>신청</a>과 <img src=a alt='그림 글'>", "신청 (https://example.org/a)과 그림 글")]
    [InlineData("![조직도: 관장](a.png) ![photo.jpg](b.png)", "조직도: 관장")]
    [InlineData("- [x] 한 일\n- [ ] 할 일", "- ☑ 한 일\n- ☐ 할 일")]
    [InlineData("<table><tr><th>시설</th><th>요금</th></tr>\n\n<tr><td>빙상장</td><td>4,000원</td></tr>\n</table>", "시설: 빙상장 | 요금: 4,000원")]
    [InlineData("<details><summary>물음</summary>\n\n답이다.\n\n</details>", "물음\n\n답이다.")]
    [InlineData("앞\n\n<div hidden>숨김</div>\n\n뒤", "앞\n\n뒤")]
    public void A_document_is_read_as_it_is_shown(string markdown, string text) => Assert.Equal(text, Read(markdown));

    private static string Read(string markdown) => DocumentReader.ReadFile(Encoding.UTF8.GetBytes(markdown), "글.md").Text;
}
