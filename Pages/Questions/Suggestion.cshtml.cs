using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Chat;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Questions;

/// <summary>The fragment with a question's suggested answer: <c>/questions/{id}/suggestion</c>. For the asker it waits until the suggestion is written.</summary>
public sealed class SuggestionPage(PyboDb db, TurnFeed feed, AnswerHtml answers, IOptions<PyboOptions> options, IHostApplicationLifetime lifetime) : PageModel
{
    /// <summary>Null if none is shown to this reader.</summary>
    public SuggestionView? Shown { get; private set; }

    public async Task<IActionResult> OnGetAsync(long id, CancellationToken ct)
    {
        var viewer = new Viewer(User.MemberId);
        if (!options.Value.Suggestions || await db.QuestionAsync(id, viewer, MarkdownRenderer.Version, ct) is not { } question)
        {
            return NotFound();
        }

        var suggestion = await db.SuggestionAsync(id, viewer, ct);
        if (suggestion is { IsOpen: true })
        {
            await feed.WaitForEndAsync(suggestion.Turn.Id, lifetime.ApplicationStopping, ct);
            suggestion = await db.SuggestionAsync(id, viewer, ct);
        }

        Shown = suggestion is null ? null : SuggestionView.Of(question, suggestion, answers, User);
        return Page();
    }
}
