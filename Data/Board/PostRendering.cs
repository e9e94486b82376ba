using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A post's body as pages show it, made when the post is saved.</summary>
/// <param name="Html">Safe HTML; null where it is still to be made.</param>
/// <param name="Version">Of the renderer that made it; 0 for none.</param>
public readonly record struct RenderedHtml(string? Html, int Version);

/// <summary>A post whose HTML is missing, or was made by an older renderer.</summary>
public sealed record StalePost(bool IsAnswer, long Id, string Body);

/// <summary>Posts that wait for their HTML: those of a site that did not store it yet, and all of them after the renderer has changed.</summary>
public static class PostRendering
{
    extension(PyboDb db)
    {
        /// <summary>A few of them: questions before answers, the newest first. The order is the index's, so that none is sorted.</summary>
        public async Task<List<StalePost>> StalePostsAsync(int version, int count, CancellationToken ct)
        {
            var posts = await db.Questions.Where(q => q.HtmlVersion < version).OrderByDescending(q => q.HtmlVersion).ThenByDescending(q => q.Id).Take(count)
                .Select(q => new StalePost(false, q.Id, q.Body)).ToListAsync(ct);
            return posts.Count > 0 ? posts : await db.Answers.Where(a => a.HtmlVersion < version).OrderByDescending(a => a.HtmlVersion).ThenByDescending(a => a.Id).Take(count)
                .Select(a => new StalePost(true, a.Id, a.Body)).ToListAsync(ct);
        }

        /// <summary>Keeps what was rendered, in one transaction; not of a post that was changed or deleted meanwhile. To the index a post stays as it was.</summary>
        public async Task KeepHtmlAsync(IReadOnlyCollection<(StalePost Post, RenderedHtml Rendered)> posts, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            foreach (var (post, (html, version)) in posts)
            {
                await (post.IsAnswer
                    ? db.Answers.Where(a => a.Id == post.Id && a.Body == post.Body && a.HtmlVersion < version)
                        .ExecuteUpdateAsync(set => set.SetProperty(a => a.Html, html).SetProperty(a => a.HtmlVersion, version), ct)
                    : db.Questions.Where(q => q.Id == post.Id && q.Body == post.Body && q.HtmlVersion < version)
                        .ExecuteUpdateAsync(set => set.SetProperty(q => q.Html, html).SetProperty(q => q.HtmlVersion, version), ct));
            }

            await transaction.CommitAsync(ct);
        }
    }
}
