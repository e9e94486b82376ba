using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A tag with the number of its questions that the viewer may read.</summary>
/// <param name="Synonym">The synonym that was found for what was typed; null if the name was.</param>
public sealed record TagRow(string Name, string Description, int QuestionCount, string? Synonym = null)
{
    /// <summary>The name, after the synonym that leads to it.</summary>
    public string Text => Synonym is null ? Name : $"{Synonym} → {Name}";
}

/// <summary>A page of tags, the most used first.</summary>
/// <param name="Page">The page shown: the last one if a later one was requested.</param>
public sealed record TagPage(IReadOnlyList<TagRow> Rows, int Page, int LastPage);

/// <summary>Reads and writes tags. A tag that only hidden questions have does not exist for a viewer, unless an administrator described it or gave it synonyms.</summary>
public static class TagQueries
{
    public const int PageSize = 48;

    /// <summary>The tags that a search considers, the most used first, and that the list reaches.</summary>
    public const int ReachedMax = 2_000;

    extension(PyboDb db)
    {
        public async Task<TagRow?> TagAsync(string name, Viewer viewer, CancellationToken ct)
        {
            var hidden = db.HiddenQuestions(viewer);
            return await db.Tags.Where(t => t.Name == name)
                .Select(t => new { t.Name, t.Description, Count = t.QuestionCount - hidden.Count(q => q.Tags.Any(x => x.TagId == t.Id)), HasSynonyms = db.TagSynonyms.Any(s => s.TagId == t.Id) })
                .SingleOrDefaultAsync(ct) is { } tag && (tag.Count > 0 || tag.Description.Length > 0 || tag.HasSynonyms) ? new(tag.Name, tag.Description, tag.Count) : null;
        }

        /// <summary>Returns a page of the tags whose name, or a synonym of it, contains a text, which may be typed by initial consonants; all tags for an empty text.</summary>
        public async Task<TagPage> TagPageAsync(string typed, int page, Viewer viewer, CancellationToken ct)
        {
            var found = await db.TagsLikeAsync(typed, viewer, ct);
            var last = Math.Max(1, (found.Count + PageSize - 1) / PageSize);
            var at = Math.Clamp(page, 1, last);
            return new([.. found.Skip((at - 1) * PageSize).Take(PageSize)], at, last);
        }

        /// <summary>Returns the tags to suggest for what was typed of one: those that begin with it first.</summary>
        public async Task<List<TagRow>> SuggestedTagsAsync(string typed, int limit, Viewer viewer, CancellationToken ct) => typed.Length == 0 ? []
            : [.. (await db.TagsLikeAsync(typed, viewer, ct)).OrderByDescending(t => InitialConsonants.MatchesAt(t.Synonym ?? t.Name, 0, typed)).Take(limit)];

        /// <summary>Returns the tags of some questions, each in its order.</summary>
        public async Task<ILookup<long, string>> TagsOfAsync(IReadOnlyCollection<long> questionIds, CancellationToken ct) =>
            (await db.QuestionTags.Where(t => questionIds.Contains(t.QuestionId)).OrderBy(t => t.QuestionId).ThenBy(t => t.Place)
                .Select(t => new { t.QuestionId, t.Tag!.Name }).ToListAsync(ct)).ToLookup(t => t.QuestionId, t => t.Name);

        /// <summary>Describes a tag.</summary>
        public Task<int> DescribeTagAsync(string name, string description, CancellationToken ct) =>
            db.Tags.Where(t => t.Name == name).ExecuteUpdateAsync(set => set.SetProperty(t => t.Description, description), ct);

        /// <summary>Gives a question these tags, or those that they are synonyms of, instead of its own, within the open transaction.</summary>
        internal async Task SetTagsAsync(long questionId, IReadOnlyList<string> names, CancellationToken ct)
        {
            names = await db.MainTagsAsync(names, ct);
            await db.QuestionTags.Where(t => t.QuestionId == questionId).ExecuteDeleteAsync(ct);
            for (var place = 0; place < names.Count; place++)
            {
                var (name, initials) = (names[place], InitialConsonants.Of(names[place]));
                await db.Database.ExecuteSqlAsync($"insert into Tags(Name, Initials, Description) values ({name}, {initials}, '') on conflict(Name) do nothing", ct);
                await db.Database.ExecuteSqlAsync($"insert into QuestionTags(QuestionId, TagId, Place) select {questionId}, Id, {place} from Tags where Name = {name}", ct);
            }
        }

        private IQueryable<Question> HiddenQuestions(Viewer viewer)
        {
            var readable = db.ReadableCategories(viewer).Select(c => c.Id);
            var hidden = db.Categories.Where(c => !readable.Contains(c.Id)).Select(c => c.Id);
            return db.Questions.Where(q => hidden.Contains(q.CategoryId));
        }

        private async Task<List<TagRow>> TagsLikeAsync(string typed, Viewer viewer, CancellationToken ct)
        {
            // The hidden ones are subtracted, so that a site without any counts nothing.
            var hidden = await db.HiddenQuestions(viewer).SelectMany(q => q.Tags).GroupBy(t => t.TagId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);

            // Every match has these initials; whether the syllables agree too is decided here.
            var initials = InitialConsonants.Of(typed);
            var found = await db.Tags.Where(t => t.QuestionCount > 0 && t.Initials.Contains(initials))
                .OrderByDescending(t => t.QuestionCount).ThenBy(t => t.Name).Take(ReachedMax)
                .Select(t => new { t.Id, t.Name, t.Description, t.QuestionCount }).ToListAsync(ct);
            var synonyms = typed.Length == 0 ? [] : await db.TagSynonyms.Where(s => s.Tag!.QuestionCount > 0 && s.Initials.Contains(initials))
                .OrderByDescending(s => s.Tag!.QuestionCount).ThenBy(s => s.Name).Take(ReachedMax)
                .Select(s => new { s.TagId, s.Name, Main = s.Tag!.Name, s.Tag.Description, s.Tag.QuestionCount }).ToListAsync(ct);
            return
            [
                .. found.Where(t => InitialConsonants.Matches(t.Name, typed)).Select(t => new TagRow(t.Name, t.Description, t.QuestionCount - hidden.GetValueOrDefault(t.Id)))
                    .Concat(synonyms.Where(s => InitialConsonants.Matches(s.Name, typed)).Select(s => new TagRow(s.Main, s.Description, s.QuestionCount - hidden.GetValueOrDefault(s.TagId), s.Name)))
                    .DistinctBy(t => t.Name).Where(t => t.QuestionCount > 0).OrderByDescending(t => t.QuestionCount).ThenBy(t => t.Name, StringComparer.Ordinal),
            ];
        }
    }
}
