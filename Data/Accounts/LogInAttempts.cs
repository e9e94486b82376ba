using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>
/// Wrong passwords lock an account for a while, wherever they were typed. An attempt counts as wrong before its password is looked at and is taken back
/// when it was right, both in one statement: of a hundred attempts at once no more are looked at than of a hundred in a row.
/// </summary>
public static class LogInAttempts
{
    extension(PyboDb db)
    {
        /// <summary>Counts an attempt.</summary>
        /// <param name="userId">The account; one that does not exist (0) takes the same statement and is refused.</param>
        /// <param name="failuresMax">The wrong attempt that locks.</param>
        /// <param name="now">The time.</param>
        /// <param name="lockedUntil">Until when that one locks.</param>
        /// <param name="ct">Cancels.</param>
        /// <returns>The attempts that count now, 0 where this one locks; null where the account is locked, and no password is to be looked at.</returns>
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

        /// <summary>The attempt was right: what was counted is forgotten.</summary>
        public Task<int> ForgetAttemptsAsync(long userId, CancellationToken ct) => db.Users
            .Where(u => u.Id == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null), ct);
    }
}
