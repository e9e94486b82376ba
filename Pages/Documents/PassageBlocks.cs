using Microsoft.AspNetCore.Html;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Pages.Documents;

/// <summary>A part of a passage as it is shown: text, or a table.</summary>
/// <param name="Range">In the passage's text.</param>
/// <param name="Table">Null for text.</param>
public sealed record PassageBlock(TextRange Range, PassageTable? Table);

/// <summary>Rows of a table with the values in their columns.</summary>
/// <param name="Headers">Empty strings for columns without a name.</param>
/// <param name="Rows">For each row and column the ranges of the values in the passage's text; empty for an empty cell.</param>
public sealed record PassageTable(IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<TextRange>> Rows)
{
    public bool HasHeaders => Headers.Any(header => header.Length > 0);
}

/// <summary>Shows a passage: the lines of <see cref="TableRow"/> become a table again, and quotations are marked.</summary>
/// <param name="text">The passage's text.</param>
/// <param name="quoted">The places of the quotations, in order.</param>
public sealed class PassageBlocks(string text, IReadOnlyList<(int Start, int Length)> quoted)
{
    private bool isMarked;

    /// <summary>Returns the blocks from an index on.</summary>
    public List<PassageBlock> From(int start)
    {
        var blocks = new List<PassageBlock>();
        var textStart = start;
        for (var at = start; at < text.Length;)
        {
            var rows = RowsAt(at);
            if (rows.Count == 0 || Table(rows) is not { } table)
            {
                at = LineEnd(at) + 1;
                continue;
            }

            AddText(blocks, textStart, at);
            at = Math.Min(text.Length, rows[^1].End + 1);
            blocks.Add(new(new(rows[0].Start, rows[^1].End - rows[0].Start), table));
            textStart = at;
        }

        AddText(blocks, textStart, text.Length);
        return blocks;
    }

    /// <summary>Returns a range with its quotations marked; the first mark is the target of the citation.</summary>
    public IHtmlContent Marked(TextRange range)
    {
        var html = new HtmlContentBuilder();
        var shown = range.Start;
        foreach (var (quoteStart, length) in quoted)
        {
            var (first, end) = (Math.Max(quoteStart, shown), Math.Min(quoteStart + length, range.End));
            if (first < end)
            {
                html.Append(text[shown..first]).AppendHtml(isMarked ? "<mark>" : """<mark id="quote" tabindex="-1">""").Append(text[first..end]).AppendHtml("</mark>");
                (shown, isMarked) = (end, true);
            }
        }

        return html.Append(text[shown..range.End]);
    }

    private void AddText(List<PassageBlock> blocks, int start, int end)
    {
        var words = text.AsSpan(start, end - start);
        var leading = words.Length - words.TrimStart('\n').Length;
        var length = words.Trim('\n').Length;
        if (length > 0)
        {
            blocks.Add(new(new(start + leading, length), null));
        }
    }

    /// <summary>Returns the adjoining lines from an index on that are rows.</summary>
    private List<TextRange> RowsAt(int at)
    {
        var rows = new List<TextRange>();
        while (at < text.Length && LineEnd(at) is var end && TableRow.IsRow(text.AsSpan(at, end - at)))
        {
            rows.Add(new(at, end - at));
            at = end + 1;
        }

        return rows;
    }

    private int LineEnd(int at) => text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;

    /// <summary>Returns the rows as a table; null for one row without names, which is as well a line of text.</summary>
    private PassageTable? Table(List<TextRange> rows)
    {
        var fields = rows.ConvertAll(row => TableRow.Fields(text.Substring(row.Start, row.Length)));
        var headers = new List<string>();
        foreach (var row in fields)
        {
            var next = 0;
            foreach (var field in row)
            {
                next = Column(headers, field.Header, next) + 1;
            }
        }

        var cells = new List<IReadOnlyList<TextRange>>();
        foreach (var (row, line) in fields.Zip(rows))
        {
            var placed = new TextRange[headers.Count];
            var next = 0;
            foreach (var field in row)
            {
                var column = Column(headers, field.Header, next);
                placed[column] = new(line.Start + field.ValueStart, field.Value.Length);
                next = column + 1;
            }

            cells.Add(placed);
        }

        var table = new PassageTable(headers, cells);
        return rows.Count > 1 || table.HasHeaders ? table : null;
    }

    /// <summary>Returns a header's column at or right of an index; a new one is inserted there, since a row lacks the columns in which it has no value.</summary>
    private static int Column(List<string> headers, string header, int next)
    {
        var found = next < headers.Count ? headers.IndexOf(header, next) : -1;
        if (found >= 0)
        {
            return found;
        }

        headers.Insert(next, header);
        return next;
    }
}
