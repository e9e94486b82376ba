using System.Net;
using System.Xml;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Attacks;

/// <summary>
/// Scripts in disguise in every text field of the site: the kinds of OWASP's filter-evasion list, each in each field, then every page that shows one is parsed as a
/// browser does and searched for anything that would run.
/// </summary>
public sealed class FilterEvasionTests
{
    private static readonly string[] Disguises =
    [
        "<script>alert(1)</script>",
        "<ScRiPt SRC=//evil.example/x.js></sCrIpT>",
        "<script/xss src=\"//evil.example/x.js\">",
        "<<script>alert(1);//<</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "\"><script>alert(1)</script>",
        "'\"--></style></script></textarea></title><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src=\"x` `<script>alert(1)</script>\"` `>",
        "<img/src=\"x\"/onerror=alert(1)//",
        "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\">",
        "<img src=javascript:alert(1)>",
        "<img src=\"jav\tascript:alert(1)\">",
        "<img src=\"jav&#x0A;ascript:alert(1)\">",
        "<img src=\" &#14; javascript:alert(1)\">",
        "<img src=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
        "<a href=\"javascript&colon;alert(1)\">누르세요</a>",
        "<a href=\"JaVaScRiPt:alert(1)\">누르세요</a>",
        "<a href=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">누르세요</a>",
        "<a href=\"vbscript:msgbox(1)\">누르세요</a>",
        "<a onmouseover=alert(1)>누르세요</a>",
        "<a href=x formaction=javascript:alert(1)>누르세요</a>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
        "<svg><a xlink:href=\"javascript:alert(1)\"><text>누르세요</text></a></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
        "<math href=\"javascript:alert(1)\">누르세요</math>",
        "<iframe src=\"javascript:alert(1)\"></iframe>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<object data=\"javascript:alert(1)\"></object>",
        "<embed src=\"data:image/svg+xml;base64,PHN2Zy8+\">",
        "<base href=\"javascript:alert(1)//\">",
        "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
        "<link rel=stylesheet href=\"//evil.example/x.css\">",
        "<style>@import'//evil.example/x.css';</style>",
        "<div style=\"background:url(javascript:alert(1))\">글</div>",
        "<div style=\"width:expression(alert(1))\">글</div>",
        "<body onload=alert(1)>",
        "<input type=image src=x onerror=alert(1)>",
        "<form action=\"javascript:alert(1)\"><button>누르세요</button></form>",
        "<button formaction=\"javascript:alert(1)\">누르세요</button>",
        "<details open ontoggle=alert(1)>글</details>",
        "<video><source onerror=alert(1)></video>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<template><script>alert(1)</script></template>",
        "<xml onreadystatechange=alert(1)>",
        "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "[누르세요](javascript:alert(1))",
        "[누르세요](JAVA&#115;CRIPT:alert(1))",
        "[누르세요](<java\tscript:alert(1)>)",
        "[누르세요](data:text/html,<script>alert(1)</script>)",
        "![그림](javascript:alert(1))",
        "![\"onerror=\"alert(1)](x)",
        "<javascript:alert(1)>",
        "[누르세요][1]\n\n[1]: javascript:alert(1)",
        "[누르세요](x \"\\\" onmouseover=\\\"alert(1)\")",
        "`<script>alert(1)</script>`",
        "```html\" onmouseover=\"alert(1)\n<script>alert(1)</script>\n```",
        "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
        "$\\href{javascript:alert(1)}{x}$",
        "@<script>alert(1)</script>",
    ];

    /// <summary>Elements that no text of a member makes, wherever it is shown.</summary>
    private const string Foreign = "iframe, frame, object, embed, applet, base, meta[http-equiv=refresh], template, noscript, xml, style, link[href^='//'], script:not([src]), script[src^='//'], [srcdoc], [style]";

