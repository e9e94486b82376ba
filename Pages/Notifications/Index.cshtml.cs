using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Notifications;

/// <summary>What the member is told, newest first: <c>/notifications?page=</c>.</summary>
[Authorize]
public sealed class Index(PyboDb db) : PageModel
{
    public const string Path = "/notifications";

    public NotificationPage List { get; private set; } = null!;

    public int Unread { get; private set; }

    public Pager Pager => new(List.Page, List.LastPage, BoardWords.NotificationPages, page => Address.Of(Path, ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null)));

    public async Task OnGetAsync([FromQuery(Name = "page")] int page, CancellationToken ct)
    {
        List = await db.NotificationPageAsync(User.MemberId!.Value, page, ct);
        Unread = await db.CountUnreadAsync(User.MemberId!.Value, ct);
    }

    /// <summary>Marks one as read, and leads to its post.</summary>
    public async Task<IActionResult> OnPostOpenAsync([FromForm] long id, CancellationToken ct) =>
        await db.OpenNotificationAsync(id, User.MemberId!.Value, ct) is { } opened ? LocalRedirect(AddressOf(opened)) : this.Refuse(BoardWords.NotificationGone, Path);

    public async Task<IActionResult> OnPostReadAllAsync(CancellationToken ct)
    {
        await db.ReadAllNotificationsAsync(User.MemberId!.Value, ct);
        return LocalRedirect(Path);
    }

    public static string Sentence(NotificationRow row) => (row.Kind switch
    {
        NotificationKind.Answered => BoardWords.NotifiedAnswered,
        NotificationKind.Commented => BoardWords.NotifiedCommented,
        NotificationKind.Mentioned => BoardWords.NotifiedMentioned,
        NotificationKind.Accepted => BoardWords.NotifiedAccepted,
        NotificationKind.Closed => BoardWords.NotifiedClosed,
        NotificationKind.Merged => BoardWords.NotifiedMerged,
        NotificationKind.Edited => BoardWords.NotifiedEdited,
        NotificationKind.MemberAsked => BoardWords.NotifiedMemberAsked,
        _ => BoardWords.NotifiedAsked,
    }).With(row.Actor);

    public static string AddressOf(NotificationRow row) => row switch
    {
        { CommentId: { } comment } => SourceUrl.Comment(row.QuestionId, comment),
        { AnswerId: { } answer } => SourceUrl.Answer(row.QuestionId, answer),
        _ => SourceUrl.Question(row.QuestionId, row.QuestionTitle),
    };
}
