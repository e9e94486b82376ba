using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Rag.Ingestion;
using Pybo.Rag.Retrieval;

namespace Pybo.Tests.Pages.Moderation;

/// <summary>Merging a question into another one.</summary>
public sealed class MergeTests : IAsyncLifetime
{
    private const string Moderate = "/questions/2/moderate";

    private readonly PyboSite site = new();
    private Visitor administrator = null!;
    private Visitor first = null!;
    private Visitor second = null!;
    private Visitor reader = null!;

    public async ValueTask InitializeAsync()
    {
        (administrator, first, second, reader) = (await site.SignUpAsync("주인장"), await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"), await site.SignUpAsync("이영희"));
        foreach (var (asker, title) in new[] { (first, "장독은 어디에 두나요?"), (second, "항아리 자리는 어디가 좋나요?") })
        {
            using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", $"{title} 알려 주세요.")]);
        }

        using var answered = await reader.PostFormAsync("/questions/2/answer", [new("Input.Body", "바람이 드는 그늘이 좋습니다.")], "/questions/2");
        using var commented = await first.PostFormAsync("/comments/new?answer=1", [new("Input.Body", "뚜껑도 덮나요?")], "/questions/2");
        using var remarked = await reader.PostFormAsync("/comments/new?question=2", [new("Input.Body", "마당이 있나요?")], "/questions/2");
        foreach (var (visitor, handler) in new[] { (first, "Vote"), (reader, "Vote"), (reader, "Bookmark"), (reader, "Follow") })
        {
            using var kept = await visitor.PostFormAsync($"/questions/2?handler={handler}", [], "/questions/2");
        }

        using var votedToo = await reader.PostFormAsync("/questions/1?handler=Vote", [], "/questions/1");
        using var upvoted = await first.PostFormAsync("/questions/2?handler=VoteAnswer", [new("answer", "1")], "/questions/2");
        using var draft = await first.PostFormAsync("/drafts", [new("draft", "answer-2"), new("Input.Body", "쓰다 만 답변")], "/questions/2");
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task Everything_moves_once_and_the_old_address_leads_to_the_question_that_stays()
    {
        using var asked = await MergeAsync(isConfirmed: false);
        var confirm = await Visitor.ReadAsync(asked);
        var sentence = confirm.QuerySelector("[role=status]")!.TextContent;
        Assert.Contains("항아리 자리는 어디가 좋나요?", sentence, StringComparison.Ordinal);
        Assert.Contains("장독은 어디에 두나요?", sentence, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await site.Visit().Http.GetAsync(new Uri("/questions/2", UriKind.Relative))).StatusCode);

        using var merged = await MergeAsync();
        Assert.Equal("/questions/1", merged.Headers.Location!.OriginalString);
        var page = await first.SeeAsync("/questions/1");
        Assert.Equal("1개의 답변이 있습니다.", page.QuerySelector("#answers-title")!.TextContent);
        Assert.Equal(["뚜껑도 덮나요?"], page.QuerySelectorAll("#answer_1 .comment .prose").Select(text => text.TextContent.Trim()));
        Assert.Equal(["마당이 있나요?"], page.QuerySelectorAll(".question .comment .prose").Select(text => text.TextContent.Trim()));
        // The asker's own vote for the other question does not count for this one; the reader's counts once.
        Assert.Equal("1", page.QuerySelector(".question .vote-count")!.TextContent);
        Assert.Equal("1", page.QuerySelector("#answer_1 .vote-count")!.TextContent);
        Assert.Equal("쓰다 만 답변", page.GetElementById("answer-body")!.TextContent.Trim());
        Assert.Contains("장독은 어디에 두나요?", (await reader.SeeAsync("/bookmarks")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("주인장 님이 질문을 이 질문과 합쳤습니다.", (await second.SeeAsync("/notifications")).Body!.TextContent, StringComparison.Ordinal);

        using var old = await site.Visit().Http.GetAsync(new Uri("/questions/2?answer=1", UriKind.Relative));
        Assert.Equal(HttpStatusCode.MovedPermanently, old.StatusCode);
        Assert.EndsWith("?answer=1", old.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.StartsWith("/questions/1/", old.Headers.Location!.OriginalString, StringComparison.Ordinal);
        foreach (var list in new[] { "/questions", "/questions/feed", "/sitemap-1.xml", "/users/김철수" })
        {
            Assert.DoesNotContain("항아리", await (await site.Visit().Http.GetAsync(new Uri(list, UriKind.Relative))).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await using var db = site.CreateDbContext();
        var counters = await db.Counters.ToDictionaryAsync(c => c.Name, c => c.Value);
        Assert.Equal((1, 0), (counters[Counter.Questions], counters[Counter.UnansweredQuestions]));
        Assert.Equal("주인장: 합침", (await administrator.SeeAsync("/questions/1/moderate")).QuerySelector("ol li > span")!.TextContent);
    }

    [Fact]
    public async Task Search_and_chat_know_the_moved_answer_under_the_question_that_stays()
    {
        await IndexAsync();
        using var merged = await MergeAsync(keepsText: true);
        await IndexAsync();
        var found = await site.Services.GetRequiredService<Retriever>().RetrieveAsync("장독은 바람이 드는 그늘에 두나요?", Viewer.Visitor, 5, null, default);
        Assert.All(found.Hits, hit => Assert.Equal(1, hit.QuestionId));
        Assert.Contains(found.Hits, hit => hit.AnswerId == 1 && hit.Title == "장독은 어디에 두나요?");
        await using var db = site.CreateDbContext();
        Assert.Equal("항아리 자리는 어디가 좋나요? 알려 주세요.", await db.Answers.Where(a => a.AuthorId == 3 && a.QuestionId == 1).Select(a => a.Body).SingleAsync());
        Assert.Equal(0, await db.Passages.CountAsync(p => p.QuestionId == 2));
    }

    [Fact]
    public async Task A_restored_question_has_its_address_again_and_a_chain_leads_to_the_last()
    {
        using var asked = await second.PostFormAsync("/questions/ask", [new("Input.Title", "옹기는요?"), new("Input.Body", "옹기 자리도 알려 주세요.")]);
        using var closed = await administrator.PostFormAsync("/questions/3/moderate?handler=Close", [new("reason", "Duplicate"), new("original", "2")], "/questions/3/moderate");
        using var merged = await MergeAsync();
        Assert.StartsWith("/questions/1/", (await second.SeeAsync("/questions/3")).QuerySelector(".thread-status a")!.GetAttribute("href"), StringComparison.Ordinal);
        using var again = await administrator.PostFormAsync("/questions/1/moderate?handler=Merge", [new("into", "3"), new("isConfirmed", "true")], "/questions/1/moderate");
        using var old = await site.Visit().Http.GetAsync(new Uri("/questions/2", UriKind.Relative));
        Assert.StartsWith("/questions/3/", old.Headers.Location!.OriginalString, StringComparison.Ordinal);

        using var restored = await administrator.PostFormAsync("/questions/undo", [new("kind", "Question"), new("id", "2")], "/questions/ask");
        Assert.Equal("항아리 자리는 어디가 좋나요?", (await site.Visit().SeeAsync("/questions/2")).QuerySelector("h1")!.TextContent);
    }

    [Theory]
    [InlineData("2", "읽을 수 있는 다른 질문")]
    [InlineData("99", "읽을 수 있는 다른 질문")]
    [InlineData("3", "읽을 수 있는 사람이 다른")]
    public async Task A_merge_that_makes_no_sense_is_refused(string into, string why)
    {
        await using (var db = site.CreateDbContext())
        {
            await db.AddCategoryAsync(new("회원", "members", "", Audience.Members), default);
        }

        using var asked = await second.PostFormAsync("/questions/ask", [new("Input.Title", "회원만 보는 물음"), new("Input.Body", "글"), new("Input.Category", "2")]);
        using var refused = await administrator.PostFormAsync($"{Moderate}?handler=Merge", [new("into", into), new("isConfirmed", "true")], Moderate);
        Assert.Contains(why, (await Visitor.ReadAsync(refused)).GetElementById("into-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await site.Visit().Http.GetAsync(new Uri("/questions/2", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Only_administrators_merge_and_a_merged_question_is_hidden_with_the_one_that_stays()
    {
        using var byAsker = await second.PostFormAsync($"{Moderate}?handler=Merge", [new("into", "1"), new("isConfirmed", "true")], Moderate);
        Assert.Equal("항아리 자리는 어디가 좋나요?", (await second.SeeAsync("/questions/2")).QuerySelector("h1")!.TextContent);
        using var merged = await MergeAsync();
        await using (var db = site.CreateDbContext())
        {
            await db.Categories.ExecuteUpdateAsync(set => set.SetProperty(c => c.Audience, Audience.Members));
        }

        await site.Visit().SeeAsync("/questions/2", HttpStatusCode.NotFound);
    }

    private Task<HttpResponseMessage> MergeAsync(bool isConfirmed = true, bool keepsText = false) => administrator.PostFormAsync(
        $"{Moderate}?handler=Merge", [new("into", "/questions/1"), new("isConfirmed", isConfirmed ? "true" : "false"), new("keepsText", keepsText ? "true" : "false")], Moderate);

    private async Task IndexAsync()
    {
        await site.Services.GetRequiredService<Indexer>().RunAsync(null, default);
        await using var db = site.CreateDbContext();
        while (await db.Answers.AnyAsync(a => a.IndexedAt == null) || await db.Questions.AnyAsync(q => q.IndexedAt == null))
        {
            await Task.Delay(50);
        }
    }
}
