namespace Pybo.Rag.Documents.Pdf;

/// <summary>The widths and vertical advances of a composite font's character numbers (ISO 32000-2, 9.7.4.3), as shares of its size.</summary>
internal sealed class CidMetrics
{
    private const double Thousand = 1_000;
    private const double WidthDefault = 1_000;
    private const double VerticalAdvanceDefault = -1_000;

    private readonly CMapRanges widthRanges = new();
    private readonly List<double> widths = [];
    private readonly CMapRanges verticalRanges = new();
    private readonly List<double> verticalAdvances = [];
    private readonly double widthDefault;
    private readonly double advanceDefault;

    public CidMetrics(PdfFile file, PdfDictionary font)
    {
        widthDefault = file.Number(font, "DW") ?? WidthDefault;
        advanceDefault = file.Number(file.Array(font, "DW2")?.ElementAtOrDefault(1)) ?? VerticalAdvanceDefault;
        Read(file, file.Array(font, "W"), valuesPerCharacter: 1, widthRanges, widths);
        Read(file, file.Array(font, "W2"), valuesPerCharacter: 3, verticalRanges, verticalAdvances);
    }

    public double Width(int character) =>
        (widthRanges.TryFind((uint)character, out var index, out _) && index < widths.Count ? widths[index] : widthDefault) / Thousand;

    /// <summary>How far the pen moves upwards: it is negative.</summary>
    public double VerticalAdvance(int character) =>
        (verticalRanges.TryFind((uint)character, out var index, out _) && index < verticalAdvances.Count ? verticalAdvances[index] : advanceDefault) / Thousand;

    // "first [values of first, of the next, …]" or "first last values"; the first of a character's values is kept. A list may stand there many times over:
    // what is read has a limit, not only what is kept.
    private static void Read(PdfFile file, IReadOnlyList<PdfObject>? items, int valuesPerCharacter, CMapRanges ranges, List<double> values)
    {
        var left = CMapRanges.RangesMax;
        for (var at = 0; items is not null && at + 1 < items.Count && left > 0;)
        {
            if (file.Integer(items[at]) is not (>= 0 and var first))
            {
                at++;
                continue;
            }

            if (file.Array(items[at + 1]) is { } list)
            {
                for (var index = 0; index + valuesPerCharacter <= list.Count && left > 0; index += valuesPerCharacter, left--)
                {
                    var character = (uint)(first + (index / valuesPerCharacter));
                    ranges.Add(character, character, values.Count);
                    values.Add(file.Number(list[index]) ?? 0);
                }

                at += 2;
            }
            else
            {
                if (file.Integer(items[at + 1]) is >= 0 and var last && at + 2 + valuesPerCharacter <= items.Count)
                {
                    ranges.Add((uint)first, (uint)last, values.Count);
                    values.Add(file.Number(items[at + 2]) ?? 0);
                    left--;
                }

                at += 2 + valuesPerCharacter;
            }
        }
    }
}
