using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A part of what there is: one document, or one collection.</summary>
public readonly record struct PassageScope
{
    private PassageScope(long? documentId, long? collectionId) => (DocumentId, CollectionId) = (documentId, collectionId);

    public long? DocumentId { get; }
    public long? CollectionId { get; }

    public static PassageScope Document(long id) => new(id, null);

    public static PassageScope Collection(long id) => new(null, id);
}

/// <summary>What is looked for, by whom.</summary>
public sealed record PassageQuery
{
    /// <summary>Terms of <see cref="KoreanText"/>; empty when the question has no words to look for.</summary>
    public required IReadOnlyCollection<string> Terms { get; init; }

    /// <summary>The question's vector and the model that made it; null when there is no model: words alone are searched then.</summary>
    public (long ModelId, ReadOnlyMemory<float> Vector)? Embedding { get; init; }

    public required Reader Reader { get; init; }

    /// <summary>Only passages of one kind, or all of them.</summary>
    public PassageKind? Kind { get; init; }

    /// <summary>Only passages of one document or collection, or all of them.</summary>
    public PassageScope? Scope { get; init; }

    public required int Limit { get; init; }
}

/// <summary>A passage that was found, with what its score was made of.</summary>
/// <param name="Words">bm25, positive, 0 where no word meets.</param>
/// <param name="Cosine">Between the question and the passage's best chunk; null when the passage has no vector.</param>
/// <param name="BestStart">The best chunk in <paramref name="Text"/>, in UTF-16 units.</param>
public sealed record PassageHit(
    long Id, PassageKind Kind, long? QuestionId, long? AnswerId, long? DocumentId, string? Path,
    string Title, string? Heading, string Text, int Start, int? BestStart, int? BestLength,
    double Words, double? Cosine, double Score)
{
    /// <summary>The page on which the best chunk begins, or without one the passage; null for what has no pages.</summary>
    public int? Page { get; init; }
}

/// <summary>Retrieval: one statement over words and vectors, at two levels.</summary>
/// <remarks>
/// Words are searched by the passage, vectors by the chunk; a passage's cosine is that of its best chunk, and the two halves are fused by their
/// scores (the ranks lose: docs/decisions/0001-retrieval.md). Who may read is decided inside both halves. What chooses and weighs terms is counted
/// over the passages that the reader may see (<see cref="PassageWords"/>): other passages change neither the hits nor their scores.
/// </remarks>
public static class PassageSearch
{
    /// <summary>Passages that compete by their words; more changed no figure.</summary>
    public const int CandidatesMax = 50;

    /// <summary>Chunks that compete by their meaning; more changed no figure, and vec0's time grows with them.</summary>
    public const int NeighboursMax = 36;

    /// <summary>Of a long question the rarest terms are searched: the 12 rarest lose .001 MRR on KorQuAD, more than 16 gain nothing and cost time.</summary>
    public const int TermsMax = 16;

    /// <summary>Terms that are searched however common they are, so that a question of common words still finds something.</summary>
    public const int TermsMin = 3;

    /// <summary>
    /// Passages of the reader's that the searched terms may stand in, added up from the rarest: bm25 costs a microsecond for each, so this bounds the words' half
    /// whatever the site's size. A thousand passages hardly reach it; at 20,000 of common words it takes off two thirds of the time.
    /// </summary>
    public const int PostingsMax = 2_000;

    /// <summary>Terms of a pasted text that are considered at all.</summary>
    public const int TermsConsideredMax = 256;

    public const int LimitMax = 100;

    // The rarest terms; beyond the first few none that more than a fifth of the passages hold. A term is searched as it stands in each of the reader's
    // audiences, and weighed by the sum over them.
    private static string Worded(string scope) => $"""
        held as materialized (select a.value Term, t.term Token, t.doc Passages
            from json_each(@terms) a cross join json_each(@prefixes) f cross join PassageTerms t on t.term = f.value || a.value),
        counted as materialized (select Term, Passages, row_number() over rarest Place, sum(Passages) over rarest Postings
            from (select Term, sum(Passages) Passages from held group by Term) window rarest as (order by Passages, Term)),
        readable as materialized (select sum(Passages) Passages, sum(Terms) Terms from PassageTotals where Audience in (@everyone, @members, @own)),
        chosen as materialized (select h.Token, c.Passages, c.Place from counted c join held h on h.Term = c.Term
            where c.Place <= @termsMin or (c.Place <= @termsMax and c.Postings <= @postingsMax and c.Passages * 5 <= (select Passages from readable))),
        worded as materialized (select w.rowid Id,
                pybo_bm25(w.PassageWords, (select Passages from readable), (select Terms from readable), (select group_concat(Passages, ' ' order by Place, Token) from chosen)) Words
            from PassageWords w cross join Passages p on p.Id = w.rowid
            where w.PassageWords match coalesce((select group_concat(printf('"%w"', Token), ' OR ' order by Place, Token) from chosen), '""')
              and p.Audience in (@everyone, @members, @own) and (@kind is null or p.Kind = @kind){scope}
            order by Words desc, Id limit @candidates)
        """;

