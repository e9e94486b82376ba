using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;
using Pybo.Rag.Documents;
using Pybo.Rag.Passages;

namespace Pybo.Pages.Documents;

/// <summary>
/// A document: <c>/documents/{id}</c>, with <c>?page=</c> of the reading view, <c>?at=</c> for a page of the document, or <c>?passage=&amp;quote=</c> for
/// a citation. The script draws a PDF's pages above the text; the text works without it.
/// </summary>
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Details(PyboDb db) : PageModel
{
    private const string PdfName = "PDF";

    /// <summary>The most rectangles sent with the page; a passage has some dozens.</summary>
    private const int MarksMax = 500;

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    /// <summary>The cited passage.</summary>
    [FromQuery(Name = "passage")]
    public long? PassageId { get; set; }

    /// <summary>The quotations to mark in the passage.</summary>
    [FromQuery(Name = "quote")]
    public IReadOnlyList<string> Quotes { get; set; } = [];

    /// <summary>Words to find within the document.</summary>
    [FromQuery(Name = "find")]
    public string? Find { get; set; }

    /// <summary>The places of <see cref="Find"/>; null if nothing is asked for.</summary>
    public IReadOnlyList<FoundPlace>? Found { get; private set; }

    /// <summary>The number of passages that contain <see cref="Find"/>.</summary>
    public int FoundCount { get; private set; }

    public DocumentRow Document { get; private set; } = null!;
    public IReadOnlyList<DocumentPassage> Passages { get; private set; } = [];
    public IReadOnlyList<CollectionRow> Collections { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;

    /// <summary>Questions that the text on this page answers.</summary>
    public IReadOnlyList<string> Questions => DocumentQuestions.Of([.. Passages.Select(p => (p.Heading, p.Text))]);

    /// <summary>True if the cited passage was replaced after it was cited.</summary>
    public bool IsPassageGone { get; private set; }

    /// <summary>When the citation's version was replaced by another; null if the citation is of the present one.</summary>
    public DateTime? ReplacedAt { get; private set; }

    /// <summary>The document's own page that is cited or requested.</summary>
    public int? CitedPage { get; private set; }

    /// <summary>The cited words as rectangles on the pages, for the script that draws them.</summary>
    public string Marks { get; private set; } = "[]";

    public bool IsDrawn => Document.Format == PdfName && Document.PageCount > 0;

    public bool MayChange => User.MemberId is { } member && (Document.OwnerId == member || (Document.OwnerId is null && User.IsAdministrator));

    public bool MayDelete => MayChange || User.IsAdministrator;

    /// <summary>Returns the places of the quotations in a passage; none if it is not the cited one, or no longer contains them.</summary>
    public IReadOnlyList<(int Start, int Length)> QuotedIn(DocumentPassage passage) => passage.Id == PassageId ? QuotedWords.FindAll(passage.Text, Quotes.Take(SourceUrl.QuotesMax)) : [];

    /// <summary>Returns the start of a passage's text after its own heading, which is then not shown twice. 0 if a quotation begins within the heading.</summary>
    public int BodyOf(DocumentPassage passage)
    {
        var own = passage.Heading is { } path ? path.AsSpan(path.LastIndexOf(Passage.HeadingSeparator, StringComparison.Ordinal) is var at and >= 0 ? at + Passage.HeadingSeparator.Length : 0) : default;
        var text = passage.Text.AsSpan();
        if (own.IsEmpty || !text.StartsWith(own, StringComparison.Ordinal) || (text.Length > own.Length && text[own.Length] != '\n') || (QuotedIn(passage) is [var (quoted, _), ..] && quoted < own.Length))
        {
            return 0;
        }

        return text.Length - text[own.Length..].TrimStart('\n').Length;
    }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "page")] int page, [FromQuery] int? at, CancellationToken ct)
    {
        var viewer = new Viewer(User.MemberId);
        if (await db.DocumentAsync(Id, viewer, ct) is not { } document)
        {
            return NotFound();
        }

        Document = document;
        Collections = MayChange ? await db.CollectionsOfAsync(document.OwnerId, ct) : [];
        var cited = PassageId is { } passage ? await db.PassagePageAsync(Id, passage, viewer, ct) : null;
        if (PassageId is not null && cited is null && Quotes is [{ Length: > 0 } words, ..] && await db.PassageWithAsync(Id, QuotedWords.Beginning(words), viewer, ct) is { } again)
        {
            (PassageId, ReplacedAt) = (again, document.ModifiedAt);
            cited = await db.PassagePageAsync(Id, again, viewer, ct);
        }

        IsPassageGone = PassageId is not null && cited is null;
        ReplacedAt = IsPassageGone ? document.ModifiedAt : ReplacedAt;
        await CiteAsync(at, viewer, ct);
        cited ??= CitedPage is { } own ? await db.ReadingPageOfAsync(Id, own, viewer, ct) : null;
        await ReadAsync(cited ?? page, viewer, ct);
        await FindAsync(viewer, ct);
        return Page();
    }

    private async Task FindAsync(Viewer viewer, CancellationToken ct)
    {
        Find = TextNormalizer.OneLine(Find ?? "", DocumentReading.FindCharactersMax);
        if (Find.Length == 0)
        {
            return;
        }

        (var passages, FoundCount) = await db.FindInDocumentAsync(Id, Find, viewer, ct);
        Found = [.. passages.Select(passage => FoundPlace.Of(passage, Find, Id))];
    }

    public Task<IActionResult> OnPostPlaceAsync([FromForm] string? audience, [FromForm] long? collection, CancellationToken ct) => ChangeAsync(
        actor => db.PlaceDocumentAsync(Id, collection, ReaderChoice.AudienceOf(audience, actor.UserId), actor, ct), () => ReadersAsync(ct), $"/documents/{Id}");

    public Task<IActionResult> OnPostTitleAsync([FromForm] string? title, CancellationToken ct)
    {
        var line = FormText.Line(title ?? "").Cut(Data.Document.TitleMax);
        return ChangeAsync(actor => db.RenameDocumentAsync(Id, line.Length > 0 ? line : null, actor, ct), line.Length > 0 ? DocumentWords.Renamed : DocumentWords.OwnTitle, $"/documents/{Id}");
    }

    public Task<IActionResult> OnPostRetryAsync(CancellationToken ct) =>
        ChangeAsync(actor => db.RetryDocumentAsync(Id, actor, ct), DocumentWords.Retried, $"/documents/{Id}");

    public Task<IActionResult> OnPostReindexAsync(CancellationToken ct) =>
        ChangeAsync(actor => db.ReindexDocumentAsync(Id, actor, ct), DocumentWords.Reindexed, $"/documents/{Id}");

    public Task<IActionResult> OnPostDeleteAsync(CancellationToken ct) =>
        ChangeAsync(actor => db.DeleteDocumentAsync(Id, actor, ct), DocumentWords.Deleted, "/documents");

    private Task<IActionResult> ChangeAsync(Func<Actor, Task<int>> change, string notice, string to) => ChangeAsync(change, () => Task.FromResult(notice), to);

    private async Task<IActionResult> ChangeAsync(Func<Actor, Task<int>> change, Func<Task<string>> notice, string to)
    {
        if (User.MemberId is not { } member)
        {
            return LocalRedirect(Address.LogIn($"/documents/{Id}"));
        }

        if (await change(new(member, User.IsAdministrator)) == 0)
        {
            return NotFound();
        }

        return this.Done(await notice(), to);
    }

    private async Task<string> ReadersAsync(CancellationToken ct) =>
        await db.DocumentAsync(Id, new Viewer(User.MemberId), ct) is { } placed ? ReaderChoice.Sentence(placed.Collection, placed.Audience) : DocumentWords.Changed;

    private async Task CiteAsync(int? at, Viewer viewer, CancellationToken ct)
    {
        var places = PassageId is { } passage ? await db.CitedPlacesAsync(Id, passage, Quotes.Take(SourceUrl.QuotesMax), viewer, ct) : [];
        CitedPage = (places is [var first, ..] ? first.Page : null) ?? (at is >= 1 && at <= Document.PageCount ? at : null);
        if (places.Count > 0 && IsDrawn)
        {
            var highlights = new List<PageHighlight>();
            foreach (var cited in places)
            {
                highlights.AddRange(await db.HighlightsAsync(Id, cited.Start, cited.Length, viewer, ct));
            }

            CitedPage = highlights.Count > 0 ? highlights[0].Page : CitedPage;
            Marks = JsonSerializer.Serialize(
                highlights.SelectMany(h => h.Boxes.Select(b => new PageMark(h.Page, b.X, b.Y, b.Width, b.Height, h.Width, h.Height))).Take(MarksMax), JsonSerializerOptions.Web);
        }
    }

    private async Task ReadAsync(int page, Viewer viewer, CancellationToken ct)
    {
        var count = await db.PassageCountAsync(Id, viewer, ct);
        var last = Math.Max(1, (count + DocumentReading.PassagesOnPage - 1) / DocumentReading.PassagesOnPage);
        page = Math.Clamp(page, 1, last);
        Passages = await db.DocumentPassagesAsync(Id, page, viewer, ct);
        Pager = new(page, last, DocumentWords.DocumentPages, number => Address.Of(string.Create(CultureInfo.InvariantCulture, $"/documents/{Id}"),
            ("page", number > 1 ? number.ToString(CultureInfo.InvariantCulture) : null)));
    }

    /// <summary>A rectangle, and the size of the page on which it was measured.</summary>
    private sealed record PageMark(int Page, float X, float Y, float Width, float Height, float PageWidth, float PageHeight);
}
