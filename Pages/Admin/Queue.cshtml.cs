using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;

namespace Pybo.Pages.Admin;

/// <summary>What the worker has to do: numbers, because private documents are among them, and the documents that the administrator may read anyway.</summary>
[Authorize(Roles = Member.AdministratorRole)]
public sealed class Queue(PyboDb db) : PageModel
{
    public QueueCounts Documents { get; private set; } = null!;

    public int Posts { get; private set; }

    /// <summary>Those that wait or are worked at and may be seen, in the worker's order, <see cref="DocumentQueries.PageSize"/> at most.</summary>
    public IReadOnlyList<DocumentRow> Open { get; private set; } = [];

    public bool IsMore { get; private set; }

    public async Task OnGetAsync(CancellationToken ct)
    {
        Documents = await db.QueueCountsAsync(ct);
        Posts = await db.PendingPostCountAsync(ct);
        var open = await db.QueuedDocumentsAsync(new Reader(User.MemberId), ct);
        (Open, IsMore) = ([.. open.Take(DocumentQueries.PageSize)], open.Count > DocumentQueries.PageSize);
    }
}
