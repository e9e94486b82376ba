using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A post's body as shown on pages, rendered when the post is saved.</summary>
/// <param name="Html">Safe HTML; null if not yet rendered.</param>
/// <param name="Version">The version of the renderer; 0 for none.</param>
public readonly record struct RenderedHtml(string? Html, int Version);

/// <summary>A post whose HTML is missing, or was made by an older renderer.</summary>
public sealed record StalePost(PassageKind Kind, long Id, string Body);

/// <summary>Posts waiting to be rendered: those from before HTML was stored, and every post after the renderer has changed.</summary>
public static class PostRendering
{
    extension(PyboDb db)
    {
        /// <summary>Returns some of these posts: questions before answers before comments, newest first. The order is the index's, so nothing is sorted.</summary>
        public async Task<List<StalePost>> StalePostsAsync(int version, int count, CancellationToken ct)
        {
            var posts = await db.Questions.Where(q => q.HtmlVersion < version).OrderByDescending(q => q.HtmlVersion).ThenByDescending(q => q.Id).Take(count)
                .Select(q => new StalePost(PassageKind.Question, q.Id, q.Body)).ToListAsync(ct);
            posts = posts.Count > 0 ? posts : await db.Answers.Where(a => a.HtmlVersion < version).OrderByDescending(a => a.HtmlVersion).ThenByDescending(a => a.Id).Take(count)
                .Select(a => new StalePost(PassageKind.Answer, a.Id, a.Body)).ToListAsync(ct);
            return posts.Count > 0 ? posts : await db.Comments.Where(c => c.HtmlVersion < version).OrderByDescending(c => c.HtmlVersion).ThenByDescending(c => c.Id).Take(count)
                .Select(c => new StalePost(PassageKind.Comment, c.Id, c.Body)).ToListAsync(ct);
        }

        /// <summary>Saves rendered HTML in one transaction, except for posts changed or deleted in the meantime. For the index a post stays unchanged.</summary>
        public async Task KeepHtmlAsync(IReadOnlyCollection<(StalePost Post, RenderedHtml Rendered)> posts, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            foreach (var (post, (html, version)) in posts)
            {
                await (post.Kind switch
                {
                    PassageKind.Question => db.Questions.Where(q => q.Id == post.Id && q.Body == post.Body && q.HtmlVersion < version)
                        .ExecuteUpdateAsync(set => set.SetProperty(q => q.Html, html).SetProperty(q => q.HtmlVersion, version), ct),
                    PassageKind.Answer => db.Answers.Where(a => a.Id == post.Id && a.Body == post.Body && a.HtmlVersion < version)
                        .ExecuteUpdateAsync(set => set.SetProperty(a => a.Html, html).SetProperty(a => a.HtmlVersion, version), ct),
                    _ => db.Comments.Where(c => c.Id == post.Id && c.Body == post.Body && c.HtmlVersion < version)
                        .ExecuteUpdateAsync(set => set.SetProperty(c => c.Html, html).SetProperty(c => c.HtmlVersion, version), ct),
                });
            }

            await transaction.CommitAsync(ct);
        }
    }
}
