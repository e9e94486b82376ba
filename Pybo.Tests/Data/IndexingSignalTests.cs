using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

/// <summary>Every way to queue a post or a document wakes the indexer, and only after it is queued.</summary>
public sealed class IndexingSignalTests
{
    public static TheoryData<string> Ways => [.. Saves.Keys];

    private static Dictionary<string, Func<PyboDb, Saved, Task>> Saves { get; } = new()
    {
        ["ask"] = (db, saved) => db.AskAsync(saved.Member, "승강기 점검", "언제 하나요?", default),
        ["edit a question"] = (db, saved) => db.EditQuestionAsync(saved.Question, saved.Member, "승강기 점검", "며칠에 하나요?", default),
        ["answer"] = (db, saved) => db.AnswerAsync(saved.Question, saved.Member, "봄에 합니다.", default),
        ["edit an answer"] = (db, saved) => db.EditAnswerAsync(saved.Answer, saved.Member, "가을에 합니다.", default),
        ["upload"] = (db, saved) => db.UploadAsync(new(saved.Member, "다른.txt", Audience.Everyone), new MemoryStream("다른 글"u8.ToArray()), long.MaxValue, default),
        ["read again"] = (db, saved) => db.ReindexDocumentAsync(saved.Document, new(saved.Member, false), default),
        ["try again"] = (db, saved) => db.RetryDocumentAsync(saved.Document, new(saved.Member, false), default),
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Saving_wakes_the_indexer(string way)
    {
        await using var database = await TestDatabase.StartAsync();
        var saved = await FillAsync(database);
        var signal = new IndexingSignal();
        await using var db = database.CreateDbContext(signal);
        var woken = signal.Next;
        Assert.False(woken.IsCompleted);

        await Saves[way](db, saved);

        Assert.True(woken.IsCompleted);
        await using var other = database.CreateDbContext();
        Assert.Equal(1, await other.PendingCountAsync(default));
    }

    /// <summary>Everything is indexed except the document, which failed.</summary>
    private static async Task<Saved> FillAsync(TestDatabase database)
    {
        var member = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        var question = await db.AskAsync(member.Id, "승강기 점검", "언제?", default);
        var answer = (await db.AnswerAsync(question, member.Id, "모릅니다.", default))!.Value;
        var document = (await db.UploadAsync(new(member.Id, "글.txt", Audience.Everyone), new MemoryStream("글"u8.ToArray()), long.MaxValue, default)).DocumentId;
        await db.Questions.ExecuteUpdateAsync(set => set.SetProperty(q => q.IndexedAt, DateTime.UtcNow));
        await db.Answers.ExecuteUpdateAsync(set => set.SetProperty(a => a.IndexedAt, DateTime.UtcNow));
        await db.Documents.ExecuteUpdateAsync(set => set.SetProperty(d => d.IndexError, "깨졌습니다."));
        return new(member.Id, question, answer, document);
    }

    private sealed record Saved(long Member, long Question, long Answer, long Document);
}
