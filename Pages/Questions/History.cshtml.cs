using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Questions;

/// <summary>The versions of a question.</summary>
public sealed class History(PyboDb db, TurnRunner runner, IOptions<PyboOptions> options, PostHtml posts) : HistoryPage(db)
{
    private readonly PyboDb db = db;

    public override string Here => $"{SourceUrl.Question(Id)}/history";

    protected override CommentedPost Post => CommentedPost.Question(Id);

    protected override async Task<(long AuthorId, string QuestionTitle, string Address)?> FindAsync(CancellationToken ct) =>
        await db.QuestionTextAsync(Id, new(User.MemberId), ct) is { } question ? (question.AuthorId, question.Title, SourceUrl.Question(Id)) : null;

    protected override async Task<int> RestoreAsync(int number, Actor actor, CancellationToken ct)
    {
        var rows = await db.RestoreQuestionAsync(Id, number, actor, posts.OfQuestion, options.Value.Suggestions, ct);
        runner.Wake();
        return rows;
    }
}
