using Pybo.Data;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// Rows of a sheet without a blank row between them: titles above a table, and the table, or several next to each other. Its first rows are held until
/// they show where tables begin; the rest streams.
/// </summary>
/// <param name="headerRow">The last row that the sheet marks as names of columns: above a frozen pane, or the first of the filter; 0 if none.</param>
internal sealed class SheetRegion(int headerRow)
{
    /// <summary>The rows that show what the tables are.</summary>
    private const int RowsHeldMax = TableRows.RowsMeasuredMax;

    /// <summary>Rows are returned this many at a time.</summary>
    private const int RowsPerBlock = 100;

    /// <summary>Rows of a table that is not the leftmost wait for those on their left up to this number.</summary>
    private const int RowsWaitingMax = 2_000;

    /// <summary>Narrower parts of a sheet are columns of one table.</summary>
    private const int TableColumnsMin = 2;

    private const int TableRowsMin = 2;

    /// <summary>Narrower rows above a table are not told from its own.</summary>
    private const int WideColumnsMin = 4;

    /// <summary>A row continues a table across a blank row if this share of its figures looks like those of the table.</summary>
    private const double AlikeShareMin = .5;

    /// <summary>Empty columns that may separate tables.</summary>
    private const int GapsMax = 32;

    /// <summary>Comments on names of columns.</summary>
    private const int NotesMax = 1_000;

    private readonly List<SheetRow> held = [];
    private readonly List<Table> tables = [];
    private readonly List<BlockPart> notes = [];
    private readonly HashSet<int> columns = [];
    private (int First, int Last) headers;
    private SheetRow? names;
    private SheetRow? last;

    public bool IsEmpty => held.Count == 0 && tables.Count == 0;

    /// <summary>True if there are rows with several cells.</summary>
    public bool HasTable => names is not null;

    public IEnumerable<BlockPart> Add(SheetRow row)
    {
        if (!row.IsAlone)
        {
            names ??= row;
            last = row;
        }

        if (tables.Count > 0)
        {
            return Feed(row);
        }

        columns.UnionWith(row.Cells.Select(cell => cell.Column));
        held.Add(row);
        return held.Count >= RowsHeldMax ? Open() : [];
    }

    public IEnumerable<BlockPart> End()
    {
        foreach (var block in tables.Count == 0 ? Open() : [])
        {
            yield return block;
        }

        foreach (var block in tables.Select(table => table.Rows.End()).OfType<BlockPart>().Concat(notes))
        {
            yield return block;
        }
    }

    /// <summary>Returns whether a row below a blank one still belongs to the table: it looks like the rows above and not like their names.</summary>
    public bool Continues(SheetRow row)
    {
        if (row.IsAlone || names is null || last is null || ReferenceEquals(names, last) || !row.Cells.TrueForAll(cell => columns.Contains(cell.Column)))
        {
            return false;
        }

        var above = last.ByColumn();
        var (isName, isValue) = (HasStyleOf(row, names.ByColumn()), HasStyleOf(row, above));
        if (isName != isValue)
        {
            return isValue;
        }

        var figures = row.Cells.FindAll(cell => cell.Text.AsSpan().ContainsAnyInRange('0', '9'));
        var alike = figures.Count(cell => above.TryGetValue(cell.Column, out var value) && TableHeader.Shape(value.Text) == TableHeader.Shape(cell.Text));
        return figures.Count > 0 && alike >= AlikeShareMin * figures.Count;
    }

    private static bool HasStyleOf(SheetRow row, Dictionary<int, SheetCell> other) =>
        row.Cells.TrueForAll(cell => !other.TryGetValue(cell.Column, out var above) || above.Style == cell.Style);

    /// <summary>Decides what the tables are, and writes the rows held so far.</summary>
    private IEnumerable<BlockPart> Open()
    {
        if (held.Count == 0)
        {
            yield break;
        }

        foreach (var block in Above())
        {
            yield return block;
        }

        tables.AddRange(Tables());
        foreach (var row in held)
        {
            var isTitle = names is not null && row.Number < names.Number;
            foreach (var table in tables)
            {
                table.Add(Cells(table, row, isTitle), row.Number >= headers.First && row.Number <= headers.Last && !row.IsAlone);
            }
        }

        foreach (var cell in (names?.Cells ?? []).Where(cell => cell.Note is not null).Take(NotesMax))
        {
            notes.Add(BlockPart.Paragraph($"{StoredWords.Comment} {cell.Text}: {cell.Note}"));
        }

        held.Clear();
        foreach (var block in Taken())
        {
            yield return block;
        }
    }

    /// <summary>Returns rows above the names of the columns that are no titles: who wrote the sheet and when.</summary>
    private List<BlockPart> Above()
    {
        var last = held.FindLastIndex(row => row.Number <= headerRow && !row.IsAlone);
        var first = last;
        while (first > 0 && held[first - 1] is { IsAlone: false } row && row.Number == held[first].Number - 1 && row.Cells.Exists(cell => cell.ColumnSpan > 1))
        {
            first--;
        }

        if (last >= 0 && last < held.Count - 1)
        {
            headers = (held[first].Number, held[last].Number);
        }
        else
        {
            var widest = held.Max(Width);
            first = widest < WideColumnsMin ? 0 : held.FindIndex(row => Width(row) > widest / 2);
        }

        if (first <= 0 || held[..first].TrueForAll(row => row.IsAlone))
        {
            return [];
        }

        var region = new SheetRegion(0);
        List<BlockPart> blocks = [.. held[..first].SelectMany(region.Add), .. region.End()];
        held.RemoveRange(0, first);
        names = held.Find(row => !row.IsAlone);
        return blocks;
    }

    private static int Width(SheetRow row) => row.Cells.Sum(cell => cell.ColumnSpan);

