using System.Globalization;
using System.Net;
using System.ServiceModel.Syndication;
using System.Xml;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Pages.Discovery;

namespace Pybo.Tests.Pages.Discovery;

/// <summary>What search engines, feed readers and previews of shared links find.</summary>
public sealed class DiscoveryTests
{
    private static readonly XNamespace Map = "http://www.sitemaps.org/schemas/sitemap/0.9";

    [Theory]
    [InlineData("플라스크에서 DB를 바꾸려면?", "/questions/7/플라스크에서-db를-바꾸려면")]
    [InlineData("C# / .NET 10: `async` & 'await'", "/questions/7/c-net-10-async-await")]
    [InlineData("?!…", "/questions/7")]
    [InlineData("Edit", "/questions/7")]
    [InlineData("가나다라마바사아자차 가나다라마바사아자차 가나다라마바사아자차 가나다라마바사아자차 가나다라마바사아자차 가나다라마바사아자차", "/questions/7/가나다라마바사아자차-가나다라마바사아자차-가나다라마바사아자차-가나다라마바사아자차-가나다라마바사아자차")]
    public void A_questions_address_can_be_read(string title, string expected) => Assert.Equal(expected, Uri.UnescapeDataString(SourceUrl.Question(7, title)));

    [Fact]
    public void A_readable_address_has_a_limit_and_splits_no_character()
    {
        var address = Uri.UnescapeDataString(SourceUrl.Question(7, string.Concat(Enumerable.Repeat("𠀀", 100)) + "가"));
        Assert.Equal("/questions/7/" + string.Concat(Enumerable.Repeat("𠀀", SourceUrl.SlugCharactersMax / 2)), address);
        Assert.Equal("/questions/7/가", Uri.UnescapeDataString(SourceUrl.Question(7, "\u1100\u1161")));
    }