    /// <summary>Addresses whose page shows what they ask for.</summary>
    private static readonly string[] Asking = ["/questions?q=", "/search?q=", "/tags?q=", "/admin/retrieval?q=", "/account/login?next=", "/questions/similar?title=", "/chat?question="];

    /// <summary>The fewest of the disguises that a browser would run or load; the others need Markdown, or an old browser.</summary>
    private const int HtmlDisguises = 45;

    private static readonly string[] Addressing = ["href", "src", "action", "formaction", "data", "xlink:href", "poster", "background"];

    [Fact]
    public async Task No_disguise_becomes_a_script_in_any_field_on_any_page()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(string.Join("\n\n", Disguises) + " [1]")).WithSetting("Pybo:Outgoing", "mail")
            .WithSetting("Pybo:MailServer", "127.0.0.1:1").WithSetting("Pybo:MailFrom", "board@example.com").WithSetting("Pybo:Address", "https://board.example");
        var member = await site.SignUpAsync(FilledSite.Korean.Member);
        var values = await FilledSite.FillAsync(site, member, FilledSite.Korean);
        List<string> pages = [.. FilledSite.Addresses(site, values)];
        var all = string.Join("\n\n", Disguises);
        for (var n = 0; n < Disguises.Length; n++)
        {
            var line = Disguises[n].ReplaceLineEndings(" ");
            var question = await SentAsync("/questions/ask", "/questions/ask", [new("Input.Title", $"{line} {n}"), new("Input.Body", $"{Disguises[n]}\n\n{n}번째"), new("Input.Tags", line.Cut(Tag.NameMax))]);
            if (question is null)
            {
                // Refused as a tag; the form shows it again.
                question = await SentAsync("/questions/ask", "/questions/ask", [new("Input.Title", $"{line} {n}"), new("Input.Body", $"{Disguises[n]}\n\n{n}번째")]);
            }

            var address = question!.Split('?')[0];
            pages.Add(address);
            await SentAsync($"/comments/new?question={address.Split('/')[2]}", address, [new("Input.Body", Disguises[n])]);
            await SentAsync("/admin/groups?handler=Add", "/admin/groups", [new("name", line.Cut(MemberGroup.NameMax))]);
            await SentAsync("/admin/categories?handler=Add", "/admin/categories", [new("Name", line.Cut(Category.NameMax)), new("Slug", $"c{n}"), new("Description", line), new("Readers", "everyone")]);
            await SentAsync("/documents/collections?handler=Create", "/documents/collections", [new("name", line.Cut(Collection.NameMax)), new("audience", "everyone")]);
            await SentAsync($"/tags/{Uri.EscapeDataString(FilledSite.Korean.Tag)}/edit?handler=AddSynonym", $"/tags/{Uri.EscapeDataString(FilledSite.Korean.Tag)}/edit", [new("Added.Synonym", line.Cut(Tag.NameMax))]);
            await SentAsync("/account/mail?handler=Address", "/account/mail", [new("Input.Email", line), new("Input.Password", line)]);
            pages.AddRange(Asking.Select(field => field + Uri.EscapeDataString(line)));
        }

        var first = pages.Find(page => page.StartsWith("/questions/", StringComparison.Ordinal) && page.EndsWith("/history", StringComparison.Ordinal))!;
        var thread = first[..first.LastIndexOf('/')];
        await SentAsync($"{thread}/edit", $"{thread}/edit", [new("Input.Title", Disguises[0]), new("Input.Body", all)]);
        await SentAsync($"{thread}/answer", "/questions/ask", [new("Input.Body", all)]);
        await SentAsync("/drafts", thread, [new("draft", "question"), new("Input.Title", Disguises[5]), new("Input.Body", all)]);
        await SentAsync($"{thread}/moderate?handler=Close", $"{thread}/moderate", [new("reason", "Other"), new("original", Disguises[5]), new("note", Disguises[6])]);
        await SentAsync($"/tags/{Uri.EscapeDataString(FilledSite.Korean.Tag)}/edit", "/admin/groups", [new("Input.Description", all[..500])]);
        var document = await site.AddDocumentAsync(Disguises[6], all);
        pages.Add($"/documents/{document}");
        var (conversation, turn) = await member.AskAsync(Disguises[6]);
        await member.HearAllAsync(turn);
        pages.Add($"/chat/{conversation}");

        var dangers = new List<string>();
        foreach (var page in pages.Distinct())
        {
            using var answer = await member.Http.GetAsync(new Uri(page, UriKind.Relative));
            if (answer.Content.Headers.ContentType?.MediaType == "text/html")
            {
                dangers.AddRange(DangersIn(await Visitor.ReadAsync(answer)).Select(danger => $"{page}: {danger}"));
            }
        }

        Assert.Equal([], dangers);
        // They were saved, not refused.
        await using (var db = site.CreateDbContext())
        {
            Assert.Equal(Disguises.Length + 1, await db.Questions.CountAsync());
            Assert.InRange(await db.Groups.CountAsync(), Disguises.Length / 2, Disguises.Length + 1);
            Assert.InRange(await db.Categories.CountAsync(), Disguises.Length / 2, Disguises.Length + 2);
            Assert.InRange(await db.Collections.CountAsync(), Disguises.Length / 2, Disguises.Length + 1);
            Assert.Equal(Disguises.Length + 1, await db.Comments.CountAsync());
            Assert.Contains("alert(1)", await db.Questions.Where(q => q.ClosedNote != null).Select(q => q.ClosedNote).SingleAsync(), StringComparison.Ordinal);
        }

        Assert.Contains("<script>alert(1)</script>", (await member.SeeAsync("/questions")).QuerySelector(".question-list")!.TextContent + (await member.SeeAsync(thread)).QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        foreach (var feed in new[] { "/questions/feed", $"{thread}/feed", "/sitemap-1.xml" })
        {
            var xml = new XmlDocument { XmlResolver = null };
            xml.LoadXml(await member.Http.GetStringAsync(new Uri(feed, UriKind.Relative)));
            Assert.DoesNotContain("javascript:", string.Concat(xml.SelectNodes("//@href")!.Cast<XmlNode>().Select(node => node.Value)), StringComparison.OrdinalIgnoreCase);
        }

        async Task<string?> SentAsync(string url, string page, KeyValuePair<string, string>[] fields)
        {
            using var answer = await member.PostFormAsync(url, fields, page);
            Assert.True((int)answer.StatusCode < 500, $"{url}: {(int)answer.StatusCode}");
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                Assert.Equal([], DangersIn(await Visitor.ReadAsync(answer)));
            }

            return answer.Headers.Location?.OriginalString;
        }
    }

    /// <summary>The disguises that are HTML, shown without a filter, are what the search finds.</summary>
    [Fact]
    public void The_search_finds_a_disguise_that_no_filter_stopped()
    {
        var parser = new HtmlParser();
        var found = Disguises.Count(disguise => DangersIn(parser.ParseDocument($"<body>{disguise}")).Any());
        Assert.InRange(found, HtmlDisguises, Disguises.Length);
    }

    private static IEnumerable<string> DangersIn(IHtmlDocument page)
    {
        foreach (var element in page.QuerySelectorAll(Foreign))
        {
            yield return element.OuterHtml;
        }

        foreach (var attribute in page.All.SelectMany(element => element.Attributes))
        {
            var value = string.Concat(attribute.Value.Where(c => c > ' ')).ToUpperInvariant();
            if (attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
                || (Addressing.Contains(attribute.Name.ToLowerInvariant()) && (value.StartsWith("JAVASCRIPT:", StringComparison.Ordinal) || value.StartsWith("VBSCRIPT:", StringComparison.Ordinal) || value.StartsWith("DATA:", StringComparison.Ordinal) || value.StartsWith("//", StringComparison.Ordinal))))
            {
                yield return $"{attribute.Name}={attribute.Value}";
            }
        }
    }
}
