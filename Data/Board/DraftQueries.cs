using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Keeps members' drafts; each member reads only their own.</summary>
public static class DraftQueries
{
    extension(PyboDb db)
    {
        public Task<Draft?> DraftAsync(long memberId, DraftTarget target, CancellationToken ct)
        {
            var name = target.ToString();
            return db.Drafts.AsNoTracking().SingleOrDefaultAsync(d => d.MemberId == memberId && d.Target == name, ct);
        }

        /// <summary>Returns the drafts for some targets, by target.</summary>
        public Task<Dictionary<string, Draft>> DraftsAsync(long memberId, IEnumerable<DraftTarget> targets, CancellationToken ct)
        {
            var names = targets.Select(target => target.ToString()).ToList();
            return db.Drafts.AsNoTracking().Where(d => d.MemberId == memberId && names.Contains(d.Target)).ToDictionaryAsync(d => d.Target, ct);
        }

        /// <summary>Saves a draft over the one before; an empty one is deleted.</summary>
        public async Task SaveDraftAsync(Draft draft, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await db.Drafts.Where(d => d.MemberId == draft.MemberId && d.Target == draft.Target).ExecuteDeleteAsync(ct);
            if (!(string.IsNullOrWhiteSpace(draft.Title) && string.IsNullOrWhiteSpace(draft.Body)))
            {
                var surplus = await db.Drafts.Where(d => d.MemberId == draft.MemberId).OrderByDescending(d => d.SavedAt).Skip(Draft.PerMemberMax - 1).Select(d => d.Target).ToListAsync(ct);
                await db.Drafts.Where(d => d.MemberId == draft.MemberId && surplus.Contains(d.Target)).ExecuteDeleteAsync(ct);
                db.Drafts.Add(draft);
                await db.SaveChangesAsync(ct);
            }

            await transaction.CommitAsync(ct);
        }

        public Task DeleteDraftAsync(long memberId, DraftTarget target, CancellationToken ct)
        {
            var name = target.ToString();
            return db.Drafts.Where(d => d.MemberId == memberId && d.Target == name).ExecuteDeleteAsync(ct);
        }
    }
}
