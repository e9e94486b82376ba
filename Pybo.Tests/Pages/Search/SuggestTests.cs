using System.Text.Json;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Tests.Pages.Chat;

namespace Pybo.Tests.Pages.Search;

/// <summary>What is suggested while a search is typed.</summary>
public sealed class SuggestTests
{
    private const string Asked = "복숭아 통조림은 언제까지 먹나요?";

    [Fact]
    public async Task Questions_and_tags_are_suggested_with_their_state_and_address()
    {
        await using var site = new PyboSite();
        var (asker, other) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", Asked), new("Input.Body", "글"), new("Input.Tags", "복숭아")]);
        await ChatSite.UntilAsync(async () =>
        {
            await using var db = site.CreateDbContext();
            return await db.PendingCountAsync(default) == 0;
        });

        var question = SourceUrl.Question(1, Asked);
        Assert.Equal([(Asked, "질문", question), ("복숭아", "태그 · 질문 1개", "/tags/%EB%B3%B5%EC%88%AD%EC%95%84")], await SuggestedAsync(site.Visit(), "복숭"));
        await other.PostFormAsync("/questions/1/answer", [new("Input.Body", "2년")], "/questions/1");
        Assert.Equal([(Asked, "답변 1", question)], await SuggestedAsync(other, "통조"));
        await asker.PostFormAsync("/questions/1?handler=Accept", [new("answer", "1")], "/questions/1");
        Assert.Equal([(Asked, "채택", question)], await SuggestedAsync(other, "통조"));
        Assert.Empty(await SuggestedAsync(other, ""));
    }

    private static async Task<List<(string, string, string)>> SuggestedAsync(Visitor visitor, string typed)
    {
        var json = await visitor.Http.GetStringAsync(new Uri($"/search/suggest?q={Uri.EscapeDataString(typed)}", UriKind.Relative), TestContext.Current.CancellationToken);
        using var list = JsonDocument.Parse(json);
        return [.. list.RootElement.EnumerateArray().Select(one => (Word(one, "text"), Word(one, "detail"), Word(one, "address")))];
    }

    private static string Word(JsonElement one, string name) => one.GetProperty(name).GetString()!;
}
