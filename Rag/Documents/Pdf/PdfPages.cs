namespace Pybo.Rag.Documents.Pdf;

/// <summary>Walks the page tree without recursion: every node once, so that loops end and shared branches do not multiply.</summary>
internal sealed class PdfPages(PdfFile file)
{
    /// <summary>US Letter, which readers take where a page has no size.</summary>
    private static readonly PdfBox Letter = new(0, 0, 612, 792);

    /// <summary>A larger or smaller page is a mistake; the largest that the standard knows is 14,400 points.</summary>
    private const double PointsMax = 1_000_000;

    private readonly HashSet<int> seen = [];
    private int nodes;
    private bool isBroken;

    /// <summary>The pages of the tree, then, where it is broken or has none, all other objects that say they are one.</summary>
    /// <param name="objectNumbers">All objects of the file; asked for only then.</param>
    public IEnumerable<PdfPage> Read(Func<IEnumerable<int>> objectNumbers)
    {
        var number = 0;
        foreach (var (page, inherited) in Tree())
        {
            yield return Page(++number, page, inherited);
            if (number > PdfLimits.PagesMax)
            {
                yield break;
            }
        }

        if (number > 0 && !isBroken)
        {
            yield break;
        }

        foreach (var loose in objectNumbers().Order().ToList())
        {
            if (!seen.Contains(loose) && file.Resolve(new PdfReference(loose, 0)) is PdfDictionary page && page.IsNamed("Type", "Page"))
            {
                yield return Page(++number, page, Inherited.None.With(file.Dictionary(page, "Parent") ?? PdfDictionary.Empty));
                if (number > PdfLimits.PagesMax)
                {
                    yield break;
                }
            }
        }
    }

    private IEnumerable<(PdfDictionary Page, Inherited Inherited)> Tree()
    {
        // Kids are taken one by one: a node may name the same hundred thousand as every other node.
        var open = new Stack<(IEnumerator<PdfObject> Kids, Inherited Inherited)>();
        open.Push((new List<PdfObject> { file.Catalog["Pages"] ?? PdfNull.Instance }.GetEnumerator(), Inherited.None));
        while (open.TryPeek(out var next))
        {
            if (!next.Kids.MoveNext())
            {
                open.Pop().Kids.Dispose();
                continue;
            }

            if (++nodes > PdfLimits.PageNodesMax)
            {
                file.Cut();
                yield break;
            }

            var kid = next.Kids.Current;
            if (kid is PdfReference reference && !seen.Add(reference.Number))
            {
                continue;
            }

            if (file.Resolve(kid) is not PdfDictionary node)
            {
                // A page that the table forgot is looked for among all objects.
                isBroken = true;
                seen.Remove((kid as PdfReference)?.Number ?? 0);
            }
            else if (file.Array(node, "Kids") is { } kids)
            {
                open.Push((kids.GetEnumerator(), next.Inherited.With(node)));
            }
            else if (!node.IsNamed("Type", "Pages") && !node.IsNamed("Type", "Catalog"))
            {
                yield return (node, next.Inherited);
            }
            else
            {
                // Something else that the tree leads to is no page.
                isBroken = true;
            }
        }
    }

    private PdfPage Page(int number, PdfDictionary page, Inherited inherited)
    {
        inherited = inherited.With(page);
        var media = Box(inherited.MediaBox) ?? Letter;
        var crop = Box(inherited.CropBox) is { } given ? Intersection(media, given) ?? media : media;
        var turns = ((file.Integer(inherited.Rotate) ?? 0) / 90 % 4 + 4) % 4;
        return new(number, page, file.Dictionary(inherited.Resources) ?? PdfDictionary.Empty, crop, turns * 90);
    }

    private PdfBox? Box(PdfObject? value)
    {
        if (file.Array(value) is not [var left, var bottom, var right, var top, ..]
            || file.Number(left) is not { } x1 || file.Number(bottom) is not { } y1 || file.Number(right) is not { } x2 || file.Number(top) is not { } y2)
        {
            return null;
        }

        var box = new PdfBox(Math.Min(x1, x2), Math.Min(y1, y2), Math.Max(x1, x2), Math.Max(y1, y2));
        return box.Width is > 0 and < PointsMax && box.Height is > 0 and < PointsMax && Math.Abs(box.Left) < PointsMax && Math.Abs(box.Bottom) < PointsMax ? box : null;
    }

    private static PdfBox? Intersection(PdfBox first, PdfBox second)
    {
        var box = new PdfBox(Math.Max(first.Left, second.Left), Math.Max(first.Bottom, second.Bottom), Math.Min(first.Right, second.Right), Math.Min(first.Top, second.Top));
        return box.Width > 0 && box.Height > 0 ? box : null;
    }

    /// <summary>What a page takes from the nodes above it.</summary>
    private sealed record Inherited(PdfObject? Resources, PdfObject? MediaBox, PdfObject? CropBox, PdfObject? Rotate)
    {
        public static readonly Inherited None = new(null, null, null, null);

        public Inherited With(PdfDictionary node) =>
            new(node["Resources"] ?? Resources, node["MediaBox"] ?? MediaBox, node["CropBox"] ?? CropBox, node["Rotate"] ?? Rotate);
    }
}
