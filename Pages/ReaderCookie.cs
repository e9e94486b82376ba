using Microsoft.AspNetCore.Http.HttpResults;

namespace Pybo.Pages;

/// <summary>Remembers how a reader wants every page, for a year: chosen by a form that leads back to the page that showed it.</summary>
internal static class ReaderCookie
{
    /// <summary>The field with the address of the page.</summary>
    public const string NextField = "next";

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(365);

    public static IResult Remember(HttpContext context, IFormCollection form, string name, string value)
    {
        context.Response.Cookies.Append(name, value, new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            MaxAge = KeptFor,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
        });
        var next = form[NextField].ToString();
        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(next) ? next : "/questions");
    }
}
