using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Admin;

/// <summary>What members think of the chat's answers: counts by model, and why answers were bad. Whose answers they are is not shown, nor is a text unless its member shows it.</summary>
[Authorize(Roles = Member.AdministratorRole)]
public sealed class Evaluation(PyboDb db) : PageModel
{
    public const int PagesMax = 500;

    // Not a bound property: "page" is also the name of the route value that holds the Razor page.
    [FromQuery(Name = "page")]
    [Range(1, PagesMax)]
    public int Number { get; set; } = 1;

    public IReadOnlyList<RatingCounts> Counts { get; private set; } = [];

    public IReadOnlyList<BadRating> Bad { get; private set; } = [];

    public Pager Pager { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct)
    {
        var number = Math.Clamp(Number, 1, PagesMax);
        Counts = await db.RatingCountsAsync(ct);
        Bad = await db.BadRatingsAsync(new Viewer(User.MemberId), number, ct);
        var last = Math.Clamp((Counts.Sum(c => c.Bad) + TurnRatings.PageSize - 1) / TurnRatings.PageSize, 1, PagesMax);
        Pager = new(number, last, AdminWords.BadRatings, page => Address.Of("/admin/evaluation", ("page", page.ToString(CultureInfo.InvariantCulture))));
    }
}
