using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>A part of the site: one document or one collection.</summary>
public readonly record struct PassageScope
{
    private PassageScope(long? documentId, long? collectionId) => (DocumentId, CollectionId) = (documentId, collectionId);

    public long? DocumentId { get; }
    public long? CollectionId { get; }

    public static PassageScope Document(long id) => new(id, null);

    public static PassageScope Collection(long id) => new(null, id);
}

/// <summary>A search: its terms, its vector and its reader.</summary>
public sealed record PassageQuery
{
    /// <summary>Terms of <see cref="KoreanText"/>; empty if the question has no words to search for.</summary>
    public required IReadOnlyCollection<string> Terms { get; init; }

    /// <summary>The question's vector and the model that made it; null if there is no model, and only words are searched.</summary>
    public (long ModelId, ReadOnlyMemory<float> Vector)? Embedding { get; init; }

    public required Viewer Viewer { get; init; }

    /// <summary>Only passages of one kind; null for all.</summary>
    public PassageKind? Kind { get; init; }

    /// <summary>Only passages of one document or collection; null for all.</summary>
    public PassageScope? Scope { get; init; }

    public required int Limit { get; init; }
}

/// <summary>A passage that was found, with the parts of its score.</summary>
/// <param name="Words">The positive BM25 score; 0 if no word matches.</param>
/// <param name="Cosine">Between the question and the passage's best chunk; null if the passage has no vector.</param>
/// <param name="BestStart">The best chunk in <paramref name="Text"/>, in UTF-16 units.</param>
public sealed record PassageHit(
    long Id, PassageKind Kind, long? QuestionId, long? AnswerId, long? DocumentId, string? Path,
    string Title, string? Heading, string Text, int Start, int? BestStart, int? BestLength,
    double Words, double? Cosine, double Score)
{
    /// <summary>The comment; null for any other passage.</summary>
    public long? CommentId { get; init; }

    /// <summary>The page on which the best chunk begins, or the passage if it has no chunk; null for a format without pages.</summary>
    public int? Page { get; init; }

    /// <summary>Everything that a question may name: title, headings, file name and text.</summary>
    public string Whole => string.Join('\n', Title, Heading, Path is null ? null : DocumentNames.OfFile(Path), Text);
}

/// <summary>Retrieval: one SQL statement over words and vectors, at two levels.</summary>
/// <remarks>
/// Words are searched by passage, vectors by chunk; a passage's cosine is that of its best chunk, and the two halves are fused by their
/// scores (rank fusion loses: docs/decisions/0001-retrieval.md). Both halves filter by audience. Term selection and weights use counts
/// over the passages the reader may see (<see cref="PassageWords"/>): other passages change neither the hits nor their scores.
/// </remarks>
public static class PassageSearch
{
    /// <summary>Passages that compete by words; more changed no figure.</summary>
    public const int CandidatesMax = 50;

    /// <summary>Chunks that compete by meaning; more changed no figure, and vec0's time grows with them.</summary>
    public const int NeighboursMax = 36;

    /// <summary>Only the rarest terms of a long question are searched: 12 lose .001 MRR on KorQuAD; more than 16 gain nothing and cost time.</summary>
    public const int TermsMax = 16;

    /// <summary>Terms searched however common they are, so that a question of common words still finds something.</summary>
    public const int TermsMin = 3;

    /// <summary>
    /// The reader's passages that may contain the searched terms, summed from the rarest: BM25 costs a microsecond each, so this bounds the lexical half
    /// at any site size. A thousand passages hardly reach it; at 20,000 it cuts two thirds of the time for common words.
    /// </summary>
    public const int PostingsMax = 2_000;

    /// <summary>The most terms of a pasted text considered at all.</summary>
    public const int TermsConsideredMax = 256;

    public const int LimitMax = 100;

