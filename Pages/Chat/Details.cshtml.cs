using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Chat;

/// <summary>A conversation: its turns and the box for the next question.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Details(
    PyboDb db, ChatAnswerer answerer, TurnRunner runner, TurnFeed feed, ChatPlaces places, AnswerHtml answers, IHostApplicationLifetime lifetime) : PageModel
{
    [BindProperty]
    public ChatQuestion Input { get; set; } = new();

    public Conversation Conversation { get; private set; } = null!;

    public IReadOnlyList<TurnView> Turns { get; private set; } = [];

    /// <summary>Null if it searches everything.</summary>
    public ChatScope? Scope { get; private set; }

    public string Model => answerer.Model;

    public bool IsExtractive => answerer.IsExtractive;

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct) => await LoadAsync(id, ct) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var neighbours = places.Ask(userId, HttpContext);
        var queued = ModelState.IsValid ? await this.TryAskAsync(() => db.AddTurnAsync(id, userId, Input.Question!.Trim(), ct, neighbours)) : default;
        if (!ModelState.IsValid)
        {
            return await LoadAsync(id, ct) ? Page() : NotFound();
        }

        runner.Wake();
        if (!Input.Live)
        {
            await feed.WaitForEndAsync(queued.TurnId, lifetime.ApplicationStopping, ct);
        }

        return LocalRedirect($"/chat/{id}#turn-{queued.TurnId}");
    }

    private async Task<bool> LoadAsync(long id, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var conversation = await db.ConversationsOf(userId).AsNoTracking()
            .Include(c => c.Turns.OrderBy(t => t.Id)).ThenInclude(t => t.Citations.OrderBy(c => c.Number))
            .AsSplitQuery()
            .SingleOrDefaultAsync(c => c.Id == id, ct);
        if (conversation is null)
        {
            return false;
        }

        await db.HideGoneSourcesAsync(conversation.Turns, new Viewer(userId), ct);
        Conversation = conversation;
        Scope = await db.ChatScopeAsync(conversation, ct);
        var turns = new List<TurnView>();
        foreach (var turn in conversation.Turns)
        {
            turns.Add(TurnView.Of(turn, answers, turn.State is TurnState.Waiting ? await runner.PlaceAsync(turn.Id, ct) : null));
        }

        Turns = turns;
        return true;
    }
}