    /// <summary>Returns the table's cells of a row that is held; cells merged downwards state the number of their rows.</summary>
    private List<TableCell> Cells(Table table, SheetRow row, bool isTitle)
    {
        var cells = new List<TableCell>();
        foreach (var cell in row.Cells.Where(table.Has))
        {
            var rows = cell.Merge is null || cell.IsRepeated ? 1 : held.Count(other => other.Cells.Exists(below => below.Merge == cell.Merge && (below == cell || below.IsRepeated)));
            if (!cell.IsRepeated)
            {
                var text = ReferenceEquals(row, names) ? cell.Text : Text(cell);
                cells.Add(new(text, isTitle && row.IsAlone ? Math.Max(table.Width, cell.ColumnSpan) : cell.ColumnSpan, rows, Column: isTitle && row.IsAlone ? 0 : table.ColumnOf(cell)));
            }
        }

        return cells;
    }

    private List<BlockPart> Feed(SheetRow row)
    {
        foreach (var table in tables)
        {
            var cells = row.Cells.Where(table.Has)
                .Select(cell => new TableCell(cell.IsRepeated && cell.Text.Length > TableGrid.RepeatedCharactersMax ? "" : Text(cell), cell.ColumnSpan, Column: table.ColumnOf(cell))).ToList();
            if (cells.Count > 0)
            {
                table.Add(cells, isHeader: false);
            }
        }

        return tables[0].Waiting >= RowsPerBlock || tables.Exists(table => table.Waiting >= RowsWaitingMax) ? Taken() : [];
    }

    /// <summary>Returns the rows that are ready; those of tables further right wait for the rows on their left.</summary>
    private List<BlockPart> Taken()
    {
        var blocks = new List<BlockPart>();
        foreach (var table in tables)
        {
            if ((table == tables[0] || table.Waiting >= RowsWaitingMax) && table.Rows.TakeRows() is { } block)
            {
                blocks.Add(block);
            }

            table.Waiting = table == tables[0] || table.Waiting >= RowsWaitingMax ? 0 : table.Waiting;
        }

        return blocks;
    }

    /// <summary>Returns the words of a cell with its comment.</summary>
    public static string Text(SheetCell cell) => cell.Note is not { } note ? cell.Text
        : cell.Text.Length == 0 ? $"{StoredWords.Comment}: {note}" : $"{cell.Text} ({StoredWords.Comment}: {note})";

    /// <summary>Finds tables next to each other, with an empty column between them.</summary>
    private List<Table> Tables()
    {
        var rows = held.FindAll(row => !row.IsAlone);
        var used = rows.SelectMany(row => row.Cells).SelectMany(cell => Enumerable.Range(cell.Place, Math.Min(cell.ColumnSpan, SheetArea.ColumnsMax))).Distinct().Order().ToList();
        if (used.Count == 0)
        {
            return [new(held.SelectMany(row => row.Cells).Min(cell => cell.Place), int.MaxValue, 1)];
        }

        var tables = new List<Table>();
        var start = 0;
        for (var (at, gaps) = (1, 0); at < used.Count && gaps < GapsMax; at++)
        {
            gaps += used[at] > used[at - 1] + 1 ? 1 : 0;
            if (used[at] > used[at - 1] + 1 && AreApart(rows, used[start], used[at - 1], used[at], End(used, at)))
            {
                tables.Add(new(used[start], used[at] - 1, at - start));
                start = at;
            }
        }

        tables.Add(new(used[start], int.MaxValue, used[^1] - used[start] + 1));
        return tables;
    }

    private static int End(List<int> used, int at)
    {
        while (at + 1 < used.Count && used[at + 1] == used[at] + 1)
        {
            at++;
        }

        return used[at];
    }

    /// <summary>Returns whether two ranges of columns are two tables: they have different rows, or each has its own labels and figures.</summary>
    private static bool AreApart(List<SheetRow> rows, int left, int leftEnd, int right, int rightEnd)
    {
        var (first, second) = (rows.ConvertAll(row => At(row, left, leftEnd)), rows.ConvertAll(row => At(row, right, rightEnd)));
        if (!IsTable(first) || !IsTable(second))
        {
            return false;
        }

        var isSame = first.Zip(second).All(pair => pair.First.Count > 0 == pair.Second.Count > 0);
        return !isSame || (HasLabelsAndFigures(first, left) && HasLabelsAndFigures(second, right));
    }

    private static bool IsTable(List<List<SheetCell>> rows) => rows.Count(row => row.Count >= TableColumnsMin) >= TableRowsMin;

    private static bool HasLabelsAndFigures(List<List<SheetCell>> rows, int place) =>
        rows.TrueForAll(row => row.Count == 0 || (row[0].Place == place && !IsFigure(row[0]))) && rows.Exists(row => row.Skip(1).Any(IsFigure));

    /// <summary>Returns whether a value is a number with its signs and a short unit.</summary>
    private static bool IsFigure(SheetCell cell) => cell.Text.AsSpan().IndexOfAnyInRange('0', '9') is >= 0 and <= 2;

    private static List<SheetCell> At(SheetRow row, int first, int last) => row.Cells.FindAll(cell => cell.Place >= first && cell.Place <= last);

    private sealed record Table(int First, int Last, int Width)
    {
        public TableRows Rows { get; } = new();

        public int Waiting { get; set; }

        public bool Has(SheetCell cell) => (cell.Place >= First || First == 0) && cell.Place <= Last;

        public int ColumnOf(SheetCell cell) => Math.Max(0, cell.Place - First);

        public void Add(List<TableCell> cells, bool isHeader)
        {
            if (cells.Count > 0)
            {
                Rows.AddRow(cells, isHeader);
                Waiting++;
            }
        }
    }
}
