using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Who has a name that looks like another.</summary>
public static class NameSkeletons
{
    private const int BatchSize = 1_000;

    extension(PyboDb db)
    {
        /// <summary>Whether a member's name cannot be told from this one.</summary>
        public Task<bool> LooksLikeMemberAsync(string name, CancellationToken ct)
        {
            var skeleton = NameSkeleton.Of(name);
            return db.Users.AnyAsync(u => u.NameSkeleton == skeleton, ct);
        }

        /// <summary>
        /// Fills what SQL cannot work out. Of members whose names already look alike the first keeps the skeleton, and the others keep none: it is
        /// enough that one of them has it for the next to be refused.
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
