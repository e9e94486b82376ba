using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Tests.Data;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

public sealed class QuestionChipTests
{
    [Fact]
    public async Task An_empty_chat_offers_answered_questions_until_there_are_presets_and_each_fills_the_box()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답"));
        var administrator = await site.SignUpAsync("주인장");
        var member = await site.SignUpAsync("홍길동");
        foreach (var title in new[] { "김장은 언제 하나요?", "답이 없는 질문" })
        {
            using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", "궁금합니다.")]);
        }

        using var answered = await administrator.PostFormAsync("/questions/1/answer", [new("Input.Body", "11월입니다.")], page: "/questions/1");
        Assert.Equal(["김장은 언제 하나요?"], await ChipsAsync(member));

        using var added = await administrator.PostFormAsync("/admin/presets?handler=Add", [new("title", "이용 안내"), new("text", "이 사이트는 어떻게 쓰나요?")], page: "/admin/presets");
        Assert.Equal(["이용 안내"], await ChipsAsync(member));
        var chip = (await member.SeeAsync("/chat?collection=")).QuerySelector(".ask-chips a")!.GetAttribute("href")!;
        Assert.Equal("이 사이트는 어떻게 쓰나요?", ((IHtmlTextAreaElement)(await member.SeeAsync(chip)).QuerySelector("#question")!).Value);

        using var denied = await member.PostFormAsync("/admin/presets?handler=Add", [new("title", "남의 것"), new("text", "?")], page: "/chat");
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        using var deleted = await administrator.PostFormAsync("/admin/presets?handler=Delete", [new("id", "1")], page: "/admin/presets");
        Assert.Equal(["김장은 언제 하나요?"], await ChipsAsync(member));
    }

    [Fact]
    public async Task Presets_have_a_name_a_question_and_a_limit()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답"));
        var administrator = await site.SignUpAsync("주인장");
        using var nameless = await administrator.PostFormAsync("/admin/presets?handler=Add", [new("title", ""), new("text", "?")], page: "/admin/presets");
        Assert.NotNull((await administrator.SeeAsync("/admin/presets")).QuerySelector(".alert-danger"));
        await using var db = site.CreateDbContext();
        for (var n = 0; n < PromptPreset.CountMax; n++)
        {
            Assert.True(await db.AddPromptPresetAsync($"{n}", "?", default));
        }

        Assert.Null((await administrator.SeeAsync("/admin/presets")).QuerySelector("#preset-title"));
        Assert.False(await db.AddPromptPresetAsync("하나 더", "?", default));
    }

    [Fact]
    public async Task After_an_answer_the_other_questions_that_were_found_are_offered()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("약 940만 명이다 [1]."));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        foreach (var (title, answer, id) in new[] { ("서울의 인구는 늘고 있나요?", "서울의 인구는 조금씩 줄고 있습니다.", 1), ("서울의 인구 통계는 어디에 있나요?", "서울의 인구 통계는 시청 누리집에 있습니다.", 2) })
        {
            using var asked = await member.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", "서울의 인구는 몇 명인가요?")]);
            using var answered = await member.PostFormAsync($"/questions/{id}/answer", [new("Input.Body", answer)], page: $"/questions/{id}");
        }

        await ChatSite.UntilAsync(async () =>
        {
            await using var db = site.CreateDbContext();
            return await db.PendingPostCountAsync(default) == 0;
        });
        var (conversation, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        var saved = await site.TurnAsync(turn);
        var quoted = Assert.Single(saved.Citations, c => c.Quote is not null).QuestionId;
        var found = saved.Citations.Where(c => c.QuestionId is not null && c.QuestionId != quoted).Select(c => c.Title).Distinct();
        var page = await member.SeeAsync($"/chat/{conversation}");
        Assert.Equal(found, page.QuerySelectorAll(".ask-chips a").Select(a => a.TextContent));
        var chip = page.QuerySelector(".ask-chips a");
        Assert.NotNull(chip);
        var next = await member.SeeAsync(chip.GetAttribute("href")!);
        Assert.Equal(chip.TextContent, ((IHtmlTextAreaElement)next.QuerySelector("#question")!).Value);
        Assert.NotNull(next.QuerySelector($"#turn-{turn}"));
    }

    [Fact]
    public async Task All_quotations_of_a_citation_are_marked_and_a_quotation_of_the_answer_is_folded_in_its_card()
    {
        const string First = "서울의 인구는 약 940만 명이다.";
        const string Second = "서울은 대한민국의 수도이다.";
        await using var site = ChatSite.With(new ScriptedChatClient($"“{First}” [1] 그리고 “{Second}” [1]"));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await member.AskAsync();
        await member.HearAllAsync(turn);
        var page = await member.SeeAsync($"/chat/{conversation}");
        var card = page.QuerySelector(".source")!;
        Assert.NotNull(card.QuerySelector("details:not([open]) blockquote"));
        Assert.Empty(card.QuerySelectorAll(":scope > blockquote, :scope > .source-snippet"));
        var source = await member.SeeAsync(card.QuerySelector(".source-title a")!.GetAttribute("href")!);
        Assert.Equal([Second, First], source.QuerySelectorAll(".is-cited mark").Select(m => m.TextContent));
        Assert.Equal("quote", source.QuerySelector(".is-cited mark")!.Id);
        Assert.Equal(ChatSite.Body, source.QuerySelector(".is-cited .passage-text")!.TextContent);
    }

    private static async Task<IEnumerable<string>> ChipsAsync(Visitor visitor) => (await visitor.SeeAsync("/chat")).QuerySelectorAll(".ask-chips a").Select(a => a.TextContent);
}
