using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Another name of a tag, which is never a tag itself: who types it gets the tag.</summary>
public sealed class TagSynonym
{
    public const int PerTagMax = 20;

    /// <summary>Normalised: <see cref="TagNames"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The name as it is searched: <see cref="InitialConsonants.Of"/>.</summary>
    public required string Initials { get; init; }

    public required long TagId { get; init; }
    public Tag? Tag { get; init; }
}

/// <summary>Why a synonym was not added.</summary>
public enum SynonymRefusal
{
    None,

    /// <summary>There is no such tag.</summary>
    NotFound,

    /// <summary>It is the tag's own name.</summary>
    Same,

    /// <summary>It is a synonym already, of this tag or another.</summary>
    Taken,

    /// <summary>It is a tag that has synonyms itself: there are no chains.</summary>
    HasSynonyms,

    /// <summary>The tag has <see cref="TagSynonym.PerTagMax"/>.</summary>
    TooMany,
}

/// <summary>Reads and writes the synonyms of tags.</summary>
public static class TagSynonymQueries
{
    extension(PyboDb db)
    {
        /// <summary>Returns a tag's synonyms in alphabetical order.</summary>
        public Task<List<string>> SynonymsOfAsync(string tag, CancellationToken ct) =>
            db.TagSynonyms.Where(s => s.Tag!.Name == tag).OrderBy(s => s.Name).Select(s => s.Name).ToListAsync(ct);

        /// <summary>Returns the tag that a name is a synonym of; null if it is none.</summary>
        public Task<string?> MainTagAsync(string synonym, CancellationToken ct) => db.TagSynonyms.Where(s => s.Name == synonym).Select(s => s.Tag!.Name).SingleOrDefaultAsync(ct);

        /// <summary>Returns names with tags in place of their synonyms, each once.</summary>
        internal async Task<IReadOnlyList<string>> MainTagsAsync(IReadOnlyList<string> names, CancellationToken ct)
        {
            var main = await db.TagSynonyms.Where(s => names.Contains(s.Name)).Select(s => new { s.Name, Main = s.Tag!.Name }).ToDictionaryAsync(s => s.Name, s => s.Main, ct);
            return main.Count == 0 ? names : [.. names.Select(name => main.GetValueOrDefault(name, name)).Distinct()];
        }

        /// <summary>
        /// Makes a name a synonym. A tag of this name becomes the main tag on its questions, which are indexed again, and for its followers; its description is kept
        /// if the main tag has none.
        /// </summary>
        public async Task<SynonymRefusal> AddTagSynonymAsync(string tag, string synonym, CancellationToken ct)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            if (await db.Tags.AsNoTracking().SingleOrDefaultAsync(t => t.Name == tag, ct) is not { } main)
            {
                return SynonymRefusal.NotFound;
            }

            var refusal = synonym == tag ? SynonymRefusal.Same
                : await db.TagSynonyms.AnyAsync(s => s.Name == synonym, ct) ? SynonymRefusal.Taken
                : await db.TagSynonyms.AnyAsync(s => s.Tag!.Name == synonym, ct) ? SynonymRefusal.HasSynonyms
                : await db.TagSynonyms.CountAsync(s => s.TagId == main.Id, ct) >= TagSynonym.PerTagMax ? SynonymRefusal.TooMany : SynonymRefusal.None;
            if (refusal != SynonymRefusal.None)
            {
                return refusal;
            }

            var initials = InitialConsonants.Of(synonym);
            await db.Database.ExecuteSqlAsync($"insert into TagSynonyms(Name, Initials, TagId) values ({synonym}, {initials}, {main.Id})", ct);
            if (await db.Tags.AsNoTracking().SingleOrDefaultAsync(t => t.Name == synonym, ct) is { } old)
            {
                await db.MoveTagAsync(old, main, ct);
            }

            await transaction.CommitAsync(ct);
            db.WakeIndexer();
            return SynonymRefusal.None;
        }

        /// <summary>Removes a synonym; questions keep the main tag.</summary>
        public Task<int> RemoveTagSynonymAsync(string tag, string synonym, CancellationToken ct) => db.TagSynonyms.Where(s => s.Name == synonym && s.Tag!.Name == tag).ExecuteDeleteAsync(ct);

        private async Task MoveTagAsync(Tag old, Tag main, CancellationToken ct)
        {
            await db.Questions.Where(q => q.Tags.Any(t => t.TagId == old.Id)).ExecuteUpdateAsync(set => set.MarkChanged(), ct);
            await db.Database.ExecuteSqlAsync($"insert or ignore into QuestionTags(QuestionId, TagId, Place) select QuestionId, {main.Id}, Place from QuestionTags where TagId = {old.Id}", ct);
            await db.Database.ExecuteSqlAsync($"insert or ignore into TagFollows(TagId, UserId) select {main.Id}, UserId from TagFollows where TagId = {old.Id}", ct);
            await db.Tags.Where(t => t.Id == main.Id && t.Description == "" && old.Description != "").ExecuteUpdateAsync(set => set.SetProperty(t => t.Description, old.Description), ct);
            await db.Tags.Where(t => t.Id == old.Id).ExecuteDeleteAsync(ct);
        }
    }
}
