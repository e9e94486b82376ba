using AngleSharp.Html.Parser;
using Markdig;
using Markdig.Syntax;
using Microsoft.AspNetCore.Html;
using Pybo.Rag.Documents;

namespace Pybo.Pages;

/// <summary>
/// Markdown to HTML that may be shown: Markdig with raw HTML off, then an allow-list over the parsed result (<see cref="HtmlAllowList"/>),
/// so that a fault in the first is caught by the second. Line breaks stay, as in the book.
/// </summary>
public sealed class MarkdownRenderer
{
    /// <summary>The longest text that is rendered; more than any post may have.</summary>
    public const int TextMax = 60_000;

    private const int HeadingLevelMax = 6;

    /// <summary>More than the longest text has where every row writes its own cells; half a million took eight seconds and 400 MB.</summary>
    private const int TableCellsMax = 50_000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UseSoftlineBreakAsHardlineBreak()
        .UsePipeTables()
        .UseTaskLists()
        .UseAutoLinks()
        .UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .Build();

    /// <summary>Renders a text.</summary>
    /// <param name="markdown">What a member wrote.</param>
    /// <param name="topHeading">The level that the text's first heading gets, so that headings of the page stay in order.</param>
    /// <param name="ownLinksOnly">Links that leave the site become their words: for what a generator wrote (<see cref="HtmlAllowList.Apply"/>).</param>
    /// <returns>Safe HTML; a text that is too deep, too wide or too long comes back as it was written, with the reason before it.</returns>
    public IHtmlContent Render(string markdown, int topHeading, bool ownLinksOnly = false)
    {
        if (markdown.Length > TextMax)
        {
            return new PlainText("글이 너무 길어 서식 없이 보여 드립니다.", markdown);
        }

        if (MarkdownReader.TableCells(markdown) > TableCellsMax)
        {
            return new PlainText("표가 너무 커서 서식 없이 보여 드립니다.", markdown);
        }

        try
        {
            var written = Markdown.Parse(markdown, Pipeline);
            PutHeadings(written, topHeading);
            var document = new HtmlParser().ParseDocument("");
            document.Body!.InnerHtml = written.ToHtml(Pipeline);
            HtmlAllowList.Apply(document.Body, ownLinksOnly);
            return new HtmlString(document.Body.InnerHtml);
        }
        catch (ArgumentException)
        {
            // Markdig refuses nesting beyond its depth limit with this: thousands of > or [.
            return new PlainText("인용이나 목록이 너무 깊어 서식 없이 보여 드립니다.", markdown);
        }
    }

    /// <summary>Members' headings begin below the page's own and go down one level at a time, as readers of the outline expect.</summary>
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

    private sealed class PlainText(string reason, string text) : IHtmlContent
    {
        public void WriteTo(TextWriter writer, System.Text.Encodings.Web.HtmlEncoder encoder)
        {
            writer.Write("<p class=\"markdown-reason\">");
            encoder.Encode(writer, reason);
            writer.Write("</p><pre tabindex=\"0\">");
            encoder.Encode(writer, text);
            writer.Write("</pre>");
        }
    }
}
