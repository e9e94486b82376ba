using System.Globalization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Account;

/// <summary>The response if too many passwords are waiting to be hashed: the form again, with the input, and when to retry.</summary>
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