    [Fact]
    public async Task A_question_describes_itself_to_search_engines()
    {
        await using var site = await WithThreadAsync();
        var page = await site.Visit().SeeAsync("/questions/1");
        var canonical = new Uri(page.QuerySelector("link[rel=canonical]")!.GetAttribute("href")!);
        Assert.Equal("/questions/1/세션은-언제-끝나나요", Uri.UnescapeDataString(canonical.AbsolutePath));
        Assert.Equal(canonical.AbsoluteUri, page.QuerySelector("meta[property='og:url']")!.GetAttribute("content"));
        Assert.Equal("세션은 언제 끝나나요?", page.QuerySelector("meta[property='og:title']")!.GetAttribute("content"));
        Assert.Equal("브라우저를 닫으면 사라집니다. <왜> 그럴까요?", page.QuerySelector("meta[name=description]")!.GetAttribute("content"));
        Assert.Equal("세션은 언제 끝나나요?", (await site.Visit().SeeAsync(canonical.PathAndQuery)).QuerySelector("h1")!.TextContent);
        Assert.Equal(canonical.AbsoluteUri, (await site.Visit().SeeAsync("/questions/1/옛-제목")).QuerySelector("link[rel=canonical]")!.GetAttribute("href"));

        var question = page.QuerySelector("[itemtype='https://schema.org/QAPage'] > [itemprop=mainEntity][itemtype='https://schema.org/Question']")!;
        Assert.Equal("세션은 언제 끝나나요?", question.QuerySelector("[itemprop=name]")!.TextContent);
        Assert.Equal("2", question.QuerySelector("meta[itemprop=answerCount]")!.GetAttribute("content"));
        Assert.Equal("31일 뒤입니다.", question.QuerySelector("[itemprop=acceptedAnswer] [itemprop=text]")!.TextContent.Trim());
        Assert.Equal("김철수", question.QuerySelector("[itemprop=suggestedAnswer] [itemprop=author] [itemprop=name]")!.TextContent);
        Assert.EndsWith("Z", question.QuerySelector("time[itemprop=dateCreated]")!.GetAttribute("datetime"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sitemap_lists_every_question()
    {
        await using var site = await WithThreadAsync();
        var robots = await site.Visit().Http.GetStringAsync(new Uri("/robots.txt", UriKind.Relative));
        Assert.Contains("Disallow: /account/\n", robots, StringComparison.Ordinal);
        var index = XDocument.Parse(await site.Visit().Http.GetStringAsync(new Uri(robots.Split("Sitemap: ")[1].Trim())));
        var file = Assert.Single(index.Descendants(Map + "loc")).Value;
        var map = XDocument.Parse(await site.Visit().Http.GetStringAsync(new Uri(file)));
        Assert.Equal(["/questions/1/세션은-언제-끝나나요", "/questions/2/둘째-질문"], map.Descendants(Map + "loc").Select(loc => Uri.UnescapeDataString(new Uri(loc.Value).AbsolutePath)));
        Assert.All(map.Descendants(Map + "lastmod"), time => Assert.True(DateTimeOffset.TryParse(time.Value, CultureInfo.InvariantCulture, out _)));
        Assert.Empty(XDocument.Parse(await site.Visit().Http.GetStringAsync(new Uri("/sitemap-2.xml", UriKind.Relative))).Descendants(Map + "url"));
        using var beyond = await site.Visit().Http.GetAsync(new Uri($"/sitemap-{Sitemap.FilesMax + 1}.xml", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, beyond.StatusCode);
    }

    [Fact]
    public async Task Feeds_carry_questions_and_answers_and_are_downloaded_once()
    {
        await using var site = await WithThreadAsync();
        var visitor = site.Visit();
        var list = await visitor.SeeAsync("/questions");
        var feed = await FeedAsync(visitor, list.QuerySelector("link[type='application/atom+xml']")!.GetAttribute("href")!);
        Assert.Equal(["둘째 질문", "세션은 언제 끝나나요?"], feed.Items.Select(item => item.Title.Text));
        Assert.Contains("<strong>닫으면</strong>", ((TextSyndicationContent)feed.Items.Last().Content).Text, StringComparison.Ordinal);
        Assert.Contains("\u0001", await TitleOfAsync(site, 2), StringComparison.Ordinal);

        var page = await visitor.SeeAsync("/questions/1");
        var thread = await FeedAsync(visitor, page.QuerySelector("link[type='application/atom+xml']")!.GetAttribute("href")!);
        Assert.Equal(["김철수님의 답변", "홍길동님의 답변", "세션은 언제 끝나나요?"], thread.Items.Select(item => item.Title.Text));
        Assert.Equal("/questions/1?answer=2#answer_2", thread.Items.First().Links.Single().Uri.PathAndQuery + thread.Items.First().Links.Single().Uri.Fragment);

        var tag = await visitor.SeeAsync("/tags/파이썬");
        var tagged = await FeedAsync(visitor, tag.QuerySelector("link[type='application/atom+xml']")!.GetAttribute("href")!);
        Assert.Equal(["세션은 언제 끝나나요?"], tagged.Items.Select(item => item.Title.Text));
        await visitor.SeeAsync("/tags/없는이름/feed", HttpStatusCode.NotFound);

        using var first = await visitor.Http.GetAsync(new Uri(Feeds.Newest, UriKind.Relative));
        using var again = new HttpRequestMessage(HttpMethod.Get, Feeds.Newest) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var unchanged = await visitor.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        await visitor.SeeAsync("/questions/99/feed", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/questions")]
    [InlineData("/questions/1")]
    [InlineData("/questions/feed")]
    [InlineData("/robots.txt")]
    [InlineData("/sitemap.xml")]
    public async Task A_request_for_the_headers_alone_is_answered_and_counts_as_no_view(string url)
    {
        await using var site = await WithThreadAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, url) { Headers = { UserAgent = { new("preview", "1") } } };
        using var answer = await site.Visit().Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        // The two members and this visitor.
        var page = await site.Visit().SeeAsync("/questions/1");
        Assert.Contains("조회 3", page.QuerySelector(".question .post-meta")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<SyndicationFeed> FeedAsync(Visitor visitor, string url)
    {
        using var answer = await visitor.Http.GetAsync(new Uri(url, UriKind.Relative));
        Assert.Equal("application/atom+xml", answer.Content.Headers.ContentType!.MediaType);
        using var reader = XmlReader.Create(await answer.Content.ReadAsStreamAsync());
        return SyndicationFeed.Load(reader);
    }

    private static async Task<string> TitleOfAsync(PyboSite site, long id)
    {
        await using var db = site.CreateDbContext();
        return await db.Questions.Where(q => q.Id == id).Select(q => q.Title).SingleAsync();
    }

    /// <summary>A question with an accepted answer and another one, and a second question whose title has a control character.</summary>
    private static async Task<PyboSite> WithThreadAsync()
    {
        var site = new PyboSite();
        var (asker, other) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        (await asker.PostFormAsync("/questions/ask", [new("Input.Title", "세션은 언제 끝나나요?"), new("Input.Body", "브라우저를 **닫으면** 사라집니다.\n\n<왜> 그럴까요?"), new("Input.Tags", "파이썬")])).Dispose();
        (await asker.PostFormAsync("/questions/1/answer", [new("Input.Body", "31일 뒤입니다.")], "/questions/1")).Dispose();
        (await other.PostFormAsync("/questions/1/answer", [new("Input.Body", "설정마다 다릅니다.")], "/questions/1")).Dispose();
        (await asker.PostFormAsync("/questions/1?handler=Accept", [new("answer", "1")], "/questions/1")).Dispose();
        await using var db = site.CreateDbContext();
        db.Questions.Add(new() { AuthorId = 1, Title = "둘째 질문\u0001", Body = "글" });
        await db.SaveChangesAsync();
        return site;
    }
}
