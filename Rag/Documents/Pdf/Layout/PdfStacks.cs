using System.Runtime.InteropServices;
using System.Text;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>
/// Finds vertical writing whose letters are placed one by one in an ordinary font: single letters closely below each other. On a page of such columns they
/// become vertical glyphs; on any other page a stack is the label of a table's rows and becomes one word.
/// </summary>
internal static class PdfStacks
{
    /// <summary>A letter with another at most this far to its left or right, in sizes, is part of a line.</summary>
    private const float AlignedMax = 0.6f;

    /// <summary>Letters of a column are at most this far out of line, in sizes.</summary>
    private const float ShiftMax = 0.35f;

    /// <summary>From letter to letter, in sizes: nearer ones overlap, further ones are lines of a list.</summary>
    private const float PitchMin = 0.8f;
    private const float PitchMax = 1.75f;

    /// <summary>Below this pitch letters are set as a column; above it they are so only if nothing else is on their lines.</summary>
    private const float TightPitchMax = 1.4f;

    /// <summary>A gap of at most this many pitches is a space in a column.</summary>
    private const float SpacePitchMax = 2.6f;

    private const float SpacePitchMin = 1.6f;

    /// <summary>The share of a page's letters in columns, from which on the page is written vertically.</summary>
    private const float PageShareMin = 0.5f;

    /// <summary>A column of one page is this long, in letters; a shorter one may be a column's rest.</summary>
    private const int ColumnLettersMin = 4;

    /// <summary>Steps of baselines within which letters are on one line, per size.</summary>
    private const float LineSteps = 4;

    private const float SizeRatioMax = 1.1f;

    public static List<PdfGlyph> Read(List<PdfGlyph> glyphs)
    {
        var single = Singles(glyphs);
        if (single.Count < 2)
        {
            return glyphs;
        }

        var stacks = Stacks(glyphs, single);
        if (stacks.Count == 0)
        {
            return glyphs;
        }

        var stacked = stacks.Sum(stack => stack.Count);
        var isVertical = stacked >= PageShareMin * glyphs.Count(glyph => !string.IsNullOrWhiteSpace(glyph.Text)) && stacks.Exists(stack => stack.Count >= ColumnLettersMin);
        return isVertical ? Turned(glyphs, stacks) : Joined(glyphs, stacks);
    }

    /// <summary>Returns the letters without a neighbour on their line among those shown before and after them.</summary>
    private static List<int> Singles(List<PdfGlyph> glyphs)
    {
        var (single, last) = (new List<int>(), -1);
        var isLastSingle = false;
        var span = CollectionsMarshal.AsSpan(glyphs);
        for (var at = 0; at < span.Length; at++)
        {
            ref readonly var glyph = ref span[at];
            if (glyph.Text.Length == 1 && char.IsWhiteSpace(glyph.Text[0]))
            {
                continue;
            }

            var isBeside = last >= 0 && AreBeside(span[last], glyph);
            if (isLastSingle && !isBeside)
            {
                single.Add(last);
            }

            (last, isLastSingle) = (at, !isBeside && glyph is { Angle: 0, IsVertical: false, Text.Length: 1, Size: > 0 });
        }

        if (isLastSingle)
        {
            single.Add(last);
        }

        return single.Count(at => IsUpright(glyphs[at].Text[0])) > 1 ? single : [];
    }

    private static bool AreBeside(in PdfGlyph first, in PdfGlyph second)
    {
        var size = Math.Max(first.Size, second.Size);
        var gap = Math.Max(second.X - (first.X + first.Advance), first.X - (second.X + second.Advance));
        return Math.Abs(first.Y - second.Y) < size / 2 && gap < AlignedMax * size;
    }

    private static List<List<int>> Stacks(List<PdfGlyph> glyphs, List<int> single)
    {
        var isSingle = single.ToHashSet();
        var lines = new HashSet<int>();
        for (var at = 0; at < glyphs.Count; at++)
        {
            if (!isSingle.Contains(at) && !string.IsNullOrWhiteSpace(glyphs[at].Text))
            {
                lines.Add(Line(glyphs[at]));
            }
        }

        single.Sort((a, b) => (glyphs[a].X + (glyphs[a].Advance / 2)).CompareTo(glyphs[b].X + (glyphs[b].Advance / 2)));
        var stacks = new List<List<int>>();
        for (var (first, at) = (0, 1); at <= single.Count; at++)
        {
            if (at == single.Count || !AreInLine(glyphs[single[first]], glyphs[single[at]]))
            {
                var column = single[first..at];
                column.Sort((a, b) => glyphs[a].Y.CompareTo(glyphs[b].Y));
                AddStacks(stacks, glyphs, column, lines);
                first = at;
            }
        }

        return stacks;
    }

