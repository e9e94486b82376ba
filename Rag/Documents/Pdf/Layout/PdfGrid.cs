namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>A table whose rules are drawn: the edges of its columns and rows, and its cells, merged where a rule is missing.</summary>
/// <param name="Xs">The columns' edges from the left.</param>
/// <param name="Ys">The rows' edges from the top.</param>
/// <param name="Cells">By row and column: the index of the cell that covers the place.</param>
internal sealed record PdfGrid(float[] Xs, float[] Ys, int[,] Cells)
{
    /// <summary>Rules nearer to each other than this, in points, meet or are one.</summary>
    private const float NearMax = 3;

    /// <summary>Pairs of rules that are compared; more belong to a drawing.</summary>
    private const long PairsMax = 4_000_000;

    private const int GridsMax = 100;

    private const int ColumnsMax = 60;

    private const int RowsMax = 400;

    /// <summary>Sides without a rule: rows reach at least this far beyond the last vertical rule, in points.</summary>
    private const float OpenMin = 8;

    /// <summary>A rule separates two cells if it covers this share of their common side.</summary>
    private const float CoverMin = 0.6f;

    public int Rows => Ys.Length - 1;

    public int Columns => Xs.Length - 1;

    /// <summary>Returns the cell at a point; -1 if it is outside.</summary>
    public int At(float x, float y)
    {
        var (column, row) = (Place(Xs, x), Place(Ys, y));
        return column < 0 || row < 0 ? -1 : Cells[row, column];
    }

    /// <summary>Returns the grids of a page.</summary>
    public static List<PdfGrid> Of(IReadOnlyList<PdfRule> rules)
    {
        var across = Joined([.. rules.Where(rule => rule.IsHorizontal)], rule => rule.Y1, rule => (rule.X1, rule.X2), (y, start, end) => new(start, y, end, y));
        var down = Joined([.. rules.Where(rule => !rule.IsHorizontal)], rule => rule.X1, rule => (rule.Y1, rule.Y2), (x, start, end) => new(x, start, x, end));
        if (across.Count < 2 || down.Count == 0 || (long)across.Count * down.Count > PairsMax)
        {
            return [];
        }

        return [.. Groups(across, down).Select(group => Of(group.Across, group.Down)).OfType<PdfGrid>().Take(GridsMax)];
    }

    private static int Place(float[] edges, float at)
    {
        var place = Array.BinarySearch(edges, at);
        place = place < 0 ? ~place - 1 : place;
        return place < edges.Length - 1 ? place : -1;
    }

    /// <summary>Joins rules that continue each other.</summary>
    private static List<PdfRule> Joined(List<PdfRule> rules, Func<PdfRule, float> place, Func<PdfRule, (float Start, float End)> extent, Func<float, float, float, PdfRule> create)
    {
        var joined = new List<PdfRule>();
        rules.Sort((a, b) => place(a).CompareTo(place(b)));
        for (var (first, at) = (0, 1); at <= rules.Count; at++)
        {
            if (at < rules.Count && place(rules[at]) - place(rules[first]) <= NearMax / 2)
            {
                continue;
            }

            var line = rules[first..at].OrderBy(rule => extent(rule).Start).Select(extent).ToList();
            var (start, end) = line.Count > 0 ? line[0] : default;
            foreach (var next in line.Append((float.MaxValue, 0)))
            {
                if (next.Start > end + NearMax)
                {
                    joined.Add(create(place(rules[first]), start, end));
                    start = next.Start;
                    end = next.End;
                }

                end = Math.Max(end, next.End);
            }

            first = at;
        }

        return joined;
    }

    /// <summary>Groups rules that meet.</summary>
    private static IEnumerable<(List<PdfRule> Across, List<PdfRule> Down)> Groups(List<PdfRule> across, List<PdfRule> down)
    {
        var parents = Enumerable.Range(0, across.Count + down.Count).ToArray();
        for (var h = 0; h < across.Count; h++)
        {
            for (var v = 0; v < down.Count; v++)
            {
                var (row, column) = (across[h], down[v]);
                if (column.X1 >= row.X1 - NearMax && column.X1 <= row.X2 + NearMax && row.Y1 >= column.Y1 - NearMax && row.Y1 <= column.Y2 + NearMax)
                {
                    parents[Root(parents, h)] = Root(parents, across.Count + v);
                }
            }
        }

        return Enumerable.Range(0, parents.Length).GroupBy(at => Root(parents, at)).Select(group => (
            group.Where(at => at < across.Count).Select(at => across[at]).ToList(),
            group.Where(at => at >= across.Count).Select(at => down[at - across.Count]).ToList()));
    }

    private static int Root(int[] parents, int at)
    {
        while (parents[at] != at)
        {
            at = parents[at] = parents[parents[at]];
        }

        return at;
    }

    private static PdfGrid? Of(List<PdfRule> across, List<PdfRule> down)
    {
        if (across.Count < 2 || down.Count == 0)
        {
            return null;
        }

        var xs = Edges(down.Select(rule => rule.X1), across.Min(rule => rule.X1), across.Max(rule => rule.X2));
        var ys = Edges(across.Select(rule => rule.Y1), down.Min(rule => rule.Y1), down.Max(rule => rule.Y2));
        var (columns, rows) = (xs.Length - 1, ys.Length - 1);
        if (columns is < 2 or > ColumnsMax || rows is < 2 or > RowsMax)
        {
            return null;
        }

        var (walls, floors) = (At(down, xs, rule => rule.X1, rule => (rule.Y1, rule.Y2)), At(across, ys, rule => rule.Y1, rule => (rule.X1, rule.X2)));
        var parents = Enumerable.Range(0, rows * columns).ToArray();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var at = (row * columns) + column;
                if (column + 1 < columns && !Covers(walls[column + 1], ys[row], ys[row + 1]))
                {
                    parents[Root(parents, at + 1)] = Root(parents, at);
                }

                if (row + 1 < rows && !Covers(floors[row + 1], xs[column], xs[column + 1]))
                {
                    parents[Root(parents, at + columns)] = Root(parents, at);
                }
            }
        }

        var cells = new int[rows, columns];
        for (var at = 0; at < parents.Length; at++)
        {
            cells[at / columns, at % columns] = Root(parents, at);
        }

        return new(xs, ys, cells);
    }

    /// <summary>Returns the distinct places of rules, and those where the others end without one.</summary>
    private static float[] Edges(IEnumerable<float> places, float start, float end)
    {
        var edges = new List<float>();
        foreach (var place in places.Order())
        {
            if (edges.Count == 0 || place - edges[^1] > NearMax)
            {
                edges.Add(place);
            }
        }

        if (start < edges[0] - OpenMin)
        {
            edges.Insert(0, start);
        }

        if (end > edges[^1] + OpenMin)
        {
            edges.Add(end);
        }

        return [.. edges];
    }

    /// <summary>Returns the extents of the rules at each edge.</summary>
    private static List<(float Start, float End)>[] At(List<PdfRule> rules, float[] edges, Func<PdfRule, float> place, Func<PdfRule, (float Start, float End)> extent)
    {
        var found = Array.ConvertAll(edges, _ => new List<(float Start, float End)>());
        foreach (var rule in rules)
        {
            var at = Array.FindIndex(edges, edge => Math.Abs(place(rule) - edge) <= NearMax);
            if (at >= 0)
            {
                found[at].Add(extent(rule));
            }
        }

        return found;
    }

    private static bool Covers(List<(float Start, float End)> rules, float start, float end) =>
        rules.Sum(rule => Math.Max(0, Math.Min(rule.End, end) - Math.Max(rule.Start, start))) >= CoverMin * (end - start);
}
