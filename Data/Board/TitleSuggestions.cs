using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A question whose title fits what was typed.</summary>
public sealed record TitleSuggestion(long Id, string Title, int AnswerCount, bool IsAccepted);

/// <summary>
/// Suggests questions while a search is typed: those whose title contains what was typed, as far as it was typed (<see cref="InitialConsonants"/>), then those
/// with all of its words. What fits no title is read as typed with the keyboard set to the other language (<see cref="KoreanKeys"/>). Nothing is embedded.
/// </summary>
public static class TitleSuggestions
{
    /// <summary>The newest questions whose titles are read; older ones are found by whole words.</summary>
    public const int ReachedMax = 2_000;

    /// <summary>Only the beginning of a longer text is looked for.</summary>
    public const int TypedMax = 100;

    /// <summary>One letter is looked for only where a word begins: it is somewhere in most titles.</summary>
    private const int InsideMin = 2;

    /// <summary>Fewer keys of the other language are more likely what was meant (<c>go</c> would be one syllable).</summary>
    private const int KeysMin = 4;

    extension(PyboDb db)
    {
        /// <summary>Returns the questions to suggest, the best first.</summary>
        public async Task<List<TitleSuggestion>> SuggestedQuestionsAsync(string typed, Viewer viewer, int limit, CancellationToken ct)
        {
            typed = typed.Cut(TypedMax).Trim();
            if (typed.Length == 0)
            {
                return [];
            }

            var newest = await db.ReadableQuestions(viewer).OrderByDescending(q => q.Id).Take(ReachedMax).Select(q => new QuestionTitle(q.Id, q.Title)).ToListAsync(ct);
            foreach (var spelling in Spellings(typed))
            {
                var found = WithTitleLike(newest, spelling.ToLowerInvariant()).Take(limit).ToList();
                found.AddRange(found.Count < limit ? (await db.WithAllWordsAsync(spelling, viewer, limit, ct)).Except(found).Take(limit - found.Count) : []);
                if (found.Count > 0)
                {
                    var shown = await db.ReadableQuestions(viewer).Where(q => found.Contains(q.Id)).Select(q => new TitleSuggestion(q.Id, q.Title, q.AnswerCount, q.AcceptedAnswerId != null)).ToDictionaryAsync(q => q.Id, ct);
                    return [.. found.Where(shown.ContainsKey).Select(id => shown[id])];
                }
            }

            return [];
        }

        private async Task<IEnumerable<long>> WithAllWordsAsync(string typed, Viewer viewer, int limit, CancellationToken ct)
        {
            if (KoreanText.QueryTerms(typed) is not { Count: > 0 } terms)
            {
                return [];
            }

            // Texts with the words outnumber titles with them.
            const int HitsPerTitle = 3;
            var hits = await db.SearchPassagesAsync(new() { Terms = terms, Viewer = viewer, Kind = PassageKind.Question, Limit = limit * HitsPerTitle }, ct);
            return hits.Where(hit => terms.TrueForAll(KoreanText.Terms(hit.Title).Contains)).Select(hit => hit.QuestionId!.Value).Distinct();
        }
    }

    /// <summary>Returns the questions whose title contains what was typed: at its start, at the start of a word, then within one; the newest first.</summary>
    private static IEnumerable<long> WithTitleLike(List<QuestionTitle> newest, string typed) => newest
        .Select(question => (question.Id, Place: PlaceOf(question.Title.ToLowerInvariant(), typed))).Where(found => found.Place is not null).OrderBy(found => found.Place).Select(found => found.Id);

    /// <summary>Returns 0 for the start of the title, 1 for the start of a word, 2 for a place within one; null if it is not there.</summary>
    private static int? PlaceOf(string title, string typed)
    {
        const int Inside = 2;
        int? best = null;
        for (var at = 0; at + typed.Length <= title.Length; at++)
        {
            var place = at == 0 ? 0 : char.IsLetterOrDigit(title[at - 1]) ? Inside : 1;
            if ((place < Inside || typed.Length >= InsideMin) && InitialConsonants.MatchesAt(title, at, typed))
            {
                if (place < Inside)
                {
                    return place;
                }

                best = Inside;
            }
        }

        return best;
    }

    /// <summary>Returns a text as typed, then as typed with the keyboard set to the other language, also without the last key, which may begin a syllable.</summary>
    private static IEnumerable<string> Spellings(string typed)
    {
        yield return typed;
        if (typed.Replace(" ", "", StringComparison.Ordinal).Length >= KeysMin && typed.All(c => char.IsAsciiLetter(c) || c == ' '))
        {
            var words = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if ((KoreanKeys.Hangul(words[^1]) ?? KoreanKeys.Hangul(words[^1][..^1])) is { } last && words[..^1].Select(KoreanKeys.Hangul).ToList() is var before && !before.Contains(null))
            {
                yield return string.Join(' ', [.. before, last]);
            }
        }
        else if (KoreanKeys.Of(typed) is { Length: >= KeysMin } keys && keys != typed)
        {
            yield return keys;
        }
    }
}
