using System.Globalization;
using System.Net;
using System.Text.Json;
using Pybo.Tests.Attacks;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Chat;

namespace Pybo.Tests.Upgrades;

/// <summary>A site made at 22acbde opens with all its contents: members, posts, documents, conversations, and reading rights.</summary>
public sealed class Site22acbdeTests
{
    private static readonly SampleSite Expected = JsonSerializer.Deserialize<SampleSite>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", "site-22acbde", "expected.json")))!;

    [Fact]
    public async Task Posts_are_as_they_were_written_with_their_votes_and_counters()
    {
        await using var site = await OpenAsync();
        var visitor = site.Visit();
        foreach (var expected in Expected.Questions)
        {
            var read = await Site22acbdePages.ReadQuestionAsync(visitor, expected.Id);
            Assert.Equal(expected with { Answers = [] }, read with { Answers = [] });
            Assert.Equal(expected.Answers, read.Answers);
        }

        var lift = await visitor.SeeAsync($"/questions/{Site22acbde.LiftQuestion}");
        Assert.Equal(2, lift.QuerySelectorAll("article.question .prose ol > li").Length);
        Assert.Equal(2, lift.QuerySelectorAll("article.question .prose table tbody tr").Length);
        Assert.Equal(2, lift.QuerySelectorAll("article.answer .prose ul > li").Length);
        Assert.Contains("numbers.OrderBy", (await visitor.SeeAsync($"/questions/{Site22acbde.CodeQuestion}")).QuerySelector(".prose pre code")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("수정", (await visitor.SeeAsync($"/questions/{Site22acbde.OpenQuestion}")).QuerySelector("article.question .post-meta")!.TextContent, StringComparison.Ordinal);
        await visitor.SeeAsync($"/questions/{Site22acbde.DeletedQuestion}", HttpStatusCode.NotFound);
        var profile = await visitor.SeeAsync($"/users/{Uri.EscapeDataString(Site22acbde.Administrator)}?tab=answers");
        Assert.NotNull(profile.QuerySelector($"a[href^='/questions/{Site22acbde.LiftQuestion}?answer=2']"));
    }

    [Fact]
    public async Task Members_log_in_with_their_passwords_and_the_administrator_still_is_one()
    {
        await using var site = await OpenAsync();
        foreach (var name in new[] { Site22acbde.Administrator, Site22acbde.Asker, Site22acbde.Helper, Site22acbde.NameSake })
        {
            var member = await LogInAsync(site, name);
            Assert.Equal(name, (await member.SeeAsync("/questions")).QuerySelector(".account-name")!.TextContent);
            foreach (var page in new[] { "/chat", "/documents?show=own", "/documents/collections", "/account/password" })
            {
                await member.SeeAsync(page);
            }

            using var queue = await member.Http.GetAsync(new Uri("/admin/queue", UriKind.Relative));
            Assert.Equal(name == Site22acbde.Administrator, queue.StatusCode == HttpStatusCode.OK);
        }

        using var wrong = await site.Visit().LogInAsync(Site22acbde.Asker, "붉은바다-거북이-7");
        Assert.Null(wrong.Headers.Location);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Site22acbde.Administrator)]
    [InlineData(Site22acbde.Asker)]
    [InlineData(Site22acbde.Helper)]
    public async Task Documents_are_listed_opened_and_found_by_their_former_readers(string? name)
    {
        await using var site = await OpenAsync();
        var reader = name is null ? site.Visit() : await LogInAsync(site, name);
        var list = await reader.SeeAsync("/documents");
        foreach (var document in Site22acbde.Documents)
        {
            var address = $"/documents/{document.Id.ToString(CultureInfo.InvariantCulture)}";
            var isReader = document.IsFor(name);
            Assert.Equal(isReader, list.QuerySelector($"a.question-title[href='{address}']") is not null);
            var page = await reader.SeeAsync(address, isReader ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            using var original = await reader.Http.GetAsync(new Uri($"{address}/file", UriKind.Relative));
            Assert.Equal(isReader, original.StatusCode == HttpStatusCode.OK);
            if (isReader)
            {
                Assert.Contains(document.Path, page.QuerySelector(".post-meta")!.TextContent, StringComparison.Ordinal);
                Assert.Equal(document.Collection, page.QuerySelector(".post-meta a[href^='/documents?collection=']")?.TextContent);
                Assert.Equal(document.Word is null, page.QuerySelector(".document-state.is-failed") is not null);
            }

            if (document.Word is { } word)
            {
                Assert.Equal(isReader, page.Body!.TextContent.Contains(word, StringComparison.Ordinal));
                Assert.Equal(isReader, (await Site22acbdePages.FindAsync(reader, word)).Contains(address));
            }
        }

        Assert.Contains($"/questions/{Site22acbde.LiftQuestion}", await Site22acbdePages.FindAsync(reader, Site22acbde.AnswerWord));
        Assert.Contains($"/questions/{Site22acbde.OpenQuestion}", await Site22acbdePages.FindAsync(reader, Site22acbde.EditedWord));
        Assert.Equal(name is null ? HttpStatusCode.NotFound : HttpStatusCode.OK, (await reader.Http.GetAsync(new Uri("/documents?collection=1", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Conversations_show_their_answers_with_the_words_that_they_cite()
    {
        await using var site = await OpenAsync();
        foreach (var expected in Expected.Conversations)
        {
            var member = await LogInAsync(site, expected.Member);
            // The last conversation has two turns that were open; the source cited by the fifth was deleted before.
            var kept = expected.Id switch { 5 => 0, 6 => 1, _ => expected.Turns.Count };
            var read = await Site22acbdePages.ReadConversationAsync(member, expected.Member, expected.Id);
            Assert.Equal(expected.Scope, read.Scope);
            Assert.Equal(expected.Turns.Select(t => t.Question), read.Turns.Select(t => t.Question));
            foreach (var (was, now) in expected.Turns.Take(kept).Zip(read.Turns))
            {
                Assert.Equal(was.Answer, now.Answer);
                Assert.Equal(was.Cited, now.Cited);
            }

            var stranger = await LogInAsync(site, expected.Member == Site22acbde.Asker ? Site22acbde.Helper : Site22acbde.Asker);
            await stranger.SeeAsync($"/chat/{expected.Id}", HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task Its_questions_are_in_one_category_that_can_be_closed()
    {
        await using var site = await OpenAsync();
        var (visitor, administrator) = (site.Visit(), await LogInAsync(site, Site22acbde.Administrator));
        Assert.Null((await visitor.SeeAsync("/questions")).QuerySelector("a[href^='/categories']"));
        Assert.Equal("자유", (await administrator.SeeAsync("/admin/categories")).QuerySelector("#category-1 .question-title")!.TextContent);
        using var closed = await administrator.PostFormAsync("/admin/categories?handler=Edit", [new("id", "1"), new("name", "자유"), new("readers", "members")], page: "/admin/categories");
        foreach (var (reader, sees) in new[] { (visitor, false), (await LogInAsync(site, Site22acbde.Helper), true) })
        {
            Assert.Equal(sees ? 3 : 0, (await reader.SeeAsync("/questions")).QuerySelectorAll(".question-list > li").Length);
            await reader.SeeAsync($"/questions/{Site22acbde.LiftQuestion}", sees ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            Assert.Equal(sees, (await Site22acbdePages.FindAsync(reader, Site22acbde.AnswerWord)).Contains($"/questions/{Site22acbde.LiftQuestion}"));
        }
    }

    [Fact]
    public async Task Its_posts_take_comments_and_tags()
    {
        await using var site = await OpenAsync();
        var asker = await LogInAsync(site, Site22acbde.Asker);
        var question = $"/questions/{Site22acbde.LiftQuestion}";
        using var commented = await asker.PostFormAsync("/comments/new?answer=1", [new("Input.Body", "해 보니 정말 그렇습니다.")], question);
        Assert.Equal($"{question}?comment=1#comment_1", commented.Headers.Location!.OriginalString);
        var form = await asker.SeeAsync($"{question}/edit");
        using var tagged = await asker.PostFormAsync($"{question}/edit",
            [new("Input.Title", form.QuerySelector("#Input_Title")!.GetAttribute("value")!), new("Input.Body", form.QuerySelector("#Input_Body")!.TextContent), new("Input.Tags", "승강기")]);
        var page = await site.Visit().SeeAsync(question);
        Assert.NotNull(page.QuerySelector("#answer_1 #comment_1"));
        Assert.StartsWith("/questions/1/", (await site.Visit().SeeAsync(page.QuerySelector(".tag")!.GetAttribute("href")!)).QuerySelector(".question-title")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Citations_of_an_answer_open_the_cited_places()
    {
        await using var site = await OpenAsync();
        var asker = await LogInAsync(site, Site22acbde.Asker);
        var opened = 0;
        foreach (var id in new[] { 1, 3, 6 })
        {
            var page = await asker.SeeAsync($"/chat/{id}");
            foreach (var quote in page.QuerySelectorAll("blockquote.source-quote"))
            {
                var address = quote.Closest(".source")!.QuerySelector(".source-title a")!.GetAttribute("href")!;
                var source = await asker.SeeAsync(address);
                // The page's text does not contain the number of an item.
                var first = quote.TextContent.Trim().Split('\n')[0].Trim().TrimStart('1', '2', '.', ' ');
                Assert.Contains(first, source.Body!.TextContent, StringComparison.Ordinal);
                Assert.True(!address.StartsWith("/documents/", StringComparison.Ordinal) || source.QuerySelector(".is-cited mark#quote") is not null, address);
                opened++;
            }
        }

        Assert.InRange(opened, 4, int.MaxValue);
    }

    [Fact]
    public async Task A_waiting_turn_is_answered_and_an_interrupted_one_keeps_its_text()
    {
        await using var site = await OpenAsync();
        var asker = await LogInAsync(site, Site22acbde.Asker);
        await ChatSite.UntilAsync(async () => (await asker.SeeAsync("/chat/6")).QuerySelector(".turn.is-open") is null);
        var turns = (await asker.SeeAsync("/chat/6")).QuerySelectorAll("article.turn");
        Assert.Contains("여기까지 쓰다가", turns[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("여기에서 멈췄습니다.", turns[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("오전 9시", turns[2].QuerySelector(".turn-answer")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(turns[2].QuerySelector("blockquote.source-quote"));
    }

    [Fact]
    public async Task The_site_still_works_new_posts_are_found_and_votes_continue()
    {
        await using var site = await OpenAsync();
        var asker = await LogInAsync(site, Site22acbde.Asker);
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", "새로 쓴 질문"), new("Input.Body", "오늘 칼세도니등대를 보았습니다.")]);
        var address = asked.Headers.Location!.OriginalString;
        await ChatSite.UntilAsync(async () => (await Site22acbdePages.FindAsync(asker, "칼세도니등대")).Contains(address));
        (await asker.PostFormAsync($"/questions/{Site22acbde.OpenQuestion}?handler=Vote", [], page: $"/questions/{Site22acbde.OpenQuestion}")).Dispose();
        Assert.Equal("1", (await asker.SeeAsync($"/questions/{Site22acbde.OpenQuestion}")).QuerySelector("article.question .vote-count")!.TextContent);
        (await asker.PostFormAsync($"/questions/{Site22acbde.CodeQuestion}?handler=Unvote", [], page: $"/questions/{Site22acbde.CodeQuestion}")).Dispose();
        Assert.Equal("0", (await asker.SeeAsync($"/questions/{Site22acbde.CodeQuestion}")).QuerySelector("article.question .vote-count")!.TextContent);
    }

    [Fact]
    public async Task A_process_opens_it_twice_and_the_index_holds()
    {
        await using var site = AttackedSite.Prepare();
        await Site22acbde.UnpackAsync(site.DatabaseFile);
        var found = await site.RunAsync(null, null, "search", Site22acbde.MembersWord, "--json");
        Assert.True(found.Code == 0 && found.Output.Contains("/documents/5?passage=", StringComparison.Ordinal), found.Output + found.Error);
        Assert.DoesNotContain("/documents/4?", (await site.RunAsync(null, null, "search", Site22acbde.PrivateWord, "--json")).Output, StringComparison.Ordinal);
        for (var start = 0; start < 2; start++)
        {
            await site.StartAgainAsync();
            var asker = site.Visit();
            using var logIn = await asker.LogInAsync(Site22acbde.Asker);
            Assert.Equal("/questions", logIn.Headers.Location?.OriginalString);
            Assert.Equal(3, (await asker.SeeAsync("/questions")).QuerySelectorAll(".question-list > li").Length);
            await ChatSite.UntilAsync(async () => (await asker.SeeAsync("/chat/6")).QuerySelector(".turn.is-open") is null);
            await site.StopAsync();
        }

        var check = await site.RunAsync(null, null, "reindex", "--check");
        Assert.True(check.Code == 0 && check.Output.StartsWith("색인에 틀린 곳이 없습니다.", StringComparison.Ordinal), check.Output + check.Error);
    }

    private static async Task<PyboSite> OpenAsync()
    {
        var site = new PyboSite();
        await Site22acbde.UnpackAsync(site.DatabaseFile);
        return site;
    }

    private static async Task<Visitor> LogInAsync(PyboSite site, string name)
    {
        var member = site.Visit();
        using var answer = await member.LogInAsync(name);
        Assert.True(answer.Headers.Location is not null, name);
        return member;
    }
}
