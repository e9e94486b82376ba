using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A post that members are told of: a question, or an answer or comment in its thread.</summary>
internal sealed record NewPost(long QuestionId, long? AnswerId, long? CommentId, long AuthorId)
{
    public NotificationKind Kind => CommentId is not null ? NotificationKind.Commented : AnswerId is not null ? NotificationKind.Answered : NotificationKind.Asked;
}

/// <summary>A notification as shown to its member.</summary>
public sealed record NotificationRow(long Id, NotificationKind Kind, string Actor, long QuestionId, string QuestionTitle, long? AnswerId, long? CommentId, DateTime CreatedAt, bool IsRead);

/// <summary>A page of a member's notifications, newest first.</summary>
public sealed record NotificationPage(IReadOnlyList<NotificationRow> Rows, int Page, int LastPage);

/// <summary>Writes notifications with the posts that they are about, and reads a member's own, without those about threads that the member may no longer read.</summary>
public static class NotificationQueries
{
    public const int PageSize = 20;

    /// <summary>The followers told of one post.</summary>
    public const int FollowersMax = 10_000;

    extension(PyboDb db)
    {
        public Task<int> CountUnreadAsync(long userId, CancellationToken ct) => db.NotificationsOf(userId).CountAsync(n => !n.IsRead, ct);

        public async Task<NotificationPage> NotificationPageAsync(long userId, int page, CancellationToken ct)
        {
            var own = db.NotificationsOf(userId);
            var last = Math.Max(1, (await own.CountAsync(ct) + PageSize - 1) / PageSize);
            var at = Math.Clamp(page, 1, last);
            return new(await Rows(own.OrderByDescending(n => n.Id).Skip((at - 1) * PageSize).Take(PageSize)).ToListAsync(ct), at, last);
        }

        /// <summary>Marks one of a member's notifications as read, and returns it; null if it is not theirs, or gone.</summary>
        public async Task<NotificationRow?> OpenNotificationAsync(long id, long userId, CancellationToken ct)
        {
            var one = db.NotificationsOf(userId).Where(n => n.Id == id);
            await one.ExecuteUpdateAsync(set => set.SetProperty(n => n.IsRead, true), ct);
            return await Rows(one).SingleOrDefaultAsync(ct);
        }

        public Task<int> ReadAllNotificationsAsync(long userId, CancellationToken ct) =>
            db.Notifications.Where(n => n.UserId == userId && !n.IsRead).ExecuteUpdateAsync(set => set.SetProperty(n => n.IsRead, true), ct);

        /// <summary>Returns a member's unread notifications of a mail, the oldest first.</summary>
        public Task<List<NotificationRow>> NotificationsOfMailAsync(DueMail mail, CancellationToken ct) =>
            Rows(db.NotificationsOf(mail.UserId).Where(n => !n.IsRead && n.Id > mail.After && n.Id <= mail.Until).OrderBy(n => n.Id)).Take(Notification.PerMemberMax).ToListAsync(ct);

        /// <summary>Tells those who may read a new post: those whom it names and those who follow its thread, or for a question its tags or its author, each once and never its author, who follows the thread from now on. Within the open transaction.</summary>
        internal async Task TellAsync(NewPost post, string text, CancellationToken ct)
        {
            var (now, kind) = (DateTime.UtcNow, (int)post.Kind);
            var readers = await db.FollowingReadersAsync(post, ct);
            foreach (var member in await db.MentionedAsync(post.QuestionId, text, ct))
            {
                await db.TellAsync(member, NotificationKind.Mentioned, post, ct);
            }

            var mentioned = (int)NotificationKind.Mentioned;
            await db.Database.ExecuteSqlAsync($"""
                insert into Notifications(UserId, Kind, ActorId, QuestionId, AnswerId, CommentId, CreatedAt, IsRead)
                select f.UserId, {kind}, {post.AuthorId}, {post.QuestionId}, {post.AnswerId}, {post.CommentId}, {now}, 0
                from (select value UserId from json_each({readers})) f
                where f.UserId <> {post.AuthorId} and not exists (
                    select 1 from Notifications n where n.UserId = f.UserId and n.Kind = {mentioned}
                        and n.QuestionId = {post.QuestionId} and n.AnswerId is {post.AnswerId} and n.CommentId is {post.CommentId})
                """, ct);
            if (post.Kind == NotificationKind.Asked)
            {
                var members = await db.FollowersOfAuthorAsync(post, ct);
                await db.Database.ExecuteSqlAsync($"""
                    insert into Notifications(UserId, Kind, ActorId, QuestionId, AnswerId, CommentId, CreatedAt, IsRead)
                    select f.UserId, {(int)NotificationKind.MemberAsked}, {post.AuthorId}, {post.QuestionId}, null, null, {now}, 0
                    from (select value UserId from json_each({members})) f
                    where not exists (select 1 from Notifications n where n.UserId = f.UserId and n.QuestionId = {post.QuestionId})
                    """, ct);
            }

            await db.FollowQuestionAsync(post.QuestionId, post.AuthorId, ct);
            await db.Database.ExecuteSqlAsync($"""
                delete from Notifications where Id in (
                    select Id from (select Id, row_number() over (partition by UserId order by Id desc) as place from Notifications
                        where UserId in (select UserId from Notifications where QuestionId = {post.QuestionId} and AnswerId is {post.AnswerId} and CommentId is {post.CommentId}))
                    where place > {Notification.PerMemberMax})
                """, ct);
        }

