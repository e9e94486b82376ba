using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Pybo.Data;

/// <summary>Inconsistencies between a source, its passages, their words, chunks and vectors, and the totals.</summary>
public enum PassageFault
{
    /// <summary>A row whose parent is gone.</summary>
    OrphanedRow,

    /// <summary>An indexed source lacks passages.</summary>
    MissingPassages,

    /// <summary>A passage's audience differs from its source's.</summary>
    WrongAudience,

    /// <summary>The FTS5 table is damaged inside.</summary>
    BrokenWords,
    MissingWords,
    StrayWords,

    /// <summary>A passage's words are written for a different audience than the passage's.</summary>
    WrongWords,

    /// <summary>A passage has no chunk of the serving model.</summary>
    MissingChunks,

    /// <summary>A model's chunks do not cover their passage, or a vector has the wrong length.</summary>
    IncompleteChunks,
    MissingVectorTable,
    MissingVectors,
    StrayVectors,
    WrongVectors,
    WrongCounter,
    WrongAnswerCount,
    WrongVoteCount,
    WrongReputation,
}

/// <summary>A fault and how many rows have it.</summary>
public readonly record struct FaultCount(PassageFault Fault, long Count);

/// <summary>
/// Compares derived data with its sources and repairs it. Triggers and transactions keep them consistent; this is for what
/// they cannot see: another program's writes, a damaged disk, a fault of ours.
/// </summary>
/// <remarks>Each comparison is one statement, and so one snapshot of the file: writes of a running site cause no false findings.</remarks>
public static class PassageCheck
{
    /// <summary>The part of SQLite's message that identifies a damaged FTS5 table; the only such table here.</summary>
    private const string WordsFault = "fts5";

    extension(PyboDb db)
    {
        /// <summary>Checks without changing anything.</summary>
        /// <returns>The faults with at least one row, in repair order.</returns>
        /// <exception cref="DatabaseRefusedException">The file itself is damaged, which this cannot repair.</exception>
        public async Task<List<FaultCount>> CheckPassagesAsync(CancellationToken ct)
        {
            await db.Database.OpenConnectionAsync(ct);
            try
            {
                AddFunctions(db);
                var counts = new List<FaultCount>();
                var isBroken = await IsWordTableBrokenAsync(db, ct);
                if (isBroken)
                {
                    counts.Add(new(PassageFault.BrokenWords, 1));
                }

                foreach (var check in (await ChecksAsync(db, ct)).Where(c => !(isBroken && c.ReadsWords)))
                {
                    counts.Add(new(check.Fault, await CountAsync(db, check.Find, ct)));
                }

                return [.. counts.GroupBy(c => c.Fault).Select(g => new FaultCount(g.Key, g.Sum(c => c.Count))).Where(c => c.Count > 0)];
            }
            finally
            {
                await db.Database.CloseConnectionAsync();
            }
        }

        /// <summary>Checks, and repairs in one transaction everything the rows themselves can restore.</summary>
        /// <remarks>Sources that lack passages are queued again, and the worker fills passages without chunks: run the indexer after this.</remarks>
        /// <returns>The faults found.</returns>
        /// <exception cref="DatabaseRefusedException">The file itself is damaged.</exception>
        public async Task<List<FaultCount>> MendPassagesAsync(CancellationToken ct)
        {
            var found = await db.CheckPassagesAsync(ct);
            if (found.Count == 0)
            {
                return found;
            }

            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            AddFunctions(db);
            if (found.Any(f => f.Fault == PassageFault.BrokenWords))
            {
                await ExecuteAsync(db, "insert into PassageWords(PassageWords) values ('delete-all')", ct);
            }

            await MakeVectorTablesAsync(db, ct);
            foreach (var check in await ChecksAsync(db, ct))
            {
                await MendAsync(db, check, ct);
            }

            await transaction.CommitAsync(ct);
            return found;
        }
    }

