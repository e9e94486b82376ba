using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A deleted post as the list of them shows it.</summary>
/// <param name="DeletedBy">Null if that member is gone.</param>
public sealed record DeletedPostRow(PassageKind Kind, long PostId, long QuestionId, string Title, string Beginning, string Author, string? DeletedBy, DateTime DeletedAt);

/// <summary>Deletes posts so that they can be restored, restores them, and erases them for good.</summary>
public static class DeletedPostQueries
{
    extension(PyboDb db)
    {
        /// <summary>Deletes a question with its answers, comments, votes and passages. Its author may not once others have answered; an administrator may.</summary>
        public async Task<int> DeleteQuestionAsync(long id, Actor actor, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var rows = await db.SetQuestionAsideAsync(id, actor, ct);
            await transaction.CommitAsync(ct);
            return rows;
        }

        /// <summary>Deletes a question so that it can be restored, within the open transaction.</summary>
        internal Task<int> SetQuestionAsideAsync(long id, Actor actor, CancellationToken ct) => db.SetAsideAsync(db.WritableQuestions(actor.Viewer)
            .Where(q => q.Id == id && (actor.IsAdministrator || (q.AuthorId == actor.UserId && !q.Answers.Any(a => a.AuthorId != actor.UserId))))
            .Select(q => new DeletedPost
            {
                Kind = PassageKind.Question,
                PostId = q.Id,
                QuestionId = q.Id,
                Title = q.Title,
                Beginning = q.Body.Substring(0, RecentPosts.BeginningMax),
                AuthorId = q.AuthorId,
                AcceptedAnswerId = q.AcceptedAnswerId,
            }), actor, ct);

        /// <summary>Deletes an answer with its comments, votes and passages.</summary>
        public Task<int> DeleteAnswerAsync(long id, Actor actor, CancellationToken ct) => db.DeleteAsync(db.WritableAnswers(actor.Viewer)
            .Where(a => a.Id == id && (a.AuthorId == actor.UserId || actor.IsAdministrator))
            .Select(a => new DeletedPost
            {
                Kind = PassageKind.Answer,
                PostId = a.Id,
                QuestionId = a.QuestionId,
                Title = a.Question!.Title,
                Beginning = a.Body.Substring(0, RecentPosts.BeginningMax),
                AuthorId = a.AuthorId,
                AcceptedAnswerId = a.Question.AcceptedAnswerId == a.Id ? a.Id : null,
            }), actor, ct);

        public Task<int> DeleteCommentAsync(long id, Actor actor, CancellationToken ct) => db.DeleteAsync(db.WritableComments(actor.Viewer)
            .Where(c => c.Id == id && (c.AuthorId == actor.UserId || actor.IsAdministrator))
            .Select(c => new DeletedPost
            {
                Kind = PassageKind.Comment,
                PostId = c.Id,
                QuestionId = c.QuestionId ?? c.Answer!.QuestionId,
                Title = c.QuestionId != null ? c.Question!.Title : c.Answer!.Question!.Title,
                Beginning = c.Body.Substring(0, RecentPosts.BeginningMax),
                AuthorId = c.AuthorId,
            }), actor, ct);

        /// <summary>Returns a deleted post that the actor may restore: an administrator any, a member those that they deleted themselves.</summary>
        public Task<DeletedPost?> DeletedPostAsync(PassageKind kind, long id, Actor actor, CancellationToken ct) => db.DeletedPosts.AsNoTracking()
            .SingleOrDefaultAsync(d => d.Kind == kind && d.PostId == id && (actor.IsAdministrator || d.DeletedById == actor.UserId), ct);

        /// <summary>Restores a deleted post with what went with it, under its own id, and queues it to be indexed.</summary>
        /// <returns>False if it may not be restored, the post that it was on is deleted itself, or the actor may no longer read or change its thread.</returns>
        public async Task<bool> RestorePostAsync(PassageKind kind, long id, Actor actor, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.DeletedPostAsync(kind, id, actor, ct) is not { } post)
            {
                return false;
            }

            foreach (var table in DeletedTables.Of(db.Model, kind))
            {
                // The first table is the post's own, with one row.
                if (await db.Database.ExecuteSqlRawAsync(table.Restore, [post.Id], ct) == 0 && table.Type.ClrType.Name == kind.ToString())
                {
                    return false;
                }
            }

