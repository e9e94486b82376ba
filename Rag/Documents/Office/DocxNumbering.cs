using System.Globalization;
using System.Text;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>Computes the numbers and bullets that Word writes before list paragraphs; they are not part of the text.</summary>
internal sealed class DocxNumbering
{
    private const int Levels = 9;

    private const int ListsMax = 20_000;

    private readonly Dictionary<string, Level[]> formats = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List> lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]> counters = new(StringComparer.Ordinal);

    public DocxNumbering(OfficePackage package, string? part)
    {
        Level[]? levels = null;
        List? list = null;
        var level = 0;
        foreach (var xml in package.Elements(part))
        {
            switch (xml.Name)
            {
                case "abstractNum" when formats.Count < ListsMax:
                    levels = [.. Enumerable.Range(0, Levels).Select(_ => new Level())];
                    formats.TryAdd(xml.Attribute("abstractNumId") ?? "", levels);
                    break;
                case "num" when lists.Count < ListsMax:
                    (levels, list) = (null, new());
                    lists.TryAdd(xml.Attribute("numId") ?? "", list);
                    break;
                case "abstractNum" or "num":
                    (levels, list) = (null, null);
                    break;
                case "abstractNumId" when list is not null:
                    list.Format = xml.Attribute("val") ?? "";
                    break;
                case "lvl" or "lvlOverride":
                    level = Math.Clamp(Number(xml.Attribute("ilvl")), 0, Levels - 1);
                    break;
                case "startOverride" when list is not null:
                    list.Starts[level] = Number(xml.Attribute("val"));
                    break;
                case "start" when levels is not null:
                    levels[level].Start = Number(xml.Attribute("val"));
                    break;
                case "numFmt" when levels is not null:
                    levels[level].Format = xml.Attribute("val") ?? "";
                    break;
                case "lvlText" when levels is not null:
                    levels[level].Text = xml.Attribute("val") ?? "";
                    break;
            }
        }
    }

    /// <summary>Counts a list paragraph; returns its label, or an empty string.</summary>
    public string Next(string? listId, int level)
    {
        if (listId is null || !lists.TryGetValue(listId, out var list) || !formats.TryGetValue(list.Format, out var levels))
        {
            return "";
        }

        level = Math.Clamp(level, 0, Levels - 1);
        var counts = Counters(listId, list);
        counts[level] = (counts[level] < 0 ? list.Starts.GetValueOrDefault(level, levels[level].Start) : counts[level] + 1) & int.MaxValue;
        Array.Fill(counts, -1, level + 1, Levels - level - 1);
        return levels[level].Format switch
        {
            "bullet" => "-",
            "none" => "",
            _ => Label(levels, counts, level),
        };
    }

    /// <summary>Lists of one format continue each other's numbers, except those that set their start.</summary>
    private int[] Counters(string listId, List list)
    {
        var key = list.Starts.Count > 0 ? "list " + listId : list.Format;
        if (!counters.TryGetValue(key, out var counts))
        {
            counts = new int[Levels];
            Array.Fill(counts, -1);
            counters.Add(key, counts);
        }

        return counts;
    }

    /// <summary>Fills <c>%1.%2</c> with the numbers of both levels.</summary>
    private static string Label(Level[] levels, int[] counts, int level)
    {
        const int labelCharactersMax = 80;
        var text = levels[level].Text;
        var label = new StringBuilder();
        for (var at = 0; at < text.Length && label.Length < labelCharactersMax; at++)
        {
            if (text[at] == '%' && at + 1 < text.Length && text[at + 1] is >= '1' and <= '9')
            {
                var other = text[++at] - '1';
                label.Append(NumberText.Format(Math.Max(counts[other], counts[other] < 0 ? levels[other].Start : 0), levels[other].Format));
            }
            else
            {
                label.Append(text[at]);
            }
        }

        return label.ToString().Trim();
    }

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private sealed class Level
    {
        public int Start { get; set; } = 1;

        public string Format { get; set; } = "decimal";

        public string Text { get; set; } = "";
    }

    private sealed class List
    {
        public string Format { get; set; } = "";

        public Dictionary<int, int> Starts { get; } = [];
    }
}
