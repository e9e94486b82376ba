using Pybo.Pages.Resources;
using Pybo.Pages.Security;

namespace Pybo.Pages;

/// <summary>The colours of a page: light, dark, or as the reader's system has them until they choose. The switch in the header sets a cookie, so that the first paint is right.</summary>
internal static class Themes
{
    public const string Path = "/theme";
    public const string ThemeField = "theme";
    public const string CookieName = "pybo.theme";
    public const string System = "system";

    public static IReadOnlyList<(string Name, string Label, string Icon)> All =>
    [
        ("light", CommonWords.ThemeLight, "sun"),
        ("dark", CommonWords.ThemeDark, "moon-stars"),
        (System, CommonWords.ThemeSystem, "circle-half"),
    ];

    /// <summary>Returns the reader's choice; an unknown one is the system's.</summary>
    public static string Of(HttpRequest request) => IsKnown(request.Cookies[CookieName]) ? request.Cookies[CookieName]! : System;

    public static void MapThemes(this IEndpointRouteBuilder routes) => routes.MapPost(Path, ChooseAsync).WithMetadata(new FormProtection.ByOrigin());

    private static bool IsKnown(string? name) => All.Any(theme => theme.Name == name);

    private static async Task<IResult> ChooseAsync(HttpContext context, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        var name = form[ThemeField].ToString();
        return IsKnown(name) ? ReaderCookie.Remember(context, form, CookieName, name) : TypedResults.BadRequest();
    }
}
