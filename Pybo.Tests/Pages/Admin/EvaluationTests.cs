using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Admin;

public sealed class EvaluationTests
{
    private const string Answer = "약 940만 명이라고 합니다 [1].";

    [Fact]
    public async Task A_verdict_is_set_changed_explained_and_taken_back()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(Answer));
        var member = await site.SignUpAsync("홍길동");
        var stranger = await site.SignUpAsync("나그네");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        Assert.Equal(["false", "false"], await PressedAsync());

        using var good = await member.PressAsync(turn, "Rate", new KeyValuePair<string, string>("good", "true"));
        Assert.Equal($"/chat/{conversation}?turn={turn}#turn-{turn}", good.Headers.Location!.OriginalString);
        Assert.Equal(["true", "false"], await PressedAsync());
        using var bad = await member.PressAsync(turn, "Rate", new("good", "false"), new("reason", " 너무 짧아요 "), new("showsText", "true"));
        Assert.Equal(["false", "true"], await PressedAsync());
        Assert.Equal("너무 짧아요", (await member.SeeAsync($"/chat/{conversation}")).QuerySelector("textarea[name=reason]")!.TextContent);

        using var theirs = await stranger.PostFormAsync($"/chat/turns/{turn}?handler=Rate", [new("good", "true")], page: "/chat");
        using var undone = await stranger.PostFormAsync($"/chat/turns/{turn}?handler=Unrate", [], page: "/chat");
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound], [theirs.StatusCode, undone.StatusCode]);
        Assert.Equal(["false", "true"], await PressedAsync());
        using var taken = await member.PressAsync(turn, "Unrate");
        Assert.Equal(["false", "false"], await PressedAsync());

        async Task<IEnumerable<string?>> PressedAsync() =>
            (await member.SeeAsync($"/chat/{conversation}")).QuerySelectorAll(".turn-rate").Select(b => b.GetAttribute("aria-pressed"));
    }

    [Fact]
    public async Task Administrators_see_reasons_and_a_text_only_if_its_member_shows_it_and_they_may_read_its_sources()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(Answer));
        var administrator = await site.SignUpAsync("주인장");
        var member = await site.SignUpAsync("홍길동");
        var document = await site.AddDocumentAsync();
        var (_, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);

        using var hidden = await member.PressAsync(turn, "Rate", new("good", "false"), new("reason", "틀린 숫자예요"));
        var page = await administrator.SeeAsync("/admin/evaluation");
        Assert.Equal("틀린 숫자예요", page.QuerySelector(".rating-reason")!.TextContent);
        Assert.Equal([ScriptedChatClient.Name, "0", "1"], page.QuerySelectorAll(".rating-counts tbody tr > *").Select(c => c.TextContent));
        Assert.DoesNotContain("940", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(ChatSite.Question, page.Body.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("홍길동", page.Body.TextContent, StringComparison.Ordinal);

        using var shown = await member.PressAsync(turn, "Rate", new("good", "false"), new("reason", "틀린 숫자예요"), new("showsText", "true"));
        page = await administrator.SeeAsync("/admin/evaluation");
        Assert.Equal([ChatSite.Question, Answer], page.QuerySelectorAll(".rating-text").Select(t => t.TextContent));

        await using var db = site.CreateDbContext();
        await db.Documents.Where(d => d.Id == document).ExecuteUpdateAsync(set => set.SetProperty(d => d.Audience, 2));
        page = await administrator.SeeAsync("/admin/evaluation");
        Assert.DoesNotContain("940", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("틀린 숫자예요", page.Body.TextContent, StringComparison.Ordinal);
        await member.SeeAsync("/admin/evaluation", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_retrieval_test_shows_scores_and_the_judgement_within_what_the_administrator_may_read()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(Answer));
        var administrator = await site.SignUpAsync("주인장");
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        await site.AddDocumentAsync("비밀 일기", "서울의 인구는 몇 명인가요? 비밀이다.", audience: 2);

        var page = await administrator.SeeAsync($"/admin/retrieval?q={Uri.EscapeDataString(ChatSite.Question)}");
        Assert.Equal([ChatSite.Title], page.QuerySelectorAll("tbody a").Select(a => a.TextContent));
        Assert.Matches("^[0-9]+[.][0-9]{3}$", page.QuerySelectorAll("tbody td")[1].TextContent);
        Assert.Equal("–", page.QuerySelectorAll("tbody td")[2].TextContent);
        Assert.NotNull(page.QuerySelector(".alert-info"));
        page = await administrator.SeeAsync($"/admin/retrieval?q={Uri.EscapeDataString("목성의 위성에는 어떤 화산이 있나요?")}");
        Assert.NotNull(page.QuerySelector(".alert-warning"));
        Assert.Null(page.QuerySelector("table"));
        await member.SeeAsync("/admin/retrieval?q=x", HttpStatusCode.Forbidden);
    }
}
