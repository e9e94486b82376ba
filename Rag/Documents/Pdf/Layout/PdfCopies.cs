namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Removes the copy of a text that is printed below it as its shadow, further off than a letter printed twice to look bold.</summary>
internal static class PdfCopies
{
    /// <summary>A shadow is at most this far off, in sizes.</summary>
    private const float ShiftMax = 0.35f;

    /// <summary>A shorter text may be there twice (ㅋㅋ).</summary>
    private const int LettersMin = 3;

    public static List<PdfSpan> Without(List<PdfSpan> spans)
    {
        var seen = new Dictionary<(int, char, char, char), PdfSpan>();
        HashSet<PdfSpan>? copies = null;
        foreach (var span in spans.Where(span => span.Letters.Count >= LettersMin))
        {
            var key = Key(span);
            if (seen.TryGetValue(key, out var other) && IsCopy(other, span))
            {
                (copies ??= []).Add(span);
            }
            else
            {
                seen[key] = span;
            }
        }

        return copies is null ? spans : spans.FindAll(span => !copies.Contains(span));
    }

    /// <summary>A key that differs for most texts; <see cref="IsCopy"/> compares the rest.</summary>
    private static (int Letters, char First, char Middle, char Last) Key(PdfSpan span) =>
        (span.Letters.Count, span.Letters[0].Text[0], span.Letters[span.Letters.Count / 2].Text[0], span.Letters[^1].Text[0]);

    private static bool IsCopy(PdfSpan first, PdfSpan second) =>
        Math.Abs(first.Start - second.Start) <= ShiftMax * first.Size && Math.Abs(first.Baseline - second.Baseline) <= ShiftMax * first.Size && first.Letters.Count == second.Letters.Count
        && first.Letters.Zip(second.Letters).All(pair => string.Equals(pair.First.Text, pair.Second.Text, StringComparison.Ordinal));
}
