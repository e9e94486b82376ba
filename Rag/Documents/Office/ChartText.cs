using System.Globalization;
using System.Text;
using Pybo.Rag.Documents.Tables;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// Writes a chart as its titles and a table of its numbers, from the values that the file keeps for drawing it (ECMA-376 part 1, 21.2): a row for each category,
/// a column for each series. Newer kinds of charts (waterfall, treemap) keep their data apart from their series.
/// </summary>
internal sealed class ChartText
{
    /// <summary>Excel's own limit.</summary>
    private const int SeriesMax = 255;

    /// <summary>Points of one chart; a chart with more shows a curve and not numbers.</summary>
    private const int PointsMax = 20_000;

    /// <summary>Levels of grouped categories.</summary>
    private const int LevelsMax = 8;

    private const int TitleCharactersMax = 10_000;

    private readonly List<string> titles = [];
    private readonly List<ChartSeries> series = [];
    private readonly Dictionary<string, ChartSeries> data = new(StringComparer.Ordinal);
    private readonly StringBuilder title = new();
    private int points;

    /// <summary>Returns the words and numbers of a chart's part.</summary>
    public static IEnumerable<DocumentPart> Read(OfficePackage package, string part)
    {
        var chart = new ChartText();
        foreach (var xml in package.Nodes(part))
        {
            chart.Node(xml);
        }

        return chart.Parts();
    }

    private void Node(XmlScanner xml)
    {
        switch (xml.Name)
        {
            case "ser" when xml.IsStart && series.Count < SeriesMax:
                series.Add(ReadSeries(xml));
                break;
            case "data" when xml.IsStart && series.Count < SeriesMax:
                data.TryAdd(xml.Attribute("id") ?? "", ReadSeries(xml));
                break;
            case "series" when xml.IsStart && series.Count < SeriesMax:
                var (name, id) = ReadName(xml);
                series.Add(data.GetValueOrDefault(id, new()).Named(name));
                break;
            case "ser" or "data" or "series" when xml.IsStart:
                xml.Cut();
                xml.Skip();
                break;
            case "extLst" when xml.IsStart:
                // Series that are filtered out.
                xml.Skip();
                break;
            case "t" or "v" when xml.IsStart:
                AddTitle(xml);
                break;
            case "p" or "pt" or "title" when xml.IsEnd && title.Length > 0:
                titles.Add(title.ToString());
                title.Clear();
                break;
        }
    }

    private void AddTitle(XmlScanner xml)
    {
        if (!BoundedText.Add(title, xml.TextInside(), TitleCharactersMax))
        {
            xml.Cut();
        }
    }

    private ChartSeries ReadSeries(XmlScanner xml)
    {
        var (read, depth) = (new ChartSeries(), xml.Depth);
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            switch (xml.IsStart ? xml.Name : "")
            {
                case "tx":
                    read.Name = Name(xml);
                    break;
                case "cat" or "xVal" or "strDim":
                    read.Categories = Values(xml);
                    break;
                case "val" or "yVal" or "numDim":
                    read.Values = Values(xml);
                    break;
                case "bubbleSize":
                    read.Sizes = Values(xml);
                    break;
                case "dLbls" or "dPt" or "spPr" or "marker" or "trendline" or "errBars" or "extLst":
                    xml.Skip();
                    break;
            }
        }

