using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Chat;

/// <summary>A member's conversations, and the box for a new one.</summary>
[Authorize]
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Index(PyboDb db, ChatAnswerer answerer, TurnRunner runner, TurnFeed feed, ChatPlaces places, IHostApplicationLifetime lifetime) : PageModel
{
    [BindProperty]
    public ChatQuestion Input { get; set; } = new();

    [FromQuery(Name = "q")]
    [StringLength(ConversationList.SearchMax)]
    public string? Search { get; set; }

    // Not a bound property: "page" is also the name of the route value that holds the Razor page.
    [FromQuery(Name = "page")]
    [Range(1, ConversationList.PagesMax)]
    public int Number { get; set; } = 1;

    public ConversationList List { get; private set; } = null!;

    public string Model => answerer.Model;

    public bool IsExtractive => answerer.IsExtractive;

    public IReadOnlyList<QuestionChip> Starters { get; private set; } = [];

    public ScopeChoice Scope { get; private set; } = null!;

    public AskChoices Choices => AskChoices.Of(answerer, Input.Answerer, Input.Length);

    public async Task<IActionResult> OnGetAsync(string? question, [FromQuery] long? document, [FromQuery] long? collection, CancellationToken ct)
    {
        Input = new() { Question = question, Document = document, Collection = collection };
        ModelState.Clear();
        await ListAsync(ct);
        var isGone = document is not null ? Scope.DocumentTitle is null : collection is { } asked && Scope.Collections.All(c => c.Id != asked);
        return isGone ? NotFound() : Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var neighbours = places.Ask(userId, HttpContext);
        var queued = ModelState.IsValid ? await this.TryAskAsync(() => db.StartConversationAsync(userId, Input.Question!.Trim(), ct, Input.Scope, neighbours, Input.Choice)) : default;
        if (!ModelState.IsValid)
        {
            await ListAsync(ct);
            return Page();
        }

        runner.Wake();
        if (!Input.Live)
        {
            await feed.WaitForEndAsync(queued.TurnId, lifetime.ApplicationStopping, ct);
        }

        return LocalRedirect(ChatUrl.Newest(queued.ConversationId, queued.TurnId));
    }

    /// <param name="id">The conversation.</param>
    /// <param name="pinned">True to pin it, false to unpin it.</param>
    /// <param name="shown">The conversation on the page, which is shown again.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IActionResult> OnPostPinAsync(long id, bool pinned, long? shown, CancellationToken ct) =>
        await db.PinConversationAsync(id, User.MemberId!.Value, pinned, ct) == 0 ? NotFound() : LocalRedirect(ListUrl(shown));

    /// <inheritdoc cref="OnPostPinAsync"/>
    public async Task<IActionResult> OnPostRenameAsync(long id, string? title, long? shown, CancellationToken ct)
    {
        var name = title?.Trim() ?? "";
        if (name.Length is 0 or > Conversation.TitleMax)
        {
            return this.Refuse(ChatWords.TitleLength.With(Conversation.TitleMax), ListUrl(shown));
        }

        return await db.RenameConversationAsync(id, User.MemberId!.Value, name, ct) == 0 ? NotFound() : LocalRedirect(ListUrl(shown));
    }

    /// <inheritdoc cref="OnPostPinAsync"/>
    public async Task<IActionResult> OnPostDeleteAsync(long id, long? shown, CancellationToken ct)
    {
        if (await db.DeleteConversationAsync(id, User.MemberId!.Value, ct) == 0)
        {
            return NotFound();
        }

        runner.StopConversation(id);
        return this.Done(ChatWords.ConversationDeleted, ListUrl(shown == id ? null : shown));
    }

    private static string ListUrl(long? shownId) => shownId is { } id ? ChatUrl.Of(id) : "/chat";

    private async Task ListAsync(CancellationToken ct)
    {
        var userId = User.MemberId!.Value;
        var collections = await db.CollectionsAsync(new(userId), ct);
        if (Input.Collection is { } asked && collections.All(c => c.Id != asked) && await db.CollectionAsync(asked, new(userId), ct) is { } beyond)
        {
            collections.Add(beyond); // the list is limited
        }

        Scope = new(Input.Document is { } document ? await db.ScopeNameAsync(PassageScope.Document(document), new(userId), ct) : null, collections);
        Starters = await AskBox.StartersAsync(db, new(User.MemberId), ct);
        List = await ConversationList.LoadAsync(db, userId, shownId: null, ct, Search, Number);
    }
}

/// <summary>The scopes offered for a question.</summary>
/// <param name="DocumentTitle">The one document to search; null if this member has none.</param>
/// <param name="Collections">The collections the member may read.</param>
public sealed record ScopeChoice(string? DocumentTitle, IReadOnlyList<CollectionRow> Collections);

/// <summary>The form for a question.</summary>
public sealed class ChatQuestion
{
    [Required]
    [StringLength(Turn.QuestionMax)]
    public string? Question { get; init; }

    /// <summary>The one document to search.</summary>
    public long? Document { get; init; }

    /// <summary>The one collection to search.</summary>
    public long? Collection { get; init; }

    /// <summary>The turn that the question follows: the last on the page.</summary>
    public long? After { get; init; }

    /// <summary>The name of the answerer; empty for the site's own choice, null if the form does not offer one.</summary>
    [StringLength(Conversation.AnswererMax)]
    [DisplayFormat(ConvertEmptyStringToNull = false)]
    public string? Answerer { get; init; }

    /// <summary>How long the answer may be; null if the form does not offer it.</summary>
    public AnswerLength? Length { get; init; }

    internal AnswerChoice Choice => new(Answerer, Length);

    /// <summary>Null for everything the member may read.</summary>
    internal PassageScope? Scope => Document is { } document ? PassageScope.Document(document) : Collection is { } collection ? PassageScope.Collection(collection) : null;

    /// <summary>Set by the page's script, which shows the answer while it is written; without it the request waits for the answer.</summary>
    public bool Live { get; init; }
}
