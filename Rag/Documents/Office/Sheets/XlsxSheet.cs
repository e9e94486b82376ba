using System.Globalization;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>Reads the visible rows of a sheet in order, as tables: hidden rows and columns, and rows that a filter took out, are counted and left out.</summary>
internal sealed class XlsxSheet(IReadOnlyList<string> shared, XlsxFormats formats, SheetLayout layout, SheetNotes notes)
{
    private const int RowCharactersMax = 1_000_000;

    /// <summary>Definitions of columns; more repeat themselves.</summary>
    private const int ColumnsDefinedMax = 2_000;

    /// <summary>Cells merged downwards that reach into one row.</summary>
    private const int MergesOpenMax = 64;

    private readonly SheetTables tables = new(layout);
    private readonly XlsxFormula formulas = new();
    private readonly Dictionary<int, SheetMerge> covered = [];
    private readonly List<SheetMerge> open = [];
    private readonly HashSet<int> columnsLeftOut = [];
    private bool[] hiddenColumns = [];
    private int[] places = [];
    private List<SheetCell> cells = [];
    private int columnsDefined;
    private int column;
    private int row;
    private int characters;
    private bool isHidden;
    private bool hasHiddenWords;
    private bool isCut;

    /// <summary>The rows that were left out.</summary>
    public int HiddenRows { get; private set; }

    /// <summary>The columns that were left out.</summary>
    public int HiddenColumns => columnsLeftOut.Count;

    /// <summary>The cells that show their formula, because their value is not in the file.</summary>
    public int Formulas => formulas.Count;

    public bool IsHidden(int at) => at < hiddenColumns.Length && hiddenColumns[at];

    public IEnumerable<DocumentPart> Read(IEnumerable<XmlScanner> nodes)
    {
        var rows = 0;
        foreach (var xml in nodes)
        {
            if (xml.IsStart && xml.Name == "row")
            {
                StartRow(xml);
                if (++rows > SheetArea.RowsMax)
                {
                    yield return new TruncatedPart(Notice.Of(ReadingProblem.TooManyRows, SheetArea.RowsMax));
                    break;
                }
            }
            else if (xml.IsStart)
            {
                Start(xml);
            }
            else if (xml.IsEnd && xml.Name == "row")
            {
                foreach (var block in EndRow())
                {
                    yield return block;
                }
            }
        }

        foreach (var block in EndRow().Concat(tables.End()))
        {
            yield return block;
        }

        if (isCut)
        {
            yield return new TruncatedPart(XmlScanner.CutReason);
        }
    }

