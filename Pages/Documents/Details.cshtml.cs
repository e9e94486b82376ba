using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;

namespace Pybo.Pages.Documents;

/// <summary>A document's text: <c>/documents/{id}?page=</c>, or <c>?passage=</c> for the page of a cited passage, which is marked.</summary>
public sealed class Details(PyboDb db) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    /// <summary>The cited passage.</summary>
    [FromQuery(Name = "passage")]
    public long? PassageId { get; set; }

    /// <summary>What was quoted from it, to be marked where it stands.</summary>
    [FromQuery(Name = "quote")]
    public string? Quote { get; set; }

    public DocumentRow Document { get; private set; } = null!;
    public IReadOnlyList<DocumentPassage> Passages { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;

    /// <summary>The cited passage was made anew since it was cited.</summary>
    public bool IsPassageGone { get; private set; }

    /// <summary>Where the quotation stands in the cited passage; null when it does not (any more).</summary>
    public (string Before, string Quoted, string After)? Split(DocumentPassage passage)
    {
        var at = passage.Id == PassageId && Quote is { Length: > 0 } quote ? passage.Text.IndexOf(quote, StringComparison.Ordinal) : -1;
        return at < 0 ? null : (passage.Text[..at], Quote!, passage.Text[(at + Quote!.Length)..]);
    }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "page")] int page, CancellationToken ct)
    {
        var reader = new Reader(User.MemberId);
        if (await db.DocumentAsync(Id, reader, ct) is not { } document)
        {
            return NotFound();
        }

        Document = document;
        var cited = PassageId is { } passage ? await db.PassagePageAsync(Id, passage, reader, ct) : null;
        IsPassageGone = PassageId is not null && cited is null;
        var count = await db.PassageCountAsync(Id, reader, ct);
        var last = Math.Max(1, (count + DocumentReading.PassagesOnPage - 1) / DocumentReading.PassagesOnPage);
        page = Math.Clamp(cited ?? page, 1, last);
        Passages = await db.DocumentPassagesAsync(Id, page, reader, ct);
        Pager = new(page, last, "문서 쪽", number => Address.Of(string.Create(CultureInfo.InvariantCulture, $"/documents/{Id}"),
            ("page", number > 1 ? number.ToString(CultureInfo.InvariantCulture) : null)));
        return Page();
    }
}
