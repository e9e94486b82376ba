using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pybo.Data;

namespace Pybo.Rag.Documents.Office;

/// <summary>The formulas of a sheet, for cells that were saved without a calculated value (ECMA-376 part 1, 18.3.1.40).</summary>
internal sealed partial class XlsxFormula
{
    /// <summary>Formulas that cells share.</summary>
    private const int SharedMax = 10_000;

    /// <summary>A longer formula says nothing to a reader.</summary>
    private const int CharactersMax = 300;

    private readonly Dictionary<string, (string Text, int Row, int Column)> shared = new(StringComparer.Ordinal);

    /// <summary>The number of cells without a calculated value.</summary>
    public int Count { get; private set; }

    /// <summary>Remembers a formula that other cells share, or returns the one that this cell shares.</summary>
    /// <param name="text">Empty in a cell that shares the formula of another.</param>
    /// <param name="id">The number of the shared formula; null if it is not shared.</param>
    /// <param name="row">Of the cell, from 1.</param>
    /// <param name="column">Of the cell, from 0.</param>
    public string Of(string text, string? id, int row, int column)
    {
        if (id is null)
        {
            return text;
        }

        if (text.Length > 0)
        {
            if (shared.Count < SharedMax)
            {
                shared.TryAdd(id, (text.Cut(CharactersMax), row, column));
            }

            return text;
        }

        return shared.TryGetValue(id, out var first) ? Moved(first.Text, row - first.Row, column - first.Column) : "";
    }

    /// <summary>Returns what a cell without a value shows.</summary>
    public string Shown(string formula)
    {
        Count++;
        return "=" + (formula.Length > CharactersMax ? formula.Cut(CharactersMax) + "…" : formula);
    }

    /// <summary>Returns the address in <c>HYPERLINK("…", "…")</c>; null for any other formula.</summary>
    public static string? Address(string formula) => LinkFormula().Match(formula) is { Success: true } link ? link.Groups[1].Value : null;

    /// <summary>Moves the relative references of a formula; texts in quotation marks stay.</summary>
    private static string Moved(string formula, int rows, int columns)
    {
        var moved = new StringBuilder();
        var parts = formula.Split('"');
        for (var at = 0; at < parts.Length; at++)
        {
            moved.Append(at > 0 ? "\"" : "").Append(at % 2 == 1 ? parts[at] : Reference().Replace(parts[at], match => Moved(match, rows, columns)));
        }

        return moved.ToString();
    }

    private static string Moved(Match reference, int rows, int columns)
    {
        var column = SheetArea.ColumnOf(reference.Groups["column"].Value);
        var row = int.Parse(reference.Groups["row"].ValueSpan, CultureInfo.InvariantCulture);
        if (column is null)
        {
            return reference.Value;
        }

        var (fixedColumn, fixedRow) = (reference.Groups["c"].Value, reference.Groups["r"].Value);
        column = Math.Max(0, fixedColumn.Length > 0 ? column.Value : column.Value + columns);
        row = Math.Max(1, fixedRow.Length > 0 ? row : row + rows);
        return fixedColumn + SheetArea.ColumnName(column.Value) + fixedRow + row.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\s*HYPERLINK\s*\(\s*""([^""]+)""\s*[,)]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex LinkFormula();

    [GeneratedRegex(@"(?<![A-Za-z0-9_.$])(?<c>\$?)(?<column>[A-Z]{1,3})(?<r>\$?)(?<row>[0-9]{1,7})(?![A-Za-z0-9_(.])", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
