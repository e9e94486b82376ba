using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

/// <summary>Citations, and the answers that rest on them, when their source is edited or deleted.</summary>
public sealed class GoneSourcesTests
{
    private const string Body = "도서관은 아홉 시에 연다. 열쇠는 **김사서**가 [서랍](https://example.com/a)에 둔다. 옛 암호는 1234다.";

    [Theory]
    [InlineData("도서관은 아홉 시에 연다.", "도서관은 아홉 시에 연다. 끝.", false)]
    [InlineData("열쇠는 김사서가 서랍에 둔다.", Body + " 덧붙인 말.", false)]
    [InlineData("도서관은 아홉 시에 연다.", "도서관은 열 시에 연다.", true)]
    [InlineData("도서관은 아홉 시에 연다.\n옛 암호는 1234다.", "도서관은 아홉 시에 연다. 암호는 없다.", true)]
    [InlineData("도서관은 아홉 시에 연다.", "연다. 도서관은 아홉 시에", true)]
    public async Task A_citation_stays_while_its_post_contains_the_quotation(string quote, string edited, bool isGone)
    {
        await using var site = await CitedAsync(quote, snippet: quote, answer: "답 [1].");
        await site.Db.EditQuestionAsync(site.QuestionId, site.AuthorId, "제목", edited, default);
        var turn = await site.ReadAsync();
        Assert.Equal((isGone, isGone ? "" : quote, isGone), (turn.Citations[0].IsGone, turn.Citations[0].Quote, turn.IsAnswerGone));
        Assert.Equal(isGone ? "" : "답 [1].", turn.Answer);
    }

    [Fact]
    public async Task A_longer_snippet_is_cut_to_the_quotation_and_the_title_is_updated()
    {
        await using var site = await CitedAsync("도서관은 아홉 시에 연다.", snippet: Body, answer: "아홉 시입니다 [1].");
        await site.Db.EditQuestionAsync(site.QuestionId, site.AuthorId, "새 이름", "도서관은 아홉 시에 연다.", default);
        var turn = await site.ReadAsync();
        Assert.Equal(("새 이름", "도서관은 아홉 시에 연다.", false), (turn.Citations[0].Title, turn.Citations[0].Snippet, turn.IsAnswerGone));
    }

    [Theory]
    [InlineData("아홉 시입니다 [1].", false)]
    [InlineData("아홉 시이고, 암호는 1234입니다 [1].", true)]
    [InlineData("아홉 시이고, 열쇠는 김사서에게 있습니다 [1].", true)]
    public async Task An_answer_with_a_term_that_the_edit_removed_is_emptied(string answer, bool isGone)
    {
        await using var site = await CitedAsync("도서관은 아홉 시에 연다.", snippet: "도서관은 아홉 시에 연다.", answer);
        await site.Db.EditQuestionAsync(site.QuestionId, site.AuthorId, "제목", "도서관은 아홉 시에 연다. 열쇠는 서랍에 둔다. 옛 암호는 없다.", default);
        Assert.Equal(isGone, (await site.ReadAsync()).IsAnswerGone);
    }

    [Theory]
    [InlineData("question")]
    [InlineData("author")]
    public async Task Any_kind_of_deletion_empties_citations_answers_and_answers_that_repeat_them(string what)
    {
        await using var site = await CitedAsync("도서관은 아홉 시에 연다.", Body, "아홉 시입니다 [1].");
        await AddTurnAsync(site, "아까 말한 대로 아홉 시입니다.", repeats: true);
        await AddTurnAsync(site, "다른 이야기입니다.", repeats: false);
        _ = what == "question"
            ? await site.Db.DeleteQuestionAsync(site.QuestionId, new(site.AuthorId, false), default)
            : await site.Db.Users.Where(u => u.Id == site.AuthorId).ExecuteDeleteAsync();
        await using var fresh = site.Database.CreateDbContext();
        var turns = await fresh.Turns.AsNoTracking().Include(t => t.Citations).OrderBy(t => t.Id).ToListAsync();
        Assert.Equal([("", true), ("", true), ("다른 이야기입니다.", false)], turns.Select(t => (t.Answer, t.IsAnswerGone)));
        var citation = Assert.Single(turns[0].Citations);
        Assert.Equal(("", "", "", true, null), (citation.Title, citation.Snippet, citation.Quote, citation.IsGone, citation.QuestionId));
        await fresh.HideGoneSourcesAsync(turns, new(site.ReaderId), default);
        Assert.Equal([Turn.GoneAnswer, Turn.GoneAnswer, "다른 이야기입니다."], turns.Select(t => t.Answer));
        Assert.Empty(await fresh.CheckPassagesAsync(default));
    }

