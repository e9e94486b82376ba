using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A search word: the FTS5 expression that finds it in a passage, and the text to match in member names.</summary>
public sealed record SearchWord(string Match, string NamePart);

/// <summary>The words of a list search, and the tags that its questions must have.</summary>
public sealed record QuestionSearchTerms(IReadOnlyList<SearchWord> Words)
{
    /// <summary>Precedes the name of a tag in the text of a search: <c>tag:파이썬</c>.</summary>
    public const string TagPrefix = "tag:";

    /// <summary>Only the first words of a pasted text are searched.</summary>
    public const int WordsMax = 12;

    /// <summary>The most characters of the input that are read.</summary>
    public const int TextMax = 500;

    /// <summary>The names of tags. One that is no name, or one more than a question can have, finds nothing.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public bool IsEmpty => Words.Count + Tags.Count == 0;

    public static QuestionSearchTerms Of(string text)
    {
        var parts = text.Cut(TextMax).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToLookup(part => part.StartsWith(TagPrefix, StringComparison.OrdinalIgnoreCase) && part.Length > TagPrefix.Length);
        var tags = parts[true].Select(part => part[TagPrefix.Length..]).Select(name => TagNames.Of(name) ?? name).Distinct().Take(TagNames.PerQuestionMax + 1);
        return new([.. KoreanText.TermsByWord(string.Join(' ', parts[false])).Select(Word).DistinctBy(w => w.Match).Take(WordsMax)]) { Tags = [.. tags] };
    }

    /// <summary>Returns the search for all questions with a tag.</summary>
    public static QuestionSearchTerms OfTag(string name) => new([]) { Tags = [name] };

    private static SearchWord Word((TextRun Run, List<string> Terms) word)
    {
        var (run, terms) = word;
        var match = run.Script switch
        {
            // Consecutive bigrams match the word anywhere: 터베이 is found in 데이터베이스. 책을 also matches 책; 사과 does not match 사.
            Script.Hangul when run.Text.Length == 2 && terms.Count == 2 =>
                KoreanParticles.Agree(run.Text[0], run.Text[1]) ? KoreanText.MatchAny(terms) : KoreanText.Quote(terms[0]),
            Script.Latin when terms.Count > 1 => $"{KoreanText.Quote(terms[0])} OR ({string.Join(" AND ", terms.Skip(1).Select(KoreanText.Quote))})",
            _ => KoreanText.Quote(string.Join(' ', terms)),
        };
        var name = run.Script == Script.Hangul ? KoreanParticles.Stem(run) : run.Text;
        return new(match, name.ToUpperInvariant());
    }
}

/// <summary>
/// Searches the list: a question matches if every word is in its title, its text, one of its answers or comments, or the name of an author of
/// these. Words come from the passages, so a new post is found as soon as the worker has written them.
/// </summary>
public static class QuestionSearch
{
    /// <summary>The most passages considered per word, newest first; for a more frequent word, the oldest match only if all words are in one passage.</summary>
    public const int CandidatesMax = 5_000;

    /// <summary>The most members whose name contains a word. The scan of the name index is short compared to the posts.</summary>
    public const int AuthorsMax = 50;

    extension(PyboDb db)
    {
        /// <summary>Returns the ids of the matching questions, in the given order; empty without words and tags.</summary>
        internal Task<List<long>> MatchingQuestionsAsync(QuestionSearchTerms search, QuestionSort sort, int limit, CancellationToken ct)
        {
            if (search.IsEmpty)
            {
                return Task.FromResult<List<long>>([]);
            }

            List<SqliteParameter> parameters =
            [
                new("@all", string.Join(" AND ", search.Words.Select(w => $"({w.Match})"))),
                new("@candidates", CandidatesMax),
                new("@authors", AuthorsMax),
                new("@limit", limit),
            ];
            for (var i = 0; i < search.Words.Count; i++)
            {
                parameters.Add(new($"@match{i}", search.Words[i].Match));
                parameters.Add(new($"@name{i}", search.Words[i].NamePart));
            }

            parameters.AddRange(search.Tags.Select((name, i) => new SqliteParameter($"@tag{i}", name)));
            return RunAsync(db, Statement(search, sort), parameters, ct);
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
        List<string> conditions = [.. search.Tags.Select((_, i) => $"q.Id in (select x.QuestionId from Tags t join QuestionTags x on x.TagId = t.Id where t.Name = @tag{i})")];
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
