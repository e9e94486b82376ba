using Pybo.Data;
using Pybo.Rag.Retrieval;
using Pybo.Tests.Data;

namespace Pybo.Tests.Rag.Retrieval;

public sealed class RespellingTests
{
    private const string Text = "벌은 불린 것을 본다. 섰던 차는 천하고 강당을 쓴다. 정한 날에는 빌렸다. 어대. 체육관 사물함 열쇠는 관리실에서 빌린다. 강당 예약은 메시지로 받고 콘텐츠는 서버에 둔다. 꽃밭 청소는 짝수 주에 한다. 재정 보고는 회계팀이 쓴다.";

    [Theory]
    [InlineData("cpdbrrhks tkanfgka", "체육관 사물함")]
    [InlineData("rkdekd dPdirdms djEjgrp gody?", "강당 예약은 어떻게 해요?")]
    [InlineData("채육관 열쐬", "체육관 열쇠")]
    [InlineData("체육꽌에서 빌리나요", "체육관에서 빌리나요")]
    [InlineData("메세지 컨텐츠", "메시지 콘텐츠")]
    [InlineData("꼳밭은 어디예요?", "꽃밭은 어디예요?")]
    [InlineData("회개팀은 어디예요?", "회계팀은 어디예요?")]
    public async Task Words_that_no_passage_contains_are_rewritten(string question, string meant)
    {
        await using var site = await SiteAsync(Audience.Everyone);
        Assert.Equal(meant, await RespeltAsync(site, question, Viewer.Visitor));
    }

    [Theory]
    [InlineData("체육관 열쇠는 누가 빌려주나요?")]
    [InlineData("수영장 요금은 얼마예요?")]
    [InlineData("what is the server address")]
    [InlineData("zxcvqwrt 뷁쉙퀡")]
    [InlineData("E-7012 2024-05-06")]
    [InlineData("별은 언제 뜨나요?")]
    [InlineData("체육관 열쇠는 누가 빌렸던가요?")]
    [InlineData("강당을 정하고 싶어요")]
    [InlineData("풀린 문제는 어때요?")]
    [InlineData("")]
    public async Task Other_questions_stay_as_they_are(string question)
    {
        await using var site = await SiteAsync(Audience.Everyone);
        Assert.Equal(question, await RespeltAsync(site, question, Viewer.Visitor));
    }

    [Fact]
    public async Task The_end_of_a_pasted_text_is_left_alone()
    {
        await using var site = await SiteAsync(Audience.Everyone);
        var pasted = string.Join(' ', Enumerable.Range(0, TermStatisticsQueries.KnownTermsMax).Select(n => $"w{n}")) + " 채육관";
        Assert.Equal(pasted, await RespeltAsync(site, pasted, Viewer.Visitor));
    }

    [Theory]
    [InlineData("cpdbrrhks")]
    [InlineData("채육관")]
    public async Task Words_of_passages_that_the_reader_may_not_see_rewrite_nothing(string question)
    {
        await using var site = await SiteAsync(Audience.Members);
        Assert.Equal(question, await RespeltAsync(site, question, Viewer.Visitor));
        Assert.Equal("체육관", await RespeltAsync(site, question, Viewer.AnyMember));
    }

    private static async Task<TestDatabase> SiteAsync(long audience)
    {
        var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var document = await db.AddDocumentAsync("a.txt", audience: audience);
        Assert.True(await new PassageWriter(database).ReplaceAsync(new(PassageKind.Document, document.Id, 0), [new("알림", null, Text, 0, [])], null, new DocumentFacts("알림", Text.Length), default));
        return database;
    }

    private static async Task<string> RespeltAsync(TestDatabase database, string question, Viewer viewer)
    {
        await using var db = database.CreateDbContext();
        return await Respelling.OfAsync(db, question, viewer, default);
    }
}
