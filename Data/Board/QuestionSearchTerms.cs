using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>A search word: the FTS5 expression that finds it in a passage, and the text to match in member names.</summary>
public sealed record SearchWord(string Match, string NamePart);

/// <summary>Words that a passage must have in this order, as typed.</summary>
/// <param name="Match">The FTS5 expression that finds the passages with all its words.</param>
/// <param name="Text">The words, in small letters.</param>
public sealed record SearchPhrase(string Match, string Text);

/// <summary>
/// A list search: words, and operators that narrow it. <c>"these words"</c> in this order, <c>-word</c>, <c>-tag:name</c> or <c>-category:name</c> without it,
/// <c>tag:name</c>, <c>category:name</c>, <c>user:name</c> who asked, <c>is:accepted</c>, <c>is:answered</c>, <c>is:unanswered</c>, <c>is:closed</c>, <c>is:open</c>, <c>is:notice</c>, <c>score:3</c> or more votes, <c>answers:2</c> or more. What is no operator is a word.
/// </summary>
public sealed partial record QuestionSearchTerms(IReadOnlyList<SearchWord> Words)
{
    /// <summary>Precedes the name of a tag in the text of a search: <c>tag:파이썬</c>.</summary>
    public const string TagPrefix = "tag:";

    /// <summary>Only the first words of a pasted text are searched.</summary>
    public const int WordsMax = 12;

    /// <summary>The phrases, and the exclusions, of one search.</summary>
    public const int NarrowedMax = 5;

    /// <summary>The most characters of the input that are read.</summary>
    public const int TextMax = 500;

    /// <summary>The names of tags. One that is no name, or one more than a question can have, finds nothing.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string> ExcludedTags { get; init; } = [];

    /// <summary>Categories by <see cref="CategoryNames.SlugOf"/>. A question is in one, so two find nothing.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> ExcludedCategories { get; init; } = [];
    public IReadOnlyList<SearchPhrase> Phrases { get; init; } = [];

    /// <summary>FTS5 expressions for passages that no found question has.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>The askers' names in the form that accounts are compared by. A question has one asker, so two find nothing.</summary>
    public IReadOnlyList<string> Askers { get; init; } = [];

    public bool IsAccepted { get; init; }

    /// <summary>True for questions that take no more answers, false for those that do, null for both.</summary>
    public bool? IsClosed { get; init; }

    public bool IsNotice { get; init; }

    /// <summary>The fewest answers; 0 for any number.</summary>
    public int AnswersMin { get; init; }

    /// <summary>The most answers; null for any number.</summary>
    public int? AnswersMax { get; init; }

    /// <summary>The fewest votes; null for any number, also below zero.</summary>
    public int? VotesMin { get; init; }

    public bool IsEmpty => Words.Count + Tags.Count + ExcludedTags.Count + Categories.Count + ExcludedCategories.Count + Phrases.Count + Excluded.Count + Askers.Count == 0 && !IsAccepted && IsClosed is null && !IsNotice && AnswersMin == 0 && AnswersMax is null && VotesMin is null;

    public static QuestionSearchTerms Of(string text)
    {
        var search = new QuestionSearchTerms([]);
        List<string> words = [];
        foreach (Match part in Part().Matches(text.Cut(TextMax)))
        {
            var (isExcluded, name, value) = (part.Groups["not"].Success, part.Groups["name"].Value.ToUpperInvariant(), part.Groups["value"].Value);
            if (part.Groups["phrase"] is { Success: true } phrase)
            {
                search = isExcluded ? search.Without(phrase.Value) : search.WithPhrase(phrase.Value);
            }
            else if (search.TryNarrow(isExcluded, name, value) is { } narrowed)
            {
                search = narrowed;
            }
            else if (isExcluded)
            {
                search = search.Without(part.Value[1..]);
            }
            else
            {
                words.Add(part.Value);
            }
        }

        return search with { Words = [.. WordsOf(string.Join(' ', words)).Take(WordsMax)] };
    }

    /// <summary>Returns the search for all questions with a tag.</summary>
    public static QuestionSearchTerms OfTag(string name) => new([]) { Tags = [name] };

    private QuestionSearchTerms? TryNarrow(bool isExcluded, string name, string value) => (name, value.ToUpperInvariant()) switch
    {
        (_, "") => null,
        ("TAG", _) when isExcluded => this with { ExcludedTags = [.. ExcludedTags.Append(TagNames.Of(value) ?? value).Distinct().Take(NarrowedMax)] },
        ("TAG", _) => this with { Tags = [.. Tags.Append(TagNames.Of(value) ?? value).Distinct().Take(TagNames.PerQuestionMax + 1)] },
        ("CATEGORY", _) when isExcluded => this with { ExcludedCategories = [.. ExcludedCategories.Append(CategoryNames.SlugOf(value)).Distinct().Take(NarrowedMax)] },
        ("CATEGORY", _) => this with { Categories = [.. Categories.Append(CategoryNames.SlugOf(value)).Distinct().Take(NarrowedMax)] },
        _ when isExcluded => null,
        ("USER", var asker) => this with { Askers = [.. Askers.Append(asker.Normalized(NormalizationForm.FormC)).Distinct().Take(NarrowedMax)] },
        ("IS", "ACCEPTED") => this with { IsAccepted = true },
        ("IS", "ANSWERED") => this with { AnswersMin = Math.Max(AnswersMin, 1) },
        ("IS", "UNANSWERED") => this with { AnswersMax = 0 },
        ("IS", "CLOSED") => this with { IsClosed = true },
        ("IS", "OPEN") => this with { IsClosed = false },
        ("IS", "NOTICE") => this with { IsNotice = true },
        ("SCORE", _) when Number(value, NumberStyles.AllowLeadingSign) is { } votes => this with { VotesMin = Math.Max(VotesMin ?? votes, votes) },
        ("ANSWERS", _) when Number(value) is { } answers => this with { AnswersMin = Math.Max(AnswersMin, answers) },
        _ => null,
    };

    private QuestionSearchTerms WithPhrase(string text) => WordsOf(text) is { Count: > 0 } words
        ? this with { Phrases = [.. Phrases.Append(new(All(words), Folded(text))).Take(NarrowedMax)] } : this;

    private QuestionSearchTerms Without(string text) => WordsOf(text) is { Count: > 0 } words ? this with { Excluded = [.. Excluded.Append(All(words)).Take(NarrowedMax)] } : this;

    /// <summary>Small letters as SQLite's <c>lower</c> makes them: of A to Z only.</summary>
    private static string Folded(string text) =>
        string.Concat(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Select(c => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c));

    private static string All(IEnumerable<SearchWord> words) => string.Join(" AND ", words.Select(w => $"({w.Match})"));

    private static int? Number(string text, NumberStyles style = NumberStyles.None) => int.TryParse(text, style, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static List<SearchWord> WordsOf(string text) => [.. KoreanText.TermsByWord(text).Select(Word).DistinctBy(w => w.Match)];

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

    /// <summary>A quotation, an operator, or a word; each may have a minus before it, which counts only at the beginning of a word.</summary>
    [GeneratedRegex("""(?<!\S)(?<not>-)?(?:["“](?<phrase>[^"“”]+)["”](?!\S)|(?<name>[A-Za-z]+):(?<value>\S+)|\S+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