    /// <summary>A fault, the statement that finds its rows, and the one that repairs them; null if an earlier one does.</summary>
    private sealed record Check(PassageFault Fault, string Find, string? Mend = null)
    {
        /// <summary>True if the repair statement takes one found id and runs once for each.</summary>
        public bool MendsEachRow { get; init; }

        /// <summary>True if it searches the FTS5 table, which fails if that is broken.</summary>
        public bool ReadsWords { get; init; }
    }

    private static async Task<List<Check>> ChecksAsync(PyboDb db, CancellationToken ct)
    {
        List<Check> checks = [.. Orphans(db.Model), .. Sources(), .. Audiences(), .. Words()];
        foreach (var model in await db.EmbeddingModels.AsNoTracking().OrderBy(m => m.Id).ToListAsync(ct))
        {
            checks.AddRange(Chunks(model));
            checks.AddRange(await HasVectorTableAsync(db, model, ct)
                ? Vectors(model.Id)
                : [new(PassageFault.MissingVectorTable, "select 1")]);
        }

        return [.. checks, .. Totals()];
    }

    /// <summary>Checks every foreign key of the model: deletes rows that would cascade, nulls columns that would be set null.</summary>
    private static IEnumerable<Check> Orphans(IModel model)
    {
        foreach (var key in model.GetEntityTypes().SelectMany(e => e.GetForeignKeys()).Where(key => key.PrincipalEntityType.ClrType != typeof(Category)))
        {
            var table = key.DeclaringEntityType.GetTableName();
            var column = key.Properties.Single().GetColumnName();
            var find = $"""
                select rowid from "{table}" where "{column}" is not null
                and "{column}" not in (select "{key.PrincipalKey.Properties.Single().GetColumnName()}" from "{key.PrincipalEntityType.GetTableName()}")
                """;
            yield return new(PassageFault.OrphanedRow, find, key.DeleteBehavior == DeleteBehavior.SetNull
                ? $"""update "{table}" set "{column}" = null where rowid in ({find})"""
                : $"""delete from "{table}" where rowid in ({find})""");
        }

        // A question whose category is gone moves to the one with the fewest readers: audiences are ordered so.
        const string Uncategorised = "select Id from Questions where CategoryId is null or CategoryId not in (select Id from Categories)";
        yield return new(PassageFault.OrphanedRow, Uncategorised, $"update Questions set CategoryId = (select Id from Categories order by Audience, Id limit 1) where Id in ({Uncategorised})");
        const string Sourceless = "select Id from Passages where QuestionId is null and DocumentId is null";
        yield return new(PassageFault.OrphanedRow, Sourceless, $"delete from Passages where Id in ({Sourceless})");
        const string Unread = "select Id from DocumentFiles where Id not in (select FileId from Documents)";
        yield return new(PassageFault.OrphanedRow, Unread, $"delete from DocumentFiles where Id in ({Unread})");
        // Stages of a document that is no longer being written.
        var left = $"select p.Id from Passages p join Documents d on d.Id = p.DocumentId where p.Audience = {Audience.Nobody} and (d.IndexedAt is not null or d.IndexError is not null)";
        yield return new(PassageFault.OrphanedRow, left, $"delete from Passages where Id in ({left})");
    }

    /// <summary>Checks that passages are numbered from 0; a source with none, or with a gap, is indexed again.</summary>
    private static IEnumerable<Check> Sources()
    {
        return [Of("Questions", $"p.QuestionId = s.Id and p.Kind = {(int)PassageKind.Question}", "true"), Of("Answers", "p.AnswerId = s.Id", "true"), Of("Comments", "p.CommentId = s.Id", "true"), Of("Documents", $"p.DocumentId = s.Id and p.Audience <> {Audience.Nobody}", "s.Characters > 0")];

        static Check Of(string table, string passages, string hasPassages)
        {
            var find = $"""
                select s.Id from {table} s where s.IndexedAt is not null
                and (select iif(count(*) = 0, {hasPassages}, count(*) <> max(p.Ordinal) + 1) from Passages p where {passages})
                """;
            return new(PassageFault.MissingPassages, find, $"update {table} set IndexedAt = null where Id in ({find})");
        }
    }

