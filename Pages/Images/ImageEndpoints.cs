using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Pybo.Data;
using Pybo.Pages.Discovery;
using Pybo.Pages.Security;

namespace Pybo.Pages.Images;

/// <summary>
/// Images of posts: POST <c>/images</c> takes a file of a form and answers with the Markdown that shows it, <c>/images/{name}</c> sends it, and
/// <c>/images/{name}/small</c> its thumbnail. An image has no readers of its own: who
/// knows its name, a secret of 128 bits that its post shows, may read it.
/// </summary>
internal static class ImageEndpoints
{
    /// <summary>The end of a thumbnail's address.</summary>
    public const string Small = "/small";

    private const string Route = $"{Image.AddressStart}{{name:maxlength(42)}}";

    public static void MapImages(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/images", TakeAsync).RequireAuthorization().RequireRateLimiting(RequestLimits.Image)
            .WithMetadata(new RequestSizeLimitAttribute(ImageIntake.RequestBytesMax))
            .WithFormOptions(memoryBufferThreshold: ImageIntake.RequestBytesMax, multipartBodyLengthLimit: ImageIntake.RequestBytesMax);
        routes.MapGetAndHead(Route, (string name, PyboDb db, HttpResponse response, CancellationToken ct) => SendAsync(name, isSmall: false, db, response, ct));
        routes.MapGetAndHead(Route + Small, (string name, PyboDb db, HttpResponse response, CancellationToken ct) => SendAsync(name, isSmall: true, db, response, ct));
    }

    private static async Task<IResult> TakeAsync(HttpRequest request, ClaimsPrincipal user, ImageIntake intake, CancellationToken ct)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync(ct) : null;
        var taken = await intake.TakeAsync(form?.Files is [var file, ..] ? file : null, user.MemberId!.Value, ct);
        return taken.Refusal is null
            ? TypedResults.Created(taken.Address, new { taken.Address, taken.Markdown })
            : TypedResults.Text(taken.Refusal, "text/plain; charset=utf-8", statusCode: taken.Status);
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> SendAsync(string name, bool isSmall, PyboDb db, HttpResponse response, CancellationToken ct)
    {
        if (await db.ImageAsync(name, isSmall, ct) is not { } image)
        {
            return TypedResults.NotFound();
        }

        response.Headers.ContentSecurityPolicy = SecurityHeaders.OfUploads;
        response.Headers.CacheControl = VersionedFiles.Forever;
        response.Headers.ContentDisposition = "inline";
        var type = image.Kind switch { ImageKind.Jpeg => "image/jpeg", ImageKind.WebP => "image/webp", _ => "image/png" };
        // The bytes of a name never change.
        return TypedResults.Bytes(image.Bytes, type, entityTag: new EntityTagHeaderValue($"\"{name}{(isSmall ? "-small" : "")}\""));
    }
}
