using System.Globalization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Pybo.Pages.Account;

/// <summary>The answer where too many wait for their password to be hashed: the form again, with what was typed, and when to come back.</summary>
internal static class QueueFull
{
    public const string Message = "지금 로그인하거나 가입하려는 사람이 많아 처리하지 못했습니다. 잠시 뒤에 다시 시도해 주세요.";

    extension(PageModel page)
    {
        public PageResult QueueIsFull()
        {
            page.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            page.Response.Headers.RetryAfter = PasswordWork.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            page.ModelState.AddModelError(string.Empty, Message);
            return page.Page();
        }
    }
}
