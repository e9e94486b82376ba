using System.Globalization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Account;

/// <summary>The answer where too many wait for their password to be hashed: the form again, with what was typed, and when to come back.</summary>
internal static class QueueFull
{
    extension(PageModel page)
    {
        public PageResult QueueIsFull()
        {
            page.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            page.Response.Headers.RetryAfter = PasswordWork.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            page.ModelState.AddModelError(string.Empty, AccountWords.QueueFull);
            return page.Page();
        }
    }
}
