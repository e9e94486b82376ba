using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages;

namespace Pybo.Tests.Pages.Tags;

public sealed class TagPagesTests
{
    [Fact]
    public async Task Tags_are_typed_with_the_question_shown_as_links_and_changed_with_it()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        await AskAsync(member, "세션이 사라져요", "파이썬, C#");
        var visitor = site.Visit();
        Assert.Equal([("파이썬", "/tags/%ED%8C%8C%EC%9D%B4%EC%8D%AC"), ("c#", "/tags/c%23")], Links(await visitor.SeeAsync("/questions/1"), "article.question .tag"));
        Assert.Equal(["파이썬", "c#"], Links(await visitor.SeeAsync("/questions"), ".question-list .tag").Select(t => t.Name));
        foreach (var name in new[] { "파이썬", "c%23", "C%23" })
        {
            using var answer = await visitor.Http.GetAsync(new Uri($"/tags/{name}", UriKind.Relative));
            var page = await visitor.SeeAsync(answer.Headers.Location?.OriginalString ?? $"/tags/{name}");
            Assert.Equal(SourceUrl.Question(1, "세션이 사라져요"), page.QuerySelector(".question-title")!.GetAttribute("href"));
        }

        Assert.Equal("파이썬, c#", (await member.SeeAsync("/questions/1/edit")).QuerySelector("#Input_Tags")!.GetAttribute("value"));
        using (var kept = await member.PostFormAsync("/questions/1/edit", [new("Input.Title", "제목"), new("Input.Body", "글")]))
        {
            Assert.Equal(2, (await visitor.SeeAsync("/questions/1")).QuerySelectorAll(".tag").Length);
        }

