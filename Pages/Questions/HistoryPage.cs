using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Questions;

/// <summary>A version of a post with its differences from the one before.</summary>
/// <param name="Title">Null if the title is the same, or there is no version before.</param>
/// <param name="Body">Null if there is no version before: the text is shown whole.</param>
/// <param name="Tags">As <paramref name="Title"/>.</param>
public sealed record VersionView(PostVersion Version, bool IsPresent, TextDiff? Title, TextDiff? Body, TextDiff? Tags);

/// <summary>The versions of a post, newest first, for all who may read the post; its author and administrators restore or erase one.</summary>
[EnableRateLimiting(RequestLimits.Post)]
public abstract class HistoryPage(PyboDb db) : PageModel
{
    /// <summary>The versions of a page, each of which is compared.</summary>
    public const int PageSize = 5;

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    public IReadOnlyList<VersionView> Versions { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;
    public string QuestionTitle { get; private set; } = "";

    /// <summary>The address of the post in its thread.</summary>
    public string PostAddress { get; private set; } = "";

    public bool MayChange { get; private set; }

    /// <summary>The address of this page.</summary>
    public abstract string Here { get; }

    protected abstract CommentedPost Post { get; }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "page")] int page, CancellationToken ct)
    {
        if (await FindAsync(ct) is not { } found)
        {
            return NotFound();
        }

        (QuestionTitle, PostAddress) = (found.QuestionTitle, found.Address);
        MayChange = User.IsAdministrator || User.MemberId == found.AuthorId;
        var last = Math.Max(1, (await db.CountVersionsAsync(Post, new(User.MemberId), ct) + PageSize - 1) / PageSize);
        Pager = new(Math.Clamp(page, 1, last), last, BoardWords.HistoryPages, number => Address.Of(Here, ("page", number > 1 ? number.ToString(CultureInfo.InvariantCulture) : null)));
        var versions = await db.VersionsAsync(Post, (Pager.Page - 1) * PageSize, PageSize + 1, new(User.MemberId), ct);
        Versions = [.. versions.Take(PageSize).Select((version, i) => View(version, i + 1 < versions.Count ? versions[i + 1] : null, Pager.Page == 1 && i == 0))];
        return Page();
    }

    public Task<IActionResult> OnPostRestoreAsync([FromForm] int number, CancellationToken ct) =>
        ForMemberAsync(async actor => await RestoreAsync(number, actor, ct) > 0 ? this.Done(BoardWords.VersionRestored.With(number), Here) : NotFound());

    public Task<IActionResult> OnPostEraseAsync([FromForm] int number, CancellationToken ct) =>
        ForMemberAsync(async actor => await db.EraseVersionAsync(Post, number, actor, ct) > 0 ? this.Done(BoardWords.VersionErased.With(number), Here) : NotFound());

    /// <summary>Returns the post; null if there is none.</summary>
    protected abstract Task<(long AuthorId, string QuestionTitle, string Address)?> FindAsync(CancellationToken ct);

    /// <summary>Makes a version the present one.</summary>
    /// <returns>0 if it is missing or not the actor's.</returns>
    protected abstract Task<int> RestoreAsync(int number, Actor actor, CancellationToken ct);

    private static VersionView View(PostVersion version, PostVersion? before, bool isPresent)
    {
        return new(version, isPresent, Changed(before?.Title, version.Title), before is null ? null : TextDiff.Of(before.Body, version.Body), Changed(before?.Tags, version.Tags));

        static TextDiff? Changed(string? before, string now) => before is null || before == now ? null : TextDiff.Of(before, now);
    }

    private async Task<IActionResult> ForMemberAsync(Func<Actor, Task<IActionResult>> act) =>
        User.MemberId is { } id ? await act(new(id, User.IsAdministrator)) : LocalRedirect(Address.LogIn(Here));
}
