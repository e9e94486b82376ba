using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Chat;

/// <summary>Shared code of the chat's forms.</summary>
internal static class ChatForms
{
    /// <summary>Without a script the page includes the answer; a link on the page fetches one that takes longer.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    /// <summary>Queues a question; reports a full disk.</summary>
    public static async Task<QueuedTurn> TryAskAsync(this PageModel page, Func<Task<QueuedTurn>> ask)
    {
        try
        {
            var queued = await ask();
            if (queued.Refusal is { } refusal)
            {
                page.ModelState.AddModelError("Input.Question", Message(refusal));
            }

            return queued;
        }
        catch (Exception error) when (DiskFull.Is(error))
        {
            page.ModelState.AddModelError("Input.Question", ChatWords.NoRoom);
            page.Response.StatusCode = StatusCodes.Status507InsufficientStorage;
            page.HttpContext.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
            return default;
        }
    }

    /// <summary>Waits for a turn's end, up to a limit.</summary>
    public static async Task WaitForEndAsync(this TurnFeed feed, long turnId, CancellationToken stopping, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        limit.CancelAfter(WaitMax);
        await feed.WaitForEndAsync(turnId, limit.Token);
    }

    public static string Message(TurnRefusal refusal) => refusal switch
    {
        TurnRefusal.ConversationFull => ChatWords.ConversationFull.With(TurnQueue.TurnsPerConversationMax),
        TurnRefusal.TooManyWaiting => ChatWords.TooManyWaiting.With(TurnQueue.OpenPerUserMax),
        TurnRefusal.QueueFull => ChatWords.QueueFull,
        TurnRefusal.ScopeNotFound => ChatWords.ScopeNotFound,
        TurnRefusal.Busy => ChatWords.Busy,
        _ => ChatWords.ConversationNotFound,
    };
}
