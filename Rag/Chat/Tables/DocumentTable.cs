using System.Text.RegularExpressions;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Chat;

/// <summary>A row of a table, and where its line is in its passage.</summary>
internal sealed record TableLine(PassageHit Passage, TextRange Range, IReadOnlyList<TableField> Fields)
{
    /// <summary>The fields in which a row may say that it is a total.</summary>
    private const int LabelsMax = 3;

    public string Line => Passage.Text.Substring(Range.Start, Range.Length);

    public RowSummary Summary { get; } = Fields.Take(LabelsMax).Select(field => SummaryWords.Of(field.Value)).FirstOrDefault(summary => summary != RowSummary.None);

    /// <summary>The unit that the row states for its bare numbers; empty without one.</summary>
    public string Unit { get; } = Fields.Where(field => ColumnWords.IsUnit(field.Header)).Select(field => field.Value).FirstOrDefault("");

    /// <summary>Returns the value below a column's name; null if the cell is empty.</summary>
    public string? this[string header] => Fields.Where(field => field.Header == header).Select(field => field.Value).FirstOrDefault();
}

/// <summary>A table of a document; it may continue over several passages.</summary>
/// <param name="Rows">In the order of the text.</param>
/// <param name="Above">The headings and the few lines above it, which say what it is about.</param>
internal sealed record DocumentTable(IReadOnlyList<TableLine> Rows, string Above)
{
    /// <summary>The rows of a document that are read; of more, the table would be read in part, so nothing is computed.</summary>
    public const int RowsMax = 5_000;

    /// <summary>The lines above a table that are read.</summary>
    private const int LinesAboveMax = 3;

    private const int LineCharactersMax = 120;

    /// <summary>The names of the columns in the order in which they occur.</summary>
    public IReadOnlyList<string> Columns { get; } = [.. Rows.SelectMany(row => row.Fields).Select(field => field.Header).Where(header => header.Length > 0 && !ColumnWords.IsUnit(header)).Distinct(StringComparer.Ordinal)];

    /// <summary>Returns the tables of a document; empty if it has too many rows.</summary>
    /// <param name="passages">All passages of the document in the order of the text; they may overlap.</param>
    public static IReadOnlyList<DocumentTable> Of(IReadOnlyList<PassageHit> passages)
    {
        var (tables, rows, above) = (new List<DocumentTable>(), new List<TableLine>(), new Queue<string>());
        var (read, count) = (0, 0);
        foreach (var passage in passages)
        {
            foreach (var range in Lines(passage.Text).Where(range => range.Length > 0 && passage.Start + range.Start >= read))
            {
                read = passage.Start + range.End;
                var row = RowOf(passage, range, rows);
                if (row is null || (rows.Count > 0 && !Continues(rows[0], row)))
                {
                    End();
                }

                if (row is not null)
                {
                    rows.Add(row);
                    count++;
                }
                else if (range.Length <= LineCharactersMax)
                {
                    above.Enqueue(passage.Text.Substring(range.Start, range.Length));
                }

                if (above.Count > LinesAboveMax)
                {
                    above.Dequeue();
                }
            }
        }

        End();
        return count > RowsMax ? [] : tables;

        void End()
        {
            if (rows.Count > 0)
            {
                tables.Add(new([.. rows], string.Join('\n', above.Prepend(rows[0].Passage.Heading ?? ""))));
                rows.Clear();
                above.Clear();
            }
        }
    }

    /// <summary>Two rows belong together if they have a column in common; empty cells are left out of both.</summary>
    private static bool Continues(TableLine first, TableLine row) => row.Fields.Any(field => field.Header.Length == 0 || first[field.Header] is not null) || first.Fields.All(field => field.Header.Length == 0);

    /// <summary>Reads a line; a row with one filled cell is known by its column.</summary>
    private static TableLine? RowOf(PassageHit passage, TextRange range, List<TableLine> before)
    {
        var line = passage.Text.Substring(range.Start, range.Length);
        var fields = TableRow.Fields(line);
        return fields.Exists(field => field.Header.Length > 0) && (TableRow.IsRow(line) || (before.Count > 0 && before[0][fields[0].Header] is not null)) ? new(passage, range, fields) : null;
    }

    private static IEnumerable<TextRange> Lines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var found ? found : text.Length;
            yield return new(start, text.AsSpan(start, end - start).TrimEnd().Length);
            start = end + 1;
        }
    }
}
