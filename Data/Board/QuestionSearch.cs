using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>
/// Searches the list: a question matches if every word is in its title, its text, one of its answers or comments, or the name of an author of
/// these. Words come from the passages, so a new post is found as soon as the worker has written them. Only posts that the
/// viewer may read are searched.
/// </summary>
public static class QuestionSearch
{
    /// <summary>The most passages considered per word, newest first; for a more frequent word, the oldest match only if all words are in one passage.</summary>
    public const int CandidatesMax = 5_000;

    /// <summary>The most members whose name contains a word. The scan of the name index is short compared to the posts.</summary>
    public const int AuthorsMax = 50;

    extension(PyboDb db)
    {
        /// <summary>Returns the ids of the matching questions, in the given order; empty for an empty search.</summary>
        internal async Task<List<long>> MatchingQuestionsAsync(QuestionSearchTerms search, QuestionSort sort, int limit, Viewer viewer, CancellationToken ct)
        {
            if (search.IsEmpty)
            {
                return [];
            }

            var audiences = await db.AudiencesAsync(viewer, ct);
            var categories = await db.CategoriesAsync(viewer, ct);
            List<SqliteParameter> parameters =
            [
                new("@audiences", JsonSerializer.Serialize(audiences)),
                new("@all", string.Join(" AND ", search.Words.Select(w => $"({PassageWords.MatchFor(audiences, w.Match)})"))),
                new("@candidates", CandidatesMax),
                new("@authors", AuthorsMax),
                new("@limit", limit),
            ];
            for (var i = 0; i < search.Words.Count; i++)
            {
                parameters.Add(new($"@match{i}", PassageWords.MatchFor(audiences, search.Words[i].Match)));
                parameters.Add(new($"@name{i}", search.Words[i].NamePart));
            }

            AddAll("tag", search.Tags);
            AddAll("notTag", search.ExcludedTags);
            AddAll("phraseWords", search.Phrases.Select(p => PassageWords.MatchFor(audiences, p.Match)));
            AddAll("phrase", search.Phrases.Select(p => p.Text));
            AddAll("not", search.Excluded.Select(match => PassageWords.MatchFor(audiences, match)));
            AddAll("category", search.Categories.Select(Named));
            AddAll("notCategory", search.ExcludedCategories.Select(Named));
            AddAll("asker", search.Askers);
            parameters.AddRange([new("@votes", search.VotesMin ?? int.MinValue), new("@answers", search.AnswersMin), new("@answersMax", search.AnswersMax ?? int.MaxValue)]);
            return await RunAsync(db, Statement(search, sort), parameters, ct);

            // The ids of the categories with this name, or with this name in addresses, as a JSON array.
            string Named(string slug) => JsonSerializer.Serialize(categories.Where(c => c.Slug == slug || CategoryNames.SlugOf(c.Name) == slug).Select(c => c.Id));

            void AddAll(string name, IEnumerable<string> values) => parameters.AddRange(values.Select((value, i) => new SqliteParameter($"@{name}{i}", value)));
        }
    }

    private const string InOnePassage = """
        select p.QuestionId from PassageWords w cross join Passages p on p.Id = w.rowid
        where w.PassageWords match @all and p.QuestionId is not null order by w.rowid desc limit @candidates
        """;

    private static Task<List<long>> RunAsync(PyboDb db, string sql, List<SqliteParameter> parameters, CancellationToken ct) =>
        db.Database.SqlQueryRaw<long>(sql, [.. parameters]).ToListAsync(ct);

    private static string Statement(QuestionSearchTerms search, QuestionSort sort)
    {
        List<string> conditions =
        [
            $"q.CategoryId in ({BoardAccess.ReadableCategoryIds})", "q.VoteCount >= @votes", "q.AnswerCount between @answers and @answersMax",
            .. search.Categories.Select((_, i) => $"q.CategoryId in (select value from json_each(@category{i}))"),
            .. search.ExcludedCategories.Select((_, i) => $"q.CategoryId not in (select value from json_each(@notCategory{i}))"),
            .. search.Tags.Select((_, i) => $"q.Id in ({WithTag($"@tag{i}")})"),
            .. search.ExcludedTags.Select((_, i) => $"q.Id not in ({WithTag($"@notTag{i}")})"),
            .. search.Askers.Select((_, i) => $"q.AuthorId in (select Id from AspNetUsers where NormalizedUserName = @asker{i})"),
            .. search.Phrases.Select((_, i) => $"q.Id in ({WithPhrase(i)})"),
            .. search.Excluded.Select((_, i) => $"q.Id not in (select p.QuestionId from PassageWords w cross join Passages p on p.Id = w.rowid where w.PassageWords match @not{i} and p.QuestionId is not null)"),
        ];
        if (search.IsAccepted)
        {
            conditions.Add("q.AcceptedAnswerId is not null");
        }

        if (search.IsClosed is { } isClosed)
        {
            conditions.Add(isClosed ? "(q.ClosedReason is not null or q.IsNotice)" : "q.ClosedReason is null and not q.IsNotice");
        }

        if (search.IsNotice)
        {
            conditions.Add("q.IsNotice");
        }

        if (search.Words.Count > 0)
        {
            conditions.Add($"q.Id in (select * from ({InOnePassage}) union select * from ({string.Join("\nintersect\n", search.Words.Select((_, w) => $"select * from ({Holding(w)})"))}))");
        }

        if (sort == QuestionSort.Unanswered)
        {
            conditions.Add("q.AnswerCount = 0");
        }

        return $"select q.Id Value from Questions q where {string.Join("\n and ", conditions)}\norder by {Order(sort)} limit @limit";
    }

    private static string WithTag(string name) => $"""
        select x.QuestionId from QuestionTags x where x.TagId in (select Id from Tags where Name = {name} union all select TagId from TagSynonyms where Name = {name})
        """;

    private static string WithPhrase(int phrase) => $"""
        select p.QuestionId from PassageWords w cross join Passages p on p.Id = w.rowid
        where w.PassageWords match @phraseWords{phrase} and p.QuestionId is not null and (instr(lower(p.Text), @phrase{phrase}) > 0 or instr(lower(p.Title), @phrase{phrase}) > 0)
        order by w.rowid desc limit @candidates
        """;

    private static string Holding(int word) => $"""
        select * from (select p.QuestionId from PassageWords w cross join Passages p on p.Id = w.rowid
            where w.PassageWords match @match{word} and p.QuestionId is not null order by w.rowid desc limit @candidates)
        union
        select * from (select q.Id from Questions q where q.AuthorId in ({Named(word)}) order by q.Id desc limit @candidates)
        union
        select * from (select a.QuestionId from Answers a where a.AuthorId in ({Named(word)}) order by a.Id desc limit @candidates)
        union
        select * from (select coalesce(c.QuestionId, a.QuestionId) from Comments c left join Answers a on a.Id = c.AnswerId where c.AuthorId in ({Named(word)}) order by c.Id desc limit @candidates)
        """;

    private static string Named(int word) => $"""
        select Id from AspNetUsers where instr(NormalizedUserName, @name{word}) > 0 limit @authors
        """;

    private static string Order(QuestionSort sort) => sort switch
    {
        QuestionSort.Votes => "q.VoteCount desc, q.Id desc",
        QuestionSort.Popular => "q.AnswerCount desc, q.Id desc",
        _ => "q.Id desc",
    };
}
