using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A question or an answer: the post that a comment is on, or that has versions.</summary>
public readonly record struct CommentedPost
{
    private CommentedPost(long? questionId, long? answerId) => (QuestionId, AnswerId) = (questionId, answerId);

    public long? QuestionId { get; }
    public long? AnswerId { get; }

    public static CommentedPost Question(long id) => new(id, null);

    public static CommentedPost Answer(long id) => new(null, id);
}

/// <summary>A comment as shown below its post.</summary>
/// <param name="AnswerId">The answer that it is on; null for one on the question.</param>
/// <param name="Html">The rendered text; null if it was not rendered yet, or by an older renderer.</param>
/// <param name="Body">The text to render; null if <paramref name="Html"/> is set.</param>
public sealed record CommentRow(long Id, long? AnswerId, long AuthorId, string Author, string? Html, string? Body, DateTime CreatedAt, DateTime? ModifiedAt);

/// <summary>A comment's text for its form, with the question of its thread.</summary>
public sealed record CommentText(long Id, long AuthorId, long QuestionId, string QuestionTitle, string Body, bool IsLocked);

/// <summary>What became of a new comment.</summary>
/// <param name="Id">The comment; null if it was not saved.</param>
/// <param name="IsFull">True if the post has <see cref="Comment.PerPostMax"/> comments already.</param>
public readonly record struct NewComment(long? Id, bool IsFull);

/// <summary>Reads and writes comments; ownership as in <see cref="QuestionQueries"/>.</summary>
public static class CommentQueries
{
    extension(PyboDb db)
    {
        /// <summary>Returns the comments on a question and on some of its answers, oldest first: at most <see cref="Comment.PerPostMax"/> of each.</summary>
        public Task<List<CommentRow>> CommentsAsync(long questionId, IReadOnlyCollection<long?> answerIds, Viewer viewer, int htmlVersion, CancellationToken ct) => db.ReadableComments(viewer)
            .Where(c => c.QuestionId == questionId || answerIds.Contains(c.AnswerId))
            .OrderBy(c => c.Id)
            .Select(c => new CommentRow(c.Id, c.AnswerId, c.AuthorId, c.Author!.UserName!,
                c.HtmlVersion >= htmlVersion ? c.Html : null, c.HtmlVersion >= htmlVersion ? null : c.Body, c.CreatedAt, c.ModifiedAt))
            .ToListAsync(ct);

        public Task<CommentText?> CommentTextAsync(long id, Viewer viewer, CancellationToken ct) => db.ReadableComments(viewer).Where(c => c.Id == id)
            .Select(c => new CommentText(c.Id, c.AuthorId, c.QuestionId ?? c.Answer!.QuestionId, c.QuestionId != null ? c.Question!.Title : c.Answer!.Question!.Title, c.Body,
                c.QuestionId != null ? c.Question!.IsLocked : c.Answer!.Question!.IsLocked))
            .SingleOrDefaultAsync(ct);

        /// <summary>Returns the question of the thread that a post is in, with its title; null if the post does not exist for this viewer.</summary>
        public Task<QuestionTitle?> ThreadOfAsync(CommentedPost post, Viewer viewer, CancellationToken ct) => post.QuestionId is { } question
            ? db.ReadableQuestions(viewer).Where(q => q.Id == question).Select(q => new QuestionTitle(q.Id, q.Title)).SingleOrDefaultAsync(ct)
            : db.ReadableAnswers(viewer).Where(a => a.Id == post.AnswerId).Select(a => new QuestionTitle(a.QuestionId, a.Question!.Title)).SingleOrDefaultAsync(ct);

        /// <summary>Returns the answer that a comment of this thread is on; null for one on the question, or of another thread.</summary>
        public Task<long?> AnswerOfCommentAsync(long questionId, long id, Viewer viewer, CancellationToken ct) =>
            db.ReadableComments(viewer).Where(c => c.Id == id && c.Answer!.QuestionId == questionId).Select(c => c.AnswerId).SingleOrDefaultAsync(ct);

        /// <summary>Comments on a post, if it exists and takes another comment.</summary>
        public async Task<NewComment> CommentAsync(CommentedPost post, long authorId, string body, CancellationToken ct, RenderedHtml html = default)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.ThreadOfAsync(post, new(authorId), ct) is not { } thread || !await db.WritableQuestions(new(authorId)).AnyAsync(q => q.Id == thread.Id, ct))
            {
                return default;
            }

            if (await db.Comments.CountAsync(c => c.QuestionId == post.QuestionId && c.AnswerId == post.AnswerId, ct) >= Comment.PerPostMax)
            {
                return new(null, IsFull: true);
            }

            var since = DateTime.UtcNow - QuestionQueries.RepeatedWithin;
            if (await db.Comments.Where(c => c.QuestionId == post.QuestionId && c.AnswerId == post.AnswerId && c.AuthorId == authorId && c.CreatedAt > since && c.Body == body)
                .Select(c => (long?)c.Id).FirstOrDefaultAsync(ct) is { } sent)
            {
                return new(sent, IsFull: false);
            }

            var comment = new Comment { QuestionId = post.QuestionId, AnswerId = post.AnswerId, AuthorId = authorId, Body = body, Html = html.Html, HtmlVersion = html.Version };
            db.Comments.Add(comment);
            await db.SaveChangesAsync(ct);
            await db.TellAsync(new(thread.Id, null, comment.Id, authorId), body, ct);
            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return new(comment.Id, IsFull: false);
        }

        /// <summary>Changes one's own comment. Text removed by the edit is no longer found or quoted from this moment on.</summary>
        public async Task<int> EditCommentAsync(long id, long authorId, string body, CancellationToken ct, RenderedHtml html = default)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.CommentTextAsync(id, new(authorId), ct) is not { } before || before.AuthorId != authorId || !await db.WritableComments(new(authorId)).AnyAsync(c => c.Id == id, ct))
            {
                return 0;
            }

            var rows = await db.Comments.Where(c => c.Id == id && c.AuthorId == authorId)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Body, body).SetProperty(c => c.Html, html.Html).SetProperty(c => c.HtmlVersion, html.Version)
                    .SetProperty(c => c.ModifiedAt, DateTime.UtcNow).MarkChanged(), ct);
            await db.Passages.Where(p => p.CommentId == id && before.Body != body).ExecuteDeleteAsync(ct);
            await db.ReviseCitationsAsync(db.Citations.Where(c => c.CommentId == id), SourceText.Of(before.QuestionTitle, before.Body), SourceText.Of(before.QuestionTitle, body), ct);
            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return rows;
        }

        /// <summary>Returns the comments of a thread.</summary>
        internal IQueryable<Comment> CommentsOfThread(long questionId) => db.Comments
            .Where(c => c.QuestionId == questionId || db.Answers.Where(a => a.QuestionId == questionId).Select(a => (long?)a.Id).Contains(c.AnswerId));
    }
}
