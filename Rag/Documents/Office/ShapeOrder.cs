namespace Pybo.Rag.Documents.Office;

/// <summary>
/// Puts shapes into the order in which a person reads them. Shapes that another one frames are read together. Otherwise the widest gap
/// decides (a recursive X-Y cut): rows are read from top to bottom, columns from left to right, and what is close together stays together.
/// </summary>
internal static class ShapeOrder
{
    /// <summary>More shapes than this on one level stay in the file's order: no person arranged them.</summary>
    private const int ShapesMax = 600;

    /// <summary>Groups inside each other.</summary>
    private const int NestedMax = 50;

    /// <summary>Text boxes overlap by the empty edge around their text: this share of each side may overlap another.</summary>
    private const double EdgeShare = .12;

    public static List<DrawnShape> Of(DrawnShape tree)
    {
        var ordered = new List<DrawnShape>();
        Add(tree, ordered, 0);
        return ordered;
    }

    private static void Add(DrawnShape shape, List<DrawnShape> ordered, int nested)
    {
        if (shape.Parts.Count > 0)
        {
            ordered.Add(shape);
        }

        var inside = nested < NestedMax && shape.Shapes.Count <= ShapesMax ? Sorted(Framed(shape.Shapes)) : shape.Shapes;
        foreach (var next in inside)
        {
            Add(next, ordered, nested + 1);
        }
    }

    /// <summary>Puts each shape into the smallest one behind it that frames it.</summary>
    private static List<DrawnShape> Framed(List<DrawnShape> shapes)
    {
        var outer = new List<DrawnShape>();
        for (var at = 0; at < shapes.Count; at++)
        {
            var shape = shapes[at];
            DrawnShape? frame = null;
            for (var behind = 0; behind < at && shape.Box is not null && shape.Placeholder is null; behind++)
            {
                var other = shapes[behind];
                var isFrame = other is { Box: { } box, Placeholder: null } && box.Contains(shape.Box.Value);
                frame = isFrame && (frame?.Box is not { } smallest || smallest.Contains(other.Box!.Value)) ? other : frame;
            }

            (frame?.Shapes ?? outer).Add(shape);
        }

        return outer;
    }

    private static List<DrawnShape> Sorted(List<DrawnShape> shapes)
    {
        // A shape without a place stays behind the one before it.
        var items = new List<Item>();
        foreach (var shape in shapes.Where(shape => shape.Parts.Count + shape.Shapes.Count > 0))
        {
            if (shape.Box is null && items is [.., var before])
            {
                before.Shapes.Add(shape);
            }
            else
            {
                items.Add(new(shape.Box ?? default, [shape]));
            }
        }

        var sorted = new List<DrawnShape>();
        Cut(items, sorted);
        return sorted;
    }

    private static void Cut(List<Item> items, List<DrawnShape> sorted)
    {
        while (items.Count > 1)
        {
            var (row, rowGap) = Widest(items, item => item.Box.Top, item => item.Box.Height);
            var (column, columnGap) = Widest(items, item => item.Box.Left, item => item.Box.Width);
            if (row is null && column is null)
            {
                items = Rows(items);
                break;
            }

            var (before, after) = column is null || (row is not null && rowGap >= columnGap) ? row!.Value : column.Value;
            Cut(before, sorted);
            items = after;
        }

        sorted.AddRange(items.SelectMany(item => item.Shapes));
    }

    /// <summary>Returns the items before and after the widest gap in one direction; null if there is none.</summary>
    private static ((List<Item> Before, List<Item> After)? Parts, double Gap) Widest(List<Item> items, Func<Item, long> start, Func<Item, long> length)
    {
        var sorted = items.OrderBy(start).ToList();
        var (at, widest, end) = (0, double.NegativeInfinity, double.NegativeInfinity);
        for (var next = 0; next < sorted.Count; next++)
        {
            var edge = EdgeShare * length(sorted[next]);
            var gap = start(sorted[next]) + edge - end;
            if (next > 0 && gap >= 0 && gap > widest)
            {
                (at, widest) = (next, gap);
            }

            end = Math.Max(end, start(sorted[next]) + length(sorted[next]) - edge);
        }

        return at == 0 ? (null, 0) : ((sorted[..at], sorted[at..]), widest);
    }

    /// <summary>Shapes that overlap in both directions are read in rows: one belongs to a row if its middle is above the end of the row's first shape.</summary>
    private static List<Item> Rows(List<Item> items)
    {
        var (rows, row, end) = (new List<Item>(), new List<Item>(), long.MinValue);
        foreach (var item in items.OrderBy(item => item.Box.Top))
        {
            if (item.Box.Top + (item.Box.Height / 2) > end)
            {
                rows.AddRange(row.OrderBy(one => one.Box.Left));
                row.Clear();
                end = item.Box.Bottom;
            }

            row.Add(item);
        }

        rows.AddRange(row.OrderBy(one => one.Box.Left));
        return rows;
    }

    private sealed record Item(ShapeBox Box, List<DrawnShape> Shapes);
}
