using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Pybo.Pages.Shared;

namespace Pybo.Pages.Security;

/// <summary>Antiforgery for whatever changes something: pages by the filter that Razor Pages bring, mapped endpoints by the middleware here.</summary>
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
        if (MustCarryToken(context) && !await app.Services.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        await next(context);
    });

    private static bool MustCarryToken(HttpContext context)
    {
        var method = context.Request.Method;
        var changes = !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method));
        return changes && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<PageActionDescriptor>() is null;
    }
}