    private static IEnumerable<Check> Audiences()
    {
        const string Collected = "select d.Id from Documents d join Collections c on c.Id = d.CollectionId where d.Audience <> c.Audience";
        yield return new(PassageFault.WrongAudience, Collected,
            $"update Documents set Audience = (select c.Audience from Collections c where c.Id = CollectionId) where Id in ({Collected})");
        var find = $"""
            select p.Id from Passages p left join Documents d on d.Id = p.DocumentId left join Questions q on q.Id = p.QuestionId left join Categories c on c.Id = q.CategoryId
            where p.Audience <> coalesce(d.Audience, c.Audience) and p.Audience <> {Audience.Nobody}
            """;
        yield return new(PassageFault.WrongAudience, find,
            $"update Passages set Audience = coalesce((select d.Audience from Documents d where d.Id = DocumentId), (select c.Audience from Questions q join Categories c on c.Id = q.CategoryId where q.Id = QuestionId)) where Id in ({find})");
    }

    private static IEnumerable<Check> Words()
    {
        var stray = $"select id from PassageWords_docsize where id not in (select Id from Passages where Audience <> {Audience.Nobody})";
        var missing = $"select Id from Passages where Audience <> {Audience.Nobody} and Id not in (select id from PassageWords_docsize)";
        // One statement writes all words of a passage for one audience, so its first word shows the audience of all.
        var wrong = $"""
            select p.Id from Passages p join PassageWords_docsize d on d.id = p.Id
            where p.Audience <> {Audience.Nobody} and not exists (select 1 from PassageWords w
                where w.PassageWords match pybo_first_word(p.Audience, {PassageWordQueries.PathOfFirst}, {PassageWordQueries.SearchedTitle}, p.Heading, p.Text) and w.rowid = p.Id)
                and pybo_term_count({PassageWordQueries.PathOfFirst}, {PassageWordQueries.SearchedTitle}, p.Heading, p.Text) > 0
            """;
        yield return new(PassageFault.StrayWords, stray, $"delete from PassageWords where rowid in ({stray})");
        yield return new(PassageFault.WrongWords, wrong, $"delete from PassageWords where rowid in ({wrong})") { ReadsWords = true };
        yield return new(PassageFault.MissingWords, missing, $"""
            insert into PassageWords(rowid, Title, Body)
            select p.Id, pybo_title_words(p.Audience, {PassageWordQueries.PathOfFirst}, {PassageWordQueries.SearchedTitle}, p.Heading), pybo_body_words(p.Audience, p.Text) from Passages p where p.Id in ({missing})
            """);
        const string Terms = $"pybo_term_count({PassageWordQueries.PathOfFirst}, {PassageWordQueries.SearchedTitle}, p.Heading, p.Text)";
        var miscounted = $"select p.Id from Passages p where p.Audience <> {Audience.Nobody} and p.TermCount <> {Terms}";
        yield return new(PassageFault.WrongCounter, miscounted,
            $"update Passages as p set TermCount = {Terms} where p.Id in ({miscounted})");
    }

    private static IEnumerable<Check> Chunks(EmbeddingModel model)
    {
        var incomplete = $"""
            select p.Id from Chunks c join Passages p on p.Id = c.PassageId where c.ModelId = {model.Id} group by p.Id
            having max(length(c.Embedding) <> {model.Dimensions * sizeof(float)}) or not pybo_covers(p.Text, group_concat(c.Start || ' ' || c.Length))
            """;
        yield return new(PassageFault.IncompleteChunks, incomplete, $"delete from Chunks where ModelId = {model.Id} and PassageId in ({incomplete})");
        if (model.ServingSince is not null)
        {
            yield return new(PassageFault.MissingChunks, $"select Id from Passages where Audience <> {Audience.Nobody} and Id not in (select PassageId from Chunks where ModelId = {model.Id})");
        }
    }

