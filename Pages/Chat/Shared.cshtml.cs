using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;

namespace Pybo.Pages.Chat;

/// <summary>A shared conversation, to be read by anyone with its link: the answered turns of its newest path, each reader's own view of the sources.</summary>
public sealed class Shared(PyboDb db, AnswerHtml answers) : PageModel
{
    public string Title { get; private set; } = "";

    public IReadOnlyList<TurnView> Turns { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(string key, CancellationToken ct)
    {
        // The address is the permission, so no other site and no search engine learns it.
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers["X-Robots-Tag"] = "noindex";
        Response.Headers.CacheControl = "no-store";
        if (await db.SharedConversationAsync(key, new Viewer(User.MemberId), ct) is not { } shared)
        {
            return NotFound();
        }

        Title = shared.Conversation.Title;
        Turns = [.. shared.Turns.Where(t => t.State >= TurnState.Done).Select(t => TurnView.Of(t, answers, before: null, shared.Tree.VersionsOf(t)))];
        return Page();
    }
}
