using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>What keeps a thread from being answered or changed.</summary>
/// <param name="Note">What was said when it was closed; empty for nothing.</param>
/// <param name="ClosedBy">Null if that member is gone.</param>
/// <param name="Original">The question that it repeats; null if it repeats none, or one that the reader may not read.</param>
public sealed record ThreadStatus(CloseReason? Closed, string Note, string? ClosedBy, DateTime? ClosedAt, QuestionTitle? Original, bool IsLocked, bool IsPinned, bool IsNotice)
{
    /// <summary>True if it takes no more answers, from anyone.</summary>
    public bool IsClosed => Closed is not null || IsNotice;
}

/// <summary>An act on a thread as its page lists it.</summary>
/// <param name="Actor">Null if that member is gone.</param>
public sealed record ModerationRow(ModerationKind Kind, string? Actor, string Note, DateTime CreatedAt);

/// <summary>What became of an act.</summary>
public enum ModerationResult
{
    Done,

    /// <summary>The question is missing, or not the actor's to moderate.</summary>
    NotAllowed,

    /// <summary>The question that it is said to repeat is missing, or is the same.</summary>
    NoOriginal,

    /// <summary>Its category has <see cref="ModerationQueries.PinnedPerCategoryMax"/> pinned questions already.</summary>
    TooManyPinned,

    /// <summary>Two questions to merge have different readers.</summary>
    OtherReaders,

    /// <summary>There are more posts to move than fit.</summary>
    TooManyPosts,
}

/// <summary>
/// Closes, locks and pins questions. Administrators do all of it; askers close their own questions, and open again what they closed. Which threads take posts and changes is
/// decided in <see cref="BoardAccess"/>.
/// </summary>
public static class ModerationQueries
{
    public const int NoteMax = 200;
    public const int PinnedPerCategoryMax = 5;

    /// <summary>Pinned questions that a list shows.</summary>
    public const int PinnedShownMax = 10;

    extension(PyboDb db)
    {
        public Task<ThreadStatus?> ThreadStatusAsync(long id, Viewer viewer, CancellationToken ct)
        {
            var readable = db.ReadableQuestions(viewer);
            return db.ReadableQuestions(viewer).Where(q => q.Id == id).Select(q => new ThreadStatus(
                q.ClosedReason, q.ClosedNote ?? "", q.ClosedBy!.UserName, q.ClosedAt, readable.Where(o => o.Id == q.OriginalId).Select(o => new QuestionTitle(o.Id, o.Title)).FirstOrDefault(),
                q.IsLocked, q.PinnedAt != null, q.IsNotice)).SingleOrDefaultAsync(ct);
        }

        /// <summary>Returns the pinned questions that a viewer may read, notices first.</summary>
        public Task<List<QuestionRow>> PinnedQuestionsAsync(Viewer viewer, CancellationToken ct, long? categoryId = null) => QuestionList.Rows(db.ReadableQuestions(viewer)
            .Where(q => q.PinnedAt != null && (categoryId == null || q.CategoryId == categoryId))
            .OrderByDescending(q => q.IsNotice).ThenByDescending(q => q.PinnedAt).Take(PinnedShownMax)).ToListAsync(ct);

        /// <summary>Returns what was done to a thread, newest first.</summary>
        public Task<List<ModerationRow>> ModerationOfAsync(long questionId, CancellationToken ct) => db.ModerationActs.Where(a => a.QuestionId == questionId)
            .OrderByDescending(a => a.Id).Take(ModerationAct.PerQuestionMax).Select(a => new ModerationRow(a.Kind, a.Actor!.UserName, a.Note, a.CreatedAt)).ToListAsync(ct);

        /// <summary>Closes a question: it takes no more answers. A duplicate names the question that it repeats; of a chain of duplicates, the first.</summary>
        public async Task<ModerationResult> CloseAsync(long id, Actor actor, CloseReason reason, string note, long? originalId, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.OwnOrModerated(id, actor).Select(q => (long?)q.AuthorId).SingleOrDefaultAsync(ct) is not { } author)
            {
                return ModerationResult.NotAllowed;
            }

            long? original = null;
            if (reason == CloseReason.Duplicate)
            {
                original = await db.ReadableQuestions(actor.Viewer).Where(q => q.Id == originalId).Select(q => q.OriginalId ?? q.Id).SingleOrDefaultAsync(ct);
                if (original == 0 || original == id)
                {
                    return ModerationResult.NoOriginal;
                }
            }

            await db.Questions.Where(q => q.Id == id).ExecuteUpdateAsync(set => set.SetProperty(q => q.ClosedReason, reason).SetProperty(q => q.ClosedNote, note)
                .SetProperty(q => q.ClosedById, actor.UserId).SetProperty(q => q.ClosedAt, DateTime.UtcNow).SetProperty(q => q.OriginalId, original), ct);
            // What repeats this question repeats the original too.
            await db.Questions.Where(q => original != null && q.OriginalId == id).ExecuteUpdateAsync(set => set.SetProperty(q => q.OriginalId, original), ct);
            await db.NoteActAsync(id, actor, ModerationKind.Closed, note, ct);
            await db.TellClosedAsync(id, author, actor.UserId, ct);
            await transaction.CommitAsync(ct);
            return ModerationResult.Done;
        }

