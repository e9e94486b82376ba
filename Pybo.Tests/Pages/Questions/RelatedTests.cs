using AngleSharp.Html.Dom;
using Pybo.Data;
using Pybo.Tests.Pages.Chat;

namespace Pybo.Tests.Pages.Questions;

/// <summary>The questions that are shown next to a question.</summary>
public sealed class RelatedTests
{
    private const string Dishwasher = "식기세척기 거름망은 얼마마다 씻나요?";

    [Theory]
    [InlineData("models/embedded")]
    [InlineData("models/none")]
    public async Task A_question_shows_the_others_on_its_subject_with_their_state_and_never_itself(string model)
    {
        await using var site = new PyboSite().WithSetting("Pybo:EmbeddingModel", model);
        var (asker, other) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        var first = await AskAsync(asker, Dishwasher, "물이 잘 안 빠집니다.");
        var second = await AskAsync(other, "식기세척기 거름망에서 냄새가 납니다", "식초로 씻어도 되나요?");
        await AskAsync(other, "기타 줄은 어디서 사나요?", "통기타를 배우기 시작했습니다.");
        await other.PostFormAsync($"{first}/answer", [new("Input.Body", "한 달에 한 번 씻으세요.")], first);
        await asker.PostFormAsync($"{first}?handler=Accept", [new("answer", "1")], first);
        await other.PostFormAsync($"{first}?handler=Vote", [], first);
        await IndexedAsync(site);

        var related = (await site.Visit().SeeAsync(second)).QuerySelector(".related")!;
        Assert.Equal([Dishwasher], Titles(related));
        Assert.Equal(first, string.Join('/', related.QuerySelector("a")!.GetAttribute("href")!.Split('/')[..3]));
        Assert.Equal("채택 답변 1 추천 1", string.Join(' ', related.QuerySelectorAll(".post-meta span").Select(s => s.TextContent)));
    }

    [Fact]
    public async Task Without_another_question_on_its_subject_nothing_is_shown()
    {
        await using var site = new PyboSite();
        var asker = await site.SignUpAsync("홍길동");
        var question = await AskAsync(asker, Dishwasher, "물이 잘 안 빠집니다.");
        await AskAsync(asker, "기타 줄은 어디서 사나요?", "통기타를 배우기 시작했습니다.");
        await IndexedAsync(site);
        Assert.Null((await asker.SeeAsync(question)).QuerySelector(".related"));
    }

    [Fact]
    public async Task At_most_five_are_shown_and_none_that_was_deleted()
    {
        await using var site = new PyboSite();
        var asker = await site.SignUpAsync("홍길동");
        var question = await AskAsync(asker, Dishwasher, "물이 잘 안 빠집니다.");
        List<string> others = [];
        for (var n = 1; n <= 6; n++)
        {
            others.Add(await AskAsync(asker, $"식기세척기 거름망 {n}호 씻는 때", $"거름망을 {n}달 동안 안 씻었습니다."));
        }

        await IndexedAsync(site);
        Assert.Equal(5, Titles((await asker.SeeAsync(question)).QuerySelector(".related")!).Count);
        foreach (var other in others[..5])
        {
            await asker.PostFormAsync($"{other}?handler=Delete", [], other);
        }

        Assert.Equal(["식기세척기 거름망 6호 씻는 때"], Titles((await asker.SeeAsync(question)).QuerySelector(".related")!));
    }

    [Fact]
    public async Task A_question_that_is_not_indexed_yet_is_shown_with_what_its_title_finds()
    {
        await using var site = new PyboSite();
        var asker = await site.SignUpAsync("홍길동");
        await AskAsync(asker, "식기세척기 거름망에서 냄새가 납니다", "식초로 씻어도 되나요?");
        await IndexedAsync(site);
        await using var db = site.CreateDbContext();
        var id = await db.AskAsync(1, Dishwasher, "물이 잘 안 빠집니다.", default);
        Assert.Equal(["식기세척기 거름망에서 냄새가 납니다"], Titles((await asker.SeeAsync($"/questions/{id}")).QuerySelector(".related")!));
    }

    private static List<string> Titles(AngleSharp.Dom.IElement related) => [.. related.QuerySelectorAll("a").OfType<IHtmlAnchorElement>().Select(a => a.TextContent)];

    private static async Task<string> AskAsync(Visitor member, string title, string body)
    {
        using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", body)]);
        return asked.Headers.Location!.OriginalString;
    }

    private static Task IndexedAsync(PyboSite site) => ChatSite.UntilAsync(async () =>
    {
        await using var db = site.CreateDbContext();
        return await db.PendingCountAsync(default) == 0;
    });
}
