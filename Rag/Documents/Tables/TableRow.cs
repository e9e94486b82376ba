using System.Buffers;
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

    /// <summary>White space other than single spaces, and the sign between cells; most cells have neither.</summary>
    private static readonly SearchValues<char> Unclean = SearchValues.Create("|\t\n\v\f\r\u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000");

    public static bool IsRow(ReadOnlySpan<char> line) => line.Contains(CellSeparator, StringComparison.Ordinal);

    /// <summary>Returns a cell's words on one line, without what separates cells.</summary>
    public static string Clean(string cell)
    {
        if (!cell.AsSpan().ContainsAny(Unclean) && !cell.Contains("  ", StringComparison.Ordinal) && cell is not ([] or [' ', ..] or [.., ' ']))
        {
            return cell;
        }

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