        /// <summary>Opens a closed question again: administrators any, askers what they closed themselves.</summary>
        public Task<ModerationResult> ReopenAsync(long id, Actor actor, CancellationToken ct) => db.ActAsync(
            db.OwnOrModerated(id, actor).Where(q => q.ClosedReason != null && (actor.IsAdministrator || q.ClosedById == actor.UserId)), actor, ModerationKind.Reopened,
            found => found.ExecuteUpdateAsync(set => set.SetProperty(q => q.ClosedReason, (CloseReason?)null).SetProperty(q => q.ClosedNote, (string?)null)
                .SetProperty(q => q.ClosedById, (long?)null).SetProperty(q => q.ClosedAt, (DateTime?)null).SetProperty(q => q.OriginalId, (long?)null), ct), id, ct);

        /// <summary>Locks a thread or unlocks it: a locked one takes no posts, changes or votes, except an administrator's.</summary>
        public Task<ModerationResult> LockAsync(long id, Actor actor, bool locks, CancellationToken ct) => db.ActAsync(
            db.Moderated(id, actor), actor, locks ? ModerationKind.Locked : ModerationKind.Unlocked, found => found.ExecuteUpdateAsync(set => set.SetProperty(q => q.IsLocked, locks), ct), id, ct);

        /// <summary>Pins a question to the top of the lists, or unpins it, which a notice cannot be.</summary>
        public Task<ModerationResult> PinAsync(long id, Actor actor, bool pins, CancellationToken ct) => pins
            ? db.PutUpAsync(id, actor, ModerationKind.Pinned, isNotice: false, ct)
            : db.ActAsync(db.Moderated(id, actor).Where(q => !q.IsNotice), actor, ModerationKind.Unpinned, found => found.ExecuteUpdateAsync(set => set.SetProperty(q => q.PinnedAt, (DateTime?)null), ct), id, ct);

        /// <summary>Makes a question a notice, which is pinned and takes no answers, or an ordinary question again.</summary>
        public Task<ModerationResult> MakeNoticeAsync(long id, Actor actor, bool isNotice, CancellationToken ct) => isNotice
            ? db.PutUpAsync(id, actor, ModerationKind.MadeNotice, isNotice: true, ct)
            : db.ActAsync(db.Moderated(id, actor).Where(q => q.IsNotice), actor, ModerationKind.NoNotice,
                found => found.ExecuteUpdateAsync(set => set.SetProperty(q => q.IsNotice, false).SetProperty(q => q.PinnedAt, (DateTime?)null), ct), id, ct);

        /// <summary>Keeps who did what to a thread, within the open transaction.</summary>
        internal async Task NoteActAsync(long questionId, Actor actor, ModerationKind kind, string note, CancellationToken ct)
        {
            var act = new ModerationAct { QuestionId = questionId, ActorId = actor.UserId, Kind = kind, Note = note };
            db.ModerationActs.Add(act);
            await db.SaveChangesAsync(ct);
            db.Entry(act).State = EntityState.Detached;
            var oldest = await db.ModerationActs.Where(a => a.QuestionId == questionId).OrderByDescending(a => a.Id).Skip(ModerationAct.PerQuestionMax).Select(a => a.Id).FirstOrDefaultAsync(ct);
            await db.ModerationActs.Where(a => a.QuestionId == questionId && a.Id <= oldest).ExecuteDeleteAsync(ct);
        }

        internal IQueryable<Question> Moderated(long id, Actor actor) => db.ReadableQuestions(actor.Viewer).Where(q => q.Id == id && actor.IsAdministrator);

        private IQueryable<Question> OwnOrModerated(long id, Actor actor) => db.WritableQuestions(actor.Viewer).Where(q => q.Id == id && (actor.IsAdministrator || q.AuthorId == actor.UserId));

        private async Task<ModerationResult> PutUpAsync(long id, Actor actor, ModerationKind kind, bool isNotice, CancellationToken ct)
        {
            var isFull = await db.Moderated(id, actor).AnyAsync(q => q.PinnedAt == null && db.Questions.Count(o => o.CategoryId == q.CategoryId && o.PinnedAt != null) >= PinnedPerCategoryMax, ct);
            return isFull ? ModerationResult.TooManyPinned : await db.ActAsync(db.Moderated(id, actor), actor, kind,
                found => found.ExecuteUpdateAsync(set => set.SetProperty(q => q.PinnedAt, q => q.PinnedAt ?? DateTime.UtcNow).SetProperty(q => q.IsNotice, q => q.IsNotice || isNotice), ct), id, ct);
        }

        private async Task<ModerationResult> ActAsync(IQueryable<Question> allowed, Actor actor, ModerationKind kind, Func<IQueryable<Question>, Task<int>> change, long id, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await change(allowed) == 0)
            {
                return ModerationResult.NotAllowed;
            }

            await db.NoteActAsync(id, actor, kind, "", ct);
            await transaction.CommitAsync(ct);
            return ModerationResult.Done;
        }
    }
}
