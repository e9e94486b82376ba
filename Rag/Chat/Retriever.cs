using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Inference;
using Pybo.Rag.Models;

namespace Pybo.Rag.Chat;

/// <summary>What was found for a question.</summary>
/// <param name="Hits">Best first.</param>
/// <param name="Terms">The question's terms, as they were searched.</param>
/// <param name="Vector">The question's vector; null when no model serves.</param>
/// <param name="Note">Why only words were searched, for the reader; null when both halves answered.</param>
public sealed record Retrieval(IReadOnlyList<PassageHit> Hits, IReadOnlyList<string> Terms, ReadOnlyMemory<float>? Vector, Notice? Note);

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
    public async Task<Retrieval> RetrieveAsync(string question, Reader reader, int limit, PassageKind? kind, CancellationToken ct, PassageScope? scope = null)
    {
        question = question.Length > QuestionMax ? question[..QuestionMax].Trim() : question.Trim();
        if (question.Length == 0)
        {
            return new([], [], null, null);
        }

        using var state = await models.StateAsync(ct);
        var terms = KoreanText.QueryTerms(question);
        // "cond ? memory : null" would be an empty vector: null converts to ReadOnlyMemory by way of an array.
        var vector = state.Serving is { } serving ? await serving.Generator.EmbedQueryAsync(question, ct) : (ReadOnlyMemory<float>?)null;
        await using var db = await dbs.CreateDbContextAsync(ct);
        var hits = await db.SearchPassagesAsync(new PassageQuery
        {
            Terms = terms,
            Embedding = vector is { } embedding ? (state.Serving!.ModelId, embedding) : null,
            Reader = reader,
            Kind = kind,
            Scope = scope,
            Limit = limit,
        }, ct);
        return new(hits, terms, vector, state.Note);
    }
}