    // The rarest terms; beyond the first few, only those in at most a fifth of the passages. A term is searched in each of the reader's
    // audiences and weighted by the sum over them.
    private static string Worded(string scope) => $"""
        held as materialized (select a.value Term, t.term Token, t.doc Passages
            from json_each(@terms) a cross join json_each(@prefixes) f cross join PassageTerms t on t.term = f.value || a.value),
        counted as materialized (select Term, Passages, row_number() over rarest Place, sum(Passages) over rarest Postings
            from (select Term, sum(Passages) Passages from held group by Term) window rarest as (order by Passages, Term)),
        readable as materialized (select sum(Passages) Passages, sum(Terms) Terms from PassageTotals where Audience in ({BoardAccess.AudienceList})),
        chosen as materialized (select h.Token, c.Passages, c.Place from counted c join held h on h.Term = c.Term
            where c.Place <= @termsMin or (c.Place <= @termsMax and c.Postings <= @postingsMax and c.Passages * 5 <= (select Passages from readable))),
        worded as materialized (select w.rowid Id,
                pybo_bm25(w.PassageWords, (select Passages from readable), (select Terms from readable), (select group_concat(Passages, ' ' order by Place, Token) from chosen)) Words
            from PassageWords w cross join Passages p on p.Id = w.rowid
            where w.PassageWords match coalesce((select group_concat(printf('"%w"', Token), ' OR ' order by Place, Token) from chosen), '""')
              and p.Audience in ({BoardAccess.AudienceList}) and (@kind is null or p.Kind = @kind){scope}
            order by Words desc, Id limit @candidates)
        """;

    private const string Ranked = """
        ranked as (select *, coalesce(Words / nullif(max(Words) over (), 0), 0)
                + 0.75 * coalesce((max(Far) over () - Far) / nullif(max(Far) over () - min(Far) over (), 0), 0) Score
            from scored order by Score desc, Id limit @limit)
        select p.Id, p.Kind, p.QuestionId, p.AnswerId, p.CommentId, p.DocumentId, d.Path, p.Title, p.Heading, p.Text, p.Start,
               iif(p.Page is null, null, (select g.Number from DocumentPages g where g.DocumentId = p.DocumentId and g.Start <= p.Start + coalesce(r.BestStart, 0)
                   order by g.Start desc, g.Number desc limit 1)) Page,
               r.BestStart, r.BestLength, r.Words, 1 - r.Far Cosine, r.Score
        from ranked r join Passages p on p.Id = r.Id left join Documents d on d.Id = p.DocumentId
        order by r.Score desc, p.Id
        """;

    private const string OfThreads = $"""
        select p.Id, p.Kind, p.QuestionId, p.AnswerId, p.CommentId, p.DocumentId, null Path, p.Title, p.Heading, p.Text, p.Start, null Page,
               c.Start BestStart, c.Length BestLength, 0.0 Words, 1 - min(iif(c.Id is null, null, vec_distance_cosine(c.Embedding, @embedding))) Cosine, 0.0 Score
        from Passages p left join Chunks c on c.PassageId = p.Id and c.ModelId = @model
        where p.QuestionId in (select value from json_each(@questions)) and p.Audience in ({BoardAccess.AudienceList})
        group by p.Id order by p.CommentId is not null, iif(p.CommentId is null, null, Cosine) desc, p.QuestionId, p.AnswerId, p.CommentId, p.Ordinal limit @limit
        """;

    private static string WordsOnly(PassageScope? scope) => $"""
        with {Worded(Passages(scope))},
        scored as (select Id, Words, null Far, null BestStart, null BestLength from worded),
        {Ranked}
        """;

