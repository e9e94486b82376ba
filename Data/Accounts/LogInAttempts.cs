using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>
/// Wrong passwords lock an account for a while, from any address. An attempt counts as wrong before its password is checked and is taken back
/// if it was right, each in one statement: a hundred concurrent attempts get no more checks than a hundred in a row.
/// </summary>
public static class LogInAttempts
{
    extension(PyboDb db)
    {
        /// <summary>Counts an attempt.</summary>
        /// <param name="userId">The account; a missing one (0) runs the same statement and is refused.</param>
        /// <param name="failuresMax">The number of the wrong attempt that locks.</param>
        /// <param name="now">The time.</param>
        /// <param name="lockedUntil">The end of that lock.</param>
        /// <param name="ct">Cancels.</param>
        /// <returns>The attempts counted so far, 0 if this one locks; null if the account is locked and the password must not be checked.</returns>
        public async Task<int?> CountAttemptAsync(long userId, int failuresMax, DateTimeOffset now, DateTimeOffset lockedUntil, CancellationToken ct)
        {
            var counted = await db.Database.SqlQuery<int>($"""
                update AspNetUsers set
                    LockoutEnd = case when AccessFailedCount + 1 >= {failuresMax} then {lockedUntil} else null end,
                    AccessFailedCount = case when AccessFailedCount + 1 >= {failuresMax} then 0 else AccessFailedCount + 1 end
                where Id = {userId} and (LockoutEnd is null or LockoutEnd <= {now})
                returning AccessFailedCount as Value
                """).ToListAsync(ct);
            return counted is [var failures] ? failures : null;
        }

        /// <summary>Resets the count after a correct password.</summary>
        public Task<int> ForgetAttemptsAsync(long userId, CancellationToken ct) => db.Users
            .Where(u => u.Id == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null), ct);
    }
}