    private static IEnumerable<Check> Vectors(long modelId)
    {
        var table = VectorTables.Name(modelId);
        var stray = $"select Id from {table} where Id not in (select Id from Chunks where ModelId = {modelId})";
        var wrong = $"""
            select v.Id from {table} v join Chunks c on c.Id = v.Id join Passages p on p.Id = c.PassageId
            where v.Kind <> p.Kind or v.Audience <> p.Audience
            or v.Bits <> iif(length(c.Embedding) = 4 * 8 * length(v.Bits), {VectorTables.Bits("c.Embedding", modelId)}, null)
            """;
        var missing = $"select Id from Chunks where ModelId = {modelId} and Id not in (select Id from {table})";
        yield return new(PassageFault.StrayVectors, stray, $"delete from {table} where Id in ({stray})");
        yield return new(PassageFault.WrongVectors, wrong, $"delete from {table} where Id in ({wrong})");
        // One row at a time: when inserting a whole selection, SQLite forgets that the value is a bit vector.
        yield return new(PassageFault.MissingVectors, missing, VectorTables.InsertBits(modelId, "{0}")) { MendsEachRow = true };
    }

    private static IEnumerable<Check> Totals()
    {
        yield return Count(PassageFault.WrongAnswerCount, "Questions", "AnswerCount", "select count(*) from Answers a where a.QuestionId = Questions.Id");
        yield return Count(PassageFault.WrongVoteCount, "Questions", "VoteCount", "select coalesce(sum(v.Value), 0) from QuestionVotes v where v.QuestionId = Questions.Id");
        yield return Count(PassageFault.WrongVoteCount, "Answers", "VoteCount", "select coalesce(sum(v.Value), 0) from AnswerVotes v where v.AnswerId = Answers.Id");
        yield return Count(PassageFault.WrongReputation, "AspNetUsers", "Reputation", $"select {Reputation.Counted}");
        yield return Count(PassageFault.WrongCounter, "Tags", "QuestionCount", "select count(*) from QuestionTags x where x.TagId = Tags.Id");
        yield return Count(PassageFault.WrongCounter, "Categories", "QuestionCount", "select count(*) from Questions q where q.CategoryId = Categories.Id");
        const string Counted = $"""
            select '{Counter.Questions}' Name, (select count(*) from Questions) Value
            union all select '{Counter.UnansweredQuestions}', (select count(*) from Questions where AnswerCount = 0)
            """;
        yield return new(PassageFault.WrongCounter, $"select n.Name from ({Counted}) n left join Counters c on c.Name = n.Name where c.Value is not n.Value",
            $"insert into Counters(Name, Value) select Name, Value from ({Counted}) where true on conflict(Name) do update set Value = excluded.Value");

        const string Readable = "select Audience, count(*) Passages, sum(TermCount) Terms from Passages group by Audience";
        yield return new(PassageFault.WrongCounter, $"""
            select 1 from PassageTotals t full join ({Readable}) c on c.Audience = t.Audience
            where coalesce(t.Passages, 0) <> coalesce(c.Passages, 0) or coalesce(t.Terms, 0) <> coalesce(c.Terms, 0)
            """, $"delete from PassageTotals; insert into PassageTotals(Audience, Passages, Terms) {Readable}");

        static Check Count(PassageFault fault, string table, string column, string count) =>
            new(fault, $"select Id from {table} where {column} <> ({count})", $"update {table} set {column} = ({count}) where {column} <> ({count})");
    }

    /// <summary>Runs SQLite's page check, which makes FTS5 check its own.</summary>
    private static async Task<bool> IsWordTableBrokenAsync(PyboDb db, CancellationToken ct)
    {
        var messages = await db.Database.SqlQuery<string>($"select quick_check Value from pragma_quick_check").ToListAsync(ct);
        if (messages.Find(m => m != "ok" && !m.Contains(WordsFault, StringComparison.OrdinalIgnoreCase)) is { } damage)
        {
            throw new DatabaseRefusedException(
                Notice.Of(DatabaseProblem.Damaged, Path.GetFullPath(db.Database.GetDbConnection().DataSource), damage));
        }

        return messages.Exists(m => m != "ok");
    }

