namespace Pybo.Rag.Documents.Pdf;

/// <summary>The widths and vertical metrics of a composite font's character numbers (ISO 32000-2, 9.7.4.3), as shares of its size.</summary>
internal sealed class CidMetrics
{
    private const double Thousand = 1_000;
    private const double WidthDefault = 1_000;
    private const double VerticalOriginDefault = 880;
    private const double VerticalAdvanceDefault = -1_000;

    private readonly CMapRanges widthRanges = new();
    private readonly List<double> widths = [];
    private readonly CMapRanges verticalRanges = new();
    private readonly List<(double Advance, double X, double Y)> verticals = [];
    private readonly double widthDefault;
    private readonly double originDefault;
    private readonly double advanceDefault;

    public CidMetrics(PdfFile file, PdfDictionary font)
    {
        widthDefault = file.Number(font, "DW") ?? WidthDefault;
        var defaults = file.Array(font, "DW2");
        originDefault = file.Number(defaults?.ElementAtOrDefault(0)) ?? VerticalOriginDefault;
        advanceDefault = file.Number(defaults?.ElementAtOrDefault(1)) ?? VerticalAdvanceDefault;
        Read(file, file.Array(font, "W"), valuesPerCharacter: 1, (low, high, values) =>
        {
            widthRanges.Add(low, high, widths.Count);
            widths.Add(values[0]);
        });
        Read(file, file.Array(font, "W2"), valuesPerCharacter: 3, (low, high, values) =>
        {
            verticalRanges.Add(low, high, verticals.Count);
            verticals.Add((values[0], values[1], values[2]));
        });
    }

    public double Width(int character) =>
        (widthRanges.TryFind((uint)character, out var index, out _) && index < widths.Count ? widths[index] : widthDefault) / Thousand;

    /// <summary>How far the pen moves upwards (it is negative), and where it is as seen from the glyph's origin.</summary>
    public (double Advance, double X, double Y) Vertical(int character) =>
        verticalRanges.TryFind((uint)character, out var index, out _) && index < verticals.Count && verticals[index] is var (advance, x, y)
            ? (advance / Thousand, x / Thousand, y / Thousand)
            : (advanceDefault / Thousand, Width(character) / 2, originDefault / Thousand);

    // "first [values of first, of the next, …]" or "first last values".
    private static void Read(PdfFile file, IReadOnlyList<PdfObject>? items, int valuesPerCharacter, Action<uint, uint, double[]> add)
    {
        for (var at = 0; items is not null && at + 1 < items.Count;)
        {
            if (file.Integer(items[at]) is not (>= 0 and var first))
            {
                at++;
                continue;
            }

            if (file.Array(items[at + 1]) is { } list)
            {
                for (var index = 0; index + valuesPerCharacter <= list.Count; index += valuesPerCharacter)
                {
                    var character = (uint)(first + (index / valuesPerCharacter));
                    add(character, character, Values(file, list, index, valuesPerCharacter));
                }

                at += 2;
            }
            else
            {
                if (file.Integer(items[at + 1]) is >= 0 and var last && at + 2 + valuesPerCharacter <= items.Count)
                {
                    add((uint)first, (uint)last, Values(file, items, at + 2, valuesPerCharacter));
                }

                at += 2 + valuesPerCharacter;
            }
        }
    }

    private static double[] Values(PdfFile file, IReadOnlyList<PdfObject> items, int start, int count)
    {
        var values = new double[count];
        for (var index = 0; index < count; index++)
        {
            values[index] = file.Number(items[start + index]) ?? 0;
        }

        return values;
    }
}
