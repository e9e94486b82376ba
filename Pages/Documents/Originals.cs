using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Pybo.Data;
using Pybo.Pages.Security;
using Pybo.Rag.Documents;

namespace Pybo.Pages.Documents;

/// <summary>Serves a document's original bytes: <c>/documents/{id}/file</c>, with range requests.</summary>
internal static class Originals
{
    private const string UnknownContentType = "application/octet-stream";

    public static void MapOriginals(this IEndpointRouteBuilder routes) => routes.MapGet("/documents/{id:long}/file", SendAsync);

    public static string Url(long id) => $"/documents/{id}/file";

    private static async Task<Results<FileStreamHttpResult, NotFound>> SendAsync(
        long id, ClaimsPrincipal user, IDbContextFactory<PyboDb> dbs, HttpResponse response, CancellationToken ct)
    {
        if (await dbs.OpenOriginalAsync(id, new Viewer(user.MemberId), ct) is not { } file)
        {
            return TypedResults.NotFound();
        }

        // The file is downloaded; a browser that shows it nevertheless runs and loads nothing in it.
        response.Headers.ContentSecurityPolicy = SecurityHeaders.OfUploads;
        response.Headers.CacheControl = "private, no-cache";
        var format = DocumentReader.AllFormats.FirstOrDefault(f => f.Name == file.Format);
        return TypedResults.File(file.Content, format?.ContentType ?? UnknownContentType, NameOf(file.Path, format), entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(file.Hash)}\""), enableRangeProcessing: true);
    }

    /// <summary>
    /// Returns a file name; a command-line document is named by its path. A name with the extension of another kind of file, such as a script that a double
    /// click would run, gets the extension of the detected format.
    /// </summary>
    private static string NameOf(string path, DocumentFormat? format)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return DocumentReader.AllExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) ? name : name + (format?.Extensions[0] ?? ".txt");
    }
}
