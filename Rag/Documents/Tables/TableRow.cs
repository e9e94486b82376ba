using Pybo.Data;

namespace Pybo.Rag.Documents.Tables;

/// <summary>A name and a value of a row, and where the value begins in the row's line, in UTF-16 units.</summary>
/// <param name="Header">Empty for a cell without one.</param>
public readonly record struct TableField(string Header, string Value, int ValueStart);

/// <summary>A row of a table as one line of text: <c>약품명: 약품077 | 보관 온도: 7도</c>.</summary>
public static class TableRow
{
    /// <summary>Between the cells of a row.</summary>
    public const string CellSeparator = BlockPart.CellSeparator;

    /// <summary>Between a column's name and the value.</summary>
    public const string HeaderSeparator = ": ";

    /// <summary>A longer header is cut: it is repeated in every row.</summary>
    public const int HeaderCharactersMax = 60;

    public static bool IsRow(ReadOnlySpan<char> line) => line.Contains(CellSeparator, StringComparison.Ordinal);

    /// <summary>Returns a cell's words on one line, without what separates cells.</summary>
    public static string Clean(string cell)
    {
        var words = string.Join(' ', cell.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words is "|" ? "" : words.Replace(CellSeparator, " / ", StringComparison.Ordinal);
    }

    public static string Header(string cell) => Clean(cell).TrimEnd(':', '：', ' ').Replace(HeaderSeparator, " ", StringComparison.Ordinal).Cut(HeaderCharactersMax);

    public static string Field(string header, string value) => header.Length == 0 || header == value ? value : $"{header}{HeaderSeparator}{value}";

    /// <summary>Reads a line back into its fields.</summary>
    /// <remarks>The value of a cell without a header may contain a colon and is then read as a pair, which says the same to its reader.</remarks>
    public static List<TableField> Fields(string line)
    {
        var fields = new List<TableField>();
        for (var start = 0; start <= line.Length;)
        {
            var end = line.IndexOf(CellSeparator, start, StringComparison.Ordinal) is >= 0 and var found ? found : line.Length;
            var cell = line.AsSpan(start, end - start);
            var split = cell.IndexOf(HeaderSeparator, StringComparison.Ordinal) is > 0 and <= HeaderCharactersMax and var colon ? colon : -1;
            var value = split < 0 ? 0 : split + HeaderSeparator.Length;
            fields.Add(new(split < 0 ? "" : cell[..split].ToString(), cell[value..].ToString(), start + value));
            start = end + CellSeparator.Length;
        }

        return fields;
    }
}
