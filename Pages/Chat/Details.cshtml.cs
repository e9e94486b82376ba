using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Chat;

/// <summary>A conversation: the turns of one path, and the box for the next question.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Details(
    PyboDb db, TurnRunner runner, TurnFeed feed, ChatPlaces places, AnswerHtml answers, ChatAnswerer answerer, IHostApplicationLifetime lifetime) : PageModel
{
    /// <summary>The key in the link to a shared conversation; only the page after sharing has it, since it is not stored.</summary>
    public const string ShareKey = "ShareKey";

    [BindProperty]
    public ChatQuestion Input { get; set; } = new();

    public Conversation Conversation { get; private set; } = null!;

    public ConversationList List { get; private set; } = null!;

    public IReadOnlyList<TurnView> Turns { get; private set; } = [];

    /// <summary>What could be asked next: other questions found for the last one, then the administrators' presets.</summary>
    public IReadOnlyList<QuestionChip> Chips { get; private set; } = [];

    /// <summary>As posted with a question that was refused; otherwise as the conversation keeps them.</summary>
    public AskChoices Choices => AskChoices.Of(answerer, Input.Answerer ?? Conversation.Answerer, Input.Length ?? Conversation.AnswerLength);

    /// <summary>Null if it searches everything.</summary>
    public ChatScope? Scope { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id, [FromQuery] long? turn, string? question, CancellationToken ct)
    {
        Input = new() { Question = question };
        ModelState.Clear();
        return await LoadAsync(id, turn, ct) ? Page() : NotFound();
    }

    public async Task<IActionResult> OnPostAsync(long id, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var neighbours = places.Ask(userId, HttpContext);
        var queued = ModelState.IsValid ? await this.TryAskAsync(() => db.AddTurnAsync(id, userId, Input.Question!.Trim(), ct, neighbours, Input.After, Input.Choice)) : default;
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

    public async Task<IActionResult> OnPostShareAsync(long id, CancellationToken ct)
    {
        if (await db.ShareConversationAsync(id, User.MemberId!.Value, ct) is not { } key)
        {
            return NotFound();
        }

        TempData[ShareKey] = key;
        return LocalRedirect($"{ChatUrl.Of(id)}#share");
    }

    public async Task<IActionResult> OnPostUnshareAsync(long id, CancellationToken ct) =>
        await db.UnshareConversationAsync(id, User.MemberId!.Value, ct) == 0 ? NotFound() : this.Done(ChatWords.ShareEnded, ChatUrl.Of(id));

    /// <summary>Loads the path through a turn; without a turn, the newest.</summary>
    private async Task<bool> LoadAsync(long id, long? through, CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        if (await db.ConversationPathAsync(id, userId, through, ct) is not var (conversation, path, tree))
        {
            return false;
        }

        Conversation = conversation;
        List = await ConversationList.LoadAsync(db, userId, id, ct);
        Scope = await db.ChatScopeAsync(conversation, ct);
        Chips = [.. path.Count > 0 ? AskBox.FollowUpsOf(path[^1]) : [], .. await AskBox.PresetsAsync(db, ct)];
        var turns = new List<TurnView>();
        foreach (var turn in path)
        {
            turns.Add(TurnView.Of(turn, answers, turn.State is TurnState.Waiting ? await runner.PlaceAsync(turn.Id, ct) : null, tree.VersionsOf(turn)));
        }

        Turns = turns;
        return true;
    }
}
