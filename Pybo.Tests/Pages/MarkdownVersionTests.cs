using System.Security.Cryptography;
using System.Text;
using Pybo.Pages;

namespace Pybo.Tests.Pages;

/// <summary>HTML stored with a version must be the output of that version.</summary>
public sealed class MarkdownVersionTests
{
    private const int VersionOfTheHash = 5;
    private const string Hash = "E6ECA4EA85030524B11983ACABD7CACB";

    private static readonly string[] Samples =
    [
        "한글 *기울임* **굵게** ***둘 다*** ~~지움~~ `code` ``a`b``\n다음 줄  \n셋째 줄\\\n넷째",
        "# 하나\n## 둘\n#### 넷\n제목\n===\n\n제목\n---\n",
        "- 하나\n- 둘\n  - 셋\n\n    문단\n- [ ] 할 일\n- [x] 한 일\n\n3. 셋\n4. 넷\n\n1) 하나",
        "> 인용\n> > 안\n이어짐\n\n---\n\n    들여 쓴 코드\n\n```c#\nvar a = \"<b>\";\n```\n\n~~~\n물결\n~~~",
        "[링크](https://example.com \"제목\") [참조][가] [가] ![그림](/a.png \"제목\") ![밖](https://example.com/a.png) <https://example.com> <a@example.com>\n\n[가]: /questions/1 '제목'",
        "https://example.com/가?a=1&b=2 www.example.com mailto:a@example.com [http://안.쪽](/b) javascript:alert(1) [나쁨](javascript:alert(1))",
        "|가|나|다|\n|:-|-:|:-:|\n|**1**|`a|b`|c\\|d|\n|짧다|\n\n앞\na|b\n-|-\n1|2",
        "글[^1]과 글[^2][^없음]\n\n[^1]: 제9조\n[^2]: 둘째\n    이어짐\n\n        코드",
        "식 $x^2$과 $$y_1$$, 값 $5와 $6\n\n$$\n\\frac{1}{2} < 1\n$$",
        "<b>날 것</b> <!-- 주석 --> &amp; &lt; &copy; &#x41; \\* \\[ a&b \"따옴표\"\u00A0'",
        "![큰 그림](/images/0123456789abcdef0123456789abcdef-1200x900) ![](/images/0123456789abcdef0123456789abcdef-20x10) [![안](/images/0123456789abcdef0123456789abcdef-20x10)](/a)",
        "*열림 **열림 [열림](  `열림 ~~열림 ![열림",
        new string('>', 1_000),
        string.Concat(Enumerable.Repeat("*a **b ", 5_000)),
        "a|b\n-|-\n" + new string('|', 14_000) + "\n" + string.Concat(Enumerable.Repeat("|\n", 7_900)),
    ];

    [Fact]
    public void A_change_of_the_output_raises_the_version()
    {
        var renderer = new MarkdownRenderer();
        var html = string.Join('\0', Samples.SelectMany(sample => new[] { renderer.ToHtml(sample, 2), renderer.ToHtml(sample, 4) }));
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(html)))[..32];
        Assert.True(
            (VersionOfTheHash, Hash) == (MarkdownRenderer.Version, hash),
            $"What Markdown becomes has changed. Raise MarkdownRenderer.Version, so that stored posts are rendered anew, and write here ({MarkdownRenderer.Version + 1}, \"{hash}\").");
    }
}
