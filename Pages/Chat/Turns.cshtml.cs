using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Chat;

/// <summary>One turn: the HTML that replaces the text the script streamed; stop; ask again, as it is or edited; rate.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Turns(PyboDb db, TurnRunner runner, TurnFeed feed, ChatPlaces places, AnswerHtml answers, IHostApplicationLifetime lifetime) : PageModel
{
    public TurnView Shown { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var turn = await db.Turns.AsNoTracking().Include(t => t.Rating).Include(t => t.Citations.OrderBy(c => c.Number))
            .SingleOrDefaultAsync(t => t.Id == id && t.Conversation!.UserId == userId, ct);
        if (turn is null)
        {
            return NotFound();
        }

        await db.HideGoneSourcesAsync([turn], new Viewer(userId), ct);
        Shown = TurnView.Of(turn, answers, turn.State is TurnState.Waiting ? await runner.PlaceAsync(id, ct) : null, await db.VersionsOfAsync(turn, ct));
        return Page();
    }

    public async Task<IActionResult> OnPostStopAsync(long id, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var conversationId = await db.ConversationOfAsync(id, userId, ct);
        if (conversationId is null)
        {
            return NotFound();
        }

        // A turn that has already ended is fine too.
        if (await runner.StopAsync(id, userId, ct))
        {
            await feed.WaitForEndAsync(id, lifetime.ApplicationStopping, ct);
        }

        return LocalRedirect(ChatUrl.Of(conversationId.Value, id));
    }

    public Task<IActionResult> OnPostAgainAsync(long id, bool live, CancellationToken ct) => AskAgainAsync(id, edited: null, live, ct);

    /// <summary>Answers a refused question from what was found.</summary>
    public Task<IActionResult> OnPostAnywayAsync(long id, bool live, CancellationToken ct) => AskAgainAsync(id, edited: null, live, ct, anyway: true);

    public async Task<IActionResult> OnPostEditAsync(long id, string? question, bool live, CancellationToken ct)
    {
        var edited = question?.Trim() ?? "";
        if (edited.Length is > 0 and <= Turn.QuestionMax)
        {
            return await AskAgainAsync(id, edited, live, ct);
        }

        return await db.ConversationOfAsync(id, User.MemberId!.Value, ct) is { } conversationId
            ? this.Refuse(ChatWords.QuestionLength.With(Turn.QuestionMax), ChatUrl.Of(conversationId, id))
            : NotFound();
    }

    /// <param name="id">The turn.</param>
    /// <param name="good">The verdict.</param>
    /// <param name="reason">Optional.</param>
    /// <param name="showsText">Lets administrators read the question and the answer.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IActionResult> OnPostRateAsync(long id, bool good, string? reason, bool showsText, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var rating = new TurnRating { TurnId = id, IsGood = good, Reason = (reason?.Trim() ?? "").Cut(TurnRating.ReasonMax), ShowsText = showsText };
        return await db.RateTurnAsync(rating, userId, ct) ? LocalRedirect(ChatUrl.Of((await db.ConversationOfAsync(id, userId, ct))!.Value, id)) : NotFound();
    }

    public async Task<IActionResult> OnPostUnrateAsync(long id, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        await db.UnrateTurnAsync(id, userId, ct);
        return await db.ConversationOfAsync(id, userId, ct) is { } conversationId ? LocalRedirect(ChatUrl.Of(conversationId, id)) : NotFound();
    }

    private async Task<IActionResult> AskAgainAsync(long id, string? edited, bool live, CancellationToken ct, bool anyway = false)
    {
        var userId = User.MemberId!.Value;
        var queued = await db.AskAgainAsync(id, userId, ct, places.Ask(userId, HttpContext), edited, anyway);
        switch (queued.Refusal)
        {
            case TurnRefusal.NotFound:
                return NotFound();
            case { } refusal:
                return this.Refuse(ChatForms.Message(refusal), ChatUrl.Of(queued.ConversationId, id));
            case null:
                runner.Wake();
                if (!live)
                {
                    await feed.WaitForEndAsync(queued.TurnId, lifetime.ApplicationStopping, ct);
                }

                return LocalRedirect(ChatUrl.Newest(queued.ConversationId, queued.TurnId));
        }
    }
}
