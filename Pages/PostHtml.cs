using System.Data.Common;
using System.Threading.Channels;
using Microsoft.AspNetCore.Html;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Pages;

/// <summary>
/// The HTML of posts: made when a post is saved, and stored with it, so that reading a page renders nothing. What an older program wrote, or an older
/// renderer, is rendered anew in the background from the start on; a page that is read before its turn renders for itself and hands on what it made.
/// </summary>
public sealed partial class PostHtml(IDbContextFactory<PyboDb> dbs, MarkdownRenderer markdown, TimeProvider time, ILogger<PostHtml> log) : BackgroundService
{
    /// <summary>A question's headings begin below the page's own.</summary>
    public const int QuestionHeading = 2;

    /// <summary>An answer's below those of the list of answers and of the answer itself.</summary>
    public const int AnswerHeading = 4;

    /// <summary>Posts in a transaction: what others wait for is short.</summary>
    public const int BatchMax = 20;

    /// <summary>Posts that pages rendered and that wait to be stored; what does not fit is rendered again.</summary>
    private const int HandedOnMax = 200;

    /// <summary>Between two batches others write.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(1);

    private readonly Channel<(StalePost Post, RenderedHtml Rendered)> handedOn =
        Channel.CreateBounded<(StalePost, RenderedHtml)>(new BoundedChannelOptions(HandedOnMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public RenderedHtml OfQuestion(string body) => new(markdown.ToHtml(body, QuestionHeading), MarkdownRenderer.Version);

    public RenderedHtml OfAnswer(string body) => new(markdown.ToHtml(body, AnswerHeading), MarkdownRenderer.Version);

    /// <summary>What is stored of a question.</summary>
    public IHtmlContent Show(QuestionDetail question) => new HtmlString(MarkdownRenderer.Told(question.Html ?? Render(new(IsAnswer: false, question.Id, question.Body ?? ""))));

    /// <inheritdoc cref="Show(QuestionDetail)"/>
    public IHtmlContent Show(AnswerRow answer) => new HtmlString(MarkdownRenderer.Told(answer.Html ?? Render(new(IsAnswer: true, answer.Id, answer.Body ?? ""))));

    /// <summary>Renders and stores the next few posts.</summary>
    /// <returns>How many; none are left when it is 0.</returns>
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

    private RenderedHtml Of(StalePost post) => post.IsAnswer ? OfAnswer(post.Body) : OfQuestion(post.Body);

    [LoggerMessage(LogLevel.Warning, "Rendered posts could not be stored; they are tried again.")]
    private static partial void NotStored(ILogger logger, Exception error);
}
