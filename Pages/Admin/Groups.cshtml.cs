using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages.Admin;

/// <summary>The groups of members that read categories.</summary>
[Authorize(Roles = Member.AdministratorRole)]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Groups(PyboDb db, ILookupNormalizer normalizer) : PageModel
{
    /// <summary>The members of a group that the page lists.</summary>
    public const int ShownMax = 200;

    private const string Path = "/admin/groups";

    /// <summary>The groups, each with its first members.</summary>
    public IReadOnlyList<(GroupRow Group, IReadOnlyList<string> Members)> All { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct)
    {
        var all = new List<(GroupRow, IReadOnlyList<string>)>();
        foreach (var group in await db.GroupsAsync(ct))
        {
            all.Add((group, await db.GroupMembersAsync(group.Id, ShownMax, ct)));
        }

        All = all;
    }

    public async Task<IActionResult> OnPostAddAsync([FromForm, Required, StringLength(MemberGroup.NameMax)] string? name, CancellationToken ct) =>
        Line(name) is { } line ? Told(await db.AddGroupAsync(line, ct), AdminWords.GroupAdded) : Wrong();

    public async Task<IActionResult> OnPostRenameAsync([FromForm] long id, [FromForm, Required, StringLength(MemberGroup.NameMax)] string? name, CancellationToken ct) =>
        Line(name) is { } line ? Told(await db.RenameGroupAsync(id, line, ct), AdminWords.GroupChanged) : Wrong();

    public async Task<IActionResult> OnPostDeleteAsync([FromForm] long id, CancellationToken ct) => Told(await db.DeleteGroupAsync(id, ct), AdminWords.GroupDeleted);

    public async Task<IActionResult> OnPostAddMemberAsync([FromForm] long id, [FromForm, Required, StringLength(Data.User.UserNameMax)] string? name, CancellationToken ct) =>
        Told(Line(name) is { } line ? await db.AddGroupMemberAsync(id, normalizer.NormalizeName(line), ct) : CategoryRefusal.NotFound, AdminWords.GroupChanged);

    public async Task<IActionResult> OnPostRemoveMemberAsync([FromForm] long id, [FromForm, Required, StringLength(Data.User.UserNameMax)] string? name, CancellationToken ct) =>
        Told(Line(name) is { } line && await db.RemoveGroupMemberAsync(id, normalizer.NormalizeName(line), ct) > 0 ? CategoryRefusal.None : CategoryRefusal.NotFound, AdminWords.GroupChanged);

    /// <summary>Returns a name in one line; null if the form is not valid.</summary>
    private string? Line(string? name) => ModelState.IsValid && FormText.Line(name) is { Length: > 0 } line ? line : null;

    private LocalRedirectResult Wrong() => this.Refuse(AdminWords.GroupWrong.With(MemberGroup.NameMax), Path);

    private LocalRedirectResult Told(CategoryRefusal refusal, string done) => refusal == CategoryRefusal.None ? this.Done(done, Path) : this.Refuse(refusal switch
    {
        CategoryRefusal.TooMany => AdminWords.GroupsFull.With(MemberGroup.CountMax, MemberGroup.MembersMax),
        CategoryRefusal.NameTaken => AdminWords.GroupNameTaken,
        CategoryRefusal.InUse => AdminWords.GroupInUse,
        _ => AdminWords.GroupNotFound,
    }, Path);
}
