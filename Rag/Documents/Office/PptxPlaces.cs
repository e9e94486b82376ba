namespace Pybo.Rag.Documents.Office;

/// <summary>The places of placeholders, which a slide takes from its layout, and the layout from its master (ECMA-376 part 1, 19.3.1.36).</summary>
internal sealed class PptxPlaces(OfficePackage package)
{
    /// <summary>Layouts that are kept; a presentation has some dozens.</summary>
    private const int LayoutsMax = 500;

    private readonly Dictionary<string, List<DrawnShape>> layouts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gives placeholders without a place the one of their layout.</summary>
    public void Fill(DrawnShape tree, string? layout)
    {
        foreach (var shape in tree.Shapes.Where(shape => shape is { Box: null, Placeholder: not null }))
        {
            shape.Box = layout is null ? null : Find(Layout(layout), shape)?.Box;
        }
    }

    private List<DrawnShape> Layout(string part)
    {
        if (layouts.TryGetValue(part, out var known))
        {
            return known;
        }

        var placed = layouts.Count < LayoutsMax ? Placed(part) : [];
        layouts.TryAdd(part, placed);
        var master = placed.Exists(shape => shape.Box is null) ? package.Related(part, "slideMaster").FirstOrDefault() : null;
        foreach (var shape in placed.Where(shape => shape.Box is null))
        {
            shape.Box = master is null ? null : Find(Layout(master), shape)?.Box;
        }

        return placed;
    }

    private List<DrawnShape> Placed(string part) => new DrawnShapes(package, part, []).Read().Shapes.FindAll(shape => shape.Placeholder is not null);

    /// <summary>A placeholder is found by its number, else by its kind.</summary>
    private static DrawnShape? Find(List<DrawnShape> placed, DrawnShape shape) =>
        placed.Find(other => other.Index == shape.Index && Kind(other) == Kind(shape))
        ?? placed.Find(other => Kind(other) == Kind(shape))
        ?? placed.Find(other => shape.Index.Length > 0 && other.Index == shape.Index);

    private static string Kind(DrawnShape shape) => shape.Placeholder switch
    {
        "ctrTitle" => "title",
        "" or "obj" or "subTitle" or "tbl" or "chart" or "dgm" or "media" or "clipArt" or "pic" => "body",
        var kind => kind ?? "",
    };
}
