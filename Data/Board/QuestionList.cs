using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>The orders of the question list.</summary>
public enum QuestionSort
{
    Newest,
    Votes,

    /// <summary>By the number of answers, as the book's older edition sorts 인기순.</summary>
    Popular,
    Unanswered,
}

/// <summary>A row of the list, with only the columns it shows (never the body).</summary>
public sealed record QuestionRow(
    long Id, string Title, string Author, DateTime CreatedAt, int AnswerCount, int VoteCount, int Views, bool IsAccepted, CategoryLink Category, bool IsClosed, bool IsNotice);

/// <summary>A page of the list.</summary>
/// <param name="Total">The number of questions in the list; with <paramref name="IsCut"/>, of those that can be paged through.</param>
/// <param name="Page">The page shown: the last one if a later one was requested.</param>
/// <param name="IsCut">There are more than <see cref="QuestionList.RankedMax"/>, and the rest cannot be reached in this order.</param>
public sealed record QuestionPage(IReadOnlyList<QuestionRow> Rows, long Total, int Page, int LastPage, bool IsCut)
{
    /// <summary>Returns the number shown before a row, as in the book: the last page ends with 1.</summary>
    public long NumberOf(int index) => Total - ((Page - 1L) * QuestionList.PageSize) - index;
}

/// <summary>
/// The question list. No page counts a table, and none skips more than <see cref="QuestionMarks.Stride"/> rows of the whole list. The list of one category, and
/// that of a reader who may not read all of them, skip entries of an index instead: 100,000 take some ten milliseconds.
/// </summary>
public static class QuestionList
{
    public const int PageSize = 10;

    /// <summary>The limit for searches and for orders that have no marks to seek by: skipping further would cost time in proportion.</summary>
    public const int RankedMax = 1_000;

    extension(PyboDb db)
    {
        /// <summary>Returns a page of all questions that the viewer may read, or those of one category; a page beyond the end is the last.</summary>
        public async Task<QuestionPage> QuestionPageAsync(QuestionSort sort, int page, QuestionMarks marks, Viewer viewer, CancellationToken ct, long? categoryId = null)
        {
            if (categoryId is not null || !await db.ReadsWholeBoardAsync(viewer, ct))
            {
                return await SomeAsync(db, sort, page, viewer, categoryId, ct);
            }

            if (sort == QuestionSort.Newest)
            {
                return await NewestAsync(db, page, marks, ct);
            }

            var counter = sort == QuestionSort.Unanswered ? Counter.UnansweredQuestions : Counter.Questions;
            var total = await db.Counters.Where(c => c.Name == counter).Select(c => c.Value).SingleAsync(ct);
            var reachable = Math.Min(total, RankedMax);
            var (at, last) = Place(page, reachable);
            var rows = await Rows(Sorted(db.Questions, sort).Skip((at - 1) * PageSize).Take(PageSize)).ToListAsync(ct);
            return new(rows, reachable, at, last, total > reachable);
        }

        /// <summary>Returns a page of the questions that the viewer may read and that match a search; see <see cref="QuestionSearch"/>.</summary>
        public async Task<QuestionPage> QuestionPageAsync(QuestionSearchTerms search, QuestionSort sort, int page, Viewer viewer, CancellationToken ct)
        {
            var found = await db.MatchingQuestionsAsync(search, sort, RankedMax + 1, viewer, ct);
            var reachable = Math.Min(found.Count, RankedMax);
            var (at, last) = Place(page, reachable);
            var shown = found.Take(reachable).Skip((at - 1) * PageSize).Take(PageSize).ToList();
            return new(await InOrderAsync(db, shown, viewer, ct), reachable, at, last, found.Count > reachable);
        }
    }

    private static async Task<QuestionPage> SomeAsync(PyboDb db, QuestionSort sort, int page, Viewer viewer, long? categoryId, CancellationToken ct)
    {
        // Only counting the newest needs no limit: triggers count each category.
        var total = sort == QuestionSort.Newest
            ? await db.ReadableCategories(viewer).Where(c => categoryId == null || c.Id == categoryId).SumAsync(c => (long)c.QuestionCount, ct)
            : (await IdsAsync(db, sort, 0, RankedMax + 1, viewer, categoryId, ct)).Count;
        var reachable = sort == QuestionSort.Newest ? total : Math.Min(total, RankedMax);
        var (at, last) = Place(page, reachable);
        var ids = await IdsAsync(db, sort, (at - 1L) * PageSize, PageSize, viewer, categoryId, ct);
        return new(await InOrderAsync(db, ids, viewer, ct), reachable, at, last, total > reachable);
    }

