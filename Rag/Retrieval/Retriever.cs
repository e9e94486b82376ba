using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;

namespace Pybo.Rag.Retrieval;

/// <summary>A question, the data derived from it and the passages found for it: made once and passed on to judge, reader and quoter.</summary>
/// <param name="Question">The question as searched: misspelt words are rewritten.</param>
/// <param name="Terms">The search terms.</param>
/// <param name="AskingTerms">The terms by which texts are judged: <see cref="TermShare.Terms"/>.</param>
/// <param name="Statistics">Counts of <paramref name="AskingTerms"/> among the passages the reader may see.</param>
/// <param name="Embedding">The question's vector and the model that made it; null if no model serves.</param>
/// <param name="Hits">Best first.</param>
/// <param name="Note">Tells the reader why only words were searched; null if both halves ran.</param>
public sealed record RetrievalResult(
    string Question, IReadOnlyList<string> Terms, IReadOnlyList<string> AskingTerms, TermStatistics Statistics,
    (long ModelId, ReadOnlyMemory<float> Vector)? Embedding, IReadOnlyList<PassageHit> Hits, Notice? Note)
{
    /// <summary>A question that is answered without a search.</summary>
    public static RetrievalResult Unsearched(string question) => new(question, [], [], TermStatistics.None, null, [], null);

    /// <summary>True if words of the question were rewritten (<see cref="Respelling"/>).</summary>
    public bool IsRespelt { get; init; }

    /// <summary>Returns the share of the question that a text covers: 0 to 1.</summary>
    public double Share(string text) => TermShare.Of(AskingTerms, text, Statistics);

    /// <summary>
    /// Leaves out documents without the dates, numbers and codes that the question names, as long as none of their passages found has them: another
    /// day's minutes answer another question.
    /// </summary>
    public RetrievalResult WithExactTerms()
    {
        var exact = Hits.Where(hit => QuestionFocus.HasExactTerms(hit.Whole, Question)).Select(hit => hit.DocumentId).ToHashSet();
        return this with { Hits = [.. Hits.Where(hit => hit.DocumentId is not { } document || exact.Contains(document))] };
    }

    /// <summary>Leaves out the posts of one thread, if one is given.</summary>
    public RetrievalResult WithoutThread(long? questionId) => questionId is null ? this : this with { Hits = [.. Hits.Where(hit => hit.QuestionId != questionId)] };

    /// <summary>Judges whether passages of documents can answer the question at all.</summary>
    public Relevance RelevanceOf(IEnumerable<PassageHit> passages) => Relevance.Of(passages, this);
}

/// <summary>Turns a question into passages: its terms, its vector, and one SQL statement.</summary>
public sealed class Retriever(IDbContextFactory<PyboDb> dbs, EmbeddingModels models)
{
    /// <summary>Only the beginning of a longer text is searched; the encoder sees no more than its window anyway.</summary>
    public const int QuestionMax = 8_000;

    /// <summary>Finds passages the reader may see. An empty question finds nothing.</summary>
    /// <param name="question">The text to search for.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="limit">The most passages to return.</param>
    /// <param name="kind">Restricts the search to one kind, or null.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="scope">Restricts the search to one document or collection, or null.</param>
    public async Task<RetrievalResult> RetrieveAsync(string question, Viewer viewer, int limit, PassageKind? kind, CancellationToken ct, PassageScope? scope = null)
    {
        question = question.Cut(QuestionMax).Trim();
        if (question.Length == 0)
        {
            return new("", [], [], TermStatistics.None, null, [], null);
        }

        using var state = await models.StateAsync(ct);
        await using var db = await dbs.CreateDbContextAsync(ct);
        var written = question;
        question = await Respelling.OfAsync(db, written, viewer, ct);
        var (terms, askingTerms) = (KoreanText.QueryTerms(question), TermShare.Terms(question));
        (long, ReadOnlyMemory<float>)? embedding = state.Serving is { } serving && !Gibberish.Is(question) ? (serving.ModelId, await serving.Generator.EmbedQueryAsync(HanjaReadings.ReadMixed(question), ct)) : null;
        var hits = await db.SearchPassagesAsync(new PassageQuery { Terms = terms, Embedding = embedding, Viewer = viewer, Kind = kind, Scope = scope, Limit = limit }, ct);
        return new(question, terms, askingTerms, await db.TermStatisticsAsync(askingTerms, viewer, ct), embedding, hits, state.Note) { IsRespelt = question != written };
    }

    /// <summary>Finds questions like a stored one by its stored vector, so that no text is embedded; by the words of its title if it has none.</summary>
    public async Task<RetrievalResult> RetrieveLikeAsync(long questionId, string title, Viewer viewer, int limit, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var (embedding, askingTerms) = (await db.QuestionVectorAsync(questionId, ct), TermShare.Terms(title));
        IReadOnlyList<string> terms = embedding is null ? KoreanText.QueryTerms(title) : [];
        var hits = await db.SearchPassagesAsync(new PassageQuery { Terms = terms, Embedding = embedding, Viewer = viewer, Kind = PassageKind.Question, Limit = limit }, ct);
        return new RetrievalResult(title, terms, askingTerms, await db.TermStatisticsAsync(askingTerms, viewer, ct), embedding, hits, null).WithoutThread(questionId);
    }

    /// <summary>Returns the passages of one document or collection in the order of the text, unsearched.</summary>
    public async Task<IReadOnlyList<PassageHit>> WholeAsync(PassageScope scope, Viewer viewer, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        return await db.PassagesOfAsync(scope, viewer, ct);
    }

    /// <summary>Returns one thread whole, unsearched; null if there is none.</summary>
    /// <param name="title">The question's title; of several, the newest.</param>
    /// <param name="id">The question, if there is no title.</param>
    /// <param name="viewer">Who asks.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<BoardThread?> ThreadAsync(string? title, long? id, Viewer viewer, CancellationToken ct)
    {
        await using var db = await dbs.CreateDbContextAsync(ct);
        var question = title is null ? id : await db.ReadableQuestions(viewer).Where(q => q.Title == title).MaxAsync(q => (long?)q.Id, ct);
        return question is { } found ? (await db.ThreadsAsync([found], null, viewer, ct)).FirstOrDefault() : null;
    }

    /// <summary>Returns the threads of the posts found, each as one source, best first.</summary>
    public async Task<IReadOnlyList<ThreadMatch>> ThreadsAsync(RetrievalResult retrieval, Viewer viewer, CancellationToken ct)
    {
        var questions = retrieval.Hits.Select(hit => hit.QuestionId).OfType<long>().Distinct().Take(ThreadMatch.ThreadsMax).ToList();
        if (questions.Count == 0)
        {
            return [];
        }

        await using var db = await dbs.CreateDbContextAsync(ct);
        var threads = await db.ThreadsAsync(questions, retrieval.Embedding, viewer, ct);
        return [.. threads.Select(thread => ThreadMatch.Of(thread, retrieval)).OrderByDescending(match => match.Relevance.Margin)];
    }
}
