using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The number of questions, and of ids without a question.</summary>
/// <param name="Gaps">
/// The highest id ever given minus the number of questions, plus two for each restored one. Ids are never reused, so it grows with every deletion and with
/// every restoration, and never shrinks: an equal number means that neither was done by any process.
/// </param>
public sealed record QuestionTotals(long Questions, long Gaps);

/// <summary>
/// Marks in the list of questions: the id of every <see cref="Stride"/>th from the oldest. With them a deep page is a seek by id that skips
/// at most that many rows; without them page 10,000 would walk over 100,000 rows.
/// </summary>
/// <remarks>
/// Questions are only added at the end, so marks stay right until one is deleted or restored; then the next deep page rebuilds them all with one scan of
/// an index (0.1 to 0.2 s for 100,000 questions).
/// </remarks>
public sealed class QuestionMarks : IDisposable
{
    public const int Stride = 500;

    private readonly SemaphoreSlim gate = new(1, 1);
    private List<long> marks = [];
    private long gaps = -1;

    /// <summary>Returns where to start reading by ascending id so that the question at a place (counted from the oldest, 1) follows the offset.</summary>
    public async Task<(long FromId, int Offset)> SeekAsync(PyboDb db, QuestionTotals totals, long place, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            var mark = (int)((place - 1) / Stride);
            if (gaps != totals.Gaps)
            {
                marks = await MarksAsync(db, afterId: 0, ct);
                gaps = totals.Gaps;
            }
            else if (mark >= marks.Count && marks.Count > 0)
            {
                // Read from the last mark on: its own id is the first of the new ones.
                marks = [.. marks, .. (await MarksAsync(db, marks[^1] - 1, ct)).Skip(1)];
            }

            // A deletion since the totals were read may have removed the last mark.
            mark = Math.Min(mark, marks.Count - 1);
            return mark < 0 ? (0, 0) : (marks[mark], (int)Math.Min(place - 1 - ((long)mark * Stride), Stride));
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    // The index has the ids in a few pages; the table's own tree also contains the bodies.
    private static Task<List<long>> MarksAsync(PyboDb db, long afterId, CancellationToken ct) => db.Database.SqlQuery<long>($"""
        select Id Value from (
            select Id, row_number() over (order by Id) Place from Questions indexed by IX_Questions_AnswerCount_Id_CategoryId where Id > {afterId})
        where (Place - 1) % {Stride} = 0 order by Id
        """).ToListAsync(ct);
}

public static class QuestionTotalsQuery
{
    extension(PyboDb db)
    {
        /// <summary>Returns both numbers from one snapshot.</summary>
        public Task<QuestionTotals> QuestionTotalsAsync(CancellationToken ct) => db.Database.SqlQuery<QuestionTotals>($"""
            select Value Questions, coalesce((select seq from sqlite_sequence where name = 'Questions'), 0) - Value + 2 * coalesce((select Value from Counters where Name = {Counter.RestoredQuestions}), 0) Gaps
            from Counters where Name = {Counter.Questions}
            """).SingleAsync(ct);
    }
}
