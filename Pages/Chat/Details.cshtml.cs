using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Chat;

/// <summary>A conversation: the turns of one path, and the box for the next question.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Details(
    PyboDb db, TurnRunner runner, TurnFeed feed, ChatPlaces places, AnswerHtml answers, IHostApplicationLifetime lifetime) : PageModel
{
    [BindProperty]
    public ChatQuestion Input { get; set; } = new();

    public Conversation Conversation { get; private set; } = null!;

    public ConversationList List { get; private set; } = null!;

    public IReadOnlyList<TurnView> Turns { get; private set; } = [];

    /// <summary>Null if it searches everything.</summary>
    public ChatScope? Scope { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id, [FromQuery] long? turn, CancellationToken ct) => await LoadAsync(id, turn, ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var neighbours = places.Ask(userId, HttpContext);
        var queued = ModelState.IsValid ? await this.TryAskAsync(() => db.AddTurnAsync(id, userId, Input.Question!.Trim(), ct, neighbours, Input.After)) : default;
        if (!ModelState.IsValid)
        {
            return await LoadAsync(id, Input.After, ct) ? Page() : NotFound();
        }

        runner.Wake();
        if (!Input.Live)
        {
            await feed.WaitForEndAsync(queued.TurnId, lifetime.ApplicationStopping, ct);
        }

        return LocalRedirect(ChatUrl.Newest(id, queued.TurnId));
    }

    /// <summary>Loads the path through a turn; without a turn, the newest.</summary>
    private async Task<bool> LoadAsync(long id, long? through, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var conversation = await db.Conversations.AsNoTracking()
            .Include(c => c.Turns).ThenInclude(t => t.Citations.OrderBy(c => c.Number))
            .AsSplitQuery()
            .SingleOrDefaultAsync(c => c.Id == id && c.UserId == userId, ct);
        if (conversation is null)
        {
            return false;
        }

        var tree = new TurnTree(conversation.Turns);
        var path = tree.PathThrough(through);
        if (path.Count == 0 && through is not null)
        {
            return false;
        }

        await db.HideGoneSourcesAsync(path, new Viewer(userId), ct);
        Conversation = conversation;
        List = await ConversationList.LoadAsync(db, userId, id, ct);
        Scope = await db.ChatScopeAsync(conversation, ct);
        var turns = new List<TurnView>();
        foreach (var turn in path)
        {
            turns.Add(TurnView.Of(turn, answers, turn.State is TurnState.Waiting ? await runner.PlaceAsync(turn.Id, ct) : null, tree.VersionsOf(turn)));
        }

        Turns = turns;
        return true;
    }
}