    [Fact]
    public async Task Another_version_of_a_question_keeps_its_follow_ups_when_the_first_version_is_emptied()
    {
        await using var site = await CitedAsync("도서관은 아홉 시에 연다.", Body, "아홉 시입니다 [1].");
        site.Db.Turns.Add(new() { ConversationId = site.ConversationId, Question = "몇 시에 여나요?", Answer = "열 시입니다.", State = TurnState.Done });
        await site.Db.SaveChangesAsync();
        await AddTurnAsync(site, "말한 대로 열 시입니다.", repeats: true);
        await site.Db.DeleteQuestionAsync(site.QuestionId, new(site.AuthorId, false), default);
        await using var fresh = site.Database.CreateDbContext();
        var turns = await fresh.Turns.AsNoTracking().Include(t => t.Citations).OrderBy(t => t.Id).ToListAsync();
        await fresh.HideGoneSourcesAsync(turns, new(site.ReaderId), default);
        Assert.Equal([Turn.GoneAnswer, "열 시입니다.", "말한 대로 열 시입니다."], turns.Select(t => t.Answer));
    }

    [Fact]
    public async Task A_source_that_the_answer_did_not_use_removes_only_its_own_card()
    {
        await using var site = await CitedAsync("도서관은 아홉 시에 연다.", Body, "다른 자료에 있습니다 [2].", isGround: false);
        await site.Db.DeleteQuestionAsync(site.QuestionId, new(site.AuthorId, false), default);
        var turn = await site.ReadAsync();
        Assert.Equal((true, false, "다른 자료에 있습니다 [2]."), (turn.Citations[0].IsGone, turn.IsAnswerGone, turn.Answer));
    }

    [Fact]
    public async Task An_answer_being_written_when_its_source_is_deleted_is_not_kept()
    {
        await using var site = await CitedAsync(null, Body, "아홉", TurnState.Answering);
        await site.Db.DeleteQuestionAsync(site.QuestionId, new(site.AuthorId, false), default);
        Assert.False(await site.Db.KeepPartialAnswerAsync(site.TurnId, "아홉 시", default));
        var ended = await site.ReadAsync();
        (ended.State, ended.Answer, ended.Citations[0].Quote) = (TurnState.Done, "아홉 시입니다 [1].", "아홉 시");
        await site.Db.EndTurnAsync(ended, default);
        var turn = await site.ReadAsync();
        Assert.Equal((TurnState.Done, "", true, ""), (turn.State, turn.Answer, turn.IsAnswerGone, turn.Citations[0].Quote));
    }

