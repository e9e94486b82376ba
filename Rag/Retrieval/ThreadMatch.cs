using Pybo.Data;

namespace Pybo.Rag.Retrieval;

/// <summary>A thread found for a question, judged as one source. All its posts help to find it; only its answers can answer.</summary>
/// <param name="Thread">The thread, its answers best first.</param>
/// <param name="Relevance">
/// The share of the question that title, question and answers cover together, and the cosine of the best answer; of the question if it has no answer.
/// </param>
/// <param name="LacksSubject">A noun that the question marks as its subject is not in the thread.</param>
/// <param name="LacksDetail">No answer has an amount of the kind that the question asks for, or a date, number or code that it names is not in the thread.</param>
public sealed record ThreadMatch(BoardThread Thread, Relevance Relevance, bool LacksSubject, bool LacksDetail)
{
    /// <summary>The threads judged; in measurements the right one was among the first three.</summary>
    public const int ThreadsMax = 3;

    /// <summary>Only the beginning of a longer thread is compared.</summary>
    private const int CharactersMax = 20_000;

    // An answer seldom repeats the words that a later question uses, so its cosine decides; the share keeps other subjects out (docs/decisions/0029).
    private const double CosineMin = 0.79;

    // Synonyms (위층, 윗집) lack the noun too, so a higher cosine outweighs it.
    private const double CosineWithoutSubjectMin = 0.82;
    private const double MarginMin = -0.3;

    /// <summary>True if the question was asked here, in these or other words.</summary>
    private bool IsAlike => Relevance.Cosine is { } cosine ? cosine >= (LacksSubject ? CosineWithoutSubjectMin : CosineMin) && Relevance.Margin >= MarginMin : Relevance.Fits;

    /// <summary>True if an answer of the thread can answer the question.</summary>
    public bool Fits => IsAlike && !LacksDetail && Thread.Answers.Count > 0;

    /// <summary>True if the same was asked and has no answer yet.</summary>
    public bool IsUnanswered => IsAlike && Thread.Answers.Count == 0;

    /// <summary>Judges a thread against the question it was found for.</summary>
    public static ThreadMatch Of(BoardThread thread, RetrievalResult retrieval)
    {
        var posts = thread.Question.Concat(thread.Answers.SelectMany(a => a.Passages));
        var text = string.Join('\n', posts.Select(p => p.Text).Prepend(thread.Title)).Cut(CharactersMax);
        var cosine = thread.Answers.Count > 0 ? thread.Answers.Max(a => a.Best.Cosine) : thread.Question.Max(p => p.Cosine);
        var answers = string.Join('\n', thread.Answers.SelectMany(a => a.Passages).Select(p => p.Text)).Cut(CharactersMax);
        var question = retrieval.Question;
        return new(thread, new(retrieval.Share(text), cosine), !QuestionFocus.HasSubjects(text, question), !QuestionFocus.HasAmounts(answers, question) || !QuestionFocus.HasExactTerms(text, question));
    }
}
