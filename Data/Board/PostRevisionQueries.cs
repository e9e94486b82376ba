using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A version as its history shows it.</summary>
/// <param name="Tags">The names of the tags, separated by commas.</param>
/// <param name="Editor">Who saved it; null if that member is gone.</param>
public sealed record PostVersion(int Number, string Title, string Body, string Tags, string? Editor, DateTime SavedAt);

/// <summary>Reads, writes and erases the versions of posts, which those who may read the post may read; ownership as in <see cref="QuestionQueries"/>.</summary>
public static class PostRevisionQueries
{
    extension(PyboDb db)
    {
        public Task<int> CountVersionsAsync(CommentedPost post, Viewer viewer, CancellationToken ct) => db.RevisionsOf(post, viewer).CountAsync(ct);

        /// <summary>Returns versions of a post, newest first: the first of all is the present one.</summary>
        public Task<List<PostVersion>> VersionsAsync(CommentedPost post, int skip, int take, Viewer viewer, CancellationToken ct) => db.RevisionsOf(post, viewer)
            .OrderByDescending(r => r.Number).Skip(skip).Take(take)
            .Select(r => new PostVersion(r.Number, r.Title, r.Body, r.Tags, r.Editor!.UserName, r.SavedAt)).ToListAsync(ct);

        /// <summary>Makes an earlier version of a question the present one, which is an edit.</summary>
        /// <param name="id">The question.</param>
        /// <param name="number">The version.</param>
        /// <param name="actor">Its author, or an administrator.</param>
        /// <param name="render">Renders the text.</param>
        /// <param name="suggests">True to queue a suggested answer.</param>
        /// <param name="ct">Cancels; nothing is saved.</param>
        public async Task<int> RestoreQuestionAsync(long id, int number, Actor actor, Func<string, RenderedHtml> render, bool suggests, CancellationToken ct) =>
            await db.VersionAsync(CommentedPost.Question(id), number, actor.Viewer, ct) is { } version
                ? await db.RewriteQuestionAsync(id, actor, version.Title, version.Body, render(version.Body), suggests, TagNames.Read(version.Tags).Names, ct) : 0;

        /// <inheritdoc cref="RestoreQuestionAsync"/>
        public async Task<int> RestoreAnswerAsync(long id, int number, Actor actor, Func<string, RenderedHtml> render, CancellationToken ct) =>
            await db.VersionAsync(CommentedPost.Answer(id), number, actor.Viewer, ct) is { } version
                ? await db.RewriteAnswerAsync(id, actor, version.Body, render(version.Body), ct) : 0;

        /// <summary>Removes an earlier version for good, such as one with a password that was posted by mistake.</summary>
        /// <returns>0 if it is the present one, missing, or not the actor's.</returns>
        public Task<int> EraseVersionAsync(CommentedPost post, int number, Actor actor, CancellationToken ct) => db.RevisionsOf(post, actor.Viewer)
            .Where(r => r.Number == number && db.PostRevisions.Any(l => l.QuestionId == r.QuestionId && l.AnswerId == r.AnswerId && l.Number > number))
            .Where(r => actor.IsAdministrator || db.WritableQuestions(actor.Viewer).Any(q => q.Id == r.QuestionId && q.AuthorId == actor.UserId)
                || db.WritableAnswers(actor.Viewer).Any(a => a.Id == r.AnswerId && a.AuthorId == actor.UserId))
            .ExecuteDeleteAsync(ct);

        /// <summary>Adds the version that an edit makes, after the one before it if that is the first edit, and removes the oldest beyond the limit, within the open transaction.</summary>
        /// <param name="first">The post before the edit, as version 1.</param>
        /// <param name="edited">Returns the post after it, with the number given.</param>
        /// <param name="ct">Cancels.</param>
        internal async Task KeepVersionAsync(PostRevision first, Func<int, PostRevision> edited, CancellationToken ct)
        {
            var versions = db.PostRevisions.Where(r => r.QuestionId == first.QuestionId && r.AnswerId == first.AnswerId);
            var last = await versions.MaxAsync(r => (int?)r.Number, ct);
            List<PostRevision> added = last is null ? [first, edited(first.Number + 1)] : [edited(last.Value + 1)];
            db.PostRevisions.AddRange(added);
            await db.SaveChangesAsync(ct);
            foreach (var revision in added)
            {
                db.Entry(revision).State = EntityState.Detached;
            }

            var oldest = added[^1].Number - PostRevision.PerPostMax;
            await versions.Where(r => r.Number <= oldest).ExecuteDeleteAsync(ct);
        }

        private Task<PostVersion?> VersionAsync(CommentedPost post, int number, Viewer viewer, CancellationToken ct) => db.RevisionsOf(post, viewer).Where(r => r.Number == number)
            .Select(r => new PostVersion(r.Number, r.Title, r.Body, r.Tags, null, r.SavedAt)).SingleOrDefaultAsync(ct);

        private IQueryable<PostRevision> RevisionsOf(CommentedPost post, Viewer viewer)
        {
            var (questions, answers) = (db.ReadableQuestions(viewer), db.ReadableAnswers(viewer));
            return db.PostRevisions.Where(r => r.QuestionId == post.QuestionId && r.AnswerId == post.AnswerId
                && (questions.Any(q => q.Id == r.QuestionId) || answers.Any(a => a.Id == r.AnswerId)));
        }
    }
}
