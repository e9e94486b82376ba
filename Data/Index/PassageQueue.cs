using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A question, an answer or a comment waiting to be indexed.</summary>
/// <param name="Tags">The names of a question's tags, which are searched like its title; empty without any.</param>
public sealed record PendingPost(SourceKey Key, string Title, string Body, string Tags = "");

/// <summary>A passage that has no vector from a model yet.</summary>
public sealed record PendingPassage(long Id, long Audience, string Title, string? Heading, string Text);

/// <summary>Queries for the remaining work, read from the rows.</summary>
public static class PassageQueue
{
    extension(PyboDb db)
    {
        /// <summary>Returns posts in the order they were written, questions before answers before comments.</summary>
        public async Task<List<PendingPost>> PendingPostsAsync(int limit, CancellationToken ct)
        {
            var questions = await db.Questions.Where(q => q.IndexedAt == null && q.IndexError == null).OrderBy(q => q.Id).Take(limit)
                .Select(q => new PendingPost(new SourceKey(PassageKind.Question, q.Id, q.Revision), q.Title, q.Body, "")).ToListAsync(ct);
            var tags = await db.TagsOfAsync([.. questions.Select(q => q.Key.Id)], ct);
            var answers = await db.Answers.Where(a => a.IndexedAt == null && a.IndexError == null).OrderBy(a => a.Id).Take(limit - questions.Count)
                .Select(a => new PendingPost(new SourceKey(PassageKind.Answer, a.Id, a.Revision), a.Question!.Title, a.Body, "")).ToListAsync(ct);
            var comments = await db.Comments.Where(c => c.IndexedAt == null && c.IndexError == null).OrderBy(c => c.Id).Take(limit - questions.Count - answers.Count)
                .Select(c => new PendingPost(new SourceKey(PassageKind.Comment, c.Id, c.Revision), c.QuestionId != null ? c.Question!.Title : c.Answer!.Question!.Title, c.Body, "")).ToListAsync(ct);
            return [.. questions.Select(q => q with { Tags = TagNames.Joined(tags[q.Key.Id]) }), .. answers, .. comments];
        }

        /// <summary>Returns passages without a chunk of this model, by id after the given one.</summary>
        public Task<List<PendingPassage>> PendingPassagesAsync(long modelId, long afterId, int limit, CancellationToken ct) => db.Passages
            .Where(p => p.Id > afterId && !p.Chunks.Any(c => c.ModelId == modelId)).OrderBy(p => p.Id).Take(limit)
            .Select(p => new PendingPassage(p.Id, p.Audience, p.Title, p.Heading, p.Text)).ToListAsync(ct);

        public async Task<int> PendingPostCountAsync(CancellationToken ct) =>
            await db.Questions.CountAsync(q => q.IndexedAt == null && q.IndexError == null, ct)
            + await db.Answers.CountAsync(a => a.IndexedAt == null && a.IndexError == null, ct)
            + await db.Comments.CountAsync(c => c.IndexedAt == null && c.IndexError == null, ct);

        /// <summary>Counts the posts that no attempt could index.</summary>
        public async Task<int> FailedPostCountAsync(CancellationToken ct) =>
            await db.Questions.CountAsync(q => q.IndexError != null, ct) + await db.Answers.CountAsync(a => a.IndexError != null, ct) + await db.Comments.CountAsync(c => c.IndexError != null, ct);

        public async Task<int> PendingCountAsync(CancellationToken ct) =>
            await db.PendingPostCountAsync(ct) + await db.Documents.CountAsync(d => d.IndexedAt == null && d.IndexError == null, ct);

        /// <summary>Queues every source again, failed ones too; indexed text stays searchable until it is replaced.</summary>
        public async Task<int> RequeueAllAsync(CancellationToken ct) =>
            await db.Questions.ExecuteUpdateAsync(set => set.MarkChanged(), ct)
            + await db.Answers.ExecuteUpdateAsync(set => set.MarkChanged(), ct)
            + await db.Comments.ExecuteUpdateAsync(set => set.MarkChanged(), ct)
            + await db.Documents.ExecuteUpdateAsync(set => set.RequeueDocument(), ct);

        /// <summary>Puts a row aside with the reason, so that the next one gets its turn.</summary>
        public async Task<int> FailAsync(SourceKey source, Notice reason, CancellationToken ct)
        {
            var error = reason.Stored(Indexed.IndexErrorMax);
            if (source.Kind is not PassageKind.Document)
            {
                return source.Kind switch
                {
                    PassageKind.Question => await Fail(db.Questions.Where(q => q.Id == source.Id)),
                    PassageKind.Answer => await Fail(db.Answers.Where(a => a.Id == source.Id)),
                    _ => await Fail(db.Comments.Where(c => c.Id == source.Id)),
                };
            }

            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var rows = await DocumentQueue.Attempt(db, source).ExecuteUpdateAsync(set => set.SetProperty(d => d.IndexError, error).SetProperty(d => d.ClaimedUntil, (DateTime?)null), ct);
            if (rows > 0)
            {
                // The bytes differ from those last read, so the old passages no longer describe the document.
                var isReplaced = await db.Documents.AnyAsync(d => d.Id == source.Id && d.Characters == null, ct);
                await db.Passages.Where(p => p.DocumentId == source.Id && (isReplaced || p.Audience == Audience.Nobody)).ExecuteDeleteAsync(ct);
                await db.Citations.Where(c => c.DocumentId == source.Id && isReplaced).ExecuteUpdateAsync(set => set.SetProperty(c => c.IsGone, true), ct);
                await db.Documents.Where(d => d.Id == source.Id).ExecuteUpdateAsync(set => set
                    .SetProperty(d => d.Chunks, d => db.Passages.Any(p => p.DocumentId == d.Id) ? d.Chunks : 0), ct);
            }

            await transaction.CommitAsync(ct);
            return rows;

            Task<int> Fail<T>(IQueryable<T> rows) where T : Indexed =>
                rows.Where(r => r.Revision == source.Revision).ExecuteUpdateAsync(set => set.SetProperty(r => r.IndexError, error), ct);
        }
    }
}
