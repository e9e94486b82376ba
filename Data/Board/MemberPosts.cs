using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A member as others see them.</summary>
public sealed record Profile(long Id, string UserName, DateTime CreatedAt, bool IsAdministrator, int Points)
{
    public int Reputation => Data.Reputation.Shown(Points);
}

public sealed record MemberQuestion(long Id, string Title, DateTime CreatedAt, int AnswerCount, int VoteCount);

public sealed record MemberAnswer(long Id, long QuestionId, string QuestionTitle, DateTime CreatedAt, int VoteCount, bool IsAccepted);

public sealed record MemberComment(long Id, long QuestionId, string QuestionTitle, string Beginning, DateTime CreatedAt);

/// <summary>One member's posts that the viewer may read, newest first; read through the indexes that begin with the author.</summary>
public static class MemberPosts
{
    extension(PyboDb db)
    {
        /// <param name="normalizedName">The name in Identity's normalised form.</param>
        public Task<Profile?> ProfileAsync(string normalizedName, CancellationToken ct) => db.Users
            .Where(u => u.NormalizedUserName == normalizedName)
            .Select(u => new Profile(u.Id, u.UserName!, u.CreatedAt, u.IsAdministrator, u.Reputation))
            .SingleOrDefaultAsync(ct);

        public Task<int> CountQuestionsOfAsync(long authorId, Viewer viewer, CancellationToken ct) => db.ReadableQuestions(viewer).CountAsync(q => q.AuthorId == authorId, ct);

        public Task<int> CountAnswersOfAsync(long authorId, Viewer viewer, CancellationToken ct) => db.ReadableAnswers(viewer).CountAsync(a => a.AuthorId == authorId, ct);

        public Task<int> CountCommentsOfAsync(long authorId, Viewer viewer, CancellationToken ct) => db.ReadableComments(viewer).CountAsync(c => c.AuthorId == authorId, ct);

        public Task<List<MemberQuestion>> QuestionsOfAsync(long authorId, int skip, int take, Viewer viewer, CancellationToken ct) => db.ReadableQuestions(viewer)
            .Where(q => q.AuthorId == authorId)
            .OrderByDescending(q => q.Id)
            .Skip(skip)
            .Take(take)
            .Select(q => new MemberQuestion(q.Id, q.Title, q.CreatedAt, q.AnswerCount, q.VoteCount))
            .ToListAsync(ct);

        public Task<List<MemberAnswer>> AnswersOfAsync(long authorId, int skip, int take, Viewer viewer, CancellationToken ct) => db.ReadableAnswers(viewer)
            .Where(a => a.AuthorId == authorId)
            .OrderByDescending(a => a.Id)
            .Skip(skip)
            .Take(take)
            .Select(a => new MemberAnswer(a.Id, a.QuestionId, a.Question!.Title, a.CreatedAt, a.VoteCount, a.Question.AcceptedAnswerId == a.Id))
            .ToListAsync(ct);

        public Task<List<MemberComment>> CommentsOfAsync(long authorId, int skip, int take, Viewer viewer, CancellationToken ct) => db.ReadableComments(viewer)
            .Where(c => c.AuthorId == authorId)
            .OrderByDescending(c => c.Id)
            .Skip(skip)
            .Take(take)
            .Select(c => new MemberComment(c.Id, c.QuestionId ?? c.Answer!.QuestionId, c.QuestionId != null ? c.Question!.Title : c.Answer!.Question!.Title, c.Body.Substring(0, RecentPosts.BeginningMax), c.CreatedAt))
            .ToListAsync(ct);
    }
}
