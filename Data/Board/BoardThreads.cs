using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A question with its answers and comments, as one source of an answer.</summary>
/// <param name="Question">The whole text of the question's post, in order; never empty.</param>
/// <param name="Answers">Best first: see <see cref="BoardThreads"/>.</param>
/// <param name="Comments">Those on the question and on its answers, nearest in meaning to the question that was asked first.</param>
public sealed record BoardThread(long QuestionId, string Title, IReadOnlyList<PassageHit> Question, IReadOnlyList<ThreadAnswer> Answers, IReadOnlyList<ThreadComment> Comments);

/// <summary>A comment of a thread.</summary>
/// <param name="IsSupplement">The asker wrote it on the question: it adds to what is asked.</param>
/// <param name="Passages">Its whole text, in order; never empty.</param>
public sealed record ThreadComment(long Id, bool IsSupplement, IReadOnlyList<PassageHit> Passages)
{
    /// <inheritdoc cref="ThreadAnswer.Best"/>
    public PassageHit Best => Passages.MaxBy(p => p.Cosine ?? 0)!;

    public string Text => string.Join('\n', Passages.Select(p => p.Text));
}

/// <summary>An answer of a thread.</summary>
/// <param name="IsAccepted">Accepted, with votes of at least zero.</param>
/// <param name="IsCorrection">The asker wrote it, after the answer that was accepted, and its votes are at least zero.</param>
/// <param name="Passages">Its whole text, in order; never empty.</param>
public sealed record ThreadAnswer(long Id, bool IsAccepted, bool IsCorrection, int Votes, IReadOnlyList<PassageHit> Passages)
{
    /// <summary>The passage nearest in meaning to the question; the first without a model.</summary>
    public PassageHit Best => Passages.MaxBy(p => p.Cosine ?? 0)!;
}

/// <summary>
/// Reads threads as sources. The accepted answer comes first, then what the asker wrote later to correct it, then the others by votes and by
/// meaning; one with votes below zero is never before another, accepted or not. Posts that are not indexed yet, or that the reader may not see, are left out.
/// </summary>
public static class BoardThreads
{
    /// <summary>The most answers of a thread that are read, best first.</summary>
    public const int AnswersMax = 30;

    /// <summary>The most comments of a thread that are read, nearest first.</summary>
    public const int CommentsMax = 30;

    extension(PyboDb db)
    {
        /// <summary>Returns the threads of these questions, in the order of the ids; missing ones are left out.</summary>
        /// <param name="questionIds">A few ids, such as those of the passages found for a question.</param>
        /// <param name="embedding">The question's vector, to find each passage's best chunk; null without a model.</param>
        /// <param name="viewer">Who asks.</param>
        /// <param name="ct">Cancels.</param>
        public async Task<List<BoardThread>> ThreadsAsync(IReadOnlyList<long> questionIds, (long ModelId, ReadOnlyMemory<float> Vector)? embedding, Viewer viewer, CancellationToken ct)
        {
            var questions = await db.ReadableQuestions(viewer).AsNoTracking().Where(q => questionIds.Contains(q.Id))
                .Select(q => new { q.Id, q.AuthorId, q.AcceptedAnswerId }).ToDictionaryAsync(q => q.Id, ct);
            var answers = (await db.ReadableAnswers(viewer).AsNoTracking().Where(a => questionIds.Contains(a.QuestionId))
                .Select(a => new { a.Id, a.QuestionId, a.AuthorId, a.VoteCount }).ToListAsync(ct)).ToLookup(a => a.QuestionId);
            var passages = (await db.ThreadPassagesAsync(questionIds, embedding, viewer, ct)).ToLookup(p => p.QuestionId);
            var written = passages.SelectMany(p => p).Select(p => p.CommentId).OfType<long>().Distinct().ToList();
            var comments = await db.ReadableComments(viewer).AsNoTracking().Where(c => written.Contains(c.Id)).Select(c => new { c.Id, c.QuestionId, c.AuthorId }).ToDictionaryAsync(c => c.Id, ct);
            var threads = new List<BoardThread>();
            foreach (var id in questionIds.Where(questions.ContainsKey))
            {
                var (question, posts) = (questions[id], passages[id].Where(p => p.CommentId is null).ToLookup(p => p.AnswerId));
                var remarks = passages[id].Where(p => p.CommentId is not null).ToLookup(p => p.CommentId!.Value);
                if (posts[null].FirstOrDefault() is not { } first)
                {
                    continue;
                }

                var ordered = answers[id].Where(a => posts.Contains(a.Id))
                    .Select(a => new ThreadAnswer(a.Id, a.Id == question.AcceptedAnswerId && a.VoteCount >= 0,
                        a.AuthorId == question.AuthorId && question.AcceptedAnswerId is { } accepted && a.Id > accepted && a.VoteCount >= 0, a.VoteCount, [.. posts[a.Id]]))
                    .OrderByDescending(a => a.IsAccepted).ThenByDescending(a => a.IsCorrection).ThenByDescending(a => a.Votes).ThenByDescending(a => a.Best.Cosine).ThenBy(a => a.Id);
                var nearest = remarks.Where(r => comments.ContainsKey(r.Key))
                    .Select(r => new ThreadComment(r.Key, comments[r.Key].QuestionId is not null && comments[r.Key].AuthorId == question.AuthorId, [.. r.OrderBy(p => p.Start)]))
                    .OrderByDescending(c => c.Best.Cosine).ThenBy(c => c.Id);
                threads.Add(new(id, first.Title, [.. posts[null]], [.. ordered.Take(AnswersMax)], [.. nearest.Take(CommentsMax)]));
            }

            return threads;
        }
    }
}
