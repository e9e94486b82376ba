using Pybo.Data;

namespace Pybo.Rag.Retrieval;

/// <summary>A thread found for a question, judged as one source. All its posts help to find it; only its answers, and comments that say something, can answer.</summary>
/// <param name="Thread">The thread, its answers best first.</param>
/// <param name="Relevance">
/// The share of the question that all posts cover together, and the cosine of the best answer or of a comment that can answer; of the question if it has neither.
/// </param>
/// <param name="LacksSubject">A noun that the question marks as its subject is not in the thread.</param>
/// <param name="Comments">The comments that can answer (<see cref="CommentText"/>), best first.</param>
/// <param name="LacksDetail">No answer has an amount of the kind that the question asks for, or a date, number or code that it names is not in the thread.</param>
public sealed record ThreadMatch(BoardThread Thread, Relevance Relevance, IReadOnlyList<ThreadComment> Comments, bool LacksSubject, bool LacksDetail)
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

    /// <summary>True if a post of the thread can answer the question.</summary>
    public bool Fits => IsAlike && !LacksDetail && HasAnswers;

    /// <summary>True if the same was asked and has no answer yet.</summary>
    public bool IsUnanswered => IsAlike && !HasAnswers;

    private bool HasAnswers => Thread.Answers.Count + Comments.Count > 0;

    /// <summary>Judges a thread against the question it was found for.</summary>
    public static ThreadMatch Of(BoardThread thread, RetrievalResult retrieval)
    {
        var comments = thread.Comments.Where(comment => CommentText.CanAnswer(comment, thread.Title))
            .OrderByDescending(comment => new Relevance(retrieval.Share(comment.Text), comment.Best.Cosine).Margin).ToList();
        var answering = thread.Answers.SelectMany(a => a.Passages).Concat(comments.SelectMany(c => c.Passages)).ToList();
        var posts = thread.Question.Concat(thread.Answers.SelectMany(a => a.Passages)).Concat(thread.Comments.Where(c => c.IsSupplement || comments.Contains(c)).SelectMany(c => c.Passages));
        var text = string.Join('\n', posts.Select(p => p.Text).Prepend(thread.Title)).Cut(CharactersMax);
        var cosine = (answering.Count > 0 ? answering : thread.Question).Max(p => p.Cosine);
        var answers = string.Join('\n', answering.Select(p => p.Text)).Cut(CharactersMax);
        var question = retrieval.Question;
        return new(thread, new(retrieval.Share(text), cosine), comments, !QuestionFocus.HasSubjects(text, question), !QuestionFocus.HasAmounts(answers, question) || !QuestionFocus.HasExactTerms(text, question));
    }
}
