using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages;

/// <summary>
/// A page whose form holds a text that someone wrote. The usual antiforgery filter answers 400 when the session ended while it was written, and the
/// text is lost; here the same check is made by <see cref="MaySaveAsync"/>, and the form comes back with the text and the reason.
/// </summary>
/// <remarks>Every handler that changes something, or renders, must ask <see cref="MaySaveAsync"/> first; a test posts to each page without a token.</remarks>
[IgnoreAntiforgeryToken]
public abstract class DraftPage(IAntiforgery antiforgery) : PageModel
{
    /// <summary>Set by the button 미리보기, which works without JavaScript: the form comes back with the text as it will be shown.</summary>
    [BindProperty(Name = "preview")]
    public bool IsPreview { get; set; }

    /// <summary>The text as it will be shown, where that was asked for.</summary>
    public IHtmlContent? Preview { get; private set; }

    /// <summary>The form comes back because its reader is not logged in (any more).</summary>
    public bool IsSignedOut { get; private set; }

    /// <summary>What <see cref="MaySaveAsync"/> answered.</summary>
    protected bool IsOurs { get; private set; }

    /// <summary>False, with the reason in the model state, when the request does not come from our form by the member who opened it.</summary>
    protected async Task<bool> MaySaveAsync()
    {
        IsSignedOut = User.MemberId is null;
        IsOurs = await antiforgery.IsRequestValidAsync(HttpContext) && !IsSignedOut;
        if (!IsOurs)
        {
            ModelState.AddModelError("", IsSignedOut ? BoardWords.SessionEnded : BoardWords.FormExpired);
        }

        return IsOurs;
    }

    /// <summary>Renders a text for the member who opened the form; for nobody else, because it costs.</summary>
    protected async Task PreviewAsync(MarkdownRenderer markdown, string? body)
    {
        ModelState.Clear();
        if (await MaySaveAsync())
        {
            Preview = markdown.Render((body ?? "").Cut(Question.BodyMax), PostHtml.QuestionHeading);
        }
    }

    /// <summary>Saves, and where the disk is full keeps the text in its form, with the reason.</summary>
    /// <returns>False where nothing was saved: show the form.</returns>
    protected async Task<bool> TrySaveAsync(Func<Task> save)
    {
        try
        {
            await save();
            return true;
        }
        catch (Exception error) when (DiskFull.Is(error))
        {
            ModelState.AddModelError("", BoardWords.NoRoom);
            Response.StatusCode = StatusCodes.Status507InsufficientStorage;
            HttpContext.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
            return false;
        }
    }

    protected LocalRedirectResult ToLogIn(string next) => LocalRedirect(Address.LogIn(next));

    /// <summary>Back to where a post is shown, with the reason why nothing was changed.</summary>
    protected LocalRedirectResult Refuse(string reason, string to)
    {
        TempData[Flash.Warning] = reason;
        return LocalRedirect(to);
    }
}

/// <summary>Texts from forms: browsers send line ends as CR LF and count them as one character, so they are joined before the length is checked.</summary>
internal static class FormText
{
    public static string Lines(string? text) => (text ?? "").ReplaceLineEndings("\n");

    public static string Line(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
