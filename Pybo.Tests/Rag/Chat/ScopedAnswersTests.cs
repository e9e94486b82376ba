using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Rag.Chat;
using Pybo.Tests.Data;

namespace Pybo.Tests.Rag.Chat;

/// <summary>Conversations about one document or one collection, also after it is deleted.</summary>
public sealed class ScopedAnswersTests(ChatCorpus corpus) : IClassFixture<ChatCorpus>
{
    private const string Question = "데이터베이스 백업은 언제 하나요?";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_question_about_one_document_is_answered_from_it_alone()
    {
        await using var db = corpus.Database.CreateDbContext();
        var backup = await db.Documents.SingleAsync(d => d.Path == "backup.txt", Token);
        var parking = await db.Documents.SingleAsync(d => d.Path == "parking.txt", Token);
        Assert.All(await SourcesAsync(PassageScope.Document(backup.Id), refused: false), s => Assert.Equal("backup.txt", s.Passage.Path));
        Assert.All(await SourcesAsync(PassageScope.Document(parking.Id), refused: true), s => Assert.Equal("parking.txt", s.Passage.Path));

        async Task<IReadOnlyList<ChatSource>> SourcesAsync(PassageScope scope, bool refused)
        {
            using var client = new ScriptedChatClient("답 [1].");
            var request = new ChatRequest(Question, [], Viewer.Visitor) { Scope = new("이름", scope) };
            var heard = new HeardAnswer();
            Assert.Equal(refused, (await corpus.Answerer(client).AnswerAsync(request, heard, Token)).IsRefused);
            return heard.Sources;
        }
    }

    [Theory]
    [InlineData("vacation.txt", "남은 휴가는 넘길 수 있어요?", false, true)]
    [InlineData("backup.txt", "데이터는 얼마나 자주 저장해 두나요?", false, true)]
    [InlineData("vacation.txt", "택시는 언제 탈 수 있나요?", true, null)]
    [InlineData("kitchen.txt", "축구 월드컵은 몇 년마다 열리나요?", true, true)]
    [InlineData("backup.txt", "비타민 C가 많은 과일은?", true, true)]
    public async Task In_one_document_a_weaker_match_is_answered_and_another_subject_is_refused(string path, string question, bool refused, bool? refusedWithoutScope)
    {
        await using var db = corpus.Database.CreateDbContext();
        var scope = PassageScope.Document(await db.Documents.Where(d => d.Path == path).Select(d => d.Id).SingleAsync(Token));
        var answer = await corpus.Answerer(generator: null).AnswerAsync(new(question, [], Viewer.Visitor) { Scope = new("이름", scope) }, new HeardAnswer(), Token);
        Assert.Equal(refused, answer.IsRefused);
        if (refusedWithoutScope is { } expected)
        {
            Assert.Equal(expected, (await corpus.AskAsync(question)).IsRefused);
        }
    }

    [Fact]
    public async Task A_conversation_about_a_deleted_document_says_so_and_searches_no_other()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        Actor owner = new(site.Owner.Id, false);
        await db.PlaceDocumentAsync(site.DocumentId, null, Audience.Everyone, owner, Token);
        var asked = await db.StartConversationAsync(site.Other.Id, Question, Token, PassageScope.Document(site.DocumentId));
        Assert.Null(asked.Refusal);
        var open = (await db.ChatRequestAsync(asked.TurnId, Token)).Scope;
        Assert.Equal(("비밀 문서", site.DocumentId), (open!.Name, open.Passages!.Value.DocumentId));

        await db.PlaceDocumentAsync(site.DocumentId, null, site.Owner.Id, owner, Token);
        var closed = await db.ChatRequestAsync(asked.TurnId, Token);
        await db.DeleteDocumentAsync(site.DocumentId, owner, Token);
        await using var after = site.Database.CreateDbContext();
        var deleted = await after.ChatRequestAsync(asked.TurnId, Token);
        Assert.Equal(new ChatScope(null, null), closed.Scope);
        Assert.Equal(closed.Scope, deleted.Scope);

