using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Pages.Questions;

namespace Pybo.Tests.Pages.Questions;

public sealed class BoardTests
{
    [Fact]
    public async Task An_empty_site_says_what_to_do_first()
    {
        await using var site = new PyboSite();
        var page = await site.Visit().SeeAsync("/questions");
        Assert.Contains("질문이 없습니다.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector(".first-steps a[href='/account/signup']"));
    }

    [Fact]
    public async Task A_question_is_asked_listed_answered_and_accepted()
    {
        await using var site = new PyboSite();
        var asker = await site.SignUpAsync("홍길동");
        var answerer = await site.SignUpAsync("김철수");
        var question = await AskAsync(asker, "플라스크가 뭔가요?", "궁금합니다.\n두 번째 줄");
        var answered = await answerer.PostFormAsync($"{question}/answer", [new("Input.Body", "**웹** 프레임워크입니다.")], question);
        Assert.Equal($"{question}?answer=1#answer_1", answered.Headers.Location!.OriginalString);

        var page = await asker.SeeAsync(question);
        Assert.Equal("플라스크가 뭔가요?", page.QuerySelector("h1")!.TextContent);
        Assert.Contains("궁금합니다.<br>", page.QuerySelector(".question .prose")!.InnerHtml, StringComparison.Ordinal);
        Assert.Equal("1개의 답변이 있습니다.", page.QuerySelector("#answers-title")!.TextContent);
        Assert.Equal("웹", page.QuerySelector("#answer_1 strong")!.TextContent);
        Assert.StartsWith("/chat?question=%E2%80%9C", page.QuerySelectorAll("a").Single(a => a.TextContent == "요약").GetAttribute("href"), StringComparison.Ordinal);
        Assert.StartsWith("/chat?question=", page.QuerySelectorAll("a").Single(a => a.TextContent == "AI에게 묻기").GetAttribute("href"), StringComparison.Ordinal);

        var accepted = await asker.PostFormAsync($"{question}?handler=Accept", [new("answer", "1")], question);
        Assert.Equal($"{question}?answer=1#answer_1", accepted.Headers.Location!.OriginalString);
        Assert.Contains("채택된 답변", (await asker.SeeAsync(question)).QuerySelector("#answer_1")!.TextContent, StringComparison.Ordinal);
        var row = (await site.Visit().SeeAsync("/questions")).QuerySelector(".question-list li")!;
        Assert.Equal("1", row.QuerySelector(".question-number")!.TextContent);
        Assert.Equal("답변 1", row.QuerySelector(".answer-count")!.TextContent);
        Assert.Equal("채택", row.QuerySelector(".accepted-mark")!.TextContent);
        Assert.Contains("홍길동", row.TextContent, StringComparison.Ordinal);

        await asker.PostFormAsync($"{question}?handler=Unaccept", [new("answer", "1")], question);
        Assert.Null((await asker.SeeAsync(question)).QuerySelector(".accepted-mark"));
        await AssertRefusedAsync(answerer, question, "Accept", 1, "채택권한이 없습니다");
    }

    [Fact]
    public async Task A_form_sent_twice_makes_one_post()
    {
        await using var site = new PyboSite();
        var (member, other) = (await site.SignUpAsync("홍길동"), await site.SignUpAsync("김철수"));
        var question = await AskAsync(member, "같은 제목", "같은 글");
        Assert.Equal(question, await AskAsync(member, "같은 제목", "같은 글"));
        Assert.NotEqual(question, await AskAsync(other, "같은 제목", "같은 글"));
        Assert.NotEqual(question, await AskAsync(member, "같은 제목", "다른 글"));

        KeyValuePair<string, string>[] answer = [new("Input.Body", "두 번 눌린 답변")];
        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => other.PostFormAsync($"{question}/answer", answer, question)));
        Assert.Single(sent.Select(s => s.Headers.Location!.OriginalString).Distinct());
        Assert.Single((await member.SeeAsync(question)).QuerySelectorAll("article.answer"));
    }

    [Fact]
    public async Task Missing_input_is_reported_next_to_its_field_and_the_rest_is_kept()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var page = await ReadAsync(member.PostFormAsync("/questions/ask", [new("Input.Title", "  "), new("Input.Body", "쓰던 글")]));
        Assert.Equal("제목은 필수입력 항목입니다.", page.QuerySelector("#Input_Title-error")!.TextContent);
        Assert.Contains("쓰던 글", page.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);
        page = await ReadAsync(member.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "\r\n ")]));
        Assert.Equal("내용은 필수입력 항목입니다.", page.QuerySelector("#Input_Body-error")!.TextContent);
        page = await ReadAsync(member.PostFormAsync("/questions/ask", [new("Input.Title", new string('가', Question.TitleMax + 1)), new("Input.Body", "글")]));
        Assert.Equal("제목은 200자까지 쓸 수 있습니다.", page.QuerySelector("#Input_Title-error")!.TextContent);

        var question = await AskAsync(member, new string('가', Question.TitleMax), string.Join("\r\n", Enumerable.Repeat("가", Question.BodyMax / 2)));
        page = await ReadAsync(member.PostFormAsync($"{question}/answer", [new("Input.Body", "")], question));
        Assert.Equal("답변 내용은 필수입력 항목입니다.", page.QuerySelector("#Input_Body-error")!.TextContent);
    }

    [Fact]
    public async Task A_page_for_members_leads_to_log_in_and_back()
    {
        await using var site = new PyboSite();
        var question = await AskAsync(await site.SignUpAsync("홍길동"));
        var visitor = site.Visit();
        foreach (var (url, next) in new[] { ("/questions/ask", "/questions/ask"), ("/questions/ask?title=%EA%B0%80", "/questions/ask?title=%EA%B0%80"), ($"{question}/edit", $"{question}/edit"), ("/answers/1/edit", "/answers/1/edit") })
        {
            using var answer = await visitor.Http.GetAsync(new Uri(url, UriKind.Relative));
            Assert.Equal($"/account/login?next={Uri.EscapeDataString(next)}", answer.Headers.Location!.OriginalString);
        }

        using var voted = await visitor.PostFormAsync($"{question}?handler=Vote", [], question);
        Assert.Equal($"/account/login?next={Uri.EscapeDataString(question)}", voted.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_vote_counts_once_can_be_withdrawn_and_is_not_for_oneself()
    {
        await using var site = new PyboSite();
        var asker = await site.SignUpAsync("홍길동");
        var voter = await site.SignUpAsync("김철수");
        var question = await AskAsync(asker);
        await asker.PostFormAsync($"{question}/answer", [new("Input.Body", "답")], question);

        await AssertRefusedAsync(asker, question, "Vote", 1, "본인이 작성한 글은 추천할수 없습니다");
        await AssertRefusedAsync(asker, question, "VoteAnswer", 1, "본인이 작성한 글은 추천할수 없습니다");
        foreach (var (handler, votes) in new[] { ("Vote", 1), ("Vote", 1), ("Unvote", 0), ("Unvote", 0), ("Vote", 1) })
        {
            await voter.PostFormAsync($"{question}?handler={handler}", [], question);
            var voted = await voter.PostFormAsync($"{question}?handler={handler}Answer", [new("answer", "1")], question);
            Assert.Equal($"{question}?answer=1#answer_1", voted.Headers.Location!.OriginalString);
            await using var db = site.CreateDbContext();
            Assert.Equal((votes, votes), (await db.Questions.Select(q => q.VoteCount).SingleAsync(), await db.Answers.Select(a => a.VoteCount).SingleAsync()));
        }

        var own = await asker.SeeAsync(question);
        Assert.Empty(own.QuerySelectorAll("form[action*='handler=Vote'], form[action*='handler=Unvote']"));
        Assert.Equal(["1", "1"], own.QuerySelectorAll(".vote-own .vote-count").Select(c => c.TextContent));
        Assert.Equal(HttpStatusCode.NotFound, (await voter.PostFormAsync("/questions/999?handler=Vote", [], question)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await voter.PostFormAsync($"{question}?handler=VoteAnswer", [new("answer", "999")], question)).StatusCode);
    }

    [Fact]
    public async Task Authors_edit_and_delete_their_posts_and_an_administrator_deletes_any()
    {
        await using var site = new PyboSite();
        var administrator = await site.SignUpAsync("주인장");
        var asker = await site.SignUpAsync("홍길동");
        var other = await site.SignUpAsync("김철수");
        var question = await AskAsync(asker);
        await asker.PostFormAsync($"{question}/answer", [new("Input.Body", "답")], question);

        foreach (var url in new[] { $"{question}/edit", "/answers/1/edit" })
        {
            using var seen = await other.Http.GetAsync(new Uri(url, UriKind.Relative));
            Assert.Equal("다른 회원의 글을 고치려면 평판 1,000이 필요합니다. 지금은 1입니다.", await WarningAsync(other, seen));
            using var posted = await other.PostFormAsync(url, [new("Input.Title", "빼앗은 제목"), new("Input.Body", "빼앗은 글")], question);
            Assert.Equal("다른 회원의 글을 고치려면 평판 1,000이 필요합니다. 지금은 1입니다.", await WarningAsync(other, posted));
        }

        await AssertRefusedAsync(other, question, "Delete", 1, "삭제권한이 없습니다");
        await AssertRefusedAsync(other, question, "DeleteAnswer", 1, "삭제권한이 없습니다");
        using var adminEdits = await administrator.PostFormAsync($"{question}/edit", [new("Input.Title", "고친 제목"), new("Input.Body", "글")], question);
        Assert.Equal(question, adminEdits.Headers.Location!.OriginalString);

        var edited = await asker.PostFormAsync($"{question}/edit", [new("Input.Title", "고친 제목"), new("Input.Body", "고친 글")]);
        Assert.Equal(question, edited.Headers.Location!.OriginalString);
        edited = await asker.PostFormAsync("/answers/1/edit", [new("Input.Body", "고친 답")]);
        Assert.Equal($"{question}?answer=1#answer_1", edited.Headers.Location!.OriginalString);
        var page = await asker.SeeAsync(question);
        Assert.Equal("고친 제목", page.QuerySelector("h1")!.TextContent);
        Assert.Equal(2, page.QuerySelectorAll(".post-meta a[href$='/history'] > time").Length);
        Assert.Equal("정말로 삭제하시겠습니까?", page.QuerySelector("form[action*='handler=Delete']")!.GetAttribute("data-confirm"));

        await AssertRedirectAsync(await administrator.PostFormAsync($"{question}?handler=DeleteAnswer", [new("answer", "1")], question));
        await AssertRedirectAsync(await administrator.PostFormAsync($"{question}?handler=Delete", [], question));
        await asker.SeeAsync(question, HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.NotFound, (await asker.PostFormAsync("/questions/99/edit", [new("Input.Title", "제목"), new("Input.Body", "글")], "/questions/ask")).StatusCode);
    }

    [Fact]
    public async Task A_draft_survives_the_end_of_the_session()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var question = await AskAsync(member);
        await member.PostFormAsync($"{question}/answer", [new("Input.Body", "답")], question);
        foreach (var url in new[] { "/questions/ask", $"{question}/edit", $"{question}/answer", "/answers/1/edit" })
        {
            var page = await ReadAsync(site.Visit().PostForgedAsync(url, [new("Input.Title", "쓰던 제목"), new("Input.Body", "쓰던 글")]));
            Assert.Contains("로그인이 필요합니다.", page.QuerySelector("form[data-preview]")!.TextContent, StringComparison.Ordinal);
            Assert.Contains("쓰던 글", page.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);

            page = await ReadAsync(member.PostForgedAsync(url, [new("Input.Title", "쓰던 제목"), new("Input.Body", "쓰던 글")]));
            Assert.Contains("로그인 상태가 바뀌어", page.QuerySelector("form[data-preview]")!.TextContent, StringComparison.Ordinal);
            Assert.Contains("쓰던 글", page.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);
        }

        await using var db = site.CreateDbContext();
        Assert.Equal("제목", (await db.Questions.SingleAsync()).Title);
        Assert.Equal("답", (await db.Answers.SingleAsync()).Body);
    }

    [Theory]
    [InlineData("Vote")]
    [InlineData("Delete")]
    [InlineData("VoteAnswer")]
    [InlineData("DeleteAnswer")]
    [InlineData("Accept")]
    public async Task Nothing_changes_without_a_token_or_by_GET(string handler)
    {
        await using var site = new PyboSite();
        var asker = await site.SignUpAsync("홍길동");
        var member = handler.StartsWith("Vote", StringComparison.Ordinal) ? await site.SignUpAsync("김철수") : asker;
        var question = await AskAsync(asker);
        await asker.PostFormAsync($"{question}/answer", [new("Input.Body", "답")], question);
        Assert.Equal(HttpStatusCode.BadRequest, (await member.PostForgedAsync($"{question}?handler={handler}", [new("answer", "1")])).StatusCode);
        await member.SeeAsync($"{question}?handler={handler}&answer=1");
        await using var db = site.CreateDbContext();
        Assert.Equal((0, 1, null), await db.Questions.Select(q => new ValueTuple<int, int, long?>(q.VoteCount, q.AnswerCount, q.AcceptedAnswerId)).SingleAsync());
        Assert.Equal(0, await db.Answers.Select(a => a.VoteCount).SingleAsync());
    }

    [Fact]
    public async Task Answers_are_paged_and_a_link_finds_its_answer()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var question = await AskAsync(member);
        await using (var db = site.CreateDbContext())
        {
            for (var i = 1; i <= 25; i++)
            {
                await db.AnswerAsync(1, 1, $"답 {i}", default);
            }
        }

        var page = await member.SeeAsync($"{question}?answer=21");
        Assert.NotNull(page.QuerySelector("#answer_21"));
        Assert.Equal("3", page.QuerySelector(".pager .active a")!.LastChild!.TextContent);
        page = await member.SeeAsync($"{question}?answer=21&sort=newest");
        Assert.Equal("1", page.QuerySelector(".pager .active a")!.LastChild!.TextContent);
        Assert.Equal("answer_25", page.QuerySelector(".answer")!.Id);
        Assert.Equal(5, (await member.SeeAsync($"{question}?page=99")).QuerySelectorAll(".answer").Length);
        Assert.Equal(10, (await member.SeeAsync($"{question}?answer=9999&page=abc")).QuerySelectorAll(".answer").Length);
    }

    [Fact]
    public async Task The_list_is_paged_numbered_and_keeps_its_search()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        await using (var db = site.CreateDbContext())
        {
            db.Questions.AddRange(Enumerable.Range(1, 23).Select(i => new Question { AuthorId = 1, Title = $"질문 {i}", Body = "글" }));
            await db.SaveChangesAsync();
            await db.Questions.Where(q => q.Title == "질문 2").ExecuteDeleteAsync();
        }

        var visitor = site.Visit();
        Assert.Equal(Enumerable.Range(13, 10).Reverse(), await NumbersAsync("/questions"));
        Assert.Equal([2, 1], await NumbersAsync("/questions?page=3"));
        Assert.Equal([2, 1], await NumbersAsync("/questions?page=99"));
        Assert.Equal(22, (await NumbersAsync("/questions?page=-1"))[0]);
        Assert.Equal(22, (await NumbersAsync("/questions?page=abc"))[0]);
        var page = await visitor.SeeAsync("/questions?q=%ED%99%8D%EA%B8%B8&sort=votes");
        Assert.Equal("/questions?q=%ED%99%8D%EA%B8%B8&sort=votes&page=2", page.QuerySelector("a[rel=next]")!.GetAttribute("href"));
        Assert.Null(page.QuerySelector(".board-search input[name=page]"));

        async Task<List<int>> NumbersAsync(string url) => [.. (await visitor.SeeAsync(url)).QuerySelectorAll(".question-number").Select(n => int.Parse(n.TextContent, System.Globalization.CultureInfo.InvariantCulture))];
    }

    [Fact]
    public async Task A_new_question_is_found_in_the_list_by_search_and_while_a_similar_one_is_typed()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var question = await AskAsync(member, "플라스크 블루프린트는 언제 나누나요?", "파일이 길어졌습니다.");
        await IndexedAsync(site);

        var list = await member.SeeAsync($"/questions?q={Uri.EscapeDataString("블루프린트를")}");
        Assert.StartsWith(question + "/", list.QuerySelector(".question-title")!.GetAttribute("href"), StringComparison.Ordinal);
        var search = await member.SeeAsync($"/search?q={Uri.EscapeDataString("블루프린트를 나누는 때")}");
        Assert.Equal(question, search.QuerySelector(".result-title a")!.GetAttribute("href"));
        var similar = await member.SeeAsync($"/questions/similar?title={Uri.EscapeDataString("블루프린트 나누기")}");
        Assert.Equal(question, similar.QuerySelector(".similar a")!.GetAttribute("href"));
        Assert.Null((await member.SeeAsync("/questions/similar")).QuerySelector(".similar"));
        Assert.NotNull((await member.SeeAsync($"/questions/ask?title={Uri.EscapeDataString("블루프린트 나누기")}")).QuerySelector("#similar .similar"));
    }

    [Fact]
    public async Task The_preview_equals_the_post_with_and_without_script()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        const string Text = "**굵게** <script>alert(1)</script>";
        using var fragment = await member.PostFormAsync("/questions/preview", [new("Input.Body", Text)], "/questions/ask");
        var shown = (await fragment.Content.ReadAsStringAsync()).Trim();
        Assert.Equal("<p><strong>굵게</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>", shown);

        var page = await ReadAsync(member.PostFormAsync("/questions/ask", [new("Input.Body", Text), new("preview", "true")]));
        Assert.Equal(shown, page.QuerySelector("[data-preview-body]")!.InnerHtml.Trim());
        Assert.False(page.QuerySelector("#preview")!.HasAttribute("hidden"));
        await using var db = site.CreateDbContext();
        Assert.Empty(db.Questions);
        Assert.Equal(HttpStatusCode.BadRequest, (await member.PostForgedAsync("/questions/preview", [new("Input.Body", Text)])).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.Visit().PostFormAsync("/questions/preview", [new("Input.Body", Text)], "/account/login")).StatusCode);
    }

    [Fact]
    public async Task A_text_from_the_chat_fills_the_form_and_saves_nothing()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var page = await ReadAsync(member.PostFormAsync("/questions/ask?handler=Draft", [new("title", "물은 것"), new("body", "답한 것")], "/questions/ask"));
        Assert.Equal("물은 것", page.QuerySelector("#Input_Title")!.GetAttribute("value"));
        Assert.Equal("답한 것", page.QuerySelector("#Input_Body")!.TextContent.Trim());
        await using var db = site.CreateDbContext();
        Assert.Empty(db.Questions);
    }

    [Fact]
    public async Task A_view_is_counted_once_per_visitor_and_written_later()
    {
        await using var site = new PyboSite();
        var asker = await site.SignUpAsync("홍길동");
        var question = await AskAsync(asker);
        var reader = await site.SignUpAsync("김철수");
        await asker.SeeAsync(question);
        await asker.SeeAsync(question);
        var page = await reader.SeeAsync(question);
        Assert.Contains("조회 2", page.QuerySelector(".question .post-meta")!.TextContent, StringComparison.Ordinal);

        await site.Services.GetRequiredService<QuestionViews>().FlushAsync(default);
        await using var db = site.CreateDbContext();
        Assert.Equal(2, (await db.Questions.SingleAsync()).Views);
        Assert.Contains("조회 2", (await reader.SeeAsync(question)).QuerySelector(".question .post-meta")!.TextContent, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(Visitor visitor, string title = "제목", string body = "내용")
    {
        using var answer = await visitor.PostFormAsync("/questions/ask", [new("Input.Title", title), new("Input.Body", body)]);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.OriginalString;
    }

    private static async Task<IDocument> ReadAsync(Task<HttpResponseMessage> posted)
    {
        using var answer = await posted;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await Visitor.ReadAsync(answer);
    }

    private static async Task AssertRefusedAsync(Visitor visitor, string question, string handler, long answer, string reason)
    {
        using var posted = await visitor.PostFormAsync($"{question}?handler={handler}", [new("answer", $"{answer}")], question);
        Assert.Equal(reason, await WarningAsync(visitor, posted));
    }

    private static async Task<string?> WarningAsync(Visitor visitor, HttpResponseMessage redirect)
    {
        await AssertRedirectAsync(redirect);
        return (await visitor.SeeAsync(redirect.Headers.Location!.OriginalString.Split('#')[0])).QuerySelector(".alert-danger")?.TextContent;
    }

    private static async Task AssertRedirectAsync(HttpResponseMessage answer) =>
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");

    /// <summary>Waits for the worker that the post woke.</summary>
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

        Assert.Fail("The worker did not index the question.");
    }
}
