using Pybo.Data;

namespace Pybo.Rag.Documents.Tables;

/// <summary>A cell of a table as its reader found it.</summary>
/// <param name="Text">White space is cleaned later; empty for a cell without words.</param>
/// <param name="ColumnSpan">The number of columns it covers.</param>
/// <param name="RowSpan">The number of rows it covers.</param>
/// <param name="IsHeader">True if the format marks it as a header.</param>
/// <param name="Column">Counted from 0; -1 for the next free one.</param>
public readonly record struct TableCell(string Text, int ColumnSpan = 1, int RowSpan = 1, bool IsHeader = false, int Column = -1);

/// <summary>A row with its spans resolved: only cells with words, by column, at most one for each column.</summary>
/// <param name="IsMarked">True if the format marks the row as a header.</param>
/// <param name="HeaderRows">If it groups columns under a common name: the number of header rows that its spans show; otherwise 0.</param>
internal sealed record GridRow(List<GridCell> Cells, bool IsMarked, int HeaderRows, PageBox? Box)
{
    /// <summary>Returns the words in a column; a sheet may have thousands of them.</summary>
    public string TextAt(int column)
    {
        var (first, last) = (0, Cells.Count - 1);
        while (first <= last)
        {
            var middle = (first + last) / 2;
            if (Cells[middle].Column == column)
            {
                return Cells[middle].Text;
            }

            (first, last) = Cells[middle].Column < column ? (middle + 1, last) : (first, middle - 1);
        }

        return "";
    }

    public bool HasSameWords(GridRow other)
    {
        var isSame = Cells.Count == other.Cells.Count;
        for (var at = 0; isSame && at < Cells.Count; at++)
        {
            isSame = Cells[at].Column == other.Cells[at].Column && Cells[at].Text == other.Cells[at].Text;
        }

        return isSame;
    }
}

/// <summary>One column of a row.</summary>
/// <param name="Width">The number of columns of the cell that it repeats; 0 where it repeats one that begins further left.</param>
internal readonly record struct GridCell(int Column, string Text, int Width);
