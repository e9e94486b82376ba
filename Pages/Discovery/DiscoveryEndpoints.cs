namespace Pybo.Pages.Discovery;

/// <summary>What the endpoints share that other programs read: search engines, feed readers, previews of shared links.</summary>
internal static class DiscoveryEndpoints
{
    public static void MapDiscovery(this IEndpointRouteBuilder routes)
    {
        routes.MapFeeds();
        routes.MapSitemap();
    }

    /// <summary>Returns the absolute address of a page.</summary>
    /// <param name="path">Of this site, escaped.</param>
    public static string Absolute(this HttpRequest request, string path) => $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase.ToUriComponent()}{path}";

    /// <summary>HEAD has the headers of GET; the server drops the body.</summary>
    public static void MapGetAndHead(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => routes.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler);
}