        using var edited = await member.PostFormAsync("/questions/1/edit", [new("Input.Title", "제목"), new("Input.Body", "글"), new("Input.Tags", "")]);
        Assert.Empty((await visitor.SeeAsync("/questions/1")).QuerySelectorAll(".tag"));
        await visitor.SeeAsync("/tags/파이썬", HttpStatusCode.NotFound);
        await visitor.SeeAsync("/tags/a%20b", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("가 나 다 라 마 바", "태그는 5개까지 붙일 수 있습니다.")]
    [InlineData("a/b", "태그에는 글자와 숫자, - + # .만 쓸 수 있습니다: a/b")]
    [InlineData("가나다라마바사아자차카타파하가나다라마바사아자차카타파하가나다", "태그는 30자까지 쓸 수 있습니다: 가나다라마바사아자차카타파하가나다라마바사아자차카타파하가나다")]
    public async Task A_wrong_tag_is_reported_next_to_its_field_and_kept(string tags, string message)
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        using var posted = await member.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "글"), new("Input.Tags", tags)]);
        var page = await Visitor.ReadAsync(posted);
        Assert.Equal(message, page.QuerySelector("#Input_Tags-error")!.TextContent);
        Assert.Equal((tags, "true", "Input_Tags-error tags-hint"), (Attribute("value"), Attribute("aria-invalid"), Attribute("aria-describedby")));
        await using var db = site.CreateDbContext();
        Assert.Equal((0, 0), (await db.Questions.CountAsync(), await db.Tags.CountAsync()));

        string? Attribute(string name) => page.QuerySelector("#Input_Tags")!.GetAttribute(name);
    }

    [Fact]
    public async Task The_list_of_tags_is_counted_searched_and_paged()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        Assert.Contains("태그가 없습니다.", (await member.SeeAsync("/tags")).Body!.TextContent, StringComparison.Ordinal);
        await AskAsync(member, "하나", "파이썬 웹");
        await AskAsync(member, "둘", "파이썬");
        await using (var db = site.CreateDbContext())
        {
            for (var i = 0; i < TagQueries.PageSize; i++)
            {
                await db.AskAsync(1, $"질문 {i}", "글", default, tags: [$"n{i}"]);
            }
        }

        var page = await site.Visit().SeeAsync((await member.SeeAsync("/questions")).QuerySelector(".board-links a[href='/tags']")!.GetAttribute("href")!);
        Assert.Equal(["파이썬", "질문 2개"], page.QuerySelector(".tag-grid li")!.Children.Select(c => c.TextContent));
        Assert.Equal(TagQueries.PageSize, page.QuerySelectorAll(".tag-grid li").Length);
        Assert.Equal(2, (await member.SeeAsync(page.QuerySelector("a[rel=next]")!.GetAttribute("href")!)).QuerySelectorAll(".tag-grid li").Length);
        Assert.Equal(["파이썬"], Links(await member.SeeAsync($"/tags?q={Uri.EscapeDataString("ㅍㅇㅆ")}"), ".tag-grid .tag").Select(t => t.Name));
        Assert.Contains("‘없는태그’ 태그를 찾지 못했습니다.", (await member.SeeAsync("/tags?q=없는태그")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggestions_are_data_for_the_script()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        await AskAsync(member, "하나", "파이썬 suggest");
        using var answer = await site.Visit().Http.GetAsync(new Uri($"/tags/suggest?q={Uri.EscapeDataString("ㅍㅇ")}", UriKind.Relative));
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var tag = Assert.Single(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.EnumerateArray());
        Assert.Equal(("파이썬", "질문 1개"), (tag.GetProperty("name").GetString(), tag.GetProperty("questions").GetString()));
        Assert.Equal("[]", await site.Visit().Http.GetStringAsync(new Uri("/tags/suggest", UriKind.Relative)));

        // A tag with the name of that address is a filter of the list.
        var link = Links(await member.SeeAsync("/questions/1"), ".tag").Single(t => t.Name == "suggest").Address!;
        Assert.Equal(SourceUrl.Question(1, "하나"), (await member.SeeAsync(link)).QuerySelector(".question-title")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Only_an_administrator_describes_a_tag()
    {
        await using var site = new PyboSite();
        var (administrator, member) = (await site.SignUpAsync("주인장"), await site.SignUpAsync("홍길동"));
        await AskAsync(member, "하나", "파이썬");
        Assert.Null((await member.SeeAsync("/tags/파이썬")).QuerySelector("a[href$='/edit']"));
        using (var seen = await member.Http.GetAsync(new Uri("/tags/파이썬/edit", UriKind.Relative)))
        {
            Assert.NotEqual(HttpStatusCode.OK, seen.StatusCode);
        }

        using (var posted = await member.PostFormAsync("/tags/파이썬/edit", [new("Input.Description", "빼앗은 설명")], "/questions/1"))
        {
            Assert.NotEqual(HttpStatusCode.OK, posted.StatusCode);
        }

        var edit = (await administrator.SeeAsync("/tags/파이썬")).QuerySelector("a[href$='/edit']")!.GetAttribute("href")!;
        using (var tooLong = await administrator.PostFormAsync(edit, [new("Input.Description", new string('가', Tag.DescriptionMax + 1))]))
        {
            Assert.NotEmpty((await Visitor.ReadAsync(tooLong)).QuerySelector("#Input_Description-error")!.TextContent);
        }

        using var saved = await administrator.PostFormAsync(edit, [new("Input.Description", "배우기 쉬운 <b>언어</b>")]);
        Assert.Equal("배우기 쉬운 <b>언어</b>", (await member.SeeAsync(saved.Headers.Location!.OriginalString)).QuerySelector(".tag-description")!.TextContent);
        await administrator.SeeAsync("/tags/없는태그/edit", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_question_is_found_by_its_tag_and_no_longer_after_the_tag_is_taken_off()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        await AskAsync(member, "세션이 사라져요", "자작나무숲");
        await IndexedAsync(site);
        var address = $"/search?q={Uri.EscapeDataString("자작나무숲")}";
        var found = (await member.SeeAsync(address)).QuerySelector(".results > li")!;
        Assert.Equal("/questions/1", found.QuerySelector(".result-title a")!.GetAttribute("href"));
        Assert.Equal("자작나무숲", found.QuerySelector(".post-meta")!.TextContent.Trim());
        Assert.NotNull((await member.SeeAsync($"/questions?q={Uri.EscapeDataString("자작나무숲")}")).QuerySelector(".question-title"));
        using var edited = await member.PostFormAsync("/questions/1/edit", [new("Input.Title", "세션이 사라져요"), new("Input.Body", "글"), new("Input.Tags", "")]);
        Assert.DoesNotContain("/questions/1", (await member.SeeAsync(address)).QuerySelectorAll(".result-title a").Select(a => a.GetAttribute("href")));
    }

    [Fact]
    public async Task A_tags_page_asks_a_question_with_it()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        await AskAsync(member, "하나", "파이썬");
        var ask = (await site.Visit().SeeAsync("/tags/파이썬")).QuerySelector("a.btn-primary")!.GetAttribute("href")!;
        Assert.Equal("파이썬", (await member.SeeAsync(ask)).QuerySelector("#Input_Tags")!.GetAttribute("value"));
        using var sent = await site.Visit().Http.GetAsync(new Uri(ask, UriKind.Relative));
        Assert.Equal($"/account/login?next={Uri.EscapeDataString(ask)}", sent.Headers.Location!.OriginalString);
    }

    private static List<(string Name, string? Address)> Links(IParentNode page, string selector) => [.. page.QuerySelectorAll(selector).Select(a => (a.TextContent, a.GetAttribute("href")))];

    private static async Task AskAsync(Visitor member, string title, string tags)
    {
        using var posted = await member.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", "글"), new("Input.Tags", tags)]);
        Assert.True(posted.Headers.Location is not null, await posted.Content.ReadAsStringAsync());
    }

    private static async Task IndexedAsync(PyboSite site)
    {
        const int TriesMax = 2_400;
        for (var i = 0; i < TriesMax; i++)
        {
            await using var db = site.CreateDbContext();
            if (await db.PendingCountAsync(default) == 0)
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail("The worker did not index the posts.");
    }
}
