using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Renderers;
using Markdig.Syntax;
using Microsoft.AspNetCore.Html;
using Pybo.Pages.Resources;
using Pybo.Rag.Documents.MarkdownParsing;

namespace Pybo.Pages;

/// <summary>
/// Renders markdown to safe HTML: Markdig with raw HTML off and within a bound (<see cref="BoundedMarkdown"/>), then an allow-list over the parsed
/// result (<see cref="HtmlAllowList"/>), so that the second catches a fault in the first. Line breaks are kept, as in the book.
/// </summary>
public sealed class MarkdownRenderer
{
    /// <summary>
    /// Stored with the rendered HTML. Increment it with every change of the output; all stored HTML is then rendered again. A test
    /// compares samples with this number.
    /// </summary>
    public const int Version = 5;

    /// <summary>The longest text that is rendered; longer than any post may be.</summary>
    public const int TextMax = 60_000;

    /// <summary>The longest HTML that is filtered and shown: seven characters for each of the longest post, while real ones need two. It takes some 20 ms.</summary>
    public const int HtmlMax = 200_000;

    private const int HeadingLevelMax = 6;

    /// <summary>Precedes text that is shown unrendered; rendered text never begins with it.</summary>
    private const string ReasonStart = "<p class=\"markdown-reason\" data-reason=\"";
    private const string ReasonEnd = "\"></p>";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UseSoftlineBreakAsHardlineBreak()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
        .BuildBounded();

    /// <summary>Renders a text.</summary>
    /// <param name="markdown">A member's text.</param>
    /// <param name="topHeading">The level of the text's first heading, so that the page's headings stay in order.</param>
    /// <param name="ownLinksOnly">Links that leave the site become their words: for generated text (<see cref="HtmlAllowList.Filter"/>).</param>
    /// <returns>Safe HTML for readers of any language, see <see cref="Localized"/>; a text that is too deep, too wide, too complex or too long is returned unrendered, with the reason before it.</returns>
    public string ToHtml(string markdown, int topHeading, bool ownLinksOnly = false) => ToHtml(markdown, topHeading, ownLinksOnly, new(markdown.Length));

    /// <inheritdoc cref="ToHtml(string, int, bool)"/>
    public IHtmlContent Render(string markdown, int topHeading, bool ownLinksOnly = false) => new HtmlString(Localized(ToHtml(markdown, topHeading, ownLinksOnly)));

    /// <summary>Renders; the caller gets the parser's step count.</summary>
    internal static string ToHtml(string markdown, int topHeading, bool ownLinksOnly, MarkdownSteps steps)
    {
        if (markdown.Length > TextMax)
        {
            return AsWritten(PlainReason.Long, markdown);
        }

        try
        {
            var written = BoundedMarkdown.Parse(markdown, Pipeline, steps);
            PutHeadings(written, topHeading);
            var html = Write(written);
            return html.Length > HtmlMax ? AsWritten(PlainReason.Large, markdown) : HtmlAllowList.Filter(html, ownLinksOnly);
        }
        catch (MarkdownRefusedException refused)
        {
            return AsWritten(refused.Fault switch
            {
                MarkdownFault.Deep => PlainReason.Deep,
                MarkdownFault.LargeTable => PlainReason.LargeTable,
                _ => PlainReason.Complex,
            }, markdown);
        }
        catch (ArgumentException)
        {
            // Markdig's renderer refuses some depths that its parser accepted, such as deep emphasis.
            return AsWritten(PlainReason.Deep, markdown);
        }
    }

    /// <summary>
    /// Every text gets a renderer of its own. Markdig's pool takes back a renderer whose rendering failed, for example within an
    /// image's words, and that renderer writes no tags for the texts after it.
    /// </summary>
    private static string Write(MarkdownDocument written)
    {
        using var html = new StringWriter(CultureInfo.InvariantCulture);
        var renderer = new HtmlRenderer(html);
        Pipeline.Setup(renderer);
        renderer.Render(written);
        return html.ToString();
    }

    /// <summary>Inserts the words of the reader's language into language-neutral HTML.</summary>
    internal static string Localized(string html)
    {
        var told = html.Replace(HtmlAllowList.TaskDone, $"aria-label=\"{Encoder.Encode(BoardWords.TaskDone)}\"", StringComparison.Ordinal)
            .Replace(HtmlAllowList.TaskOpen, $"aria-label=\"{Encoder.Encode(BoardWords.TaskOpen)}\"", StringComparison.Ordinal);
        var end = told.StartsWith(ReasonStart, StringComparison.Ordinal) ? told.IndexOf(ReasonEnd, StringComparison.Ordinal) : -1;
        return end > 0 && Enum.TryParse<PlainReason>(told.AsSpan(ReasonStart.Length, end - ReasonStart.Length), out var reason)
            ? $"{ReasonStart}{reason}\">{Encoder.Encode(Sentence(reason))}</p>{told[(end + ReasonEnd.Length)..]}"
            : told;
    }

    private static string Sentence(PlainReason reason) => reason switch
    {
        PlainReason.Long => BoardWords.PlainLong,
        PlainReason.Large => BoardWords.PlainLarge,
        PlainReason.Deep => BoardWords.PlainDeep,
        PlainReason.LargeTable => BoardWords.PlainLargeTable,
        _ => BoardWords.PlainComplex,
    };

    /// <summary>Members' headings begin below the page's own and go down one level at a time, as screen readers' outlines require.</summary>
    private static void PutHeadings(MarkdownDocument document, int top)
    {
        var above = new Stack<(int Written, int Shown)>();
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            while (above.TryPeek(out var last) && last.Written >= heading.Level)
            {
                above.Pop();
            }

            var shown = Math.Min(above.TryPeek(out var parent) ? parent.Shown + 1 : top, HeadingLevelMax);
            above.Push((heading.Level, shown));
            heading.Level = shown;
        }
    }

    private static string AsWritten(PlainReason reason, string markdown) =>
        $"{ReasonStart}{reason}{ReasonEnd}<pre tabindex=\"0\">{Encoder.Encode(markdown)}</pre>";
}

/// <summary>The reason why a text is shown unrendered.</summary>
internal enum PlainReason
{
    Long,
    Large,
    Deep,
    LargeTable,
    Complex,
}