        using var client = new ScriptedChatClient("지어낸 답 [1].");
        var answer = await corpus.Answerer(client).AnswerAsync(deleted, new HeardAnswer(), Token);
        Assert.True(answer.IsRefused);
        Assert.Contains("더는 볼 수 없습니다", answer.Text, StringComparison.Ordinal);
        Assert.Equal(0, client.Calls);
    }

    [Fact]
    public async Task Every_turn_of_a_conversation_searches_its_collection()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        var asked = await db.StartConversationAsync(site.Owner.Id, Question, Token, PassageScope.Collection(site.CollectionId));
        await db.Turns.ExecuteUpdateAsync(set => set.SetProperty(t => t.State, TurnState.Done), Token);
        var next = await db.AddTurnAsync(asked.ConversationId, site.Owner.Id, "그럼 언제?", Token);
        var scope = (await db.ChatRequestAsync(next.TurnId, Token)).Scope;
        Assert.Equal(new ChatScope("비밀 모음", PassageScope.Collection(site.CollectionId)), scope);
        await db.DeleteCollectionAsync(site.CollectionId, new(site.Owner.Id, false), Token);
        await using var after = site.Database.CreateDbContext();
        Assert.True((await after.ChatRequestAsync(next.TurnId, Token)).Scope!.IsGone);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_old_answer_shows_nothing_of_a_closed_or_deleted_source(bool deletes)
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        Actor owner = new(site.Owner.Id, false);
        await db.PlaceDocumentAsync(site.DocumentId, null, Audience.Everyone, owner, Token);
        var asked = await db.StartConversationAsync(site.Other.Id, Question, Token);
        var hit = (await site.SearchAsync(new(site.Other.Id)))[0].Single();
        var citation = CitationRows.Of(asked.TurnId, SourceSelection.Select([hit], [], isThreadFirst: false, SourceUrl.Of)[0], []);
        Assert.Equal((site.DocumentId, 1, $"/documents/{site.DocumentId}?passage={site.PassageId}&at=1#passage-{site.PassageId}"), (citation.DocumentId, citation.Page, citation.Url));
        await db.KeepSourcesAsync(asked.TurnId, [citation], Token);
        await db.Citations.ExecuteUpdateAsync(set => set.SetProperty(c => c.Quote, "열쇠는 부엌에"), Token);
        Assert.Equal("비밀 문서", (await ShownAsync()).Title);

        Assert.Equal(1, deletes ? await db.DeleteDocumentAsync(site.DocumentId, owner, Token) : await db.PlaceDocumentAsync(site.DocumentId, null, site.Owner.Id, owner, Token));
        var shown = await ShownAsync();
        Assert.Equal((true, Citation.GoneTitle, "", "", citation.Url, 1), (shown.IsGone, shown.Title, shown.Snippet, shown.Quote, shown.Source, shown.Number));

        async Task<Citation> ShownAsync()
        {
            await using var fresh = site.Database.CreateDbContext();
            var turn = await fresh.Turns.AsNoTracking().Include(t => t.Citations).SingleAsync(t => t.Id == asked.TurnId, Token);
            await fresh.HideGoneSourcesAsync([turn], new(site.Other.Id), Token);
            return Assert.Single(turn.Citations);
        }
    }

    [Theory]
    [InlineData("답은 둘째에 있다 [2].", 2, false)]
    [InlineData("답은 첫째에 있다 [1].", 1, true)]
    [InlineData("어디에 있는지 적지 않은 답.", null, true)]
    public async Task An_answer_is_hidden_with_its_own_sources_only(string answer, int? quoted, bool isHidden)
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        var open = await db.AddDocumentAsync("열린.txt", "열린 글", Audience.Everyone);
        var passages = new Dictionary<long, long> { [site.DocumentId] = site.PassageId, [open.Id] = await TwoMembers.WriteAsync(site.Database, open.Id, site.ModelId, "열린 글", 1) };
        var asked = await db.StartConversationAsync(site.Owner.Id, Question, Token);
        var turn = (await db.ClaimTurnAsync(asked.TurnId, Token))!;
        turn.Citations.AddRange([Cited(1, site.DocumentId), Cited(2, open.Id)]);
        Assert.True(await db.KeepSourcesAsync(asked.TurnId, turn.Citations, Token));
        (turn.State, turn.Answer) = (TurnState.Done, answer);
        turn.Citations.ForEach(c => (c.Quote, c.IsGround) = (c.Number == quoted ? "말" : null, quoted is null || c.Number == quoted));
        await db.EndTurnAsync(turn, Token);
        await db.DeleteDocumentAsync(site.DocumentId, new(site.Owner.Id, false), Token);
        await using var fresh = site.Database.CreateDbContext();
        var next = await fresh.AddTurnAsync(asked.ConversationId, site.Owner.Id, "그럼 언제?", Token);
        var told = Assert.Single((await fresh.ChatRequestAsync(next.TurnId, Token)).History);
        Assert.Equal((Question, isHidden ? Pybo.Pages.Resources.NoticeWords.OfStored(Turn.GoneAnswer) : answer), (told.Question, told.Answer));

        Citation Cited(int number, long document) => new()
        {
            TurnId = asked.TurnId,
            Number = number,
            Kind = PassageKind.Document,
            DocumentId = document,
            PassageId = passages[document],
            Title = "글",
            Source = "글.txt",
            Url = $"/documents/{document}",
            Snippet = "말",
        };
    }

    [Fact]
    public async Task Nothing_is_kept_of_a_source_deleted_between_the_search_and_the_first_word()
    {
        await using var site = await TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        var asked = await db.StartConversationAsync(site.Owner.Id, Question, Token);
        var hit = (await site.SearchAsync(site.OwnerReader))[0].Single();
        await db.DeleteDocumentAsync(site.DocumentId, new(site.Owner.Id, false), Token);

        Assert.False(await db.KeepSourcesAsync(asked.TurnId, [CitationRows.Of(asked.TurnId, SourceSelection.Select([hit], [], isThreadFirst: false, SourceUrl.Of)[0], [])], Token));
        await using var fresh = site.Database.CreateDbContext();
        Assert.Empty(await fresh.Citations.ToListAsync(Token));
    }
}
