using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Pages.Moderation;

/// <summary>Closing, locking and pinning questions, and notices, on a site with an administrator, an asker and another member.</summary>
public sealed class ThreadModerationTests : IAsyncLifetime
{
    private const string Question = "/questions/1";
    private const string Moderate = "/questions/1/moderate";

    private readonly PyboSite site = new();
    private Visitor administrator = null!;
    private Visitor asker = null!;
    private Visitor other = null!;

    public async ValueTask InitializeAsync()
    {
        (administrator, asker, other) = (await site.SignUpAsync("주인장"), await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        await AskAsync(asker, "장독은 어디에 두나요?");
        using var answered = await other.PostFormAsync($"{Question}/answer", [new("Input.Body", "그늘에 둡니다.")], Question);
        using var commented = await asker.PostFormAsync("/comments/new?answer=1", [new("Input.Body", "고맙습니다.")], Question);
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task A_duplicate_names_its_original_takes_no_answers_and_keeps_what_was_typed()
    {
        await AskAsync(other, "장독 자리는 어디가 좋은가요?");
        var page = await administrator.SeeAsync("/questions/2");
        Assert.Equal("관리", page.QuerySelector("a[href='/questions/2/moderate']")!.TextContent);
        using var draft = await asker.PostFormAsync("/drafts", [new("draft", "answer-2"), new("Input.Body", "쓰다 만 답변")], "/questions/2");
        using var closed = await CloseAsync(administrator, 2, CloseReason.Duplicate, "http://localhost/questions/1/장독은", "먼저 찾아보세요.");
        Assert.Equal("/questions/2", closed.Headers.Location!.OriginalString);

        var shown = (await site.Visit().SeeAsync("/questions/2")).QuerySelector(".thread-status")!;
        Assert.Contains("주인장 님이", shown.TextContent, StringComparison.Ordinal);
        Assert.Contains("이미 있는 질문과 같음", shown.TextContent, StringComparison.Ordinal);
        Assert.Contains("먼저 찾아보세요.", shown.TextContent, StringComparison.Ordinal);
        Assert.StartsWith(Question, shown.QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Null((await other.SeeAsync("/questions/2")).QuerySelector("#answer-body"));
        Assert.Equal("쓰다 만 답변", (await asker.SeeAsync("/questions/2")).GetElementById("answer-draft")!.TextContent.Trim());

        using var refused = await asker.PostFormAsync("/questions/2/answer", [new("Input.Body", "끝까지 쓴 답변")], "/questions/ask");
        var form = await Visitor.ReadAsync(refused);
        Assert.Contains("닫힌 질문이라", form.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("끝까지 쓴 답변", form.GetElementById("Input_Body")!.TextContent.Trim());
        await using (var db = site.CreateDbContext())
        {
            Assert.Equal(0, await db.Answers.CountAsync(a => a.QuestionId == 2));
        }

        // Comments and votes go on, the asker is told, and the rows say it.
        using var commented = await asker.PostFormAsync("/comments/new?question=2", [new("Input.Body", "여기 보세요.")], "/questions/2");
        using var voted = await asker.PostFormAsync("/questions/2?handler=Vote", [], "/questions/2");
        Assert.Equal("1", (await asker.SeeAsync("/questions/2")).QuerySelector(".vote-count")!.TextContent);
        Assert.Contains("주인장 님이 질문을 닫았습니다.", (await other.SeeAsync("/notifications")).QuerySelector(".notifications")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["닫힘"], await MarksAsync("/questions", 2));

        using var reopened = await administrator.PostFormAsync("/questions/2/moderate?handler=Reopen", [], "/questions/2/moderate");
        Assert.NotNull((await other.SeeAsync("/questions/2")).QuerySelector("#answer-body"));
        Assert.Empty(await MarksAsync("/questions", 2));
        Assert.Equal(["주인장: 다시 엶", "주인장: 닫음"], (await administrator.SeeAsync("/questions/2/moderate")).QuerySelectorAll("ol li > span").Select(act => act.TextContent));
    }

    [Fact]
    public async Task A_chain_of_duplicates_leads_to_the_first_and_only_to_readers_of_it()
    {
        await AskAsync(other, "장독 자리는 어디가 좋은가요?");
        await AskAsync(other, "장독을 둘 곳이 있나요?");
        using var third = await CloseAsync(administrator, 3, CloseReason.Duplicate, "2");
        using var second = await CloseAsync(administrator, 2, CloseReason.Duplicate, "#1");
        Assert.StartsWith(Question, (await other.SeeAsync("/questions/3")).QuerySelector(".thread-status a")!.GetAttribute("href"), StringComparison.Ordinal);

        foreach (var original in new[] { "1", "99", "", "장독", "/questions/1" })
        {
            using var itself = await CloseAsync(administrator, 1, CloseReason.Duplicate, original);
            var page = await Visitor.ReadAsync(itself);
            Assert.Equal("읽을 수 있는 다른 질문의 번호나 주소를 적어 주세요.", page.GetElementById("original-error")!.TextContent);
            Assert.Equal(original, page.GetElementById("original")!.GetAttribute("value") ?? "");
        }

        await using (var db = site.CreateDbContext())
        {
            await db.AddGroupAsync("운영진", default);
            await db.AddCategoryAsync(new("운영", "staff", "", Audience.OfGroup(1)), default);
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.PlaceQuestionAsync(1, 2, default);
            await transaction.CommitAsync();
        }

        Assert.Null((await other.SeeAsync("/questions/3")).QuerySelector(".thread-status a"));
        Assert.NotNull((await administrator.SeeAsync("/questions/3")).QuerySelector(".thread-status a"));
    }

    [Fact]
    public async Task An_asker_closes_and_reopens_only_their_own_question()
    {
        Assert.Equal("질문 닫기", (await asker.SeeAsync(Question)).QuerySelector($"a[href='{Moderate}']")!.TextContent);
        Assert.Null((await other.SeeAsync(Question)).QuerySelector($"a[href='{Moderate}']"));
        using var others = await other.PostFormAsync($"{Moderate}?handler=Close", [new("reason", "Settled")], Question);
        Assert.Equal(Question, others.Headers.Location!.OriginalString);
        Assert.Contains("권한이 없습니다", (await other.SeeAsync(Question)).QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);

        using var withoutReason = await CloseAsync(asker, 1, CloseReason.Other);
        Assert.Equal("그 밖의 까닭이면 덧붙일 말에 까닭을 적어 주세요.", (await Visitor.ReadAsync(withoutReason)).GetElementById("note-error")!.TextContent);
        using var closed = await CloseAsync(asker, 1, CloseReason.Settled);
        Assert.Contains("홍길동 님이", (await other.SeeAsync(Question)).QuerySelector(".thread-status")!.TextContent, StringComparison.Ordinal);
        // Nothing is told to those who closed it themselves.
        await using (var db = site.CreateDbContext())
        {
            Assert.Equal(0, await db.Notifications.CountAsync(n => n.Kind == NotificationKind.Closed));
        }

        foreach (var handler in new[] { "Lock", "Pin", "Notice" })
        {
            using var refused = await asker.PostFormAsync($"{Moderate}?handler={handler}", [], Moderate);
            Assert.Contains("권한이 없습니다", (await asker.SeeAsync(Question)).QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);
        }

        using var reopened = await asker.PostFormAsync($"{Moderate}?handler=Reopen", [], Moderate);
        Assert.Null((await other.SeeAsync(Question)).QuerySelector(".thread-status"));
        using var again = await CloseAsync(administrator, 1, CloseReason.OffTopic);
        using var notTheirs = await asker.PostFormAsync($"{Moderate}?handler=Reopen", [], Moderate);
        Assert.NotNull((await other.SeeAsync(Question)).QuerySelector(".thread-status"));
    }

    [Fact]
    public async Task A_locked_thread_is_left_to_administrators()
    {
        using var deleted = await other.PostFormAsync("/questions/1?handler=Vote", [], Question);
        using var locked = await administrator.PostFormAsync($"{Moderate}?handler=Lock", [], Moderate);
        var before = await StateAsync();
        (Visitor Visitor, string Url, KeyValuePair<string, string>[] Fields)[] attempts =
        [
            (other, $"{Question}/answer", [new("Input.Body", "늦은 답변")]),
            (other, "/comments/new?question=1", [new("Input.Body", "늦은 댓글")]),
            (other, "/comments/new?answer=1", [new("Input.Body", "늦은 댓글")]),
            (asker, $"{Question}/edit", [new("Input.Title", "고친 제목"), new("Input.Body", "고친 글")]),
            (other, "/answers/1/edit", [new("Input.Body", "고친 답변")]),
            (asker, "/comments/1/edit", [new("Input.Body", "고친 댓글")]),
            (other, $"{Question}?handler=Unvote", []),
            (asker, $"{Question}?handler=VoteAnswer", [new("answer", "1")]),
            (asker, $"{Question}?handler=Accept", [new("answer", "1")]),
            (other, $"{Question}?handler=DeleteAnswer", [new("answer", "1")]),
            (asker, $"{Question}?handler=DeleteComment", [new("comment", "1")]),
            (asker, $"{Moderate}?handler=Close", [new("reason", "Settled")]),
        ];
        foreach (var (visitor, url, fields) in attempts)
        {
            using var refused = await visitor.PostFormAsync(url, fields, "/questions/ask");
            var page = refused.StatusCode == HttpStatusCode.OK ? await Visitor.ReadAsync(refused) : await visitor.SeeAsync(refused.Headers.Location!.OriginalString.Split('#')[0]);
            Assert.True(page.QuerySelectorAll("[role=alert]").Any(alert => alert.TextContent.Contains("잠긴 글입니다", StringComparison.Ordinal) || alert.TextContent.Contains("권한이 없습니다", StringComparison.Ordinal)), url);
            Assert.Equal(before, await StateAsync());
            if (fields is [{ Key: "Input.Body" } typed])
            {
                Assert.Equal(typed.Value, page.GetElementById("Input_Body")!.TextContent.Trim());
            }
        }

        var shown = await other.SeeAsync(Question);
        Assert.Contains("잠긴 글입니다", shown.QuerySelector(".thread-status")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(shown.QuerySelectorAll("#answer-body, form[data-vote], .comment-add, .comment form, a[href$='/edit']"));
        using var answered = await administrator.PostFormAsync($"{Question}/answer", [new("Input.Body", "관리자의 답변")], Question);
        using var followed = await other.PostFormAsync($"{Question}?handler=Bookmark", [], Question);
        Assert.NotEqual(before, await StateAsync());

        using var unlocked = await administrator.PostFormAsync($"{Moderate}?handler=Unlock", [], Moderate);
        using var voted = await asker.PostFormAsync($"{Question}?handler=VoteAnswer", [new("answer", "1")], Question);
        await using var db = site.CreateDbContext();
        Assert.Equal(1, await db.AnswerVotes.CountAsync());
    }

    [Fact]
    public async Task Pinned_questions_come_first_and_five_of_a_category_at_most()
    {
        for (var n = 2; n <= ModerationQueries.PinnedPerCategoryMax + 1; n++)
        {
            await AskAsync(asker, $"{n}번째 물음");
        }

        for (var n = 1; n <= ModerationQueries.PinnedPerCategoryMax; n++)
        {
            using var pinned = await administrator.PostFormAsync($"/questions/{n}/moderate?handler=Pin", [], $"/questions/{n}/moderate");
        }

        var last = ModerationQueries.PinnedPerCategoryMax + 1;
        using var refused = await administrator.PostFormAsync($"/questions/{last}/moderate?handler=Pin", [], $"/questions/{last}/moderate");
        Assert.Contains("5개까지", (await administrator.SeeAsync($"/questions/{last}")).QuerySelector(".alert-danger")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["5번째 물음", "4번째 물음", "3번째 물음", "2번째 물음", "장독은 어디에 두나요?"], await PinnedAsync(site.Visit(), "/questions"));
        Assert.Empty(await PinnedAsync(site.Visit(), "/questions?sort=votes"));
        Assert.Empty(await PinnedAsync(site.Visit(), "/questions?q=장독"));

        using var unpinned = await administrator.PostFormAsync("/questions/3/moderate?handler=Unpin", [], "/questions/3/moderate");
        using var notice = await administrator.PostFormAsync("/questions/2/moderate?handler=Notice", [], "/questions/2/moderate");
        Assert.Equal(["2번째 물음", "5번째 물음", "4번째 물음", "장독은 어디에 두나요?"], await PinnedAsync(site.Visit(), "/categories/general"));
    }

    [Fact]
    public async Task A_notice_is_marked_takes_comments_and_no_answers()
    {
        using var made = await administrator.PostFormAsync($"{Moderate}?handler=Notice", [], Moderate);
        Assert.Equal(["공지"], await MarksAsync("/questions", 1));
        Assert.Contains("공지입니다", (await other.SeeAsync(Question)).QuerySelector(".thread-status")!.TextContent, StringComparison.Ordinal);
        using var refused = await other.PostFormAsync($"{Question}/answer", [new("Input.Body", "답변입니다.")], "/questions/ask");
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
        using var commented = await other.PostFormAsync("/comments/new?question=1", [new("Input.Body", "알겠습니다.")], Question);
        Assert.Equal(HttpStatusCode.Redirect, commented.StatusCode);
        using var unpin = await administrator.PostFormAsync($"{Moderate}?handler=Unpin", [], Moderate);
        Assert.Equal(["장독은 어디에 두나요?"], await PinnedAsync(other, "/questions"));
        using var ended = await administrator.PostFormAsync($"{Moderate}?handler=NoNotice", [], Moderate);
        Assert.Empty(await PinnedAsync(other, "/questions"));
        Assert.NotNull((await other.SeeAsync(Question)).QuerySelector("#answer-body"));
    }

    [Fact]
    public async Task Searches_tell_open_closed_and_announced_questions_apart()
    {
        await AskAsync(asker, "둘째 물음");
        await AskAsync(asker, "셋째 물음");
        using var closed = await CloseAsync(administrator, 2, CloseReason.Unclear);
        using var notice = await administrator.PostFormAsync("/questions/3/moderate?handler=Notice", [], "/questions/3/moderate");
        Assert.Equal(["셋째 물음", "둘째 물음"], await FoundAsync("is:closed"));
        Assert.Equal(["장독은 어디에 두나요?"], await FoundAsync("is:open"));
        Assert.Equal(["셋째 물음"], await FoundAsync("is:notice"));
    }

    [Fact]
    public async Task A_deleted_question_comes_back_as_it_was_even_if_its_original_is_gone()
    {
        await AskAsync(other, "장독 자리는 어디가 좋은가요?");
        using var closed = await CloseAsync(administrator, 2, CloseReason.Duplicate, "1");
        using var locked = await administrator.PostFormAsync("/questions/2/moderate?handler=Lock", [], "/questions/2/moderate");
        foreach (var id in new[] { 2, 1 })
        {
            using var deleted = await administrator.PostFormAsync($"/questions/{id}?handler=Delete", [], $"/questions/{id}");
        }

        using var restored = await administrator.PostFormAsync("/questions/undo", [new("kind", "Question"), new("id", "2")], "/questions/ask");
        Assert.Equal("/questions/2", restored.Headers.Location!.OriginalString);
        var page = await site.Visit().SeeAsync("/questions/2");
        Assert.Equal(2, page.QuerySelectorAll(".thread-status").Length);
        Assert.Null(page.QuerySelector(".thread-status a"));
        Assert.Equal(["주인장: 잠금", "주인장: 닫음"], (await administrator.SeeAsync("/questions/2/moderate")).QuerySelectorAll("ol li > span").Select(act => act.TextContent));
    }

    private static async Task AskAsync(Visitor visitor, string title)
    {
        using var asked = await visitor.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", $"{title} 알려 주세요.")]);
        Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
    }

    private static Task<HttpResponseMessage> CloseAsync(Visitor visitor, long id, CloseReason reason, string original = "", string note = "") =>
        visitor.PostFormAsync($"/questions/{id}/moderate?handler=Close", [new("reason", reason.ToString()), new("original", original), new("note", note)], $"/questions/{id}/moderate");

    private async Task<List<string>> MarksAsync(string list, long id) => [.. (await site.Visit().SeeAsync(list)).QuerySelectorAll(".question-list > li")
        .Single(row => row.QuerySelector(".question-title")!.GetAttribute("href")!.StartsWith($"/questions/{id}/", StringComparison.Ordinal)).QuerySelectorAll(".kind-mark").Select(mark => mark.TextContent)];

    private static async Task<List<string>> PinnedAsync(Visitor visitor, string list) => [.. (await visitor.SeeAsync(list)).QuerySelectorAll(".pinned-list a").Select(link => link.TextContent)];

    private async Task<List<string>> FoundAsync(string query) => [.. (await site.Visit().SeeAsync($"/questions?q={query}")).QuerySelectorAll(".question-title").Select(title => title.TextContent)];

    private async Task<string> StateAsync()
    {
        await using var db = site.CreateDbContext();
        var question = await db.Questions.AsNoTracking().SingleAsync();
        return string.Join('|', [question.Title, question.Body, question.VoteCount, question.AcceptedAnswerId, question.ClosedReason,
            .. await db.Answers.Select(a => $"{a.Body}{a.VoteCount}").ToListAsync(), .. await db.Comments.Select(c => c.Body).ToListAsync()]);
    }
}
