using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The orders of a question's answers; the accepted one is first in each, unless its votes are below zero.</summary>
public enum AnswerSort
{
    Votes,
    Newest,
    Oldest,
}

/// <summary>An answer as shown on the question's page.</summary>
/// <param name="Html">The rendered text; null if it was not rendered yet, or by an older renderer.</param>
/// <param name="Body">The text to render; null if <paramref name="Html"/> is set.</param>
/// <param name="OwnVote">The reader's vote: 1, −1, or 0 for none.</param>
/// <param name="AuthorPoints">The points of its author: <see cref="User.Reputation"/>.</param>
public sealed record AnswerRow(long Id, long AuthorId, string Author, string? Html, string? Body, DateTime CreatedAt, DateTime? ModifiedAt, int VoteCount, int OwnVote, int AuthorPoints);

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
                    a.HtmlVersion >= htmlVersion ? a.Html : null, a.HtmlVersion >= htmlVersion ? null : a.Body, a.CreatedAt, a.ModifiedAt, a.VoteCount, a.Votes.Where(v => v.UserId == viewer.UserId).Select(v => v.Value).FirstOrDefault(), a.Author.Reputation))
                .ToListAsync(ct);

        /// <summary>Returns the page that contains an answer; null if it is not one of this question's.</summary>
        public async Task<int?> AnswerPageOfAsync(QuestionDetail question, long answerId, AnswerSort sort, CancellationToken ct)
        {
            var answers = db.Answers.Where(a => a.QuestionId == question.Id);
            var votes = await answers.Where(a => a.Id == answerId).Select(a => (int?)a.VoteCount).SingleOrDefaultAsync(ct);
            if (votes is null || (answerId == question.AcceptedAnswerId && votes >= 0))
            {
                return votes is null ? null : 1;
            }

            var before = await answers.Where(a => (a.Id == question.AcceptedAnswerId && a.VoteCount >= 0) || sort == AnswerSort.Votes && (a.VoteCount > votes || a.VoteCount == votes && a.Id < answerId)
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

        /// <summary>Changes one's own answer, or with <paramref name="ofOthers"/> any that one may read.</summary>
        public Task<int> EditAnswerAsync(long id, long editorId, string body, CancellationToken ct, RenderedHtml html = default, bool ofOthers = false) =>
            db.RewriteAnswerAsync(id, new(editorId, IsAdministrator: false) { EditsOthers = ofOthers }, body, html, ct);

        /// <summary>
        /// Changes an answer, keeps the version before, and tells its author if another member did. Text removed by the edit is no longer found or quoted from this moment on. An edit that changes
        /// nothing leaves no trace.
        /// </summary>
        internal async Task<int> RewriteAnswerAsync(long id, Actor actor, string body, RenderedHtml html, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var before = await db.WritableAnswers(actor.Viewer).Where(a => a.Id == id && (a.AuthorId == actor.UserId || actor.EditsAny))
                .Select(a => new { a.Body, a.Question!.Title, a.QuestionId, a.AuthorId, SavedAt = a.ModifiedAt ?? a.CreatedAt }).SingleOrDefaultAsync(ct);
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
            await db.TellEditedAsync(before.AuthorId, new(before.QuestionId, id, null, actor.UserId), ct);
            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return rows;
        }

        /// <inheritdoc cref="QuestionQueries.VoteQuestionAsync(PyboDb, long, long, CancellationToken, Privileges)"/>
        public async Task<VoteResult> VoteAnswerAsync(long id, long userId, CancellationToken ct, Privileges? down = null)
        {
            var authorId = await db.WritableAnswers(new(userId)).Where(a => a.Id == id).Select(a => (long?)a.AuthorId).SingleOrDefaultAsync(ct);
            var result = await db.MayVoteAsync(authorId, userId, down, ct);
            if (result == VoteResult.Done)
            {
                var value = down is null ? 1 : -1;
                await db.Database.ExecuteSqlAsync($"""
                    insert into AnswerVotes(AnswerId, UserId, Value) select Id, {userId}, {value} from Answers where Id = {id} and AuthorId <> {userId}
                    on conflict(AnswerId, UserId) do update set Value = excluded.Value where Value <> excluded.Value
                    """, ct);
            }

            return result;
        }

        public Task<int> UnvoteAnswerAsync(long id, long userId, CancellationToken ct) =>
            db.AnswerVotes.Where(v => v.AnswerId == id && v.UserId == userId && db.WritableAnswers(new(userId)).Any(a => a.Id == id)).ExecuteDeleteAsync(ct);
    }

    private static IOrderedQueryable<Answer> Sorted(IQueryable<Answer> answers, long? acceptedId, AnswerSort sort)
    {
        var accepted = answers.OrderByDescending(a => a.Id == acceptedId && a.VoteCount >= 0);
        return sort switch
        {
            AnswerSort.Newest => accepted.ThenByDescending(a => a.Id),
            AnswerSort.Oldest => accepted.ThenBy(a => a.Id),
            // Ties put the earlier answer first, so that a conversation reads in order.
            _ => accepted.ThenByDescending(a => a.VoteCount).ThenBy(a => a.Id),
        };
    }
}
