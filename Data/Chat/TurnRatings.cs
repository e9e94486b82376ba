using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Verdicts on a model's answers.</summary>
public sealed record RatingCounts(string? Model, int Good, int Bad);

/// <summary>A bad verdict as an administrator sees it.</summary>
/// <param name="Turn">The question and the answer, as far as the administrator may read them; null unless the member shows them.</param>
public sealed record BadRating(string Reason, string? Model, DateTime RatedAt, Turn? Turn);

/// <summary>Members rate the answers in their own conversations; administrators see counts and reasons.</summary>
public static class TurnRatings
{
    public const int PageSize = 30;

    extension(PyboDb db)
    {
        /// <summary>Sets or replaces the verdict on an answer; false if the turn is not this member's or has no answer.</summary>
        public async Task<bool> RateTurnAsync(TurnRating rating, long userId, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (!await db.Turns.AnyAsync(t => t.Id == rating.TurnId && t.Conversation!.UserId == userId && t.State >= TurnState.Done, ct))
            {
                return false;
            }

            await db.TurnRatings.Where(r => r.TurnId == rating.TurnId).ExecuteDeleteAsync(ct);
            db.TurnRatings.Add(rating);
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }

        public Task<int> UnrateTurnAsync(long turnId, long userId, CancellationToken ct) => db.TurnRatings
            .Where(r => r.TurnId == turnId && db.Turns.Any(t => t.Id == turnId && t.Conversation!.UserId == userId))
            .ExecuteDeleteAsync(ct);

        /// <summary>Counts the verdicts by model, the most rated first.</summary>
        public async Task<List<RatingCounts>> RatingCountsAsync(CancellationToken ct)
        {
            var rated = await db.Turns.Where(t => t.Rating != null)
                .GroupBy(t => t.Model)
                .Select(group => new { Model = group.Key, Good = group.Count(t => t.Rating!.IsGood), All = group.Count() })
                .OrderByDescending(counts => counts.All)
                .ToListAsync(ct);
            return rated.ConvertAll(counts => new RatingCounts(counts.Model, counts.Good, counts.All - counts.Good));
        }

        /// <summary>Returns a page of bad verdicts, newest first.</summary>
        /// <param name="viewer">The administrator.</param>
        /// <param name="page">From 1.</param>
        /// <param name="ct">Cancels.</param>
        public async Task<List<BadRating>> BadRatingsAsync(Viewer viewer, int page, CancellationToken ct)
        {
            var rated = await db.Turns.AsNoTracking().Include(t => t.Rating).Include(t => t.Citations)
                .Where(t => t.Rating != null && !t.Rating.IsGood)
                .OrderByDescending(t => t.Rating!.RatedAt).ThenByDescending(t => t.Id)
                .Skip((page - 1) * PageSize)
                .Take(PageSize)
                .AsSplitQuery()
                .ToListAsync(ct);
            await db.HideGoneSourcesAsync(rated, viewer, ct);
            return rated.ConvertAll(t => new BadRating(t.Rating!.Reason, t.Model, t.Rating.RatedAt, t.Rating.ShowsText ? t : null));
        }
    }
}
