using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.StaticFiles;

namespace Pybo.Pages.Security;

/// <summary>Our own css and js: compressed, and cached by browsers for a year if the address carries the version (asp-append-version).</summary>
internal static class VersionedFiles
{
    /// <summary>For an address whose content never changes: a year, the longest that browsers keep.</summary>
    public const string Forever = "public, max-age=31536000, immutable";

    private const string VersionParameter = "v";

    /// <summary>A style sheet of a package names its fonts; their folder is named by the version.</summary>
    private const string Font = ".woff2";

    public static readonly StaticFileOptions Options = new()
    {
        // Unknown types are not served; these are the tables that PDF.js reads old Korean fonts with.
        ContentTypeProvider = new FileExtensionContentTypeProvider { Mappings = { [".bcmap"] = "application/octet-stream" } },
        OnPrepareResponse = prepared => prepared.Context.Response.Headers.CacheControl =
            prepared.Context.Request.Query.ContainsKey(VersionParameter) || prepared.File.Name.EndsWith(Font, StringComparison.Ordinal) ? Forever : "no-cache",
    };

    // Pages stay uncompressed: their length would reveal their secrets (antiforgery tokens) next to text that others choose.
    public static IServiceCollection AddStaticFileCompression(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        options.EnableForHttps = true;
        options.MimeTypes = ["text/css", "text/javascript"];
    });
}