        return read;
    }

    private (string Name, string Data) ReadName(XmlScanner xml)
    {
        var (name, id, depth) = ("", "", xml.Depth);
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            switch (xml.IsStart ? xml.Name : "")
            {
                case "tx":
                    name = Name(xml);
                    break;
                case "dataId":
                    id = xml.Attribute("val") ?? "";
                    break;
                case "dataLabels" or "dataPt" or "spPr" or "extLst":
                    xml.Skip();
                    break;
            }
        }

        return (name, id);
    }

    private string Name(XmlScanner xml) => string.Join(' ', Values(xml).Levels[0].Values);

    /// <summary>Returns the cached values inside the element that starts here, by their index and level.</summary>
    private ChartValues Values(XmlScanner xml)
    {
        var (values, depth, index, format) = (new ChartValues(), xml.Depth, 0, (XlsxNumberFormat?)null);
        while (xml.Read() && !(xml.IsEnd && xml.Depth == depth))
        {
            switch (xml.IsStart ? xml.Name : "")
            {
                case "lvl":
                    values.StartLevel();
                    format = xml.Attribute("formatCode") is { } code ? Format(code) : format;
                    break;
                case "formatCode":
                    format = Format(xml.TextInside());
                    break;
                case "pt" when points++ >= PointsMax:
                    xml.Cut();
                    xml.Skip();
                    break;
                case "pt":
                    index = int.TryParse(xml.Attribute("idx"), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : index + 1;
                    values.Add(index, Shown(xml.TextInside().Trim(), format));
                    break;
                case "v" or "t":
                    values.Add(++index, xml.TextInside());
                    break;
            }
        }

        return values;
    }

    private static XlsxNumberFormat? Format(string code) => code.Length is 0 or > XlsxNumberFormat.CodeCharactersMax ? null : new(code);

    private static string Shown(string text, XlsxNumberFormat? format) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && format is not null ? format.Number(value, startsIn1904: false) : text;

    private IEnumerable<DocumentPart> Parts()
    {
        foreach (var words in titles.Distinct(StringComparer.Ordinal))
        {
            yield return BlockPart.Paragraph(words);
        }

        // Series with the same categories are the columns of one table.
        foreach (var group in series.Where(one => one.Values.Levels[0].Count > 0).GroupBy(one => one.Categories.Key()))
        {
            foreach (var rows in Table([.. group]))
            {
                yield return rows;
            }
        }
    }

    private static IEnumerable<BlockPart> Table(List<ChartSeries> series)
    {
        var table = new TableRows();
        var categories = series[0].Categories;
        var hasSizes = series.Exists(one => one.Sizes.Levels[0].Count > 0);
        List<TableCell> Row(IEnumerable<string> names, Func<ChartSeries, (string Value, string Size)> cells) =>
            [.. names.Select(name => new TableCell(name)), .. series.Select(cells).SelectMany(cell => hasSizes ? (string[])[cell.Value, cell.Size] : [cell.Value]).Select(text => new TableCell(text))];

        table.AddRow(Row(categories.Levels.Select(_ => ""), one => (one.Name, "")), isHeader: series.Exists(one => one.Name.Length > 0));
        var names = new string[categories.Levels.Count];
        foreach (var at in series.SelectMany(one => one.Values.Levels[0].Keys).Distinct().Order())
        {
            for (var level = 0; level < names.Length; level++)
            {
                // An outer level states its name once for all that follow.
                names[level] = categories.Levels[level].GetValueOrDefault(at, level == 0 ? "" : names[level] ?? "");
            }

            table.AddRow(Row(names.Reverse(), one => (one.Values[at], one.Sizes[at])));
            if (table.TakeRows() is { } rows)
            {
                yield return rows;
            }
        }

        if (table.End() is { } rest)
        {
            yield return rest;
        }
    }

    private sealed record ChartSeries
    {
        public string Name { get; set; } = "";

        public ChartValues Categories { get; set; } = new();

        public ChartValues Values { get; set; } = new();

        public ChartValues Sizes { get; set; } = new();

        public ChartSeries Named(string name) => this with { Name = name };
    }

    /// <summary>Values by their index; categories may have levels, the innermost first.</summary>
    private sealed class ChartValues
    {
        private bool isInLevel;

        public List<SortedDictionary<int, string>> Levels { get; } = [[]];

        public string this[int at] => Levels[0].GetValueOrDefault(at, "");

        public void Add(int index, string text) => Levels[^1].TryAdd(index, text);

        public void StartLevel()
        {
            if (isInLevel && Levels.Count < LevelsMax)
            {
                Levels.Add([]);
            }

            isInLevel = true;
        }

        /// <summary>Returns what distinguishes these categories from others.</summary>
        public string Key() => string.Join('\u001F', Levels.SelectMany(level => level.Select(pair => $"{pair.Key}\u001E{pair.Value}")));
    }
}
