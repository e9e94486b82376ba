using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Pages.Account;

public enum PasswordCheck
{
    Wrong,

    /// <summary>Wrong, and the last allowed attempt for a while.</summary>
    WrongAndLocked,
    Right,
}

/// <summary>
/// Hashing a password takes a large part of a second, on purpose. It runs here on separate threads, a few at a time, with a bounded queue: however
/// many people log in at once, the other pages keep the other processors, and no request waits for minutes.
/// </summary>
/// <remarks>Every page that hashes or checks a password takes a turn here; no page calls the hasher itself.</remarks>
public sealed class PasswordWork(IDbContextFactory<PyboDb> dbs, IPasswordHasher<User> hasher, DecoyPasswordHash decoy, TimeProvider time) : IAsyncDisposable
{
    /// <summary>With two processors or more, pages keep at least half of them.</summary>
    public static readonly int AtOnceMax = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>The last in the queue waits about ten seconds on one slow processor; later requests are asked to retry.</summary>
    public const int WaitingMax = 32;

    /// <summary>When to retry: about as long as the queue takes.</summary>
    public const int RetryAfterSeconds = 10;

    private readonly ConcurrencyLimiter turns = new(new() { PermitLimit = AtOnceMax, QueueLimit = WaitingMax, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });

    /// <summary>Waits for a turn; returns null if the queue is full.</summary>
    public async Task<Turn?> TakeTurnAsync(CancellationToken ct)
    {
        var lease = await turns.AcquireAsync(1, ct);
        if (lease.IsAcquired)
        {
            return new(this, lease);
        }

        lease.Dispose();
        return null;
    }

    public ValueTask DisposeAsync() => turns.DisposeAsync();

    private Task<string> HashAsync(User user, string password) => OnThreadOfItsOwnAsync(() => hasher.HashPassword(user, password));

    private async Task<PasswordCheck> CheckAsync(User? user, string password)
    {
        // Not the request's token: disconnecting after the attempt was counted gains nothing, and a correct password does not leave a count.
        await using var db = await dbs.CreateDbContextAsync(CancellationToken.None);
        var now = time.GetUtcNow();
        var counted = await db.CountAttemptAsync(user?.Id ?? 0, Accounts.FailuresMax, now, now.AddMinutes(Accounts.LockoutMinutes), CancellationToken.None);
        if (user?.PasswordHash is not { } hash || counted is null)
        {
            await OnThreadOfItsOwnAsync(() => decoy.Verify(hasher, password));
            return PasswordCheck.Wrong;
        }

        var result = await OnThreadOfItsOwnAsync(() => hasher.VerifyHashedPassword(user, hash, password));
        if (result is PasswordVerificationResult.Failed)
        {
            return counted == 0 ? PasswordCheck.WrongAndLocked : PasswordCheck.Wrong;
        }

        await db.ForgetAttemptsAsync(user.Id, CancellationToken.None);
        if (result is PasswordVerificationResult.SuccessRehashNeeded)
        {
            var stronger = await HashAsync(user, password);
            await db.Users.Where(u => u.Id == user.Id && u.PasswordHash == hash).ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, stronger), CancellationToken.None);
        }

        return PasswordCheck.Right;
    }

    private static Task<T> OnThreadOfItsOwnAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>The right to hash, until it is disposed.</summary>
    public sealed class Turn : IDisposable
    {
        private readonly PasswordWork work;
        private readonly RateLimitLease lease;

        internal Turn(PasswordWork work, RateLimitLease lease) => (this.work, this.lease) = (work, lease);

        public Task<string> HashAsync(User user, string password) => work.HashAsync(user, password);

        /// <summary>
        /// Whether the password is the member's. An unknown member, a wrong password and a locked account take the same statement and one hash, so
        /// that timing reveals nothing. <see cref="Accounts.FailuresMax"/> wrong ones lock the account, on any page.
        /// </summary>
        public Task<PasswordCheck> CheckAsync(User? user, string password) => work.CheckAsync(user, password);

        public void Dispose() => lease.Dispose();
    }
}
