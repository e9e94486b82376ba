namespace Pybo.Pages.Discovery;

/// <summary>Absolute addresses, for programs that read a page elsewhere: search engines, feed readers, previews of shared links.</summary>
internal static class SiteAddress
{
    /// <param name="path">Of this site, escaped.</param>
    public static string Absolute(this HttpRequest request, string path) => $"{request.Scheme}://{request.Host.ToUriComponent()}{request.PathBase.ToUriComponent()}{path}";
}
