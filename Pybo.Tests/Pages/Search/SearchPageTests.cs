using Pybo.Tests.Pages.Chat;

namespace Pybo.Tests.Pages.Search;

public sealed class SearchPageTests
{
    [Fact]
    public async Task Results_are_counted_and_split_into_pages()
    {
        await using var site = ChatSite.With(null);
        var visitor = site.Visit();
        await visitor.SeeAsync("/search");
        for (var day = 1; day <= 23; day++)
        {
            await site.AddDocumentAsync($"당직 {day}일", $"{day}일 당직 근무표");
        }

        await site.AddDocumentAsync("식단", "점심은 비빔밥이다.");
        var address = $"/search?q={Uri.EscapeDataString("당직")}";
        var first = await visitor.SeeAsync(address);
        Assert.Equal("23개를 찾았습니다.", first.QuerySelector(".board-found")!.TextContent);
        Assert.Equal(20, first.QuerySelectorAll(".results > li").Length);
        var second = await visitor.SeeAsync(first.QuerySelector(".pager a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal("21", second.QuerySelector(".results")!.GetAttribute("start"));
        Assert.Equal(3, second.QuerySelectorAll(".results > li").Length);
        Assert.Equal("2", second.QuerySelector(".pager [aria-current]")!.LastChild!.TextContent);
        foreach (var page in (string[])["99", "0", "-1"])
        {
            Assert.NotNull((await visitor.SeeAsync($"{address}&page={page}")).QuerySelector(".results > li"));
        }
    }

    [Fact]
    public async Task Nothing_is_listed_for_a_question_about_something_else()
    {
        await using var site = new PyboSite();
        var visitor = site.Visit();
        await site.AddDocumentAsync("수영장 이용 안내", "자유 수영은 오전 여섯 시부터이고 수영모를 써야 한다.");
        await ChatSite.UntilAsync(async () => (await visitor.SeeAsync($"/search?q={Uri.EscapeDataString("물놀이 시간")}")).QuerySelector(".result-title") is not null);
        var page = await visitor.SeeAsync($"/search?q={Uri.EscapeDataString("양자역학의 불확정성 원리를 설명해 주세요")}");
        Assert.Null(page.QuerySelector(".result-title"));
        Assert.NotNull(page.QuerySelector(".empty a[href^='/questions/ask']"));
    }
}
