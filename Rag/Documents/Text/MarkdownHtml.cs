using System.Text;
using Pybo.Rag.Documents.Html;

namespace Pybo.Rag.Documents;

/// <summary>A block of HTML within markdown as plain text: no tags and no comments, a line for each block, bars between the cells of a table. Nothing is hidden, and entities stay as they are.</summary>
internal sealed class MarkdownHtml
{
    private const int NoCell = -1;

    private readonly StringBuilder words = new();
    private bool isLineDue;
    private int cell = NoCell;

    private MarkdownHtml()
    {
    }

    /// <param name="html">Read once, however broken it is: a tag or a comment without an end takes the rest.</param>
    public static string Words(ReadOnlySpan<char> html)
    {
        var text = new MarkdownHtml();
        while (html.IndexOf('<') is >= 0 and var tag)
        {
            text.Append(html[..tag]);
            html = html[tag..];
            var isComment = html.StartsWith("<!--");
            var end = isComment ? html.IndexOf("-->") + 2 : html.IndexOf('>');
            if (end < (isComment ? 2 : 0))
            {
                return text.words.ToString();
            }

            text.Tag(html[1..end]);
            html = html[(end + 1)..];
        }

        text.Append(html);
        return text.words.ToString();
    }

    /// <param name="inside">What stands between the angle brackets.</param>
    private void Tag(ReadOnlySpan<char> inside)
    {
        var isEnd = inside is ['/', ..];
        inside = isEnd ? inside[1..] : inside;
        var length = inside.IndexOfAnyExceptInRange('0', 'z');
        var name = (length < 0 ? inside : inside[..length]).ToString().ToLowerInvariant();
        if (name is "td" or "th")
        {
            if (!isEnd)
            {
                OpenCell();
            }
        }
        else if (name == "br" || HtmlElements.Blocks.Contains(name))
        {
            isLineDue = true;
            cell = name is "tr" or "table" ? NoCell : cell;
        }
    }

    private void OpenCell()
    {
        if (cell == NoCell)
        {
            EndLine();
        }
        else
        {
            while (words.Length > cell && char.IsWhiteSpace(words[^1]))
            {
                words.Length--;
            }

            words.Append(BlockPart.CellSeparator);
        }

        isLineDue = false;
        cell = words.Length;
    }

    /// <summary>A line that is due ends but once, be it by the source's own line feed.</summary>
    private void Append(ReadOnlySpan<char> text)
    {
        if (words.Length == cell)
        {
            text = text.TrimStart();
            isLineDue = false;
        }

        var start = text.TrimStart(" \t");
        if (isLineDue && start.IsEmpty)
        {
            return;
        }

        if (isLineDue && start[0] is not ('\n' or '\r'))
        {
            EndLine();
        }

        isLineDue &= start.IsEmpty;
        words.Append(text);
    }

    private void EndLine()
    {
        if (words.Length > 0 && words[^1] != '\n')
        {
            words.Append('\n');
        }
    }
}
