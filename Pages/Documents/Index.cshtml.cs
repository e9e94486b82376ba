using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Documents;

/// <summary>The documents that the reader may see, newest first: <c>/documents?show=&amp;collection=&amp;page=</c>.</summary>
public sealed class Index(PyboDb db, IOptions<PyboOptions> options) : PageModel
{
    private const string Own = "own";
    private const string Open = "open";

    public static IReadOnlyList<(string? Name, string Label)> Shows => [(null, CommonWords.All), (Own, DocumentWords.MyDocuments), (Open, DocumentWords.NotRead)];

    public string? Show { get; private set; }
    public CollectionRow? Collection { get; private set; }
    public IReadOnlyList<CollectionRow> Collections { get; private set; } = [];
    public IReadOnlyList<DocumentRow> Documents { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;

    /// <summary>Null for a visitor.</summary>
    public UploadForm? Form { get; private set; }

    public bool IsWorking => Documents.Any(d => DocumentStateText.Of(d.Progress, DateTime.UtcNow).IsOpen);

    public async Task<IActionResult> OnGetAsync([FromQuery] string? show, [FromQuery] long? collection, [FromQuery(Name = "page")] int page, CancellationToken ct)
    {
        var viewer = new Viewer(User.MemberId);
        Show = Shows.FirstOrDefault(s => s.Name == show).Name;
        if (collection is { } id && (Collection = await db.CollectionAsync(id, viewer, ct)) is null)
        {
            return NotFound();
        }

        page = Math.Clamp(page, 1, DocumentQueries.PagesMax);
        var rows = await db.DocumentPageAsync(new(Show == Own, Collection?.Id, Show == Open), page, viewer, ct);
        var isMore = rows.Count > DocumentQueries.PageSize && page < DocumentQueries.PagesMax;
        Documents = [.. rows.Take(DocumentQueries.PageSize)];
        Collections = await db.CollectionsAsync(viewer, ct);
        Form = User.MemberId is { } member ? await UploadForm.ForAsync(db, member, Collection?.OwnerId == member ? Collection.Id : null, options.Value, ct) : null;
        Pager = new(page, isMore ? page + 1 : page, DocumentWords.ListPages, number => AddressOf(Show, Collection?.Id, number));
        return Page();
    }

    /// <summary>Returns the progress of some documents, for the page's script.</summary>
    public async Task<IActionResult> OnGetProgressAsync([FromQuery] long[] id, CancellationToken ct)
    {
        var statuses = await db.DocumentStatusesAsync(id, new Viewer(User.MemberId), ct);
        return new JsonResult(statuses.Select(status =>
        {
            var state = DocumentStateText.Of(status.Progress, DateTime.UtcNow);
            return new { status.Id, state.Html, state.Done, state.Total, state.IsOpen, state.IsFailed };
        }));
    }

    public static string AddressOf(string? show, long? collection, int page = 1) => Address.Of("/documents",
        ("show", show), ("collection", collection?.ToString(CultureInfo.InvariantCulture)), ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null));
}