    /// <summary>Returns ids in the order of a list, from the entries of its index alone.</summary>
    private static async Task<List<long>> IdsAsync(PyboDb db, QuestionSort sort, long skip, int take, Viewer viewer, long? categoryId, CancellationToken ct)
    {
        var (index, condition, order) = sort switch
        {
            QuestionSort.Votes => ("IX_Questions_VoteCount_Id_CategoryId", "true", "VoteCount desc, Id desc"),
            QuestionSort.Popular => ("IX_Questions_AnswerCount_Id_CategoryId", "true", "AnswerCount desc, Id desc"),
            QuestionSort.Unanswered => ("IX_Questions_AnswerCount_Id_CategoryId", "AnswerCount = 0", "Id desc"),
            _ when categoryId is not null => ("IX_Questions_CategoryId_Id", "true", "Id desc"),
            _ => ("IX_Questions_Id_CategoryId", "true", "Id desc"),
        };
        var ofCategory = categoryId is null ? "" : " and CategoryId = @category";
        var sql = $"select Id Value from Questions indexed by {index} where {condition}{ofCategory} and CategoryId in ({BoardAccess.ReadableCategoryIds}) order by {order} limit @take offset @skip";
        var audiences = JsonSerializer.Serialize(await db.AudiencesAsync(viewer, ct));
        List<SqliteParameter> parameters = [new("@audiences", audiences), new("@take", take), new("@skip", skip), .. categoryId is { } id ? new[] { new SqliteParameter("@category", id) } : []];
        return await db.Database.SqlQueryRaw<long>(sql, [.. parameters]).ToListAsync(ct);
    }

    private static async Task<List<QuestionRow>> InOrderAsync(PyboDb db, List<long> ids, Viewer viewer, CancellationToken ct) =>
        [.. (await Rows(db.ReadableQuestions(viewer).Where(q => ids.Contains(q.Id))).ToListAsync(ct)).OrderBy(row => ids.IndexOf(row.Id))];

    /// <summary>Every order ends with the id, so that pages are stable.</summary>
    private static IQueryable<Question> Sorted(IQueryable<Question> questions, QuestionSort sort) => sort switch
    {
        QuestionSort.Votes => questions.OrderByDescending(q => q.VoteCount).ThenByDescending(q => q.Id),
        QuestionSort.Popular => questions.OrderByDescending(q => q.AnswerCount).ThenByDescending(q => q.Id),
        QuestionSort.Unanswered => questions.Where(q => q.AnswerCount == 0).OrderByDescending(q => q.Id),
        _ => questions.OrderByDescending(q => q.Id),
    };

    private static async Task<QuestionPage> NewestAsync(PyboDb db, int page, QuestionMarks marks, CancellationToken ct)
    {
        var state = await db.QuestionTotalsAsync(ct);
        var (at, last) = Place(page, state.Questions);
        var skipped = (at - 1L) * PageSize;
        if (skipped <= QuestionMarks.Stride)
        {
            var rows = await Rows(Sorted(db.Questions, QuestionSort.Newest).Skip((int)skipped).Take(PageSize)).ToListAsync(ct);
            return new(rows, state.Questions, at, last, false);
        }

        // Counted from the oldest, a question keeps its place when others are asked: the mark before the page's first one is known.
        var highest = state.Questions - skipped;
        var lowest = Math.Max(1, highest - PageSize + 1);
        var (fromId, offset) = await marks.SeekAsync(db, state, lowest, ct);
        var ascending = await Rows(db.Questions.Where(q => q.Id >= fromId).OrderBy(q => q.Id).Skip(offset).Take((int)(highest - lowest + 1))).ToListAsync(ct);
        ascending.Reverse();
        return new(ascending, state.Questions, at, last, false);
    }

    private static (int Page, int LastPage) Place(int page, long total)
    {
        var last = (int)Math.Clamp((total + PageSize - 1) / PageSize, 1, int.MaxValue);
        return (Math.Clamp(page, 1, last), last);
    }

    internal static IQueryable<QuestionRow> Rows(IQueryable<Question> questions) => questions.Select(q => new QuestionRow(
        q.Id, q.Title, q.Author!.UserName!, q.CreatedAt, q.AnswerCount, q.VoteCount, q.Views, q.AcceptedAnswerId != null,
        new CategoryLink(q.Category!.Name, q.Category.Slug, q.Category.Audience), q.ClosedReason != null, q.IsNotice));
}
