using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Questions;

/// <summary>The list: <c>/questions?page=&amp;q=&amp;sort=</c>.</summary>
public sealed class Index(PyboDb db, QuestionMarks marks) : PageModel
{
    public static IReadOnlyList<(QuestionSort Sort, string Name, string Label)> Sorts =>
    [
        (QuestionSort.Newest, "newest", BoardWords.SortNewest),
        (QuestionSort.Votes, "votes", BoardWords.SortVotes),
        (QuestionSort.Popular, "popular", BoardWords.SortPopular),
        (QuestionSort.Unanswered, "unanswered", BoardWords.SortUnanswered),
    ];

    /// <summary>The operators of <see cref="QuestionSearchTerms"/>, each with an example.</summary>
    public static IReadOnlyList<(string Example, string Meaning)> Help =>
    [
        (BoardWords.SearchPhraseExample, BoardWords.SearchPhrase),
        (BoardWords.SearchWithoutExample, BoardWords.SearchWithout),
        (BoardWords.SearchTagExample, BoardWords.SearchTag),
        (BoardWords.SearchCategoryExample, BoardWords.SearchCategory),
        (BoardWords.SearchUserExample, BoardWords.SearchUser),
        ("is:accepted", BoardWords.SearchAccepted),
        ("is:answered is:unanswered", BoardWords.SearchAnswered),
        ("is:open is:closed is:notice", BoardWords.SearchClosed),
        ("score:3", BoardWords.SearchScore.With(3)),
        ("answers:2", BoardWords.SearchAnswers.With(2)),
    ];

    public QuestionRowsView Rows { get; private set; } = null!;
    public QuestionSort Sort { get; private set; }

    /// <summary>The search text; empty for the whole list.</summary>
    public string Query { get; private set; } = "";

    /// <summary>True if the search text contains no word.</summary>
    public bool HasNoWords { get; private set; }

    public Pager Pager => new(Rows.List.Page, Rows.List.LastPage, BoardWords.QuestionPages, page => AddressOf(Sort, page));

    /// <summary>Returns the order with a name; the newest first for any other text.</summary>
    public static QuestionSort SortOf(string? name) => Sorts.FirstOrDefault(s => s.Name == name).Sort;

    /// <summary>Returns the name of an order in addresses; null for the usual one.</summary>
    public static string? NameOf(QuestionSort sort) => sort == QuestionSort.Newest ? null : Sorts.First(s => s.Sort == sort).Name;

    public async Task OnGetAsync([FromQuery(Name = "page")] int page, [FromQuery(Name = "q")] string? query, [FromQuery] string? sort, CancellationToken ct)
    {
        Sort = SortOf(sort);
        Query = (query ?? "").Trim();
        var terms = QuestionSearchTerms.Of(Query);
        HasNoWords = terms.IsEmpty;
        var viewer = new Viewer(User.MemberId);
        Rows = await QuestionRowsView.OfAsync(db, Query.Length == 0 ? await db.QuestionPageAsync(Sort, page, marks, viewer, ct) : await db.QuestionPageAsync(terms, Sort, page, viewer, ct), viewer, ct);
        Rows = Query.Length == 0 ? await Rows.WithPinnedAsync(db, Sort, viewer, ct) : Rows;
    }

    /// <summary>Returns the address of another order or page of the same search.</summary>
    public string AddressOf(QuestionSort sort, int page) => Address.Of("/questions",
        ("q", Query),
        ("sort", NameOf(sort)),
        ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null));
}