        /// <summary>Tells the author of an accepted answer.</summary>
        internal async Task TellAcceptedAsync(long questionId, long answerId, long askerId, CancellationToken ct)
        {
            var author = await db.Answers.Where(a => a.Id == answerId).Select(a => a.AuthorId).SingleAsync(ct);
            if (!await db.Notifications.AnyAsync(n => n.UserId == author && n.Kind == NotificationKind.Accepted && n.AnswerId == answerId, ct))
            {
                await db.TellAsync(author, NotificationKind.Accepted, new(questionId, answerId, null, askerId), ct);
            }
        }

        /// <summary>Tells the asker of a closed question, unless they closed it.</summary>
        internal Task TellClosedAsync(long questionId, long askerId, long actorId, CancellationToken ct) => db.TellAsync(askerId, NotificationKind.Closed, new(questionId, null, null, actorId), ct);

        /// <summary>Tells the asker of a question that it was merged into another one.</summary>
        internal Task TellMergedAsync(long intoId, long askerId, long actorId, CancellationToken ct) => db.TellAsync(askerId, NotificationKind.Merged, new(intoId, null, null, actorId), ct);

        /// <summary>Tells the author of a post that another member edited it; once until they have read that.</summary>
        internal async Task TellEditedAsync(long authorId, NewPost post, CancellationToken ct)
        {
            if (!await db.Notifications.AnyAsync(n => n.UserId == authorId && n.Kind == NotificationKind.Edited && !n.IsRead && n.ActorId == post.AuthorId
                && n.QuestionId == post.QuestionId && n.AnswerId == post.AnswerId, ct))
            {
                await db.TellAsync(authorId, NotificationKind.Edited, post, ct);
            }
        }

        private async Task<string> FollowersOfAuthorAsync(NewPost post, CancellationToken ct)
        {
            var readers = db.ReadersOf(post.QuestionId);
            return JsonSerializer.Serialize(await db.MemberFollows.Where(f => f.MemberId == post.AuthorId).Select(f => f.UserId)
                .Where(id => readers.Any(u => u.Id == id)).Take(FollowersMax).ToListAsync(ct));
        }

        /// <summary>Returns the followers of a post's thread, or of its tags, who may read it, as a JSON array of ids.</summary>
        private async Task<string> FollowingReadersAsync(NewPost post, CancellationToken ct)
        {
            var (isAsked, readers) = (post.Kind == NotificationKind.Asked, db.ReadersOf(post.QuestionId));
            var followers = db.QuestionFollows.Where(f => f.QuestionId == post.QuestionId).Select(f => f.UserId)
                .Union(db.TagFollows.Where(f => isAsked && db.QuestionTags.Any(t => t.TagId == f.TagId && t.QuestionId == post.QuestionId)).Select(f => f.UserId));
            return JsonSerializer.Serialize(await followers.Where(id => readers.Any(u => u.Id == id)).Take(FollowersMax).ToListAsync(ct));
        }

        private IQueryable<Notification> NotificationsOf(long userId)
        {
            var readable = db.ReadableQuestions(new(userId)).Select(q => q.Id);
            return db.Notifications.Where(n => n.UserId == userId && readable.Contains(n.QuestionId));
        }

        private async Task TellAsync(long member, NotificationKind kind, NewPost post, CancellationToken ct)
        {
            if (member != post.AuthorId)
            {
                db.Notifications.Add(new() { UserId = member, Kind = kind, ActorId = post.AuthorId, QuestionId = post.QuestionId, AnswerId = post.AnswerId, CommentId = post.CommentId });
                await db.SaveChangesAsync(ct);
            }
        }

        private async Task<List<long>> MentionedAsync(long questionId, string text, CancellationToken ct)
        {
            var places = Mentions.In(text);
            var names = places.SelectMany(place => place).Distinct().ToList();
            if (names.Count == 0)
            {
                return [];
            }

            var members = await db.ReadersOf(questionId).Where(u => names.Contains(u.NormalizedUserName!)).ToDictionaryAsync(u => u.NormalizedUserName!, u => u.Id, ct);
            return [.. places.Select(place => place.FirstOrDefault(members.ContainsKey)).OfType<string>().Select(name => members[name]).Distinct()];
        }
    }

    private static IQueryable<NotificationRow> Rows(IQueryable<Notification> notifications) => notifications
        .Select(n => new NotificationRow(n.Id, n.Kind, n.Actor!.UserName!, n.QuestionId, n.Question!.Title, n.AnswerId, n.CommentId, n.CreatedAt, n.IsRead));
}
