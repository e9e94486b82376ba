using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Chat;

/// <summary>What the forms of the chat share.</summary>
internal static class ChatForms
{
    /// <summary>Without a script the answer comes with the page; one that takes longer is fetched by a link on it.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    /// <summary>Where the disk is full: the question stays in its box.</summary>
    public const string NoRoom = "서버에 저장 공간이 없어 묻지 못했습니다. 질문은 아래에 그대로 있으니, 관리자에게 알리고 나중에 다시 눌러 주세요.";

    /// <summary>Puts a question into the queue; where the disk is full, says so.</summary>
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
            page.ModelState.AddModelError("Input.Question", NoRoom);
            page.Response.StatusCode = StatusCodes.Status507InsufficientStorage;
            page.HttpContext.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
            return default;
        }
    }

    /// <summary>Waits for a turn's end, but not for ever.</summary>
    public static async Task WaitForEndAsync(this TurnFeed feed, long turnId, CancellationToken stopping, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        limit.CancelAfter(WaitMax);
        await feed.WaitForEndAsync(turnId, limit.Token);
    }

    public static string Message(TurnRefusal refusal) => refusal switch
    {
        TurnRefusal.ConversationFull => $"한 대화에는 질문을 {TurnQueue.TurnsPerConversationMax}개까지 할 수 있습니다. 새 대화를 시작하세요.",
        TurnRefusal.TooManyWaiting => $"답을 기다리는 질문이 이미 {TurnQueue.OpenPerUserMax}개 있습니다. 답이 나온 뒤에 다시 물어 주세요.",
        TurnRefusal.QueueFull => "지금은 기다리는 질문이 너무 많습니다. 먼저 물은 것의 답을 받은 뒤나 잠시 뒤에 다시 물어 주세요.",
        TurnRefusal.ScopeNotFound => "물어볼 문서나 모음을 찾을 수 없습니다.",
        TurnRefusal.Busy => "이미 답을 만들고 있습니다.",
        _ => "대화를 찾을 수 없습니다.",
    };
}
