using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Finds members with lookalike names.</summary>
public static class NameSkeletons
{
    private const int BatchSize = 1_000;

    extension(PyboDb db)
    {
        /// <summary>Returns whether a member's name looks like this one.</summary>
        public Task<bool> LooksLikeMemberAsync(string name, CancellationToken ct)
        {
            var skeleton = NameSkeleton.Of(name);
            return db.Users.AnyAsync(u => u.NameSkeleton == skeleton, ct);
        }

        /// <summary>
        /// Computes the skeletons that SQL cannot. Of members whose names already look alike, only the first gets a skeleton: that
        /// is enough for the next one to be refused.
        /// </summary>
        internal async Task FillNameSkeletonsAsync(CancellationToken ct)
        {
            for (var after = 0L; ;)
            {
                var from = after;
                var names = await db.Users.Where(u => u.NameSkeleton == null && u.UserName != null && u.Id > from)
                    .OrderBy(u => u.Id).Take(BatchSize).Select(u => new { u.Id, u.UserName }).ToListAsync(ct);
                if (names.Count == 0)
                {
                    return;
                }

                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                foreach (var name in names)
                {
                    var skeleton = NameSkeleton.Of(name.UserName!);
                    await db.Users.Where(u => u.Id == name.Id && !db.Users.Any(other => other.NameSkeleton == skeleton))
                        .ExecuteUpdateAsync(set => set.SetProperty(u => u.NameSkeleton, skeleton), ct);
                }

                await transaction.CommitAsync(ct);
                after = names[^1].Id;
            }
        }
    }
}
