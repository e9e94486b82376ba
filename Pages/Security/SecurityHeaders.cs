using Microsoft.Extensions.Primitives;

namespace Pybo.Pages.Security;

/// <summary>Headers of every response. Nothing on a page comes from another origin, runs inline, or is framed.</summary>
internal static class SecurityHeaders
{
    // data: only for pictures, because Bootstrap draws its small icons that way.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The policy of bytes that a member uploaded, as a document of its own: nothing in it runs or loads.</summary>
    public const string OfUploads = "default-src 'none'; sandbox; frame-ancestors 'none'";

    private const string PermissionsPolicy = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        // Set when the response starts, because an error page clears the headers set before.
        context.Response.OnStarting(Write, context.Response.Headers);
        return next(context);
    });

    private static Task Write(object state)
    {
        var headers = (IHeaderDictionary)state;
        // Uploaded files that are served unchanged have a stricter policy of their own, and so has a page whose address is a secret.
        headers.ContentSecurityPolicy = StringValues.IsNullOrEmpty(headers.ContentSecurityPolicy) ? ContentSecurityPolicy : headers.ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = StringValues.IsNullOrEmpty(headers["Referrer-Policy"]) ? "same-origin" : headers["Referrer-Policy"];
        headers["Permissions-Policy"] = PermissionsPolicy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
