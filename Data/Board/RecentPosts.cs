using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>An answer or a comment in the list of recent ones.</summary>
/// <param name="Beginning">The beginning of its markdown.</param>
public sealed record RecentPost(long Id, long QuestionId, string QuestionTitle, string Author, string Beginning, DateTime CreatedAt);

/// <summary>The newest answers and comments that a viewer may read, of the whole board (최근 답변, 최근 댓글).</summary>
public static class RecentPosts
{
    public const int ShownMax = 20;

    /// <summary>The characters of a post that a list shows.</summary>
    public const int BeginningMax = 120;

    extension(PyboDb db)
    {
        public Task<List<RecentPost>> RecentAnswersAsync(Viewer viewer, CancellationToken ct) => db.ReadableAnswers(viewer).OrderByDescending(a => a.Id).Take(ShownMax)
            .Select(a => new RecentPost(a.Id, a.QuestionId, a.Question!.Title, a.Author!.UserName!, a.Body.Substring(0, BeginningMax), a.CreatedAt))
            .ToListAsync(ct);

        public Task<List<RecentPost>> RecentCommentsAsync(Viewer viewer, CancellationToken ct) => db.ReadableComments(viewer).OrderByDescending(c => c.Id).Take(ShownMax)
            .Select(c => new RecentPost(c.Id, c.QuestionId ?? c.Answer!.QuestionId, c.QuestionId != null ? c.Question!.Title : c.Answer!.Question!.Title, c.Author!.UserName!, c.Body.Substring(0, BeginningMax), c.CreatedAt))
            .ToListAsync(ct);
    }
}
