using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;

namespace Pybo.Pages.Admin;

/// <summary>The worker's queue: only counts, because it includes private documents, and the documents that the administrator may read anyway.</summary>
[Authorize(Roles = Member.AdministratorRole)]
public sealed class Queue(PyboDb db, StorageLimits limits) : PageModel
{
    public QueueCounts Documents { get; private set; } = null!;

    public int Posts { get; private set; }

    public SiteStorage Storage { get; private set; }

    /// <summary>True if uploads are being refused and documents wait.</summary>
    public bool IsFull => !Storage.HasRoomFor(0, limits);

    /// <summary>0 if only the disk's free space counts.</summary>
    public long DatabaseBytesMax => limits.DatabaseBytesMax;

    /// <summary>The visible documents that wait or are being indexed, oldest first, at most <see cref="DocumentQueries.PageSize"/>.</summary>
    public IReadOnlyList<DocumentRow> Open { get; private set; } = [];

    public bool IsMore { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        Documents = await db.QueueCountsAsync(ct);
        Storage = await db.StorageAsync(ct);
        Posts = await db.PendingPostCountAsync(ct);
        var open = await db.QueuedDocumentsAsync(new Viewer(User.MemberId), ct);
        (Open, IsMore) = ([.. open.Take(DocumentQueries.PageSize)], open.Count > DocumentQueries.PageSize);
    }
}
