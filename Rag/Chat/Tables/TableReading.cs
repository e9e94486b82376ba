using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>How a table answers a question: the column that is measured, or the one whose values are counted, and the rows that the question means.</summary>
/// <param name="Table">The table.</param>
/// <param name="Measure">The column with the numbers; null if rows are counted.</param>
/// <param name="Counted">The column whose different values are counted; null otherwise.</param>
/// <param name="Rows">The rows without those that sum up others.</param>
/// <param name="IsFiltered">The question means only some rows: a total of the table is not theirs.</param>
internal sealed record TableReading(DocumentTable Table, string? Measure, string? Counted, IReadOnlyList<TableLine> Rows, bool IsFiltered)
{
    private const int FoldedNameMin = 2;

    private enum Nearness
    {
        Named,
        Similar,
    }

    /// <summary>Reads a question; null if the table does not have all that the question names, or it stays open which column is meant.</summary>
    /// <param name="question">The question.</param>
    /// <param name="table">The table.</param>
    /// <param name="document">The document's names: title and file name.</param>
    /// <param name="isChosen">The reader chose this document, so that a question without names is about it.</param>
    public static TableReading? Of(TableQuestion question, DocumentTable table, string document, bool isChosen)
    {
        var rows = table.Rows.Where(row => row.Summary == RowSummary.None).ToList();
        var numbers = table.Columns.Where(column => IsNumeric(rows, column)).ToList();
        string? measure = null, named = null;
        var isFiltered = false;
        foreach (var name in question.Names)
        {
            // A value before a name that only resembles a column's.
            var cells = ColumnOf(table.Columns, name, Nearness.Named) is null ? Having(rows, name, isWhole: true) : [];
            var column = cells.Count > 0 ? null : ColumnOf(table.Columns, name, Nearness.Similar) ?? table.Columns.FirstOrDefault(one => !numbers.Contains(one) && EndIn(rows, one, name));
            if (column is not null)
            {
                (measure, named) = measure is null && numbers.Contains(column) ? (column, named) : (measure, measure == column ? named : named ?? column);
            }
            else if (name.Any(ColumnWords.IsAnyMoney) && Single(numbers, money => IsMoney(rows, money)) is { } price)
            {
                measure ??= price;
            }
            else if (cells.Count > 0)
            {
                (rows, isFiltered) = (cells, isFiltered || cells.Count < rows.Count);
            }
            else if (!Names(table.Above, name) && !Names(document, name))
            {
                if (Having(rows, name, isWhole: false) is not { Count: > 0 } some)
                {
                    if (measure is not null || question.Unit is not { } unit || Alike(numbers.FindAll(number => UnitOf(rows, number) == unit), name) is not { } alike)
                    {
                        return null;
                    }

                    measure = alike;
                    continue;
                }

                (rows, isFiltered) = (some, isFiltered || some.Count < rows.Count);
            }
        }

        return question.Names.Count == 0 && !isChosen ? null : Chosen(question, table, rows, numbers, measure, named, isFiltered);
    }

    private static TableReading? Chosen(TableQuestion question, DocumentTable table, List<TableLine> rows, List<string> numbers, string? measure, string? named, bool isFiltered)
    {
        if (question.Operation == TableOperation.Count || (question.Operation == TableOperation.Total && measure is null && named is not null && !question.IsMoney))
        {
            return named is null || numbers.Contains(named) || rows.Count == 0 ? null : new(table, null, named, rows, isFiltered);
        }

        measure ??= question.IsMoney ? Single(numbers, column => IsMoney(rows, column))
            : question.Operation == TableOperation.Total ? Single(numbers, column => question.Unit is { } unit && UnitOf(rows, column) == unit)
            : Single(numbers, _ => true);
        return measure is null || rows.Count == 0 ? null : new(table, measure, null, rows, isFiltered);
    }

    /// <summary>Returns the amount of a row; null if its cell has none.</summary>
    public Amount? AmountOf(TableLine row) => AmountIn(row, Measure!);

