using System.Globalization;
using System.Security.Cryptography;
using System.ServiceModel.Syndication;
using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Discovery;

/// <summary>Atom feeds (RFC 4287): the newest questions, those with a tag, and one question with its answers. The entity tag is the content's hash, so that readers download changes only.</summary>
internal static class Feeds
{
    public const string ContentType = "application/atom+xml; charset=utf-8";

    /// <summary>The address of the feed of all questions.</summary>
    public const string Newest = "/questions/feed";

    /// <summary>The most entries of a feed.</summary>
    public const int EntriesMax = 30;

    public static string OfQuestion(long id) => string.Create(CultureInfo.InvariantCulture, $"/questions/{id}/feed");

    public static void MapFeeds(this IEndpointRouteBuilder routes)
    {
        routes.MapGetAndHead(Newest, async (HttpRequest request, PyboDb db, PostHtml html, CancellationToken ct) =>
            Send(request, BoardWords.FeedTitle, "/questions", Newest, await db.NewestQuestionsAsync(EntriesMax, MarkdownRenderer.Version, ct), html));
        routes.MapGetAndHead("/questions/{id:long}/feed", OfQuestionAsync);
        routes.MapGetAndHead("/tags/{name}/feed", OfTagAsync);
    }

    private static async Task<Results<FileContentHttpResult, RedirectHttpResult, NotFound>> OfTagAsync(string name, HttpRequest request, PyboDb db, PostHtml html, CancellationToken ct)
    {
        var typed = TagNames.Of(name);
        var main = typed is null ? null : await db.MainTagAsync(typed, ct);
        if ((main ?? typed) is not { } tag || await db.TagAsync(tag, Viewer.Visitor, ct) is null)
        {
            return TypedResults.NotFound();
        }

        return main is not null ? TypedResults.LocalRedirect(TagAddress.Feed(tag), permanent: true)
            : Send(request, BoardWords.TagFeedTitle.With(tag), TagAddress.Of(tag), TagAddress.Feed(tag), await db.NewestTaggedAsync(tag, EntriesMax, MarkdownRenderer.Version, ct), html);
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> OfQuestionAsync(long id, HttpRequest request, PyboDb db, PostHtml html, CancellationToken ct) =>
        await db.ThreadPostsAsync(id, EntriesMax - 1, MarkdownRenderer.Version, ct) is [.., { AnswerId: null } question] posts
            ? Send(request, BoardWords.QuestionFeedTitle.With(question.Title), SourceUrl.Question(id, question.Title), OfQuestion(id), posts, html)
            : TypedResults.NotFound();

    private static FileContentHttpResult Send(HttpRequest request, string title, string page, string self, List<PublishedPost> posts, PostHtml html)
    {
        var feed = new SyndicationFeed(posts.Select(post => Entry(post, request, html)))
        {
            Id = request.Absolute(self),
            Title = new(title),
            LastUpdatedTime = posts.Count > 0 ? new(posts.Max(p => p.UpdatedAt), TimeSpan.Zero) : DateTimeOffset.UnixEpoch,
            Language = CultureInfo.CurrentUICulture.Name,
            Links = { SyndicationLink.CreateSelfLink(new(request.Absolute(self)), "application/atom+xml"), SyndicationLink.CreateAlternateLink(new(request.Absolute(page)), "text/html") },
        };
        using var written = new MemoryStream();
        using (var writer = XmlWriter.Create(written, new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), CheckCharacters = true }))
        {
            feed.GetAtom10Formatter().WriteTo(writer);
        }

        var bytes = written.ToArray();
        return TypedResults.Bytes(bytes, ContentType, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\""));
    }

    private static SyndicationItem Entry(PublishedPost post, HttpRequest request, PostHtml html)
    {
        var path = post.AnswerId is { } answer ? SourceUrl.Answer(post.QuestionId, answer) : SourceUrl.Question(post.QuestionId, post.Title);
        var identity = request.Absolute(post.AnswerId is null ? SourceUrl.Question(post.QuestionId) : path);
        return new()
        {
            Id = identity,
            Title = new(XmlText(post.AnswerId is null ? post.Title : BoardWords.AnswerOf.With(post.Author))),
            Authors = { new SyndicationPerson { Name = post.Author } },
            PublishDate = new(post.CreatedAt, TimeSpan.Zero),
            LastUpdatedTime = new(post.UpdatedAt, TimeSpan.Zero),
            Links = { SyndicationLink.CreateAlternateLink(new(request.Absolute(path)), "text/html") },
            Content = SyndicationContent.CreateHtmlContent(XmlText(html.Written(post))),
        };
    }

    /// <summary>Members may type control characters, which XML 1.0 cannot hold.</summary>
    private static string XmlText(string text) => text.All(IsXml) ? text : string.Concat(text.EnumerateRunes().Where(rune => !rune.IsBmp || IsXml((char)rune.Value)));

    private static bool IsXml(char character) => XmlConvert.IsXmlChar(character) || char.IsSurrogate(character);
}
