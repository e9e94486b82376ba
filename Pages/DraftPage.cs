using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages;

/// <summary>
/// A page whose form contains a text that someone wrote. The usual antiforgery filter answers 400 if the session ended during writing, and the
/// text is lost; here <see cref="MaySaveAsync"/> makes the same check, and the form is shown again with the text and the reason.
/// </summary>
/// <remarks>Every handler that changes something, or renders, must call <see cref="MaySaveAsync"/> first; a test posts to each page without a token.</remarks>
[IgnoreAntiforgeryToken]
public abstract class DraftPage(IAntiforgery antiforgery) : PageModel
{
    /// <summary>Set by the button 미리보기, which works without JavaScript: the form is shown again with the rendered text.</summary>
    [BindProperty(Name = "preview")]
    public bool IsPreview { get; set; }

    /// <summary>The rendered text, if a preview was requested.</summary>
    public IHtmlContent? Preview { get; private set; }

    /// <summary>True if the form is shown again because its reader is not, or no longer, logged in.</summary>
    public bool IsSignedOut { get; private set; }

    /// <summary>The result of <see cref="MaySaveAsync"/>.</summary>
    protected bool IsOurs { get; private set; }

    /// <summary>True if the request comes from the form that a visitor opened, and only the account is missing.</summary>
    protected bool IsVisit { get; private set; }

    /// <summary>Returns false, with the reason in the model state, if the request does not come from our form by the member who opened it.</summary>
    protected async Task<bool> MaySaveAsync()
    {
        IsSignedOut = User.MemberId is null;
        var isValid = await antiforgery.IsRequestValidAsync(HttpContext);
        (IsOurs, IsVisit) = (isValid && !IsSignedOut, isValid && IsSignedOut);
        if (!IsOurs)
        {
            ModelState.AddModelError("", IsSignedOut ? BoardWords.SessionEnded : BoardWords.FormExpired);
        }

        return IsOurs;
    }

    /// <summary>Returns false, with the reason in the model state, if the member may not write in a category; null is any of theirs.</summary>
    protected async Task<bool> MayPlaceAsync(PyboDb db, long? category, CancellationToken ct)
    {
        var may = IsSignedOut || await db.CategoryForAsync(category, new(User.MemberId), ct) is not null;
        if (!may)
        {
            ModelState.AddModelError("", category is null ? BoardWords.NoCategory : BoardWords.CategoryGone);
        }

        return may;
    }

    /// <summary>Renders a text, only for the member who opened the form, because rendering is expensive.</summary>
    protected async Task PreviewAsync(MarkdownRenderer markdown, string? body)
    {
        ModelState.Clear();
        if (await MaySaveAsync())
        {
            Preview = markdown.Render((body ?? "").Cut(Question.BodyMax), PostHtml.QuestionHeading);
        }
    }

    /// <summary>Saves; if the disk is full, keeps the text in its form, with the reason.</summary>
    /// <returns>False if nothing was saved: show the form.</returns>
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
}

/// <summary>Normalises texts from forms: browsers send line ends as CR LF and count them as one character, so they are joined before the length check.</summary>
internal static class FormText
{
    public static string Lines(string? text) => (text ?? "").ReplaceLineEndings("\n");

    public static string Line(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