    [Fact]
    public async Task A_document_read_again_keeps_the_citations_it_still_contains()
    {
        await using var members = await TwoMembers.StartAsync();
        await using var db = members.Database.CreateDbContext();
        var conversation = new Conversation { UserId = members.Owner.Id, Title = "대화" };
        db.Conversations.Add(conversation);
        await db.SaveChangesAsync();
        foreach (var quote in new[] { "금고의 열쇠는", "부엌에 있다." })
        {
            db.Turns.Add(new() { ConversationId = conversation.Id, Question = "?", Answer = quote, State = TurnState.Done, Citations = { Document(quote) } });
        }

        await db.SaveChangesAsync();
        await TwoMembers.WriteAsync(members.Database, members.DocumentId, members.ModelId, TwoMembers.Secret, 0);
        Assert.Equal(0, await db.Citations.CountAsync(c => c.IsGone));
        await TwoMembers.WriteAsync(members.Database, members.DocumentId, members.ModelId, "살구나무 금고의 열쇠는 다락에 있다.", 0);
        Assert.Equal([false, true], await db.Citations.OrderBy(c => c.Id).Select(c => c.IsGone).ToListAsync());
        Assert.Equal(["금고의 열쇠는", ""], await db.Turns.OrderBy(t => t.Id).Select(t => t.Answer).ToListAsync());

        Citation Document(string quote) => new()
        {
            TurnId = 0,
            Number = 1,
            Kind = PassageKind.Document,
            DocumentId = members.DocumentId,
            Title = "비밀 문서",
            Source = "비밀.txt",
            Url = $"/documents/{members.DocumentId}",
            Snippet = quote,
            Quote = quote,
        };
    }

    [Fact]
    public async Task The_name_of_a_conversations_scope_is_deleted_with_the_scope()
    {
        await using var members = await TwoMembers.StartAsync();
        await using var db = members.Database.CreateDbContext();
        await db.StartConversationAsync(members.Owner.Id, "하나", default, PassageScope.Document(members.DocumentId));
        await db.StartConversationAsync(members.Owner.Id, "둘", default, PassageScope.Collection(members.CollectionId));
        await db.RenameCollectionAsync(members.CollectionId, new(members.Owner.Id, IsAdministrator: false), "새 모음", default);
        Assert.Equal(["비밀 문서", "새 모음"], await db.Conversations.OrderBy(c => c.Id).Select(c => c.ScopeName).ToListAsync());
        await db.DeleteDocumentAsync(members.DocumentId, new(members.Owner.Id, false), default);
        await db.DeleteCollectionAsync(members.CollectionId, new(members.Owner.Id, false), default);
        Assert.Equal(["", ""], await db.Conversations.OrderBy(c => c.Id).Select(c => c.ScopeName).ToListAsync());
    }

    private static async Task AddTurnAsync(Cited site, string answer, bool repeats)
    {
        var before = await site.Db.Turns.MaxAsync(t => t.Id);
        site.Db.Turns.Add(new() { ConversationId = site.ConversationId, ParentId = before, Question = "그리고?", Answer = answer, State = TurnState.Done, RepeatsEarlier = repeats });
        await site.Db.SaveChangesAsync();
    }

    private static async Task<Cited> CitedAsync(string? quote, string snippet, string answer, TurnState state = TurnState.Done, bool isGround = true)
    {
        var database = await TestDatabase.StartAsync();
        var (author, reader) = (await database.AddUserAsync("가나다"), await database.AddUserAsync("라마바"));
        var question = await database.AddQuestionAsync(author, "제목", Body);
        var db = database.CreateDbContext();
        var conversation = new Conversation { UserId = reader.Id, Title = "대화" };
        conversation.Turns.Add(new()
        {
            ConversationId = 0,
            Question = "언제 여나요?",
            Answer = answer,
            State = state,
            Citations =
            {
                new() { TurnId = 0, Number = 1, Kind = PassageKind.Question, QuestionId = question.Id, Title = "제목", Source = "", Url = $"/questions/{question.Id}", Snippet = snippet, Quote = quote, IsGround = isGround },
            },
        });
        db.Conversations.Add(conversation);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        return new(database, db, author.Id, reader.Id, question.Id, conversation.Id, conversation.Turns[0].Id);
    }

    /// <summary>A question by one member, and a chat answer to another member that rests on it.</summary>
    private sealed record Cited(TestDatabase Database, PyboDb Db, long AuthorId, long ReaderId, long QuestionId, long ConversationId, long TurnId) : IAsyncDisposable
    {
        public async Task<Turn> ReadAsync()
        {
            await using var fresh = Database.CreateDbContext();
            return await fresh.Turns.AsNoTracking().Include(t => t.Citations).SingleAsync(t => t.Id == TurnId);
        }

        public async ValueTask DisposeAsync()
        {
            await Db.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
