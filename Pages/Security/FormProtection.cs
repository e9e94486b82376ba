using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Pybo.Pages.Shared;

namespace Pybo.Pages.Security;

/// <summary>
/// Antiforgery for every request that changes something: pages use Razor Pages' own filter, mapped endpoints the middleware here. Both check a token,
/// for which a browser gets a cookie. An endpoint that every page links to checks the browser's Origin instead, so that mere readers get no cookie.
/// </summary>
internal static class FormProtection
{
    public const string CookieName = "pybo.form";

    public static IServiceCollection AddFormProtection(this IServiceCollection services)
    {
        services.AddSingleton<CookieTempDataProvider>().AddSingleton<ITempDataProvider, NoticeCookie>();
        services.Configure<CookieTempDataProviderOptions>(options =>
        {
            options.Cookie.Name = NoticeCookie.Name;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        return services.AddAntiforgery(options =>
        {
            options.Cookie.Name = CookieName;
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }

    public static void UseFormProtection(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (MustBeOurs(context) && !(context.GetEndpoint()!.Metadata.GetMetadata<ByOrigin>() is null
            ? await app.Services.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context)
            : IsFromHere(context.Request)))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await next(context);
    });

    private static bool MustBeOurs(HttpContext context)
    {
        var method = context.Request.Method;
        var changes = !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method));
        return changes && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<PageActionDescriptor>() is null;
    }

    /// <summary>Every browser sends the origin of a form that it posts; behind a proxy the scheme may differ, the host does not.</summary>
    private static bool IsFromHere(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin) && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Marks an endpoint whose forms are checked by their origin instead of a token.</summary>
    public sealed class ByOrigin;
}
