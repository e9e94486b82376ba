using System.Globalization;
using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>Reads a sheet's rows in order: cells with <see cref="BlockPart.CellSeparator"/> between them, without empty rows.</summary>
internal sealed class XlsxSheet(IReadOnlyList<string> shared, XlsxFormats formats)
{
    /// <summary>Excel's own limit; a reference beyond it is false.</summary>
    private const int ColumnsMax = 16_384;

    /// <summary>Rows with words beyond Excel's own limit are not read.</summary>
    private const int RowsMax = 1_048_576;

    /// <summary>At most this many empty cells between two are kept, so that columns stay aligned; a wider gap becomes one.</summary>
    private const int GapColumnsMax = 8;

    /// <summary>This many rows form a block, so that a long sheet is not held as a whole.</summary>
    private const int RowsPerBlock = 200;

    private const int RowCharactersMax = 1_000_000;

    private readonly StringBuilder row = new();
    private readonly List<TextLine> lines = [];
    private int column;
    private int lastColumn;
    private int firstColumn = -1;
    private bool isFirstBlock = true;
    private bool isCut;

    public IEnumerable<DocumentPart> Read(IEnumerable<XmlScanner> nodes)
    {
        var rows = 0;
        foreach (var xml in nodes)
        {
            if (xml.IsStart && xml.Name == "row")
            {
                (column, rows) = (0, rows + 1);
                if (rows > RowsMax)
                {
                    yield return new TruncatedPart(Notice.Of(ReadingProblem.TooManyRows, RowsMax));
                    break;
                }
            }
            else if (xml.IsStart && xml.Name == "c")
            {
                ReadCell(xml);
            }
            else if (xml.IsEnd && xml.Name == "row" && EndRow() is { } block)
            {
                yield return block;
            }
        }

        EndRow();
        if (Flush() is { } rest)
        {
            yield return rest;
        }

        if (isCut)
        {
            yield return new TruncatedPart(XmlScanner.CutReason);
        }
    }

    private void ReadCell(XmlScanner xml)
    {
        var at = ColumnOf(xml.Attribute("r")) ?? column;
        var (type, style) = (xml.Attribute("t"), xml.Attribute("s"));
        var (value, depth) = ("", xml.Depth);
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            if (xml.IsStart)
            {
                value = xml.Name switch
                {
                    "v" => Value(xml.TextInside(), type, style),
                    "is" => formats.Text(XlsxStrings.Inside(xml), style),
                    _ => Skipped(xml, value),
                };
            }
        }

        Add(at, value);
        column = Math.Min(at + 1, ColumnsMax);
    }

    private static string Skipped(XmlScanner xml, string value)
    {
        xml.Skip();
        return value;
    }

    private string Value(string raw, string? type, string? style) => type switch
    {
        "s" => int.TryParse(raw, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var index) && index >= 0 && index < shared.Count ? formats.Text(shared[index], style) : "",
        "b" => raw.Trim() == "1" ? "TRUE" : "FALSE",
        "str" or "inlineStr" => formats.Text(XlsxStrings.Unescape(raw), style),
        "e" or "d" => raw,
        _ => formats.Number(raw, style),
    };

    private void Add(int at, string value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return;
        }

        var beginning = value.Cut(RowCharactersMax - row.Length);
        isCut |= beginning.Length < value.Length;
        if (string.IsNullOrWhiteSpace(beginning))
        {
            return;
        }

        firstColumn = firstColumn < 0 ? at : Math.Min(firstColumn, at);
        // Cells that claim the same column, or are out of order, are still two cells.
        var gap = row.Length == 0 ? at - firstColumn : Math.Max(1, at - lastColumn);
        lastColumn = row.Length == 0 ? at : Math.Max(at, lastColumn);
        for (var empty = gap > GapColumnsMax ? 1 : gap; empty > 0; empty--)
        {
            row.Append(BlockPart.CellSeparator);
        }

        foreach (var word in beginning.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            row.Append(word).Append(' ');
        }

        row.Length--;
    }

    private BlockPart? EndRow()
    {
        if (row.Length > 0)
        {
            lines.Add(new(row + "\n"));
            row.Clear();
        }

        return lines.Count >= RowsPerBlock ? Flush() : null;
    }

    private BlockPart? Flush()
    {
        if (lines.Count == 0)
        {
            return null;
        }

        var block = new BlockPart(0, [.. lines], isFirstBlock ? BlockBreak.Paragraph : BlockBreak.Line);
        isFirstBlock = false;
        lines.Clear();
        return block;
    }

    /// <summary>Returns the column of <c>AB12</c>, from 0; null for an invalid reference.</summary>
    private static int? ColumnOf(string? reference)
    {
        var column = 0;
        foreach (var letter in reference ?? "")
        {
            if (!char.IsAsciiLetterUpper(letter) || column > ColumnsMax)
            {
                break;
            }

            column = (column * 26) + letter - 'A' + 1;
        }

        return column is > 0 and <= ColumnsMax ? column - 1 : null;
    }
}