    private static async Task<bool> HasVectorTableAsync(PyboDb db, EmbeddingModel model, CancellationToken ct)
    {
        var table = VectorTables.Name(model.Id);
        var trigger = VectorTables.TriggerName(model.Id);
        return await db.Database.SqlQuery<int>($"select count(*) Value from sqlite_master where name in ({table}, {trigger})").SingleAsync(ct) == 2;
    }

    private static async Task MakeVectorTablesAsync(PyboDb db, CancellationToken ct)
    {
        foreach (var model in await db.EmbeddingModels.AsNoTracking().ToListAsync(ct))
        {
            if (!await HasVectorTableAsync(db, model, ct))
            {
                await db.MakeVectorTableAnewAsync(model, ct);
            }
        }
    }

    private static void AddFunctions(PyboDb db)
    {
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        connection.CreateFunction("pybo_title_words", (long audience, string? path, string title, string? heading) => PassageWords.Of(audience, path, title, heading, "").Title, isDeterministic: true);
        connection.CreateFunction("pybo_body_words", (long audience, string text) => PassageWords.Of(audience, null, "", null, text).Body, isDeterministic: true);
        connection.CreateFunction("pybo_first_word", (long audience, string? path, string title, string? heading, string text) =>
            KoreanText.Quote(PassageWords.FirstToken(audience, path, title, heading, text) ?? ""), isDeterministic: true);
        connection.CreateFunction("pybo_term_count", (string? path, string title, string? heading, string text) => PassageWords.Of(Audience.Everyone, path, title, heading, text).TermCount, isDeterministic: true);
        connection.CreateFunction("pybo_covers", (string text, string spans) => Covers(text, spans), isDeterministic: true);
    }

    /// <summary>Returns whether the spans ("start length", comma-separated) cover the text except white space. Offsets are UTF-16, which SQL cannot count.</summary>
    private static bool Covers(string text, string spans)
    {
        var end = 0;
        foreach (var (start, length) in spans.Split(',').Select(Span).OrderBy(s => s.Start))
        {
            if (start < 0 || length < 0 || start + length > text.Length || (start > end && !text.AsSpan(end, start - end).IsWhiteSpace()))
            {
                return false;
            }

            end = Math.Max(end, start + length);
        }

        return text.AsSpan(end).IsWhiteSpace();

        static (int Start, int Length) Span(string span)
        {
            var space = span.IndexOf(' ', StringComparison.Ordinal);
            return (int.Parse(span.AsSpan(0, space), CultureInfo.InvariantCulture), int.Parse(span.AsSpan(space + 1), CultureInfo.InvariantCulture));
        }
    }

    private static async Task MendAsync(PyboDb db, Check check, CancellationToken ct)
    {
        if (check is { Mend: { } mend, MendsEachRow: true })
        {
            var find = $"select Id Value from ({check.Find})";
            foreach (var id in await db.Database.SqlQueryRaw<long>(find).ToListAsync(ct))
            {
                await db.Database.ExecuteSqlRawAsync(mend, [id], ct);
            }
        }
        else if (check.Mend is not null)
        {
            await ExecuteAsync(db, check.Mend, ct);
        }
    }

    // The statements consist of the constants above, names from the model, and numbers.
    private static Task<long> CountAsync(PyboDb db, string find, CancellationToken ct)
    {
        var count = $"select count(*) Value from ({find})";
        return db.Database.SqlQueryRaw<long>(count).SingleAsync(ct);
    }

    private static Task<int> ExecuteAsync(PyboDb db, string sql, CancellationToken ct) => db.Database.ExecuteSqlRawAsync(sql, ct);
}
