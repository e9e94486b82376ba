using System.Runtime.InteropServices;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>
/// Finds the word ends of a row. A space glyph ends a word; so does a gap wider than <see cref="GapMin"/>, because Korean and justified text
/// is often set without space glyphs. In letter-spaced text, where most gaps are equally wide, the gap must be wider than those.
/// </summary>
internal static class PdfWords
{
    /// <summary>The narrowest space between words, in sizes: kerning stays below .08, a condensed space above .14.</summary>
    private const float GapMin = 0.11f;

    /// <summary>A space glyph with less room than this, in sizes, is overprinted: the letters touch.</summary>
    private const float SpaceGapMin = -0.15f;

    /// <summary>A wider gap, in sizes, separates cells; so does a narrower one in a gutter of the region.</summary>
    private const float CellGapMin = 1.5f;
    private const float GutterGapMin = 0.8f;

    /// <summary>Fewer spaces than this may be alike by chance.</summary>
    private const int SpreadGapsMin = 3;

    /// <summary>Spaces of one justified line differ by less than this, in sizes; those between table cells by more, as cells do.</summary>
    private const float SpreadDifferenceMax = 0.4f;

    /// <summary>Letters are spaced by at most this, in sizes: letters further apart are one-letter words or cells.</summary>
    private const float LetterSpacingMax = 0.6f;

    /// <summary>Fewer gaps than this do not show how letters are spaced.</summary>
    private const int LetterSpacingGapsMin = 4;

    /// <summary>Gaps between spaced letters differ by less than this, in sizes.</summary>
    private const float LetterSpacingSpread = 0.06f;

    private const float LetterSpacingShareMin = 0.6f;

    /// <summary>A duplicate printed next to its letter to make it bold is shifted by less than this, in sizes.</summary>
    private const float DuplicateShiftMax = 0.12f;

    /// <summary>The number of preceding letters among which a duplicate is searched.</summary>
    private const int DuplicateReach = 3;

    /// <summary>Returns the letters of a row from left to right, by their middle (a tightly set bracket begins before the letter it follows), without overprinted duplicates (fake bold, shadows).</summary>
    public static List<PdfLetter> Letters(PdfRow row)
    {
        if (row.Spans is [var only])
        {
            return WithoutDuplicates(only.Letters);
        }

        var sorted = new List<PdfLetter>(row.Letters);
        row.Spans.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var isSorted = true;
        foreach (var span in row.Spans)
        {
            isSorted &= sorted.Count == 0 || sorted[^1].Middle <= span.Letters[0].Middle;
            sorted.AddRange(span.Letters);
        }

        return WithoutDuplicates(isSorted ? sorted : [.. sorted.OrderBy(l => l.Middle)]);
    }

    /// <summary>Returns the same list if there are no duplicates, as is usual.</summary>
    private static List<PdfLetter> WithoutDuplicates(List<PdfLetter> sorted)
    {
        List<PdfLetter>? fewer = null;
        for (var next = 1; next < sorted.Count; next++)
        {
            var before = CollectionsMarshal.AsSpan(fewer ?? sorted)[..(fewer?.Count ?? next)];
            if (HasDuplicate(before[^Math.Min(DuplicateReach, before.Length)..], sorted[next]))
            {
                fewer ??= sorted[..next];
            }
            else
            {
                fewer?.Add(sorted[next]);
            }
        }

        return fewer ?? sorted;
    }

    private static bool HasDuplicate(ReadOnlySpan<PdfLetter> before, in PdfLetter letter)
    {
        foreach (ref readonly var other in before)
        {
            if (IsDuplicate(other, letter))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the separator before each letter: <c>'\0'</c> inside a word, a space before a word, a tab before a cell.</summary>
    public static char[] Separators(List<PdfLetter> letters, IReadOnlyList<PdfGap> gutters)
    {
        var separators = new char[letters.Count];
        var threshold = GapMin + LetterSpacing(letters);
        var isSpread = gutters.Count > 0 && IsSpread(letters, threshold);
        for (var (at, gutter) = (1, 0); at < letters.Count; at++)
        {
            var (last, next) = (letters[at - 1], letters[at]);
            var gap = (next.Start - last.End) / Math.Max(last.Size, next.Size);
            while (gutter < gutters.Count && gutters[gutter].Start < last.End - (GapMin * last.Size))
            {
                gutter++;
            }

            var isGutter = gutter < gutters.Count && gutters[gutter].End <= next.Start + (GapMin * next.Size);
            separators[at] = gap >= CellGapMin || (isGutter && !isSpread && gap >= GutterGapMin) ? PdfLine.CellSeparator
                : gap >= threshold || (next.AfterSpace && gap >= SpaceGapMin) ? ' ' : '\0';
        }

        return separators;
    }

    /// <summary>True if all spaces are alike and none is wide: a justified line's words, which meet a gutter by chance.</summary>
    private static bool IsSpread(List<PdfLetter> letters, float threshold)
    {
        var (narrowest, widest, count) = (float.MaxValue, 0f, 0);
        for (var at = 1; at < letters.Count; at++)
        {
            var gap = (letters[at].Start - letters[at - 1].End) / Math.Max(letters[at - 1].Size, letters[at].Size);
            if (gap >= threshold)
            {
                (narrowest, widest, count) = (Math.Min(narrowest, gap), Math.Max(widest, gap), count + 1);
            }
        }

        return count >= SpreadGapsMin && widest < CellGapMin && widest - narrowest <= SpreadDifferenceMax;
    }

    /// <summary>Returns the letter spacing of a row, in sizes; 0 for ordinary text.</summary>
    private static float LetterSpacing(List<PdfLetter> letters)
    {
        if (letters.Count <= LetterSpacingGapsMin)
        {
            return 0;
        }

        var gaps = new float[letters.Count - 1];
        for (var at = 0; at < gaps.Length; at++)
        {
            gaps[at] = (letters[at + 1].Start - letters[at].End) / letters[at].Size;
        }

        Array.Sort(gaps);
        var middle = gaps[gaps.Length / 2];
        if (middle is <= 0 or > LetterSpacingMax)
        {
            return 0;
        }

        var alike = gaps.Count(g => Math.Abs(g - middle) < LetterSpacingSpread);
        return alike >= LetterSpacingShareMin * gaps.Length ? middle : 0;
    }

    private static bool IsDuplicate(in PdfLetter first, in PdfLetter second) =>
        Math.Abs(first.Start - second.Start) <= DuplicateShiftMax * first.Size && Math.Abs(first.Baseline - second.Baseline) <= DuplicateShiftMax * first.Size
        && Math.Abs(first.Size - second.Size) <= DuplicateShiftMax * first.Size && string.Equals(first.Text, second.Text, StringComparison.Ordinal)
        && second.End - second.Start > DuplicateShiftMax * second.Size;
}
