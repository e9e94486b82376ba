using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Chat;

/// <summary>One turn: the HTML that replaces the text the script streamed; stop; ask again.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Turns(PyboDb db, TurnRunner runner, TurnFeed feed, ChatPlaces places, AnswerHtml answers, IHostApplicationLifetime lifetime) : PageModel
{
    public TurnView Shown { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var turn = await db.Turns.AsNoTracking().Include(t => t.Citations.OrderBy(c => c.Number))
            .SingleOrDefaultAsync(t => t.Id == id && t.Conversation!.UserId == userId, ct);
        if (turn is null)
        {
            return NotFound();
        }

        await db.HideGoneSourcesAsync([turn], new Viewer(userId), ct);
        Shown = TurnView.Of(turn, answers, turn.State is TurnState.Waiting ? await runner.PlaceAsync(id, ct) : null);
        return Page();
    }

    public async Task<IActionResult> OnPostStopAsync(long id, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var conversationId = await db.Turns.Where(t => t.Id == id && t.Conversation!.UserId == userId)
            .Select(t => (long?)t.ConversationId).SingleOrDefaultAsync(ct);
        if (conversationId is null)
        {
            return NotFound();
        }

        // A turn that has already ended is fine too.
        if (await runner.StopAsync(id, userId, ct))
        {
            await feed.WaitForEndAsync(id, lifetime.ApplicationStopping, ct);
        }

        return LocalRedirect($"/chat/{conversationId}#turn-{id}");
    }

    public async Task<IActionResult> OnPostAgainAsync(long id, bool live, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var queued = await db.AskAgainAsync(id, userId, ct, places.Ask(userId, HttpContext));
        switch (queued.Refusal)
        {
            case TurnRefusal.NotFound:
                return NotFound();
            case { } refusal:
                this.Warn(ChatForms.Message(refusal));
                break;
            case null:
                runner.Wake();
                if (!live)
                {
                    await feed.WaitForEndAsync(id, lifetime.ApplicationStopping, ct);
                }

                break;
        }

        return LocalRedirect($"/chat/{queued.ConversationId}#turn-{id}");
    }
}
