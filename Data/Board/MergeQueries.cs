using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A question that was merged into another: its address leads there.</summary>
public sealed class MergedQuestion
{
    /// <summary>The id that the merged question had.</summary>
    public required long Id { get; init; }
    public required long IntoId { get; init; }
}

/// <summary>Merges duplicates: the answers, comments, votes, followers and bookmarks of one question become another's. The question itself is deleted and can be restored, without what moved.</summary>
public static class MergeQueries
{
    /// <summary>The most answers and comments that move at once.</summary>
    public const int PostsMax = 1_000;

    extension(PyboDb db)
    {
        /// <summary>Returns the question that another one was merged into, if the viewer may read it.</summary>
        public Task<QuestionTitle?> MergedIntoAsync(long id, Viewer viewer, CancellationToken ct) => db.ReadableQuestions(viewer)
            .Where(q => db.MergedQuestions.Any(m => m.Id == id && m.IntoId == q.Id)).Select(q => new QuestionTitle(q.Id, q.Title)).SingleOrDefaultAsync(ct);

        /// <summary>Merges a question into another one that the same people may read.</summary>
        /// <param name="id">The question that goes.</param>
        /// <param name="intoId">The question that stays.</param>
        /// <param name="keepsText">True to make the text of the one that goes an answer of its asker.</param>
        /// <param name="actor">An administrator.</param>
        /// <param name="ct">Cancels; nothing is changed.</param>
        public async Task<ModerationResult> MergeQuestionsAsync(long id, long? intoId, bool keepsText, Actor actor, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var both = await db.ReadableQuestions(actor.Viewer).Where(q => actor.IsAdministrator && (q.Id == id || q.Id == intoId)).AsNoTracking().Include(q => q.Category).ToDictionaryAsync(q => q.Id, ct);
            if (!both.TryGetValue(id, out var from))
            {
                return ModerationResult.NotAllowed;
            }

            if (intoId is not { } to || to == id || !both.TryGetValue(to, out var into))
            {
                return ModerationResult.NoOriginal;
            }

            if (from.Category!.Audience != into.Category!.Audience)
            {
                return ModerationResult.OtherReaders;
            }

            var comments = await db.Comments.CountAsync(c => c.QuestionId == id || c.QuestionId == to, ct);
            if (comments > Comment.PerPostMax || from.AnswerCount + await db.CommentsOfThread(id).CountAsync(ct) > PostsMax)
            {
                return ModerationResult.TooManyPosts;
            }

            await db.MovePostsAsync(from, into, ct);
            await db.MoveReadersAsync(from, into, ct);
            if (keepsText)
            {
                db.Answers.Add(new() { QuestionId = to, AuthorId = from.AuthorId, Body = from.Body, Html = from.Html, HtmlVersion = from.HtmlVersion, CreatedAt = from.CreatedAt });
                await db.SaveChangesAsync(ct);
            }

            await db.SetQuestionAsideAsync(id, actor, ct);
            await db.Database.ExecuteSqlAsync($"insert into MergedQuestions(Id, IntoId) values ({id}, {to})", ct);
            await db.NoteActAsync(to, actor, ModerationKind.Merged, $"#{id} {from.Title}".Cut(ModerationQueries.NoteMax, "…"), ct);
            await db.TellMergedAsync(to, from.AuthorId, actor.UserId, ct);
            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return ModerationResult.Done;
        }

        /// <summary>Moves answers and comments with what refers to them, and queues them to be indexed under the other title.</summary>
        private async Task MovePostsAsync(Question from, Question into, CancellationToken ct)
        {
            var (id, to) = (from.Id, into.Id);
            await db.ReviseQuestionCitationsAsync(id, (from.Title, from.Body), (into.Title, from.Body), ct);
            await db.Citations.Where(c => c.QuestionId == id && c.Kind != PassageKind.Question).ExecuteUpdateAsync(
                set => set.SetProperty(c => c.QuestionId, to).SetProperty(c => c.Source, c => c.Source.Replace($"/questions/{id}?", $"/questions/{to}?")), ct);
            await db.Notifications.Where(n => n.QuestionId == id && (n.AnswerId != null || n.CommentId != null)).ExecuteUpdateAsync(set => set.SetProperty(n => n.QuestionId, to), ct);
            await db.Passages.Where(p => p.QuestionId == id).ExecuteDeleteAsync(ct);
            await db.CommentsOfThread(id).ExecuteUpdateAsync(set => set.MarkChanged(), ct);
            await db.Comments.Where(c => c.QuestionId == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.QuestionId, (long?)to), ct);
            await db.Answers.Where(a => a.QuestionId == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.QuestionId, to).MarkChanged(), ct);
        }

        /// <summary>Moves votes, follows, bookmarks, drafts and views, each member's once, and what repeats the question or was merged into it.</summary>
        private async Task MoveReadersAsync(Question from, Question into, CancellationToken ct)
        {
            var (id, to) = (from.Id, into.Id);
            await db.Database.ExecuteSqlAsync($"insert into QuestionVotes(QuestionId, UserId, Value) select {to}, UserId, Value from QuestionVotes where QuestionId = {id} and UserId <> {into.AuthorId} on conflict do nothing", ct);
            await db.Database.ExecuteSqlAsync($"insert into QuestionFollows(QuestionId, UserId) select {to}, UserId from QuestionFollows where QuestionId = {id} on conflict do nothing", ct);
            await db.Database.ExecuteSqlAsync($"insert into Bookmarks(UserId, QuestionId, CreatedAt) select UserId, {to}, CreatedAt from Bookmarks where QuestionId = {id} on conflict do nothing", ct);
            await db.Database.ExecuteSqlAsync($"update or ignore Drafts set Target = {DraftTarget.AnswerTo(to).ToString()} where Target = {DraftTarget.AnswerTo(id).ToString()}", ct);
            await db.Database.ExecuteSqlAsync($"update or ignore Drafts set Target = {DraftTarget.CommentOn(CommentedPost.Question(to)).ToString()} where Target = {DraftTarget.CommentOn(CommentedPost.Question(id)).ToString()}", ct);
            await db.Questions.Where(q => q.Id == to).ExecuteUpdateAsync(set => set.SetProperty(q => q.Views, q => q.Views + from.Views).SetProperty(q => q.OriginalId, q => q.OriginalId == id ? null : q.OriginalId), ct);
            await db.Questions.Where(q => q.OriginalId == id).ExecuteUpdateAsync(set => set.SetProperty(q => q.OriginalId, (long?)to), ct);
            await db.MergedQuestions.Where(m => m.IntoId == id).ExecuteUpdateAsync(set => set.SetProperty(m => m.IntoId, to), ct);
        }
    }
}
