using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Pybo.Pages.Shared;

/// <summary>Keeps TempData in its usual cookie, but sends none for a page without a notice: the usual provider deletes the cookie with every answer.</summary>
internal sealed class NoticeCookie(CookieTempDataProvider inner) : ITempDataProvider
{
    public const string Name = "pybo.notice";

    public IDictionary<string, object> LoadTempData(HttpContext context) => inner.LoadTempData(context);

    public void SaveTempData(HttpContext context, IDictionary<string, object> values)
    {
        if (values.Count > 0 || context.Request.Cookies.ContainsKey(Name))
        {
            inner.SaveTempData(context, values);
        }
    }
}
