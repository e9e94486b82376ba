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
    long Id, string Title, string Author, DateTime CreatedAt, int AnswerCount, int VoteCount, int Views, bool IsAccepted);

/// <summary>A page of the list.</summary>
/// <param name="Total">The number of questions in the list; with <paramref name="IsCut"/>, of those that can be paged through.</param>
/// <param name="Page">The page shown: the last one if a later one was requested.</param>
/// <param name="IsCut">There are more than <see cref="QuestionList.RankedMax"/>, and the rest cannot be reached in this order.</param>
public sealed record QuestionPage(IReadOnlyList<QuestionRow> Rows, long Total, int Page, int LastPage, bool IsCut)
{
    /// <summary>Returns the number shown before a row, as in the book: the last page ends with 1.</summary>
    public long NumberOf(int index) => Total - ((Page - 1L) * QuestionList.PageSize) - index;
}

/// <summary>The question list. No page counts a table, and none skips more than <see cref="QuestionMarks.Stride"/> rows of the whole list.</summary>
public static class QuestionList
{
    public const int PageSize = 10;

    /// <summary>The limit for searches and for orders that have no marks to seek by: skipping further would cost time in proportion.</summary>
    public const int RankedMax = 1_000;

    extension(PyboDb db)
    {
        /// <summary>Returns a page of all questions; a page beyond the end is the last.</summary>
        public async Task<QuestionPage> QuestionPageAsync(QuestionSort sort, int page, QuestionMarks marks, CancellationToken ct)
        {
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

        /// <summary>Returns a page of the questions that match a search; see <see cref="QuestionSearch"/>.</summary>
        public async Task<QuestionPage> QuestionPageAsync(QuestionSearchTerms search, QuestionSort sort, int page, CancellationToken ct)
        {
            var found = await db.MatchingQuestionsAsync(search, sort, RankedMax + 1, ct);
            var reachable = Math.Min(found.Count, RankedMax);
            var (at, last) = Place(page, reachable);
            var shown = found.Take(reachable).Skip((at - 1) * PageSize).Take(PageSize).ToList();
            var rows = await Rows(db.Questions.Where(q => shown.Contains(q.Id))).ToListAsync(ct);
            return new([.. rows.OrderBy(r => shown.IndexOf(r.Id))], reachable, at, last, found.Count > reachable);
        }
    }

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

    private static IQueryable<QuestionRow> Rows(IQueryable<Question> questions) => questions.Select(q => new QuestionRow(
        q.Id, q.Title, q.Author!.UserName!, q.CreatedAt, q.AnswerCount, q.VoteCount, q.Views, q.AcceptedAnswerId != null));
}
