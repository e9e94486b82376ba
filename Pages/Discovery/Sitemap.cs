using System.Globalization;
using System.Text;
using System.Xml;
using Pybo.Data;

namespace Pybo.Pages.Discovery;

/// <summary>For search engines: <c>/robots.txt</c>, and the questions by ranges of ids (sitemaps.org, protocol 0.9).</summary>
internal static class Sitemap
{
    /// <summary>Ids per file; the protocol allows 50,000 addresses.</summary>
    public const long IdsPerFile = 10_000;

    /// <summary>The most files that the protocol allows in an index.</summary>
    public const long FilesMax = 50_000;

    private const string Index = "/sitemap.xml";
    private const string Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private const string ContentType = "application/xml; charset=utf-8";

    /// <summary>Pages of one member, and forms; a search engine has no use for them.</summary>
    private static readonly string[] Disallowed = ["/account/", "/admin/", "/chat", "/search", "/questions/ask", "/questions/*/edit", "/questions/*/answer", "/answers/", "/*?sort=", "/*?handler="];

    private static readonly XmlWriterSettings Settings = new() { Async = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    public static void MapSitemap(this IEndpointRouteBuilder routes)
    {
        routes.MapGetAndHead("/robots.txt", (HttpRequest request) => TypedResults.Text(
            $"User-agent: *\n{string.Concat(Disallowed.Select(path => $"Disallow: {path}\n"))}\nSitemap: {request.Absolute(Index)}\n", "text/plain; charset=utf-8"));
        routes.MapGetAndHead(Index, WriteIndexAsync);
        routes.MapGetAndHead("/sitemap-{number:long:min(1)}.xml", WriteAsync);
    }

    private static async Task WriteIndexAsync(HttpContext context, PyboDb db, CancellationToken ct)
    {
        var files = Math.Min(FilesMax, ((await db.LastQuestionIdAsync(ct) - 1) / IdsPerFile) + 1);
        await using var xml = await BeginAsync(context, "sitemapindex");
        for (var number = 1L; number <= files; number++)
        {
            await xml.WriteStartElementAsync(null, "sitemap", Namespace);
            await xml.WriteElementStringAsync(null, "loc", Namespace, context.Request.Absolute(string.Create(CultureInfo.InvariantCulture, $"/sitemap-{number}.xml")));
            await xml.WriteEndElementAsync();
        }

        await xml.WriteEndElementAsync();
    }

    private static async Task WriteAsync(long number, HttpContext context, PyboDb db, CancellationToken ct)
    {
        if (number > FilesMax)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await using var xml = await BeginAsync(context, "urlset");
        await foreach (var question in db.QuestionsBetween(((number - 1) * IdsPerFile) + 1, number * IdsPerFile).WithCancellation(ct))
        {
            await xml.WriteStartElementAsync(null, "url", Namespace);
            await xml.WriteElementStringAsync(null, "loc", Namespace, context.Request.Absolute(SourceUrl.Question(question.Id, question.Title)));
            await xml.WriteElementStringAsync(null, "lastmod", Namespace, question.UpdatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            await xml.WriteEndElementAsync();
        }

        await xml.WriteEndElementAsync();
    }

    private static async Task<XmlWriter> BeginAsync(HttpContext context, string root)
    {
        context.Response.ContentType = ContentType;
        var xml = XmlWriter.Create(context.Response.Body, Settings);
        await xml.WriteStartDocumentAsync();
        await xml.WriteStartElementAsync(null, root, Namespace);
        return xml;
    }
}
