using System.Net;
using Pybo.Data;
using Pybo.Tests.Pages;

namespace Pybo.Tests.Attacks;

/// <summary>A member stores posts that cost a parser seconds, and every visitor of the page causes that cost again.</summary>
public sealed class MarkdownCostTests
{
    private const int Answers = 10;
    private const string Touched = "<p>저장된 그대로</p>";

    private static readonly string Hostile = "a|b\n-|-\n" + string.Concat(Enumerable.Repeat("**a|b*", (Question.BodyMax - 8) / 6));

    [Fact]
    public async Task Eleven_hostile_posts_are_rendered_on_saving_and_reading_renders_nothing()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("공격자");
        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", "비싼 질문"), new("Input.Body", Hostile)]);
        var question = asked.Headers.Location!.OriginalString;
        for (var at = 0; at < Answers; at++)
        {
            // The same answer again would be the same post.
            using var answered = await member.PostFormAsync($"{question}/answer", [new("Input.Body", $"{at} {Hostile}")], "/questions/ask");
            Assert.Equal(HttpStatusCode.Redirect, answered.StatusCode);
        }

        var visitor = site.Visit();
        Assert.Equal(1 + Answers, (await visitor.SeeAsync(question)).QuerySelectorAll("article .prose").Length);
        Assert.True(Touch(site), "The page is rendered at each reading: nothing is stored.");
        Assert.All((await visitor.SeeAsync(question)).QuerySelectorAll("article .prose"), shown => Assert.Equal(Touched, shown.InnerHtml));
    }

    [Theory]
    [InlineData("/questions/ask")]
    [InlineData("/questions/1/edit")]
    [InlineData("/questions/1/answer")]
    [InlineData("/answers/1/edit")]
    [InlineData("/questions/preview")]
    public async Task Nothing_is_rendered_for_a_visitor_or_without_a_token(string form)
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "글")]);
        using var answered = await member.PostFormAsync("/questions/1/answer", [new("Input.Body", "답")], "/questions/ask");
        KeyValuePair<string, string>[] fields = [new("Input.Title", "제목"), new("Input.Body", "**굵게**"), new("preview", "true")];
        using var own = await member.PostFormAsync(form, fields, "/questions/ask");
        Assert.Contains("<strong>굵게</strong>", await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var forged = await member.PostForgedAsync(form, fields);
        using var visitors = await site.Visit().PostForgedAsync(form, fields);
        using var visitorsToken = await site.Visit().PostFormAsync(form, fields, "/account/login");
        foreach (var answer in new[] { forged, visitors, visitorsToken })
        {
            Assert.DoesNotContain("<strong>굵게</strong>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Previews_are_limited_like_posts_and_do_not_count_against_them()
    {
        const int Limit = 5;
        await using var site = new PyboSite().WithSetting("Pybo:PostsPerMinute", $"{Limit}");
        var member = await site.SignUpAsync("홍길동");
        for (var at = 0; at < Limit; at++)
        {
            Assert.Equal(HttpStatusCode.OK, await PreviewAsync());
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await PreviewAsync());
        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "글")]);
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);

        async Task<HttpStatusCode> PreviewAsync()
        {
            using var shown = await member.PostFormAsync("/questions/preview", [new("Input.Body", Hostile)], "/questions/ask");
            return shown.StatusCode;
        }
    }

    /// <summary>Changes the stored HTML, bypassing the site; false if the site stores none.</summary>
    private static bool Touch(PyboSite site)
    {
        if (site.Count("select count(*) from pragma_table_info('Questions') where name = 'Html'") == 0)
        {
            return false;
        }

        site.Execute($"update Questions set Html = '{Touched}'; update Answers set Html = '{Touched}'");
        return true;
    }
}
