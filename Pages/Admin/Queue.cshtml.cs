using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;

namespace Pybo.Pages.Admin;

/// <summary>What the worker has to do: numbers, because private documents are among them, and the documents that the administrator may read anyway.</summary>
[Authorize(Roles = Member.AdministratorRole)]
public sealed class Queue(PyboDb db, StorageLimits limits) : PageModel
{
    public QueueCounts Documents { get; private set; } = null!;

    public int Posts { get; private set; }

    public SiteStorage Storage { get; private set; }

    /// <summary>Uploads are being refused, and documents wait.</summary>
    public bool IsFull => !Storage.HasRoomFor(0, limits);

    /// <summary>0 where only the disk's room counts.</summary>
    public long DatabaseBytesMax => limits.DatabaseBytesMax;

    /// <summary>Those that wait or are worked at and may be seen, oldest first, <see cref="DocumentQueries.PageSize"/> at most.</summary>
    public IReadOnlyList<DocumentRow> Open { get; private set; } = [];

    public bool IsMore { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        Documents = await db.QueueCountsAsync(ct);
        Storage = await db.StorageAsync(ct);
        Posts = await db.PendingPostCountAsync(ct);
        var open = await db.QueuedDocumentsAsync(new Reader(User.MemberId), ct);
        (Open, IsMore) = ([.. open.Take(DocumentQueries.PageSize)], open.Count > DocumentQueries.PageSize);
    }
}