    private const string Ranked = """
        ranked as (select *, coalesce(Words / nullif(max(Words) over (), 0), 0)
                + 0.75 * coalesce((max(Far) over () - Far) / nullif(max(Far) over () - min(Far) over (), 0), 0) Score
            from scored order by Score desc, Id limit @limit)
        select p.Id, p.Kind, p.QuestionId, p.AnswerId, p.DocumentId, d.Path, p.Title, p.Heading, p.Text, p.Start,
               iif(p.Page is null, null, (select g.Number from DocumentPages g where g.DocumentId = p.DocumentId and g.Start <= p.Start + coalesce(r.BestStart, 0)
                   order by g.Start desc, g.Number desc limit 1)) Page,
               r.BestStart, r.BestLength, r.Words, 1 - r.Far Cosine, r.Score
        from ranked r join Passages p on p.Id = r.Id left join Documents d on d.Id = p.DocumentId
        order by r.Score desc, p.Id
        """;

    private static string WordsOnly(PassageScope? scope) => $"""
        with {Worded(Passages(scope))},
        scored as (select Id, Words, null Far, null BestStart, null BestLength from worded),
        {Ranked}
        """;

    extension(PyboDb db)
    {
        /// <summary>The best passages that the reader may see, best first; none for a query with neither words nor a vector.</summary>
        public Task<List<PassageHit>> SearchPassagesAsync(PassageQuery query, CancellationToken ct)
        {
            var (everyone, members, own) = query.Reader.Audiences;
            List<SqliteParameter> parameters =
            [
                new("@terms", JsonSerializer.Serialize(query.Terms.Distinct().Take(TermsConsideredMax))),
                new("@prefixes", JsonSerializer.Serialize(PassageWords.Prefixes(query.Reader))),
                new("@termsMin", TermsMin),
                new("@termsMax", TermsMax),
                new("@postingsMax", PostingsMax),
                new("@candidates", CandidatesMax),
                new("@everyone", everyone),
                new("@members", members),
                new("@own", own),
                new("@kind", query.Kind is { } kind ? (long)kind : DBNull.Value),
                new("@limit", Math.Clamp(query.Limit, 1, LimitMax)),
            ];
            if (query.Scope is { } scope)
            {
                parameters.Add(new("@scope", scope.DocumentId ?? scope.CollectionId ?? 0));
            }

            if (query.Embedding is not { } embedding)
            {
                return RunAsync(db, WordsOnly(query.Scope), parameters, ct);
            }

            parameters.Add(new("@embedding", PassageWriter.ToBlob(embedding.Vector.Span)));
            parameters.Add(new("@neighbours", NeighboursMax));
            parameters.Add(new("@model", embedding.ModelId));
            return RunAsync(db, WordsAndVectors(embedding.ModelId, query.Kind is not null, query.Scope), parameters, ct);
        }
    }

    // Without a scope the statement is the same as if there were none.
    private static string Passages(PassageScope? scope) => scope switch
    {
        null => "",
        { DocumentId: not null } => " and p.DocumentId = @scope",
        _ => " and p.DocumentId in (select Id from Documents where CollectionId = @scope)",
    };

    // vec0 looks only at the rows it is given before it looks for neighbours; asked afterwards, a small document would have none among them.
    private static string Chunks(PassageScope? scope) => scope is null ? "" : $"""

              and v.Id in (select c.Id from Passages p join Chunks c on c.PassageId = p.Id and c.ModelId = @model where true{Passages(scope)})
        """;

    // vec0 takes no condition with "or" in a neighbour search, so the kind's is there or not.
    private static string WordsAndVectors(long modelId, bool ofKind, PassageScope? scope) => $"""
        with {Worded(Passages(scope))},
        near as materialized (select distinct c.PassageId Id
            from {VectorTables.Name(modelId)} v join Chunks c on c.Id = v.Id
            where v.Bits match vec_quantize_binary(@embedding) and v.k = @neighbours
              and v.Audience in (@everyone, @members, @own){(ofKind ? " and v.Kind = @kind" : "")}{Chunks(scope)}),
        both as materialized (select Id, max(Words) Words
            from (select Id, 0.0 Words from near union all select Id, Words from worded) group by Id),
        scored as materialized (select b.Id, b.Words, min(iif(c.Id is null, null, vec_distance_cosine(c.Embedding, @embedding))) Far, c.Start BestStart, c.Length BestLength
            from both b left join Chunks c on c.PassageId = b.Id and c.ModelId = @model group by b.Id),
        {Ranked}
        """;

    private static Task<List<PassageHit>> RunAsync(PyboDb db, string sql, List<SqliteParameter> parameters, CancellationToken ct) =>
        db.Database.SqlQueryRaw<PassageHit>(sql, [.. parameters]).ToListAsync(ct);
}
