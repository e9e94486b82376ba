using Pybo.Data;

namespace Pybo.Rag.Retrieval;

/// <summary>
/// Leaves out hits that have nothing to do with the question, where hits are listed: something is nearest to every question, however far away it is.
/// Measured, see docs/decisions/0032-a-floor-for-lists.md.
/// </summary>
public static class RelevanceFloor
{
    // The same sum as in Relevance, whose threshold is higher: a list helps even where no hit answers.
    private const double CosineWeight = 4;
    private const double Least = 3.1;

    /// <summary>Questions are nearer to each other than to the passages that answer them: on 40 threads of many subjects, unrelated ones have cosines up to .81.</summary>
    private const double LeastBetweenQuestions = 3.4;

    // Without a model only words are known.
    private const double LeastShare = 0.1;

    /// <summary>The least share of the best hit's score.</summary>
    private const double ScoreShareMin = 0.2;

    /// <summary>A name or a code (ERR_CARD_42) of at least this length says what is asked, even in a pasted log of which the text has nothing else.</summary>
    private const int NameLettersMin = 3;

    /// <summary>A name is rare if at most this many passages contain it, or at most one in <see cref="RareShare"/>.</summary>
    private const int RarePassagesMax = 3;
    private const int RareShare = 100;

    extension(RetrievalResult retrieval)
    {
        /// <summary>Leaves out the hits below the floor. A text with every word of the question stays, and so does one with a rare name or code of it.</summary>
        public RetrievalResult AboveFloor() => retrieval.Above(Least, ScoreShareMin);

        /// <summary>The same for questions found by a stored question. All of them may be on its subject, so none is left out for being farther than the best.</summary>
        public RetrievalResult AboveFloorBetweenQuestions() => retrieval.Above(LeastBetweenQuestions, 0);

        private RetrievalResult Above(double sum, double share)
        {
            var least = retrieval.Hits.Count > 0 ? retrieval.Hits[0].Score * share : 0;
            return retrieval with { Hits = [.. retrieval.Hits.Where(hit => hit.Score >= least && retrieval.IsAbove(sum, hit))] };
        }

        private bool IsAbove(double sum, PassageHit hit)
        {
            // Most hits are near enough by their meaning alone, and reading a text's terms costs most.
            var least = hit.Cosine is { } cosine ? sum - (CosineWeight * cosine) : LeastShare;
            if (least <= 0)
            {
                return true;
            }

            var held = KoreanText.Terms(hit.Whole).ToHashSet(StringComparer.Ordinal);
            var asked = retrieval.AskingTerms;
            return TermShare.Of(asked, held, retrieval.Statistics) >= least
                || (asked.Count > 0 && (held.IsSupersetOf(asked) || asked.Any(term => held.Contains(term) && retrieval.IsRareName(term))));
        }

        private bool IsRareName(string term) => term.Length >= NameLettersMin && term.All(char.IsAsciiLetterOrDigit)
            && retrieval.Statistics.PassageCounts.GetValueOrDefault(term) <= Math.Max(RarePassagesMax, retrieval.Statistics.Passages / RareShare);
    }
}
