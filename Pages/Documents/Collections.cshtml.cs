using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Security;

namespace Pybo.Pages.Documents;

/// <summary>A member's own collections: made, renamed, opened to others, deleted.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Collections(PyboDb db) : PageModel
{
    private const string Path = "/documents/collections";

    public IReadOnlyList<CollectionRow> Own { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => Own = await db.CollectionsOfAsync(User.MemberId!.Value, ct);

    public async Task<IActionResult> OnPostCreateAsync([Required, StringLength(Collection.NameMax)] string name, [FromForm] string? audience, CancellationToken ct)
    {
        var owner = User.MemberId!.Value;
        var line = FormText.Line(name);
        if (!ModelState.IsValid || line.Length == 0)
        {
            return Refuse(BadName);
        }

        var (id, refusal) = await db.CreateCollectionAsync(owner, line, ReaderChoice.AudienceOf(audience, owner), ct);
        return refusal is { } reason ? Refuse(Message(reason)) : Done($"모음 “{line}”을(를) 만들었습니다.", id);
    }

    public async Task<IActionResult> OnPostChangeAsync(long id, [Required, StringLength(Collection.NameMax)] string name, [FromForm] string? audience, CancellationToken ct)
    {
        var owner = User.MemberId!.Value;
        var line = FormText.Line(name);
        if (!ModelState.IsValid || line.Length == 0)
        {
            return Refuse(BadName);
        }

        if (await db.RenameCollectionAsync(id, owner, line, ct) is { } refusal)
        {
            return refusal is CollectionRefusal.NotFound ? NotFound() : Refuse(Message(refusal));
        }

        await db.SetCollectionAudienceAsync(id, ReaderChoice.AudienceOf(audience, owner), owner, ct);
        return Done("바꾸었습니다.", id);
    }

    public async Task<IActionResult> OnPostDeleteAsync(long id, CancellationToken ct)
    {
        var rows = await db.DeleteCollectionAsync(id, new(User.MemberId!.Value, User.IsAdministrator), ct);
        return rows == 0 ? NotFound() : Done("모음을 삭제했습니다. 문서는 그대로 있습니다.");
    }

    private const string BadName = "모음 이름은 1자 이상 100자 이하로 입력하세요.";

    private static string Message(CollectionRefusal refusal) => refusal switch
    {
        CollectionRefusal.NameTaken => "같은 이름의 모음이 이미 있습니다.",
        CollectionRefusal.TooMany => $"모음은 한 사람이 {CollectionQueries.PerOwnerMax}개까지 만들 수 있습니다.",
        _ => "모음을 찾을 수 없습니다.",
    };

    private LocalRedirectResult Refuse(string reason)
    {
        TempData[BoardMessages.Warning] = reason;
        return LocalRedirect(Path);
    }

    private LocalRedirectResult Done(string notice, long? id = null)
    {
        TempData["Notice"] = notice;
        return LocalRedirect(id is null ? Path : $"{Path}#collection-{id}");
    }
}
