using AngleSharp.Html.Parser;
using Pybo.Pages;

namespace Pybo.Tests.Pages;

public sealed class MarkdownTests
{
    private static readonly string[] Schemes = ["http:", "https:", "mailto:"];

    public static TheoryData<string> Attacks =>
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        "<iframe src=https://evil.example></iframe>",
        "<style>body{display:none}</style>",
        "<a href=javascript:alert(1) style=x:y id=content>x</a>",
        "<form action=//evil.example><input name=password></form>",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content=0;url=//evil.example>",
        "<!--><img src=x onerror=alert(1)>-->",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](&#x1;javascript:alert(1))",
        "[x](java&Tab;script:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](<java\u00ADscript:alert(1)>)",
        "[x](vbscript:msgbox(1))",
        "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
        "[x](file:///etc/passwd)",
        "[x]: javascript:alert(1)\n\n[x]",
        "![x][y]\n\n[y]: javascript:alert(1)",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "![\" onerror=\"alert(1)](x)",
        "[x](https://example.com \"\\\" onmouseover=\\\"alert(1)\")",
        "[x](https://example.com\"onmouseover=alert(1))",
        "<javascript:alert(1)>",
        "<https://example.com/\"onmouseover=alert(1)>",
        "https://example.com/\"onmouseover=\"alert(1)",
        "www.example.com/<script>alert(1)</script>",
        "``` \"onmouseover=alert(1)\ncode\n```",
        "```js\" onmouseover=\"alert(1)\n</code></pre><script>alert(1)</script>\n```",
        "`</code><script>alert(1)</script>`",
        "|a|\n|-|\n|<script>alert(1)</script>|",
        "- [ ] <input type=image src=x onerror=alert(1)>",
        "> <details open ontoggle=alert(1)>",
        "{#content .x onclick=alert(1)}\n# 제목 {#content onclick=alert(1)}",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void No_markup_runs_loads_or_leaves_its_container(string markdown)
    {
        var body = new HtmlParser().ParseDocument(Html(markdown)).Body!;
        foreach (var element in body.QuerySelectorAll("*"))
        {
            Assert.DoesNotContain(element.LocalName, (string[])["script", "style", "svg", "math", "iframe", "form", "input", "base", "meta", "details", "object", "link"]);
            foreach (var attribute in element.Attributes)
            {
                Assert.Contains(attribute.Name, (string[])["href", "rel", "title", "src", "alt", "loading", "class", "tabindex", "start", "role", "aria-label"]);
                if (attribute.Name == "href")
                {
                    var url = new Uri(new Uri("https://pybo.example/questions/1"), attribute.Value);
                    Assert.Contains($"{url.Scheme}:", Schemes);
                }
                else if (attribute.Name == "src")
                {
                    Assert.Equal("pybo.example", new Uri(new Uri("https://pybo.example/questions/1"), attribute.Value).Host);
                }
            }
        }
    }

    [Theory]
    [InlineData("![그림](https://evil.example/?q=1)")]
    [InlineData("![그림](//evil.example/x.png)")]
    [InlineData("![그림](/\\evil.example/x.png)")]
    [InlineData("![그림](\\\\evil.example/x.png)")]
    [InlineData("![그림][a]\n\n[a]: https://evil.example/x.png")]
    [InlineData("[![그림](https://evil.example/x.png)](/questions)")]
    public void A_picture_from_another_site_is_not_loaded(string markdown)
    {
        var html = Html(markdown);
        Assert.Contains("그림", html, StringComparison.Ordinal);
        foreach (var image in new HtmlParser().ParseDocument(html).Images)
        {
            // Markdig writes a backslash as %5C, so the address is a path of our own site.
            var source = image.GetAttribute("src")!;
            Assert.DoesNotContain('\\', source);
            Assert.Equal("pybo.example", new Uri(new Uri("https://pybo.example/questions/1"), source).Host);
        }
    }

    [Theory]
    [InlineData("한글\n줄", "<p>한글<br>\n줄</p>")]
    [InlineData("한도는 규정[^1]에 따른다.\n\n[^1]: 제9조", "<p>한도는 규정<sup>1</sup>에 따른다.</p>\n<p><sup>1</sup> 제9조</p>")]
    [InlineData("[^<b>]: 말\n\n글[^<b>]", "<p><sup>&lt;b&gt;</sup> 말</p>\n<p>글<sup>&lt;b&gt;</sup></p>")]
    [InlineData("**굵게** ~~지움~~", "<p><strong>굵게</strong> <del>지움</del></p>")]
    [InlineData("```python\nprint('안녕')\n```", "<pre tabindex=\"0\"><code class=\"language-python\">print('안녕')\n</code></pre>")]
    [InlineData("```c#\nx\n```", "<pre tabindex=\"0\"><code class=\"language-c#\">x\n</code></pre>")]
    [InlineData("[링크](https://example.com)", "<p><a href=\"https://example.com\" rel=\"nofollow ugc noopener\">링크</a></p>")]
    [InlineData("[질문](/questions/1)", "<p><a href=\"/questions/1\" rel=\"nofollow ugc noopener\">질문</a></p>")]
    [InlineData("![그림](/icon.svg)", "<p><img src=\"/icon.svg\" alt=\"그림\" loading=\"lazy\"></p>")]
    [InlineData("<b>날 것</b>", "<p>&lt;b&gt;날 것&lt;/b&gt;</p>")]
    [InlineData("넓이는 $\\pi r^2$이고 $a_1 * b_2 * c$다", "<p>넓이는 <span class=\"math\">$\\pi r^2$</span>이고 <span class=\"math\">$a_1 * b_2 * c$</span>다</p>")]
    [InlineData("$$\n\\sum_{i=1}^n i\n- 1 < 2\n$$", "<div class=\"math\">$$\n\\sum_{i=1}^n i\n- 1 &lt; 2\n$$</div>")]
    [InlineData("$$E = mc^2$$", "<p><span class=\"math\">$$E = mc^2$$</span></p>")]
    [InlineData("$v_{\\text{최대}}$와 $x\\$y$", "<p><span class=\"math\">$v_{\\text{최대}}$</span>와 <span class=\"math\">$x\\$y$</span></p>")]
    [InlineData("![그림 $x<y$](/icon.svg)", "<p><img src=\"/icon.svg\" alt=\"그림 $x&lt;y$\" loading=\"lazy\"></p>")]
    [InlineData("$5와 $6, 5$와 6$, $5이고 저건 7$다", "<p>$5와 $6, 5$와 6$, $5이고 저건 7$다</p>")]
    [InlineData("$HOME/$USER, `$x$`, \\$x\\$, $ ls $", "<p>$HOME/$USER, <code>$x$</code>, $x$, $ ls $</p>")]
    [InlineData("**서버(server)**를 **\"다시\"**라고 *껐다(off)*가", "<p><strong>서버(server)</strong>를 <strong>\"다시\"</strong>라고 <em>껐다(off)</em>가</p>")]
    [InlineData("https://example.com/docs에서 보고 https://example.com/에서", "<p><a href=\"https://example.com/docs\" rel=\"nofollow ugc noopener\">https://example.com/docs</a>에서 보고 <a href=\"https://example.com/\" rel=\"nofollow ugc noopener\">https://example.com/</a>에서</p>")]
    [InlineData("www.example.org입니다", "<p><a href=\"http://www.example.org\" rel=\"nofollow ugc noopener\">www.example.org</a>입니다</p>")]
    [InlineData("https://example.com/C언어", "<p><a href=\"https://example.com/C%EC%96%B8%EC%96%B4\" rel=\"nofollow ugc noopener\">https://example.com/C언어</a></p>")]
    [InlineData("3. 셋", "<ol start=\"3\">\n<li>셋</li>\n</ol>")]
    public void Markdown_becomes_the_expected_html(string markdown, string expected) => Assert.Equal(expected, Html(markdown).Trim());

    /// <summary>Emphasis that is too deep for the renderer, within an image's words, where the renderer writes no tags.</summary>
    [Fact]
    public void A_text_that_cannot_be_rendered_changes_no_text_after_it()
    {
        var emphasis = string.Concat(Enumerable.Repeat("*가 ", 200));
        var hostile = Html($"- ![{emphasis}{string.Concat(Enumerable.Repeat("나* ", 200))}](/icon.svg)");
        Assert.Contains("markdown-reason", hostile, StringComparison.Ordinal);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("<p><strong>굵게</strong></p>", Html("**굵게**").Trim());
        }
    }

    [Fact]
    public void Tables_task_lists_and_bare_addresses_work()
    {
        Assert.Contains("<td class=\"text-end\">1</td>", Html("|가|나|\n|-|-:|\n|x|1|"), StringComparison.Ordinal);
        Assert.Contains("aria-label=\"완료\"", Html("- [x] 했다"), StringComparison.Ordinal);
        Assert.Contains("href=\"https://example.com/%EA%B0%80\"", Html("https://example.com/가"), StringComparison.Ordinal);
    }

    [Fact]
    public void Headings_start_below_the_pages_own_and_skip_no_level()
    {
        var levels = new HtmlParser().ParseDocument(Html("### 셋\n# 하나\n#### 넷\n## 둘\n###### 여섯")).Body!.QuerySelectorAll("h1,h2,h3,h4,h5,h6").Select(h => h.LocalName);
        Assert.Equal(["h2", "h2", "h3", "h3", "h4"], levels);
    }

    public static TheoryData<string, int> Deep => new()
    {
        { ">", 30_000 }, { "[", 30_000 }, { "![", 15_000 }, { "- ", 15_000 }, { "*_", 15_000 }, { "`", 30_000 }, { "**a ", 7_500 }, { "[a](", 7_500 }, { "|", 30_000 },
        { "~", 30_000 }, { "<a ", 10_000 }, { "1. ", 10_000 }, { "> - ", 7_500 }, { "\n\n#", 10_000 }, { "&amp;", 6_000 }, { "http://", 4_000 },
    };

    [Theory]
    [MemberData(nameof(Deep))]
    public void Hostile_nesting_is_shown_as_written_or_rendered_but_never_fails(string piece, int times) =>
        Assert.NotEqual("", Html(string.Concat(Enumerable.Repeat(piece, times)) + "끝"));

    [Fact]
    public void Text_nested_too_deeply_is_shown_with_the_reason()
    {
        var html = Html(new string('>', 10_000));
        Assert.Contains("서식 없이", html, StringComparison.Ordinal);
        Assert.Contains("&gt;&gt;&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_millions_of_cells_is_returned_as_written()
    {
        var html = Html("a|b\n-|-\n" + new string('|', 14_000) + "\n" + string.Concat(Enumerable.Repeat("|\n", 7_900)));
        Assert.Contains("표가 너무 커서 서식 없이", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<td", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_table_is_shown()
    {
        var row = string.Concat(Enumerable.Repeat("|값", 20)) + "|\n";
        var html = Html(row + string.Concat(Enumerable.Repeat("|-", 20)) + "|\n" + string.Concat(Enumerable.Repeat(row, 200)));
        Assert.Equal(200 * 20, html.Split("<td").Length - 1);
    }

    private static string Html(string markdown) => MarkdownRenderer.Localized(new MarkdownRenderer().ToHtml(markdown, topHeading: 2));
}
