using System.Text;
using Pybo.Rag.Documents.Html;

namespace Pybo.Rag.Documents;

/// <summary>Converts a block of HTML within markdown to plain text: no tags or comments, a line for each block, bars between table cells. It hides nothing and keeps entities as they are.</summary>
internal sealed class MarkdownHtml
{
    private const int NoCell = -1;

    private readonly StringBuilder words = new();
    private bool isLineDue;
    private int cell = NoCell;

    private MarkdownHtml()
    {
    }

    /// <param name="html">Read once, however broken it is: an unclosed tag or comment extends to the end.</param>
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

    /// <param name="inside">The text between the angle brackets.</param>
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

    /// <summary>Appends text; a pending line break is written only once, even if the source has its own line feed.</summary>
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
