using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The data a request needs about its member.</summary>
public sealed record LiveSession(DateTime SeenAt, string? SecurityStamp, bool IsAdministrator);

/// <summary>A session as shown to its member.</summary>
public sealed record ListedSession(long Id, string Device, DateTime CreatedAt, DateTime SeenAt, bool IsThis);

/// <summary>Members' sessions; each member can reach only their own.</summary>
public static class Sessions
{
    private const int KeyBytes = 16;

    /// <summary>Returns a new key for the cookie: 128 random bits in hexadecimal.</summary>
    public static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Returns the stored hash of a key.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key));

    extension(PyboDb db)
    {
        /// <summary>Begins a session; deletes ended sessions, and the member's oldest if there are too many.</summary>
        public async Task BeginSessionAsync(long userId, string key, string device, DateTime now, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            // A session past its maximum age is no longer renewed, so it expires like the idle ones.
            var idle = now.AddDays(-Session.IdleDaysMax);
            await db.Sessions.Where(s => s.SeenAt <= idle).ExecuteDeleteAsync(ct);
            await db.Sessions.Where(s => s.UserId == userId).OrderByDescending(s => s.SeenAt).ThenByDescending(s => s.Id).Skip(Session.PerMemberMax - 1).ExecuteDeleteAsync(ct);
            db.Sessions.Add(new() { KeyHash = HashOf(key), UserId = userId, Device = device, CreatedAt = now, SeenAt = now });
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
        }

        /// <summary>Returns the session and its member in one lookup; null once it has ended.</summary>
        public Task<LiveSession?> FindSessionAsync(long userId, byte[] keyHash, DateTime now, CancellationToken ct) => db.LiveSessions(now)
            .Where(s => s.KeyHash == keyHash && s.UserId == userId)
            .Select(s => new LiveSession(s.SeenAt, s.User!.SecurityStamp, s.User.IsAdministrator))
            .SingleOrDefaultAsync(ct);

        public Task<bool> IsSessionLiveAsync(byte[] keyHash, DateTime now, CancellationToken ct) => db.LiveSessions(now).AnyAsync(s => s.KeyHash == keyHash, ct);

        /// <summary>Records that a session is in use, which extends it.</summary>
        public Task<int> SeeSessionAsync(byte[] keyHash, DateTime now, CancellationToken ct)
        {
            var before = now - Session.SeenEvery;
            return db.LiveSessions(now).Where(s => s.KeyHash == keyHash && s.SeenAt <= before).ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now), ct);
        }

        /// <summary>Returns a member's live sessions, the current one first, then by last use.</summary>
        public Task<List<ListedSession>> SessionsOfAsync(long userId, byte[] thisKeyHash, DateTime now, CancellationToken ct) => db.LiveSessions(now)
            .Where(s => s.UserId == userId)
            .OrderByDescending(s => s.KeyHash == thisKeyHash).ThenByDescending(s => s.SeenAt).ThenByDescending(s => s.Id)
            .Select(s => new ListedSession(s.Id, s.Device, s.CreatedAt, s.SeenAt, s.KeyHash == thisKeyHash))
            .ToListAsync(ct);

        public Task<int> EndSessionAsync(byte[] keyHash, CancellationToken ct) => db.Sessions.Where(s => s.KeyHash == keyHash).ExecuteDeleteAsync(ct);

        /// <summary>Ends one of a member's sessions; 0 if it is not theirs.</summary>
        public Task<int> EndSessionAsync(long id, long userId, CancellationToken ct) => db.Sessions.Where(s => s.Id == id && s.UserId == userId).ExecuteDeleteAsync(ct);

        /// <summary>Ends a member's sessions, except the given one.</summary>
        public Task<int> EndSessionsOfAsync(long userId, byte[]? exceptKeyHash, CancellationToken ct) =>
            db.Sessions.Where(s => s.UserId == userId && (exceptKeyHash == null || s.KeyHash != exceptKeyHash)).ExecuteDeleteAsync(ct);

        private IQueryable<Session> LiveSessions(DateTime now)
        {
            var (idle, old) = (now.AddDays(-Session.IdleDaysMax), now.AddDays(-Session.DaysMax));
            return db.Sessions.Where(s => s.SeenAt > idle && s.CreatedAt > old);
        }
    }
}