            if (!await db.WritableQuestions(actor.Viewer).AnyAsync(q => q.Id == post.QuestionId, ct))
            {
                return false;
            }

            await db.SetTagsAsync(post.QuestionId, post.Tags, kind, ct);
            await db.Questions.Where(q => q.Id == post.QuestionId && q.AcceptedAnswerId == null && q.Answers.Any(a => a.Id == post.AcceptedAnswerId))
                .ExecuteUpdateAsync(set => set.SetProperty(q => q.AcceptedAnswerId, post.AcceptedAnswerId), ct);
            await db.DeletedPosts.Where(d => d.Id == post.Id).ExecuteDeleteAsync(ct);
            if (kind == PassageKind.Question)
            {
                // It has its address again.
                await db.MergedQuestions.Where(m => m.Id == post.PostId).ExecuteDeleteAsync(ct);
                await db.Database.ExecuteSqlAsync($"insert into Counters(Name, Value) values ({Counter.RestoredQuestions}, 1) on conflict(Name) do update set Value = Value + 1", ct);
            }

            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return true;
        }

        public Task<int> CountDeletedPostsAsync(CancellationToken ct) => db.DeletedPosts.CountAsync(ct);

        /// <summary>Returns deleted posts, the last deleted first.</summary>
        public Task<List<DeletedPostRow>> DeletedPostsAsync(int skip, int take, CancellationToken ct) => db.DeletedPosts
            .OrderByDescending(d => d.Id).Skip(skip).Take(take)
            .Select(d => new DeletedPostRow(d.Kind, d.PostId, d.QuestionId, d.Title, d.Beginning, d.Author!.UserName!, d.DeletedBy!.UserName, d.DeletedAt)).ToListAsync(ct);

        /// <summary>Erases a deleted post for good.</summary>
        public Task<int> ErasePostAsync(PassageKind kind, long id, CancellationToken ct) => db.DeletedPosts.Where(d => d.Kind == kind && d.PostId == id).ExecuteDeleteAsync(ct);

        /// <summary>Erases the posts that were deleted before <see cref="DeletedPost.KeptFor"/>. Only writes if there are any.</summary>
        internal async Task<int> EraseOldPostsAsync(DateTime now, CancellationToken ct)
        {
            var before = now - DeletedPost.KeptFor;
            var old = db.DeletedPosts.Where(d => d.DeletedAt < before);
            return await old.AnyAsync(ct) ? await old.ExecuteDeleteAsync(ct) : 0;
        }

        private async Task<int> DeleteAsync(IQueryable<DeletedPost> found, Actor actor, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var rows = await db.SetAsideAsync(found, actor, ct);
            await transaction.CommitAsync(ct);
            return rows;
        }

        private async Task<int> SetAsideAsync(IQueryable<DeletedPost> found, Actor actor, CancellationToken ct)
        {
            if (await found.SingleOrDefaultAsync(ct) is not { } post)
            {
                return 0;
            }

            post.DeletedById = actor.UserId;
            post.Tags = post.Kind == PassageKind.Question ? TagNames.Joined((await db.TagsOfAsync([post.PostId], ct))[post.PostId]) : "";
            db.DeletedPosts.Add(post);
            await db.SaveChangesAsync(ct);
            db.Entry(post).State = EntityState.Detached;
            foreach (var table in DeletedTables.Of(db.Model, post.Kind))
            {
                await db.Database.ExecuteSqlRawAsync(table.Keep, [post.Id, post.PostId], ct);
            }

            return await (post.Kind switch
            {
                PassageKind.Question => db.Questions.Where(q => q.Id == post.PostId).ExecuteDeleteAsync(ct),
                PassageKind.Answer => db.Answers.Where(a => a.Id == post.PostId).ExecuteDeleteAsync(ct),
                _ => db.Comments.Where(c => c.Id == post.PostId).ExecuteDeleteAsync(ct),
            });
        }

        private Task SetTagsAsync(long questionId, string tags, PassageKind kind, CancellationToken ct) =>
            kind == PassageKind.Question ? db.SetTagsAsync(questionId, TagNames.Read(tags).Names, ct) : Task.CompletedTask;
    }
}
