using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A member who is told of new answers and comments in a question's thread.</summary>
public sealed class QuestionFollow
{
    public required long QuestionId { get; init; }
    public required long UserId { get; init; }
}

/// <summary>A member who is told of new questions with a tag.</summary>
public sealed class TagFollow
{
    public required long TagId { get; init; }
    public required long UserId { get; init; }
}

/// <summary>A member who is told of another member's new questions.</summary>
public sealed class MemberFollow
{
    public const int PerMemberMax = 1_000;

    /// <summary>The member who asks.</summary>
    public required long MemberId { get; init; }
    public User? Member { get; init; }

    /// <summary>The follower.</summary>
    public required long UserId { get; init; }
}

/// <summary>A question that a member keeps for later. Only that member sees it.</summary>
public sealed class Bookmark
{
    public const int PerMemberMax = 1_000;

    public required long UserId { get; init; }
    public required long QuestionId { get; init; }
    public Question? Question { get; init; }
    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
}

/// <summary>What a member keeps of a question.</summary>
public readonly record struct QuestionKept(bool IsFollowed, bool IsBookmarked);

/// <summary>The names of the tags and members that a member follows, in alphabetical order: the first <see cref="FollowQueries.ListedMax"/> of each.</summary>
public sealed record Followed(IReadOnlyList<string> Tags, IReadOnlyList<string> Members);

/// <summary>A page of bookmarked questions, the latest bookmark first.</summary>
public sealed record BookmarkPage(IReadOnlyList<QuestionTitle> Rows, int Page, int LastPage);

/// <summary>Reads and writes what members follow and keep: always their own rows only.</summary>
public static class FollowQueries
{
    public const int PageSize = 20;
    public const int ListedMax = MemberFollow.PerMemberMax;

    extension(PyboDb db)
    {
        public async Task<QuestionKept> KeptOfAsync(long questionId, long userId, CancellationToken ct) => new(
            await db.QuestionFollows.AnyAsync(f => f.QuestionId == questionId && f.UserId == userId, ct),
            await db.Bookmarks.AnyAsync(b => b.QuestionId == questionId && b.UserId == userId, ct));

        /// <summary>Follows a question; nothing changes if there is none for the member, or it is followed already.</summary>
        public async Task<int> FollowQuestionAsync(long id, long userId, CancellationToken ct) => await db.ReadableQuestions(new(userId)).AnyAsync(q => q.Id == id, ct)
            ? await db.Database.ExecuteSqlAsync($"insert into QuestionFollows(QuestionId, UserId) select Id, {userId} from Questions where Id = {id} on conflict do nothing", ct) : 0;

        public Task<int> UnfollowQuestionAsync(long id, long userId, CancellationToken ct) =>
            db.QuestionFollows.Where(f => f.QuestionId == id && f.UserId == userId).ExecuteDeleteAsync(ct);

        /// <summary>Bookmarks a question that the member may read, unless they have <see cref="Bookmark.PerMemberMax"/> already.</summary>
        /// <returns>False if there was no room.</returns>
        public async Task<bool> BookmarkAsync(long id, long userId, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.Bookmarks.CountAsync(b => b.UserId == userId, ct) >= Bookmark.PerMemberMax)
            {
                return false;
            }

            if (!await db.ReadableQuestions(new(userId)).AnyAsync(q => q.Id == id, ct))
            {
                return true;
            }

            await db.Database.ExecuteSqlAsync(
                $"insert into Bookmarks(UserId, QuestionId, CreatedAt) select {userId}, Id, {DateTime.UtcNow} from Questions where Id = {id} on conflict do nothing", ct);
            await transaction.CommitAsync(ct);
            return true;
        }

        public Task<int> RemoveBookmarkAsync(long id, long userId, CancellationToken ct) =>
            db.Bookmarks.Where(b => b.QuestionId == id && b.UserId == userId).ExecuteDeleteAsync(ct);

        public async Task<BookmarkPage> BookmarkPageAsync(long userId, int page, CancellationToken ct)
        {
            var readable = db.ReadableQuestions(new(userId)).Select(q => q.Id);
            var own = db.Bookmarks.Where(b => b.UserId == userId && readable.Contains(b.QuestionId));
            var last = Math.Max(1, (await own.CountAsync(ct) + PageSize - 1) / PageSize);
            var at = Math.Clamp(page, 1, last);
            return new(await own.OrderByDescending(b => b.CreatedAt).ThenByDescending(b => b.QuestionId).Skip((at - 1) * PageSize).Take(PageSize)
                .Select(b => new QuestionTitle(b.QuestionId, b.Question!.Title)).ToListAsync(ct), at, last);
        }

        public Task<bool> IsTagFollowedAsync(string name, long userId, CancellationToken ct) =>
            db.TagFollows.AnyAsync(f => f.UserId == userId && db.Tags.Any(t => t.Id == f.TagId && t.Name == name), ct);

        public Task<int> FollowTagAsync(string name, long userId, CancellationToken ct) => db.Database.ExecuteSqlAsync(
            $"insert into TagFollows(TagId, UserId) select Id, {userId} from Tags where Name = {name} on conflict do nothing", ct);

        public Task<int> UnfollowTagAsync(string name, long userId, CancellationToken ct) =>
            db.TagFollows.Where(f => f.UserId == userId && db.Tags.Any(t => t.Id == f.TagId && t.Name == name)).ExecuteDeleteAsync(ct);

        public Task<bool> IsMemberFollowedAsync(long memberId, long userId, CancellationToken ct) => db.MemberFollows.AnyAsync(f => f.MemberId == memberId && f.UserId == userId, ct);

        /// <summary>Follows another member; one's own name changes nothing.</summary>
        /// <returns>False if there was no room.</returns>
        public async Task<bool> FollowMemberAsync(long memberId, long userId, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.MemberFollows.CountAsync(f => f.UserId == userId && f.MemberId != memberId, ct) >= MemberFollow.PerMemberMax)
            {
                return false;
            }

            await db.Database.ExecuteSqlAsync($"insert into MemberFollows(MemberId, UserId) select Id, {userId} from AspNetUsers where Id = {memberId} and Id <> {userId} on conflict do nothing", ct);
            await transaction.CommitAsync(ct);
            return true;
        }

        public Task<int> UnfollowMemberAsync(long memberId, long userId, CancellationToken ct) =>
            db.MemberFollows.Where(f => f.MemberId == memberId && f.UserId == userId).ExecuteDeleteAsync(ct);

        public async Task<Followed> FollowedAsync(long userId, CancellationToken ct) => new(
            await db.Tags.Where(t => db.TagFollows.Any(f => f.TagId == t.Id && f.UserId == userId)).OrderBy(t => t.Name).Select(t => t.Name).Take(ListedMax).ToListAsync(ct),
            await db.MemberFollows.Where(f => f.UserId == userId).OrderBy(f => f.Member!.UserName).Select(f => f.Member!.UserName!).Take(ListedMax).ToListAsync(ct));
    }
}
