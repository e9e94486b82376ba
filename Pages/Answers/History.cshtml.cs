using System.Globalization;
using Pybo.Data;
using Pybo.Pages.Questions;

namespace Pybo.Pages.Answers;

/// <summary>The versions of an answer.</summary>
public sealed class History(PyboDb db, PostHtml posts) : HistoryPage(db)
{
    private readonly PyboDb db = db;

    public override string Here => string.Create(CultureInfo.InvariantCulture, $"/answers/{Id}/history");

    protected override CommentedPost Post => CommentedPost.Answer(Id);

    protected override async Task<(long AuthorId, string QuestionTitle, string Address)?> FindAsync(CancellationToken ct) =>
        await db.AnswerTextAsync(Id, new(User.MemberId), ct) is { } answer ? (answer.AuthorId, answer.QuestionTitle, SourceUrl.Answer(answer.QuestionId, Id)) : null;

    protected override Task<int> RestoreAsync(int number, Actor actor, CancellationToken ct) => db.RestoreAnswerAsync(Id, number, actor, posts.OfAnswer, ct);
}
