using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Questions;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Tags;

/// <summary>A tag's questions, newest first, with what an administrator wrote about it: <c>/tags/{name}?page=</c>.</summary>
public sealed class Details(PyboDb db) : PageModel
{
    public TagRow Tag { get; private set; } = null!;

    /// <summary>True if the reader is told of new questions with it.</summary>
    public bool IsFollowed { get; private set; }

    public IReadOnlyList<string> Synonyms { get; private set; } = [];

    public QuestionRowsView Questions { get; private set; } = null!;

    public Pager Pager => new(Questions.List.Page, Questions.List.LastPage, BoardWords.QuestionPages,
        page => Address.Of(TagAddress.Of(Tag.Name), ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null)));

    public async Task<IActionResult> OnGetAsync(string name, [FromQuery(Name = "page")] int page, CancellationToken ct)
    {
        var viewer = new Viewer(User.MemberId);
        var normal = TagNames.Of(name);
        var main = normal is null ? null : await db.MainTagAsync(normal, ct);
        if (normal is null || await db.TagAsync(main ?? normal, viewer, ct) is not { } tag)
        {
            return NotFound();
        }

        if (main is not null)
        {
            return LocalRedirectPermanent(TagAddress.Of(main));
        }

        if (normal != name)
        {
            return LocalRedirect(TagAddress.Of(normal));
        }

        Tag = tag;
        Synonyms = await db.SynonymsOfAsync(tag.Name, ct);
        IsFollowed = User.MemberId is { } member && await db.IsTagFollowedAsync(tag.Name, member, ct);
        Questions = await QuestionRowsView.OfAsync(db, await db.QuestionPageAsync(QuestionSearchTerms.OfTag(tag.Name), QuestionSort.Newest, page, viewer, ct), viewer, ct);
        return Page();
    }

    public Task<IActionResult> OnPostFollowAsync(string name, CancellationToken ct) => ForMemberAsync(name, BoardWords.TagFollowed, (tag, member) => db.FollowTagAsync(tag, member, ct));

    public Task<IActionResult> OnPostUnfollowAsync(string name, CancellationToken ct) => ForMemberAsync(name, BoardWords.Unfollowed, (tag, member) => db.UnfollowTagAsync(tag, member, ct));

    private async Task<IActionResult> ForMemberAsync(string name, string notice, Func<string, long, Task<int>> change)
    {
        if (TagNames.Of(name) is not { } tag)
        {
            return NotFound();
        }

        if (User.MemberId is not { } member)
        {
            return LocalRedirect(Address.LogIn(TagAddress.Of(tag)));
        }

        await change(tag, member);
        return this.Done(notice, TagAddress.Of(tag));
    }
}
