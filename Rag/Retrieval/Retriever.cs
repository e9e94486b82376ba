using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;

namespace Pybo.Rag.Retrieval;

/// <summary>A question, what was derived from it, and what was found for it: made once, and handed on to whatever judges, reads or quotes.</summary>
/// <param name="Question">As it was searched.</param>
/// <param name="Terms">The terms that were searched.</param>
/// <param name="AskingTerms">The terms by which texts are judged: <see cref="TermShare.Terms"/>.</param>
/// <param name="Statistics">Counts of <paramref name="AskingTerms"/> among what the reader may see.</param>
/// <param name="Embedding">The question's vector and the model that made it; null when no model serves.</param>
/// <param name="Hits">Best first.</param>
/// <param name="Note">Why only words were searched, for the reader; null when both halves answered.</param>
public sealed record RetrievalResult(
    string Question, IReadOnlyList<string> Terms, IReadOnlyList<string> AskingTerms, TermStatistics Statistics,
    (long ModelId, ReadOnlyMemory<float> Vector)? Embedding, IReadOnlyList<PassageHit> Hits, Notice? Note)
{
    /// <summary>The share of what the question asks that a text holds: 0 to 1.</summary>
    public double Share(string text) => TermShare.Of(AskingTerms, text, Statistics);

    /// <summary>Whether passages can answer the question at all.</summary>
    public bool IsAnsweredBy(IEnumerable<PassageHit> passages) => Relevance.Of(passages, this).Fits;
}

/// <summary>From a question to passages: its terms, its vector, and one statement.</summary>
public sealed class Retriever(IDbContextFactory<PyboDb> dbs, EmbeddingModels models)
{
    /// <summary>Of a longer text the beginning is searched; the encoder sees no more than its window anyway.</summary>
    public const int QuestionMax = 8_000;

    /// <summary>Finds what the reader may see. An empty question finds nothing.</summary>
    /// <param name="question">What is looked for.</param>
    /// <param name="reader">Who asks.</param>
    /// <param name="limit">Passages at most.</param>
    /// <param name="kind">Of one kind, or null.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="scope">In one document or collection, or null.</param>
    public async Task<RetrievalResult> RetrieveAsync(string question, Reader reader, int limit, PassageKind? kind, CancellationToken ct, PassageScope? scope = null)
    {
        question = question.Cut(QuestionMax).Trim();
        if (question.Length == 0)
        {
            return new("", [], [], TermStatistics.None, null, [], null);
        }

        using var state = await models.StateAsync(ct);
        var (terms, askingTerms) = (KoreanText.QueryTerms(question), TermShare.Terms(question));
        (long, ReadOnlyMemory<float>)? embedding = state.Serving is { } serving ? (serving.ModelId, await serving.Generator.EmbedQueryAsync(question, ct)) : null;
        await using var db = await dbs.CreateDbContextAsync(ct);
        var hits = await db.SearchPassagesAsync(new PassageQuery { Terms = terms, Embedding = embedding, Reader = reader, Kind = kind, Scope = scope, Limit = limit }, ct);
        return new(question, terms, askingTerms, await db.TermStatisticsAsync(askingTerms, reader, ct), embedding, hits, state.Note);
    }
}
