using Pybo.Data;
using Pybo.Rag.Chat;

namespace Pybo.Tests.Rag.Chat;

/// <summary>A follow-up reaches the generator with the sources of the question that it refers to.</summary>
public sealed class FollowUpAnswersTests(ChatCorpus corpus) : IClassFixture<ChatCorpus>
{
    [Theory]
    [InlineData("배포 전에는 무엇을 통과해야 하나요?", "그건 언제야?", "deploy.md")]
    [InlineData("데이터베이스 백업은 언제 하나요?", "그럼 얼마나 보관해?", "backup.txt")]
    [InlineData("데이터베이스 백업은 언제 하나요?", "복구는?", "backup.txt")]
    [InlineData("연차 휴가는 며칠인가요?", "그중 못 쓴 건 어떻게 돼?", "vacation.txt")]
    [InlineData("전기차 충전기는 어디에 있나요?", "거기에 몇 대가 있어요?", "parking.txt")]
    [InlineData("전기차 충전기는 어디에 있나요?", "더 자세히 알려줘", "parking.txt")]
    [InlineData("How long may books be borrowed?", "Can it be extended?", "library.md")]
    [InlineData("How long may books be borrowed?", "And how much if they are late?", "library.md")]
    [InlineData("How long may books be borrowed?", "why?", "library.md")]
    public async Task A_follow_up_finds_the_sources_of_the_previous_question(string first, string second, string path)
    {
        using var client = new ScriptedChatClient("답 [1].");
        var request = new ChatRequest(second, [new(first, "앞의 답 [1].")], Viewer.Visitor);
        var heard = new HeardAnswer();
        Assert.False((await corpus.Answerer(client).AnswerAsync(request, heard, TestContext.Current.CancellationToken)).IsRefused);
        Assert.Equal(path, heard.Sources[0].Passage.Path);
        Assert.EndsWith(second, client.Asked.Single()[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("데이터베이스 백업은 언제 하나요?", "커피 원두는 언제 채우나요?", "kitchen.txt")]
    [InlineData("How long may books be borrowed?", "배포는 무슨 요일에 하나요?", "deploy.md")]
    public async Task A_new_subject_drops_the_old_one(string first, string second, string path)
    {
        using var client = new ScriptedChatClient("답 [1].");
        var request = new ChatRequest(second, [new(first, "앞의 답 [1].")], Viewer.Visitor);
        var heard = new HeardAnswer();
        await corpus.Answerer(client).AnswerAsync(request, heard, TestContext.Current.CancellationToken);
        Assert.Equal(path, heard.Sources[0].Passage.Path);
    }

    [Fact]
    public async Task A_new_subject_without_sources_is_not_answered_from_the_old_one()
    {
        using var client = new ScriptedChatClient("지어낸 답 [1].");
        var request = new ChatRequest("화성까지는 로켓으로 얼마나 걸리나요?", [new("데이터베이스 백업은 언제 하나요?", "새벽 네 시 [1].")], Viewer.Visitor);
        Assert.True((await corpus.Answerer(client).AnswerAsync(request, new HeardAnswer(), TestContext.Current.CancellationToken)).IsRefused);
        Assert.Equal(0, client.Calls);
    }
}
