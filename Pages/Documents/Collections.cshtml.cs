using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Documents;

/// <summary>A member's own collections, and for an administrator those of the command line: creates, renames, shares and deletes them.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Collections(PyboDb db) : PageModel
{
    private const string Path = "/documents/collections";

    public IReadOnlyList<CollectionRow> Own { get; private set; } = [];

    private Actor Actor => new(User.MemberId!.Value, User.IsAdministrator);

    public async Task OnGetAsync(CancellationToken ct) =>
        Own = [.. await db.CollectionsOfAsync(User.MemberId!.Value, ct), .. User.IsAdministrator ? await db.CollectionsOfAsync(ownerId: null, ct) : []];

    public async Task<IActionResult> OnPostCreateAsync([Required, StringLength(Collection.NameMax)] string name, [FromForm] string? audience, CancellationToken ct)
    {
        var owner = User.MemberId!.Value;
        var line = FormText.Line(name);
        if (!ModelState.IsValid || line.Length == 0)
        {
            return Refuse(BadName);
        }

        var (id, refusal) = await db.CreateCollectionAsync(owner, line, ReaderChoice.AudienceOf(audience, owner), ct);
        return refusal is { } reason ? Refuse(Message(reason)) : Done(DocumentWords.CollectionCreated.With(line), id);
    }

    public async Task<IActionResult> OnPostChangeAsync(long id, [Required, StringLength(Collection.NameMax)] string name, [FromForm] string? audience, CancellationToken ct)
    {
        var owner = User.MemberId!.Value;
        var line = FormText.Line(name);
        if (!ModelState.IsValid || line.Length == 0)
        {
            return Refuse(BadName);
        }

        if (await db.RenameCollectionAsync(id, Actor, line, ct) is { } refusal)
        {
            return refusal is CollectionRefusal.NotFound ? NotFound() : Refuse(Message(refusal));
        }

        await db.SetCollectionAudienceAsync(id, ReaderChoice.AudienceOf(audience, owner), Actor, ct);
        return Done(DocumentWords.Changed, id);
    }

    public async Task<IActionResult> OnPostDeleteAsync(long id, CancellationToken ct)
    {
        var rows = await db.DeleteCollectionAsync(id, Actor, ct);
        return rows == 0 ? NotFound() : Done(DocumentWords.CollectionDeleted);
    }

    private static string BadName => DocumentWords.CollectionName.With(Collection.NameMax);

    private static string Message(CollectionRefusal refusal) => refusal switch
    {
        CollectionRefusal.NameTaken => DocumentWords.CollectionNameTaken,
        CollectionRefusal.TooMany => DocumentWords.TooManyCollections.With(CollectionQueries.PerOwnerMax),
        _ => DocumentWords.CollectionNotFound,
    };

    private LocalRedirectResult Refuse(string reason) => this.Refuse(reason, Path);

    private LocalRedirectResult Done(string notice, long? id = null) => this.Done(notice, id is null ? Path : $"{Path}#collection-{id}");
}
