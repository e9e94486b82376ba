using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The orders of a question's answers; the accepted one is first in each.</summary>
public enum AnswerSort
{
    Votes,
    Newest,
    Oldest,
}

/// <summary>An answer as shown on the question's page.</summary>
/// <param name="Html">The rendered text; null if it was not rendered yet, or by an older renderer.</param>
/// <param name="Body">The text to render; null if <paramref name="Html"/> is set.</param>
/// <param name="IsVoted">True if the reader has voted for it.</param>
public sealed record AnswerRow(long Id, long AuthorId, string Author, string? Html, string? Body, DateTime CreatedAt, DateTime? ModifiedAt, int VoteCount, bool IsVoted);

/// <summary>An answer's text for its form, with its question.</summary>
public sealed record AnswerText(long Id, long AuthorId, long QuestionId, string QuestionTitle, string Body, bool IsLocked);

/// <summary>Reads and writes answers; ownership as in <see cref="QuestionQueries"/>.</summary>
public static class AnswerQueries
{
    public const int PageSize = 10;

    extension(PyboDb db)
    {
        /// <summary>Returns a page of a question's answers. Only this question's answers are sorted, so skipping is cheap.</summary>
        public Task<List<AnswerRow>> AnswerPageAsync(QuestionDetail question, AnswerSort sort, int page, Viewer viewer, int htmlVersion, CancellationToken ct) =>
            Sorted(db.ReadableAnswers(viewer).Where(a => a.QuestionId == question.Id), question.AcceptedAnswerId, sort)
                .Skip((page - 1) * PageSize).Take(PageSize)
                .Select(a => new AnswerRow(a.Id, a.AuthorId, a.Author!.UserName!,
                    a.HtmlVersion >= htmlVersion ? a.Html : null, a.HtmlVersion >= htmlVersion ? null : a.Body, a.CreatedAt, a.ModifiedAt, a.VoteCount, a.Votes.Any(v => v.UserId == viewer.UserId)))
                .ToListAsync(ct);

        /// <summary>Returns the page that contains an answer; null if it is not one of this question's.</summary>
        public async Task<int?> AnswerPageOfAsync(QuestionDetail question, long answerId, AnswerSort sort, CancellationToken ct)
        {
            var answers = db.Answers.Where(a => a.QuestionId == question.Id);
            var votes = await answers.Where(a => a.Id == answerId).Select(a => (int?)a.VoteCount).SingleOrDefaultAsync(ct);
            if (votes is null || answerId == question.AcceptedAnswerId)
            {
                return votes is null ? null : 1;
            }

            var before = await answers.Where(a => a.Id == question.AcceptedAnswerId || sort == AnswerSort.Votes && (a.VoteCount > votes || a.VoteCount == votes && a.Id < answerId)
                || sort == AnswerSort.Newest && a.Id > answerId || sort == AnswerSort.Oldest && a.Id < answerId).CountAsync(ct);
            return (before / PageSize) + 1;
        }

        public Task<AnswerText?> AnswerTextAsync(long id, Viewer viewer, CancellationToken ct) => db.ReadableAnswers(viewer).Where(a => a.Id == id)
            .Select(a => new AnswerText(a.Id, a.AuthorId, a.QuestionId, a.Question!.Title, a.Body, a.Question.IsLocked)).SingleOrDefaultAsync(ct);

        /// <summary>Answers a question; null if it does not exist for the author, or takes no answers from them.</summary>
        public async Task<long?> AnswerAsync(long questionId, long authorId, string body, CancellationToken ct, RenderedHtml html = default)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (!await db.AnswerableQuestions(new(authorId)).AnyAsync(q => q.Id == questionId, ct))
            {
                return null;
            }

            var since = DateTime.UtcNow - QuestionQueries.RepeatedWithin;
            if (await db.Answers.Where(a => a.QuestionId == questionId && a.AuthorId == authorId && a.CreatedAt > since && a.Body == body).Select(a => (long?)a.Id).FirstOrDefaultAsync(ct) is { } sent)
            {
                return sent;
            }