    /// <summary>True if another table of the document, with the same columns, continues this one: of spring and of autumn.</summary>
    public bool IsLike(TableReading other) => Measure == other.Measure && Counted == other.Counted && Table.Columns.ToHashSet(StringComparer.Ordinal).SetEquals(other.Table.Columns);

    /// <summary>Reads a cell; a bare number has the unit of the column's name, or the one that the row states.</summary>
    private static Amount? AmountIn(TableLine row, string column) => row[column] is { } cell ? Amount.Of(cell, Amount.UnitIn(column) is { Length: > 0 } own ? own : row.Unit) : null;

    private static bool IsNumeric(List<TableLine> rows, string column)
    {
        var filled = rows.FindAll(row => row[column] is not null);
        return filled.Count > 0 && !ColumnWords.IsIdentity(column) && 2 * filled.Count(row => AmountIn(row, column) is not null) > filled.Count;
    }

    private static string UnitOf(List<TableLine> rows, string column) => rows.Select(row => AmountIn(row, column)).FirstOrDefault(amount => amount?.After is not null)?.After ?? "";

    private static bool IsMoney(List<TableLine> rows, string column) => ColumnWords.IsMoney(column) || rows.Exists(row => AmountIn(row, column)?.IsMoney == true);

    private static string? Single(List<string> columns, Func<string, bool> fits) => columns.Where(fits).Take(2).ToList() is [var only] ? only : null;

    /// <summary>Returns the column of a name, the closest first: the same, with a unit or <c>이름</c> after it, or one that begins or ends so.</summary>
    private static string? ColumnOf(IReadOnlyList<string> columns, IReadOnlyList<string> name, Nearness nearness)
    {
        var folded = columns.Select(column => (Column: column, Folded: ColumnWords.Folded(column))).ToList();
        var names = name.Select(Folded).ToList();
        return First(column => names.Contains(column))
            ?? First(column => names.Exists(own => ColumnWords.IsNamed(column, own)))
            ?? (nearness == Nearness.Named ? null : First(column => names.Exists(own => ColumnWords.AreAlike(column, own))))
            ?? (nearness == Nearness.Named ? null : First(column => names.Exists(own => own.Length >= FoldedNameMin && column.Length >= FoldedNameMin
                && (column.StartsWith(own, StringComparison.Ordinal) || column.EndsWith(own, StringComparison.Ordinal) || own.EndsWith(column, StringComparison.Ordinal)))));

        string? First(Func<string, bool> fits) => folded.Where(column => fits(column.Folded)).Select(column => column.Column).FirstOrDefault();
    }

    /// <summary>True if most values of a column end with the name: 새벽반, 오후반.</summary>
    private static bool EndIn(List<TableLine> rows, string column, IReadOnlyList<string> name) =>
        2 * rows.Count(row => row[column] is { } value && name.Any(own => value.Length > own.Length && value.EndsWith(own, StringComparison.Ordinal))) > rows.Count;

    /// <summary>Returns the one column of numbers whose name begins as this one.</summary>
    private static string? Alike(List<string> columns, IReadOnlyList<string> name) =>
        Single(columns, column => name.Any(own => own.Length > FoldedNameMin && ColumnWords.Folded(column).StartsWith(Folded(own)[..FoldedNameMin], StringComparison.Ordinal)));

    /// <summary>Returns the rows with a cell that is this name, or that has it as a word of its own.</summary>
    private static List<TableLine> Having(List<TableLine> rows, IReadOnlyList<string> name, bool isWhole) => rows.FindAll(row => row.Fields.Any(field => name.Any(own => isWhole
        ? string.Equals(field.Value, own, StringComparison.OrdinalIgnoreCase)
        : field.Value.Split(CellSpaces, StringSplitOptions.RemoveEmptyEntries).Contains(own, StringComparer.OrdinalIgnoreCase))));

    private static readonly char[] CellSpaces = [' ', ',', '/', '(', ')', '·', '\t'];

    private static bool Names(string text, IReadOnlyList<string> name) =>
        Folded(text) is var folded && name.Any(own => own.Length >= FoldedNameMin && folded.Contains(Folded(own), StringComparison.Ordinal));

    private static string Folded(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