    extension(PyboDb db)
    {
        /// <summary>Returns the best passages the reader may see, best first; empty for a query with neither words nor a vector.</summary>
        public async Task<List<PassageHit>> SearchPassagesAsync(PassageQuery query, CancellationToken ct)
        {
            var audiences = await db.AudiencesAsync(query.Viewer, ct);
            List<SqliteParameter> parameters =
            [
                new("@terms", JsonSerializer.Serialize(query.Terms.Distinct().Take(TermsConsideredMax))),
                new("@prefixes", JsonSerializer.Serialize(audiences.Select(PassageWords.Prefix))),
                new("@termsMin", TermsMin),
                new("@termsMax", TermsMax),
                new("@postingsMax", PostingsMax),
                new("@candidates", CandidatesMax),
                new("@audiences", JsonSerializer.Serialize(audiences)),
                new("@kind", query.Kind is { } kind ? (long)kind : DBNull.Value),
                new("@limit", Math.Clamp(query.Limit, 1, LimitMax)),
            ];
            if (query.Scope is { } scope)
            {
                parameters.Add(new("@scope", scope.DocumentId ?? scope.CollectionId ?? 0));
            }

            if (query.Embedding is not { } embedding)
            {
                return await RunAsync(db, WordsOnly(query.Scope), parameters, ct);
            }

            parameters.Add(new("@embedding", PassageWriter.ToBlob(embedding.Vector.Span)));
            parameters.Add(new("@neighbours", NeighboursMax));
            parameters.Add(new("@model", embedding.ModelId));
            return await RunAsync(db, WordsAndVectors(embedding.ModelId, query.Kind is not null, query.Scope), parameters, ct);
        }

        /// <summary>Returns the passages of some threads, those of questions and answers first and each post's in order, then those of comments, nearest first; with their cosine to a question and no score.</summary>
        internal async Task<List<PassageHit>> ThreadPassagesAsync(IReadOnlyList<long> questionIds, (long ModelId, ReadOnlyMemory<float> Vector)? embedding, Viewer viewer, CancellationToken ct)
        {
            var audiences = await db.AudiencesAsync(viewer, ct);
            return await RunAsync(db, OfThreads,
            [
                new("@questions", JsonSerializer.Serialize(questionIds)), new("@audiences", JsonSerializer.Serialize(audiences)),
                new("@model", embedding?.ModelId ?? (object)DBNull.Value), new("@embedding", embedding is { } made ? PassageWriter.ToBlob(made.Vector.Span) : DBNull.Value),
                new("@limit", ThreadPassagesMax),
            ], ct);
        }
    }

    /// <summary>The most passages of a few threads: a long post has a dozen.</summary>
    private const int ThreadPassagesMax = 500;

    // Without a scope, the statement has no scope condition at all.
    private static string Passages(PassageScope? scope) => scope switch
    {
        null => "",
        { DocumentId: not null } => " and p.DocumentId = @scope",
        _ => " and p.DocumentId in (select Id from Documents where CollectionId = @scope)",
    };

    // vec0 restricts the rows before it searches for neighbours; a filter afterwards could leave a small document without any.
    private static string Chunks(PassageScope? scope) => scope is null ? "" : $"""

              and v.Id in (select c.Id from Passages p join Chunks c on c.PassageId = p.Id and c.ModelId = @model where true{Passages(scope)})
        """;

    // vec0 allows no "or" in a neighbour search, so the condition on the kind is included or omitted.
    private static string WordsAndVectors(long modelId, bool ofKind, PassageScope? scope) => $"""
        with {Worded(Passages(scope))},
        near as materialized (select distinct c.PassageId Id
            from {VectorTables.Name(modelId)} v join Chunks c on c.Id = v.Id
            where v.Bits match {VectorTables.Bits("@embedding", modelId)} and v.k = @neighbours
              and v.Audience in ({BoardAccess.AudienceList}){(ofKind ? " and v.Kind = @kind" : "")}{Chunks(scope)}),
        both as materialized (select Id, max(Words) Words
            from (select Id, 0.0 Words from near union all select Id, Words from worded) group by Id),
        scored as materialized (select b.Id, b.Words, min(iif(c.Id is null, null, vec_distance_cosine(c.Embedding, @embedding))) Far, c.Start BestStart, c.Length BestLength
            from both b left join Chunks c on c.PassageId = b.Id and c.ModelId = @model group by b.Id),
        {Ranked}
        """;

    private static Task<List<PassageHit>> RunAsync(PyboDb db, string sql, List<SqliteParameter> parameters, CancellationToken ct) =>
        db.Database.SqlQueryRaw<PassageHit>(sql, [.. parameters]).ToListAsync(ct);
}