            var answer = new Answer { QuestionId = questionId, AuthorId = authorId, Body = body, Html = html.Html, HtmlVersion = html.Version };
            db.Answers.Add(answer);
            await db.SaveChangesAsync(ct);
            await db.TellAsync(new(questionId, answer.Id, null, authorId), body, ct);
            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return answer.Id;
        }

        /// <summary>Changes one's own answer.</summary>
        public Task<int> EditAnswerAsync(long id, long authorId, string body, CancellationToken ct, RenderedHtml html = default) =>
            db.RewriteAnswerAsync(id, new(authorId, IsAdministrator: false), body, html, ct);

        /// <summary>
        /// Changes an answer and keeps the version before. Text removed by the edit is no longer found or quoted from this moment on. An edit that changes
        /// nothing leaves no trace.
        /// </summary>
        internal async Task<int> RewriteAnswerAsync(long id, Actor actor, string body, RenderedHtml html, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var before = await db.WritableAnswers(actor.Viewer).Where(a => a.Id == id && (a.AuthorId == actor.UserId || actor.IsAdministrator))
                .Select(a => new { a.Body, a.Question!.Title, a.AuthorId, SavedAt = a.ModifiedAt ?? a.CreatedAt }).SingleOrDefaultAsync(ct);
            if (before is null || before.Body == body)
            {
                return before is null ? 0 : 1;
            }

            await db.KeepVersionAsync(new() { AnswerId = id, Number = 1, Title = "", Body = before.Body, Tags = "", EditorId = before.AuthorId, SavedAt = before.SavedAt },
                number => new() { AnswerId = id, Number = number, Title = "", Body = body, Tags = "", EditorId = actor.UserId }, ct);
            var rows = await db.Answers.Where(a => a.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.Body, body).SetProperty(a => a.Html, html.Html).SetProperty(a => a.HtmlVersion, html.Version)
                    .SetProperty(a => a.ModifiedAt, DateTime.UtcNow).MarkChanged(), ct);
            await db.Passages.Where(p => p.AnswerId == id).ExecuteDeleteAsync(ct);
            await db.ReviseCitationsAsync(db.Citations.Where(c => c.AnswerId == id), SourceText.Of(before.Title, before.Body), SourceText.Of(before.Title, body), ct);
            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return rows;
        }

        /// <summary>Votes once; a second vote changes nothing.</summary>
        public async Task<VoteResult> VoteAnswerAsync(long id, long userId, CancellationToken ct)
        {
            var authorId = await db.WritableAnswers(new(userId)).Where(a => a.Id == id).Select(a => (long?)a.AuthorId).SingleOrDefaultAsync(ct);
            if (authorId is null || authorId == userId)
            {
                return authorId is null ? VoteResult.Missing : VoteResult.Own;
            }

            await db.Database.ExecuteSqlAsync($"""
                insert into AnswerVotes(AnswerId, UserId) select Id, {userId} from Answers where Id = {id} and AuthorId <> {userId} on conflict do nothing
                """, ct);
            return VoteResult.Done;
        }

        public Task<int> UnvoteAnswerAsync(long id, long userId, CancellationToken ct) =>
            db.AnswerVotes.Where(v => v.AnswerId == id && v.UserId == userId && db.WritableAnswers(new(userId)).Any(a => a.Id == id)).ExecuteDeleteAsync(ct);
    }

    private static IOrderedQueryable<Answer> Sorted(IQueryable<Answer> answers, long? acceptedId, AnswerSort sort)
    {
        var accepted = answers.OrderByDescending(a => a.Id == acceptedId);
        return sort switch
        {
            AnswerSort.Newest => accepted.ThenByDescending(a => a.Id),
            AnswerSort.Oldest => accepted.ThenBy(a => a.Id),
            // Ties put the earlier answer first, so that a conversation reads in order.
            _ => accepted.ThenByDescending(a => a.VoteCount).ThenBy(a => a.Id),
        };
    }
}
