using System.Text;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Documents;

/// <summary>Reads records of fields between commas, semicolons, tabs or bars, a table's rows (RFC 4180; <c>text/tab-separated-values</c>).</summary>
/// <param name="text">The whole file.</param>
/// <param name="separator">Between two fields.</param>
internal sealed class DelimitedText(string text, char separator)
{
    /// <summary>The rest of a longer record is its last field.</summary>
    public const int FieldsMax = 16_384;

    /// <summary>Rows are returned this many at a time.</summary>
    private const int RowsPerBlock = 200;

    /// <summary>Excel's cells hold 32,767 characters; if no quote closes a field within this, quotes mean nothing here.</summary>
    private const int QuotedCharactersMax = 40_000;

    /// <summary>The records that show which sign separates fields.</summary>
    private const int RecordsMeasured = 50;

    /// <summary>Excel's own first line: the sign follows.</summary>
    private const string Hint = "sep=";

    private static readonly char[] Separators = [',', ';', '\t', '|'];

    private int at = HasHint(text) ? Hint.Length + ";\n".Length : 0;
    private bool hasQuotes = true;

    /// <summary>Returns whether tabs divide every line into equally many fields, as in cells copied from a sheet; code begins lines with tabs.</summary>
    public static bool IsCopiedSheet(string text)
    {
        var records = new DelimitedText(text, '\t') { hasQuotes = false }.Records().Take(RecordsMeasured).ToList();
        return records.Count > 1 && records.TrueForAll(record => record.Count > 1 && record.Count == records[0].Count) && records.TrueForAll(record => record[0].Length > 0);
    }

    /// <summary>Returns the sign that separates the fields of most records into equally many; null if none does.</summary>
    public static char? SeparatorOf(string text)
    {
        if (HasHint(text))
        {
            return text[Hint.Length];
        }

        (char? Separator, int Weight) best = (null, 0);
        foreach (var candidate in Separators)
        {
            var counts = new DelimitedText(text, candidate).Records().Take(RecordsMeasured).Where(record => record is not [""]).Select(record => record.Count).ToList();
            var usual = counts.GroupBy(count => count).OrderByDescending(group => group.Count()).FirstOrDefault();
            if (usual is { Key: > 1 } && 2 * usual.Count() > counts.Count && usual.Count() * usual.Key > best.Weight)
            {
                best = (candidate, usual.Count() * usual.Key);
            }
        }

        return best.Separator;
    }

    private static bool HasHint(string text) => text.StartsWith(Hint, StringComparison.OrdinalIgnoreCase) && text.Length > Hint.Length + 1 && text[Hint.Length + 1] == '\n';

    /// <summary>Returns the rows as blocks of lines.</summary>
    public IEnumerable<BlockPart> Blocks()
    {
        var rows = new TableRows();
        var count = 0;
        foreach (var record in Records())
        {
            rows.AddRow(record.ConvertAll(field => new TableCell(field)));
            if (++count % RowsPerBlock == 0 && rows.TakeRows() is { } block)
            {
                yield return block;
            }
        }

        if (rows.End() is { } last)
        {
            yield return last;
        }
    }

    private IEnumerable<List<string>> Records()
    {
        while (at < text.Length)
        {
            yield return Record();
        }
    }

    private List<string> Record()
    {
        var fields = new List<string>();
        while (true)
        {
            fields.Add(fields.Count < FieldsMax - 1 ? Field() : RestOfLine());
            if (at >= text.Length || text[at++] == '\n')
            {
                return fields;
            }
        }
    }

    /// <summary>Reads a field up to its separator or the end of the line.</summary>
    private string Field()
    {
        var start = at;
        while (start < text.Length && text[start] == ' ')
        {
            start++;
        }

        if (hasQuotes && start < text.Length && text[start] == '"' && Quoted(start) is { } field)
        {
            return field;
        }

        var end = text.AsSpan(at).IndexOfAny(separator, '\n');
        (start, at) = (at, end < 0 ? text.Length : at + end);
        return text[start..at].Trim();
    }

    private string RestOfLine()
    {
        var end = text.AsSpan(at).IndexOf('\n');
        var start = at;
        at = end < 0 ? text.Length : at + end;
        return text[start..at];
    }

    /// <summary>Reads a field in quotes, in which two quotes are one; returns null if no quote closes it before a separator, and then takes no quotes any more.</summary>
    private string? Quoted(int open)
    {
        var field = new StringBuilder();
        var from = open + 1;
        while (text.AsSpan(from, Math.Min(QuotedCharactersMax, text.Length - from)).IndexOf('"') is >= 0 and var length && field.Length <= QuotedCharactersMax)
        {
            field.Append(text, from, length);
            from += length + 1;
            if (from < text.Length && text[from] == '"')
            {
                field.Append('"');
                from++;
                continue;
            }

            var end = text.AsSpan(from).IndexOfAny(separator, '\n') is >= 0 and var next ? from + next : text.Length;
            if (!text.AsSpan(from, end - from).IsWhiteSpace())
            {
                // The quote belongs to the words: "가나" 다라.
                field.Insert(0, '"').Append('"').Append(text, from, end - from);
            }

            at = end;
            return field.ToString();
        }

        hasQuotes = false;
        return null;
    }
}