    private static void AddStacks(List<List<int>> stacks, List<PdfGlyph> glyphs, List<int> column, HashSet<int> lines)
    {
        for (var (first, at) = (0, 1); at <= column.Count; at++)
        {
            if (at < column.Count && Follows(glyphs[column[at - 1]], glyphs[column[at]]))
            {
                continue;
            }

            var stack = column[first..at];
            if (IsStack(glyphs, stack, lines))
            {
                stacks.Add(stack);
            }

            first = at;
        }
    }

    private static bool Follows(in PdfGlyph above, in PdfGlyph below)
    {
        var step = (below.Y - above.Y) / below.Size;
        return step is >= PitchMin and <= SpacePitchMax * PitchMax && above.Size <= SizeRatioMax * below.Size && below.Size <= SizeRatioMax * above.Size;
    }

    private static bool IsStack(List<PdfGlyph> glyphs, List<int> stack, HashSet<int> lines)
    {
        if (stack.Count < 2 || stack.Count(at => IsUpright(glyphs[at].Text[0])) < Math.Max(2, stack.Count / 2))
        {
            return false;
        }

        var pitch = Pitch(glyphs, stack) / glyphs[stack[0]].Size;
        var onLines = stack.Count(at => IsOnLine(glyphs[at], lines));
        return pitch <= PitchMax && Enumerable.Range(1, stack.Count - 1).All(at => glyphs[stack[at]].Y - glyphs[stack[at - 1]].Y <= SpacePitchMax * pitch * glyphs[stack[0]].Size)
            && (pitch <= TightPitchMax ? 2 * onLines <= stack.Count : onLines == 0);
    }

    /// <summary>Returns the median step from letter to letter, in points.</summary>
    private static float Pitch(List<PdfGlyph> glyphs, List<int> stack)
    {
        var steps = Enumerable.Range(1, stack.Count - 1).Select(at => glyphs[stack[at]].Y - glyphs[stack[at - 1]].Y).Order().ToArray();
        return steps[(steps.Length - 1) / 2];
    }

    private static List<PdfGlyph> Turned(List<PdfGlyph> glyphs, List<List<int>> stacks)
    {
        var read = new List<PdfGlyph>(glyphs.Count);
        var moved = new HashSet<int>();
        foreach (var stack in stacks)
        {
            var pitch = Pitch(glyphs, stack);
            var middle = stack.Max(at => glyphs[at].X + (glyphs[at].Advance / 2));
            moved.UnionWith(stack);
            read.AddRange(stack.Select(at => glyphs[at] with { X = middle, Y = glyphs[at].Y - (glyphs[at].Font.Ascent * glyphs[at].Size), Advance = pitch, Angle = 90, IsVertical = true }));
        }

        read.AddRange(glyphs.Where((glyph, at) => !moved.Contains(at) && !string.IsNullOrWhiteSpace(glyph.Text)));
        return read;
    }

    private static List<PdfGlyph> Joined(List<PdfGlyph> glyphs, List<List<int>> stacks)
    {
        var words = new Dictionary<int, PdfGlyph>();
        var moved = new HashSet<int>();
        foreach (var stack in stacks)
        {
            var pitch = Pitch(glyphs, stack);
            var text = new StringBuilder();
            foreach (var (glyph, above) in stack.Select((at, place) => (glyphs[at], place == 0 ? glyphs[at] : glyphs[stack[place - 1]])))
            {
                text.Append(glyph.Y - above.Y > SpacePitchMin * pitch ? " " : "").Append(glyph.Text);
            }

            moved.UnionWith(stack);
            words[stack[0]] = glyphs[stack[0]] with { Text = text.ToString(), Y = (glyphs[stack[0]].Y + glyphs[stack[^1]].Y) / 2 };
        }

        var read = new List<PdfGlyph>(glyphs.Count);
        for (var at = 0; at < glyphs.Count; at++)
        {
            if (words.TryGetValue(at, out var word))
            {
                read.Add(word);
            }
            else if (!moved.Contains(at))
            {
                read.Add(glyphs[at]);
            }
        }

        return read;
    }

    private static bool AreInLine(in PdfGlyph first, in PdfGlyph second) =>
        Math.Abs(first.X - second.X) <= ShiftMax * first.Size || Math.Abs(first.X + (first.Advance / 2) - second.X - (second.Advance / 2)) <= ShiftMax * first.Size;

    private static int Line(in PdfGlyph glyph) => (int)MathF.Round(Math.Clamp(glyph.Y, short.MinValue, short.MaxValue) * LineSteps / 10);

    private static bool IsOnLine(in PdfGlyph glyph, HashSet<int> lines) => Line(glyph) is var line && (lines.Contains(line) || lines.Contains(line - 1) || lines.Contains(line + 1));

    /// <summary>True for letters that are written below each other: Hangul, Han, Kana.</summary>
    private static bool IsUpright(char character) => character is (>= '\u3041' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3');
}
