using System.Data.Common;
using System.Threading.Channels;
using Microsoft.AspNetCore.Html;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Pages;

/// <summary>
/// The HTML of posts: rendered when a post is saved, and stored with it, so that page views render nothing. HTML of an older program or
/// renderer is rendered again in the background after each start; a page viewed before that renders its posts itself and queues the result.
/// </summary>
public sealed partial class PostHtml(IDbContextFactory<PyboDb> dbs, MarkdownRenderer markdown, TimeProvider time, ILogger<PostHtml> log) : BackgroundService
{
    /// <summary>A question's headings begin below the page's own.</summary>
    public const int QuestionHeading = 2;

    /// <summary>An answer's headings begin below those of the list of answers and of the answer itself.</summary>
    public const int AnswerHeading = 4;

    /// <summary>A comment's headings begin below those of its answer.</summary>
    public const int CommentHeading = 4;

    /// <summary>Posts per transaction: other writers wait only briefly.</summary>
    public const int BatchMax = 20;

    /// <summary>Posts rendered by pages and waiting to be stored; any more are rendered again.</summary>
    private const int HandedOnMax = 200;

    /// <summary>Lets others write between two batches.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(1);

    private readonly Channel<(StalePost Post, RenderedHtml Rendered)> handedOn =
        Channel.CreateBounded<(StalePost, RenderedHtml)>(new BoundedChannelOptions(HandedOnMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public RenderedHtml OfQuestion(string body) => new(markdown.ToHtml(body, QuestionHeading), MarkdownRenderer.Version);

    public RenderedHtml OfAnswer(string body) => new(markdown.ToHtml(body, AnswerHeading), MarkdownRenderer.Version);

    public RenderedHtml OfComment(string body) => new(markdown.ToHtml(body, CommentHeading), MarkdownRenderer.Version);

    /// <summary>Returns a question's stored HTML, or renders it.</summary>
    public IHtmlContent Show(QuestionDetail question) => new HtmlString(MarkdownRenderer.Localized(question.Html ?? Render(new(PassageKind.Question, question.Id, question.Body ?? ""))));

    /// <inheritdoc cref="Show(QuestionDetail)"/>
    public IHtmlContent Show(AnswerRow answer) => new HtmlString(MarkdownRenderer.Localized(answer.Html ?? Render(new(PassageKind.Answer, answer.Id, answer.Body ?? ""))));

    /// <inheritdoc cref="Show(QuestionDetail)"/>
    public IHtmlContent Show(CommentRow comment) => new HtmlString(MarkdownRenderer.Localized(comment.Html ?? Render(new(PassageKind.Comment, comment.Id, comment.Body ?? ""))));

    /// <summary>Returns a post's HTML for a feed.</summary>
    public string Written(PublishedPost post) => MarkdownRenderer.Localized(post.Html ?? Render(new(post.AnswerId is null ? PassageKind.Question : PassageKind.Answer, post.AnswerId ?? post.QuestionId, post.Body ?? "")));

    /// <summary>Returns a text's words in one line; none if it is too deep or too complex to be read.</summary>
    public static string Plain(string markdown)
    {
        try
        {
            return string.Join(' ', MarkdownReader.Read(markdown, "").Text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        }
        catch (DocumentUnreadableException)
        {
            return "";
        }
    }

    /// <summary>Renders and stores the next few posts.</summary>
    /// <returns>The number rendered; 0 if none are left.</returns>
    public async Task<int> RenderBatchAsync(CancellationToken ct)
    {
        var batch = new List<(StalePost, RenderedHtml)>();
        while (batch.Count < BatchMax && handedOn.Reader.TryRead(out var rendered))
        {
            batch.Add(rendered);
        }

        await using var db = await dbs.CreateDbContextAsync(ct);
        if (batch.Count == 0)
        {
            batch.AddRange((await db.StalePostsAsync(MarkdownRenderer.Version, BatchMax, ct)).Select(post => (post, Of(post))));
        }

        if (batch.Count > 0)
        {
            await db.KeepHtmlAsync(batch, ct);
        }

        return batch.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                while (await RenderBatchAsync(stoppingToken) > 0)
                {
                    await Task.Delay(Pause, time, stoppingToken);
                }

                await handedOn.Reader.WaitToReadAsync(stoppingToken);
            }
            catch (Exception error) when (error is DbUpdateException or DbException)
            {
                NotStored(log, error);
                await Task.Delay(AgainAfter, time, stoppingToken);
            }
        }
    }

    private string Render(StalePost post)
    {
        var rendered = Of(post);
        handedOn.Writer.TryWrite((post, rendered));
        return rendered.Html!;
    }

    private RenderedHtml Of(StalePost post) => post.Kind switch
    {
        PassageKind.Question => OfQuestion(post.Body),
        PassageKind.Answer => OfAnswer(post.Body),
        _ => OfComment(post.Body),
    };

    [LoggerMessage(LogLevel.Warning, "Rendered posts could not be stored; they are tried again.")]
    private static partial void NotStored(ILogger logger, Exception error);
}
