using Pybo.Data;

namespace Pybo.Rag.Retrieval;

/// <summary>Decides whether the passages found can answer the question at all, with any answerer; measured, see docs/decisions/0004-refusal.md.</summary>
/// <param name="Share">The IDF-weighted share of the question's terms that the passage contains: 0 to 1.</param>
/// <param name="Cosine">Between the question and the passage's best chunk; null if only words were searched.</param>
/// <param name="IsExact">True if the question names a date, a number or a code, and the passage has it.</param>
public readonly record struct Relevance(double Share, double? Cosine, bool IsExact = false)
{
    /// <summary>The number of passages judged; the best one decides.</summary>
    public const int PassagesMax = 3;

    // Cosines of this kind of encoder are close together (.70 to .90 between any question and passage), shares far apart: hence the weight.
    private const double CosineWeight = 4;
    private const double Least = 3.65;
    private const double LeastShare = 0.48;

    // A passage with the very code that is asked about seldom answers another question.
    private const double ExactMargin = 0.35;

    // A reader who chose one document expects the answer in it. Of 27 questions on 8 documents, each asked in every document, the three that were wrongly refused in
    // their own are at -.20 and above, the best in another document at -.30.
    private const double ChosenDocumentMargin = 0.25;

    /// <summary>Nothing was found.</summary>
    public static readonly Relevance None = new(0, null);

    /// <summary>The distance above the threshold; below 0 the question must be refused.</summary>
    public double Margin => (IsExact ? ExactMargin : 0) + (Cosine is { } cosine ? Share + (CosineWeight * cosine) - Least : Share - LeastShare);

    public bool Fits => Margin >= 0;

    /// <summary>True if a passage of the one document that the reader chose fits; only as lenient if meanings were compared.</summary>
    public bool FitsChosenDocument => Fits || (Cosine is not null && Margin + ChosenDocumentMargin >= 0);

    /// <summary>Judges passages, best first, against the question they were found for.</summary>
    public static Relevance Of(IEnumerable<PassageHit> hits, RetrievalResult retrieval) => hits
        .Take(PassagesMax)
        .Select(hit => Of(hit, retrieval))
        .DefaultIfEmpty(None)
        .MaxBy(relevance => relevance.Margin);

    private static Relevance Of(PassageHit hit, RetrievalResult retrieval)
    {
        return new(retrieval.Share(hit.Whole), hit.Cosine, QuestionFocus.NamesExactTerms(retrieval.Question) && QuestionFocus.HasExactTerms(hit.Whole, retrieval.Question));
    }
}
