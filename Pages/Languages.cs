using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Pybo.Data;
using Pybo.Pages.Security;

namespace Pybo.Pages;

/// <summary>Sets the language of a page: the reader's choice in a cookie, then the browser's, then the site's setting. The switch in the footer sets the cookie.</summary>
internal static class Languages
{
    public const string Path = "/language";
    public const string LanguageField = "language";
    public const string CookieName = "pybo.language";

    private static readonly string[] Varies = ["Accept-Language", "Cookie"];

    /// <summary>Content types with words: pages and their parts, script data, the events of an answer.</summary>
    private static readonly string[] Spoken = ["text/html", "application/json", "text/event-stream"];

    /// <summary>The supported languages; the first is the fallback of the resources.</summary>
    public static IReadOnlyList<CultureInfo> All { get; } = [CultureInfo.GetCultureInfo("ko"), CultureInfo.GetCultureInfo("en")];

    /// <summary>Returns a culture's language, or Korean if it is not one of ours.</summary>
    public static CultureInfo Of(CultureInfo culture) => All.FirstOrDefault(known => known.TwoLetterISOLanguageName == culture.TwoLetterISOLanguageName) ?? All[0];

    public static IServiceCollection AddLanguages(this IServiceCollection services)
    {
        services.AddOptions<RequestLocalizationOptions>().Configure<IOptions<PyboOptions>>((localization, options) =>
        {
            localization.DefaultRequestCulture = new(options.Value.Language);
            localization.SupportedCultures = localization.SupportedUICultures = [.. All];
            localization.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = CookieName }, new AcceptLanguageHeaderRequestCultureProvider()];
        });
        return services;
    }

    public static void UseLanguages(this WebApplication app)
    {
        app.UseRequestLocalization();
        app.Use((context, next) =>
        {
            var language = CultureInfo.CurrentUICulture.Name;
            context.Response.OnStarting(() =>
            {
                Mark(context.Response, language);
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    public static void MapLanguages(this IEndpointRouteBuilder routes) => routes.MapPost(Path, ChooseAsync).WithMetadata(new FormProtection.ByOrigin());

    /// <summary>Sets the cache headers of an answer with words; files have no language.</summary>
    private static void Mark(HttpResponse response, string language)
    {
        if (Spoken.Any(type => response.ContentType?.StartsWith(type, StringComparison.OrdinalIgnoreCase) is true))
        {
            response.Headers.ContentLanguage = language;
            response.Headers.Vary = StringValues.Concat(response.Headers.Vary, Varies);
        }
    }

    /// <summary>Remembers the choice and redirects back.</summary>
    private static async Task<IResult> ChooseAsync(HttpContext context, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        if (All.FirstOrDefault(known => known.Name == form[LanguageField]) is not { } language)
        {
            return TypedResults.BadRequest();
        }

        return ReaderCookie.Remember(context, form, CookieName, CookieRequestCultureProvider.MakeCookieValue(new(language)));
    }
}
