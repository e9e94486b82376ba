using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Questions;

/// <summary>The newest answers and comments of all questions that the reader may read: <c>/questions/recent</c>.</summary>
public sealed class Recent(PyboDb db) : PageModel
{
    /// <summary>The two lists, each with its heading, the words for an empty one, and the address of a post.</summary>
    public IReadOnlyList<(string Title, string None, Func<RecentPost, string> Address, IReadOnlyList<RecentPost> Posts)> Lists { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => Lists =
    [
        (BoardWords.RecentAnswers, BoardWords.NoAnswers, post => SourceUrl.Answer(post.QuestionId, post.Id), await db.RecentAnswersAsync(new(User.MemberId), ct)),
        (BoardWords.RecentComments, BoardWords.NoComments, post => SourceUrl.Comment(post.QuestionId, post.Id), await db.RecentCommentsAsync(new(User.MemberId), ct)),
    ];
}