    private void Start(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "c":
                ReadCell(xml);
                break;
            case "col" when columnsDefined++ < ColumnsDefinedMax && (IsOn(xml.Attribute("hidden")) || Number(xml.Attribute("width")) == 0):
                Hide((int)(Number(xml.Attribute("min")) ?? 0), (int)(Number(xml.Attribute("max")) ?? 0));
                break;
            case "pane" when xml.Attribute("state") is "frozen" or "frozenSplit":
                tables.FrozenRows = FrozenRows(xml);
                break;
        }
    }

    /// <summary>Returns the last frozen row: their number, after the rows scrolled out above them. Many frozen rows are no names of columns.</summary>
    private static int FrozenRows(XmlScanner xml)
    {
        const int rowsMax = 10;
        var count = Number(xml.Attribute("ySplit")) ?? 0;
        return count is > 0 and <= rowsMax ? (int)count : 0;
    }

    private void Hide(int first, int last)
    {
        if (hiddenColumns.Length == 0)
        {
            hiddenColumns = new bool[SheetArea.ColumnsMax];
        }

        first = Math.Clamp(first - 1, 0, SheetArea.ColumnsMax);
        hiddenColumns.AsSpan(first, Math.Clamp(last, first, SheetArea.ColumnsMax) - first).Fill(true);
    }

    private void StartRow(XmlScanner xml)
    {
        row = Number(xml.Attribute("r")) is >= 1 and <= SheetArea.RowsMax and var number ? (int)number : row + 1;
        (column, characters, cells, hasHiddenWords) = (0, 0, [], false);
        isHidden = IsOn(xml.Attribute("hidden")) || Number(xml.Attribute("ht")) == 0;
        if (isHidden)
        {
            notes.LeaveOut(row);
        }

        if (layout.Merges.Count > 0)
        {
            StartMerges();
        }
    }

    private void StartMerges()
    {
        open.RemoveAll(merge => merge.Area.LastRow < row);
        foreach (var area in layout.Merges.GetValueOrDefault(row, []))
        {
            var merge = new SheetMerge(area);
            for (var at = area.Column; at <= area.LastColumn; at++)
            {
                if (!covered.TryGetValue(at, out var above) || above.Area.LastRow < row)
                {
                    covered[at] = merge;
                }
            }

            if (area.LastRow > row && open.Count < MergesOpenMax)
            {
                open.Add(merge);
            }
        }
    }

    private void ReadCell(XmlScanner xml)
    {
        var at = SheetArea.ColumnOf(xml.Attribute("r")) ?? column;
        var (type, style) = (xml.Attribute("t"), xml.Attribute("s"));
        var (value, formula, depth, hasValue) = ("", (string?)null, xml.Depth, type == "str");
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            switch (xml.IsStart ? xml.Name : "")
            {
                case "v":
                    var raw = xml.TextInside();
                    hasValue |= raw.Length > 0;
                    value = Value(raw, type, style);
                    break;
                case "is":
                    value = formats.Text(XlsxStrings.Inside(xml), style);
                    break;
                case "f":
                    var id = xml.Attribute("t") == "shared" ? xml.Attribute("si") : null;
                    formula = formulas.Of(xml.TextInside(), id, row, at);
                    break;
                case not "":
                    xml.Skip();
                    break;
            }
        }

        column = Math.Min(at + 1, SheetArea.ColumnsMax);
        Add(at, value, formula, hasValue, style);
    }

    private string Value(string raw, string? type, string? style) => type switch
    {
        "s" => int.TryParse(raw, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var index) && index >= 0 && index < shared.Count ? formats.Text(shared[index], style) : "",
        "b" => raw.Trim() == "1" ? "TRUE" : "FALSE",
        "str" or "inlineStr" => formats.Text(XlsxStrings.Unescape(raw), style),
        "e" or "d" => raw,
        _ => raw.Length > 0 ? formats.Number(raw, style) : "",
    };

    private void Add(int at, string value, string? formula, bool hasValue, string? style)
    {
        var hasWords = !string.IsNullOrWhiteSpace(value) || (formula is not null && !hasValue);
        if (isHidden || IsHidden(at))
        {
            hasHiddenWords |= hasWords && isHidden;
            if (hasWords && !isHidden)
            {
                columnsLeftOut.Add(at);
            }

            return;
        }

        var merge = covered.TryGetValue(at, out var around) && around.Area.LastRow >= row ? around : null;
        if (merge is not null && (merge.Area.Row != row || merge.Area.Column != at))
        {
            // Excel shows nothing of a cell that another covers.
            return;
        }

        var note = notes.Take(row, at);
        if (!hasWords && note is null)
        {
            return;
        }

        var text = formula is not null && !hasValue ? formulas.Shown(formula) : value;
        AddVisible(at, text + Address(at, text, formula), style, note, merge);
    }

    private string Address(int at, string text, string? formula)
    {
        var address = layout.Links.Count > 0 && layout.Links.TryGetValue((row, at), out var target) ? target : formula is null ? null : XlsxFormula.Address(formula);
        return address is null ? "" : LinkText.After(text, address);
    }

    private void AddVisible(int at, string text, string? style, string? note, SheetMerge? merge)
    {
        var beginning = text.Cut(RowCharactersMax - characters);
        isCut |= beginning.Length < text.Length;
        characters += beginning.Length;
        var cell = new SheetCell(at, PlaceOf(at), beginning, style)
        {
            Note = note,
            ColumnSpan = merge is null ? 1 : PlaceOf(merge.Area.LastColumn + 1) - PlaceOf(at),
            Merge = merge is { } below && below.Area.LastRow > row ? merge : null,
        };
        if (merge is not null)
        {
            merge.First = cell;
        }

        if (beginning.Length > 0 || note is not null)
        {
            cells.Add(cell);
        }
    }

    private IEnumerable<BlockPart> EndRow()
    {
        if (isHidden)
        {
            HiddenRows += hasHiddenWords ? 1 : 0;
            (hasHiddenWords, isHidden) = (false, false);
            tables.Pass(row);
            return [];
        }

        if (cells.Count == 0)
        {
            return [];
        }

        foreach (var merge in open)
        {
            if (merge.Area.Row < row && merge.First is { } first)
            {
                cells.Add(first with { Note = null, IsRepeated = true });
            }
        }

        if (open.Count > 0)
        {
            cells.Sort((one, other) => one.Place.CompareTo(other.Place));
        }

        var read = new SheetRow(row, cells);
        cells = [];
        return tables.Add(read);
    }

    /// <summary>Returns the place of a column among the visible ones.</summary>
    private int PlaceOf(int at)
    {
        if (hiddenColumns.Length == 0)
        {
            return at;
        }

        if (places.Length == 0)
        {
            places = new int[SheetArea.ColumnsMax + 1];
            for (var next = 0; next < SheetArea.ColumnsMax; next++)
            {
                places[next + 1] = places[next] + (hiddenColumns[next] ? 0 : 1);
            }
        }

        return places[Math.Min(at, SheetArea.ColumnsMax)];
    }

    private static bool IsOn(string? value) => value is "1" or "true";

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? Math.Clamp(number, int.MinValue, int.MaxValue) : null;
}
