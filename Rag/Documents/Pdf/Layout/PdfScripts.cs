using System.Runtime.InteropServices;
using System.Text;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Writes the smaller letters of a line above or below its baseline as superscripts and subscripts (<see cref="ScriptText"/>).</summary>
internal static class PdfScripts
{
    /// <summary>An index is at most this size relative to its line; smaller text on the line has nothing to do with it.</summary>
    private const float SizeMax = 0.85f;
    private const float SizeMin = 0.35f;

    /// <summary>Shifts of the baseline, in sizes of the line: smaller ones centre a smaller font on the line.</summary>
    private const float RiseMin = 0.15f;
    private const float DropMin = 0.06f;

    private enum Shift
    {
        None,
        Raised,
        Lowered,
    }

    public static void Write(ref List<PdfLetter> letters, ref char[] separators, PdfRow row)
    {
        if (!HasShift(letters, row))
        {
            return;
        }

        var (written, before) = (new List<PdfLetter>(letters.Count), new List<char>(letters.Count));
        for (var at = 0; at < letters.Count;)
        {
            var (shift, end) = (Of(letters[at], row), at + 1);
            while (shift != Shift.None && end < letters.Count && Of(letters[end], row) == shift && separators[end] != PdfLine.CellSeparator)
            {
                end++;
            }

            before.Add(separators[at]);
            // A word of its own in smaller letters is no index.
            var isAttached = (at > 0 && separators[at] == '\0') || (end < letters.Count && separators[end] == '\0');
            if (shift != Shift.None && !isAttached)
            {
                before.AddRange(separators.AsSpan(at + 1, end - at - 1));
                written.AddRange(CollectionsMarshal.AsSpan(letters)[at..end]);
                at = end;
                continue;
            }

            written.Add(shift == Shift.None ? letters[at] : letters[at] with { Text = Text(letters, separators, at, end, shift), End = letters[end - 1].End });
            at = end;
        }

        (letters, separators) = (written, [.. before]);
    }

    private static bool HasShift(List<PdfLetter> letters, PdfRow row)
    {
        var shifted = 0;
        foreach (ref readonly var letter in CollectionsMarshal.AsSpan(letters))
        {
            shifted += letter.Size <= SizeMax * row.Size && Of(letter, row) != Shift.None ? 1 : 0;
        }

        return shifted > 0 && shifted < letters.Count && !letters.Exists(letter => VisualOrder.IsRightToLeft(letter.Text));
    }

    private static string Text(List<PdfLetter> letters, char[] separators, int start, int end, Shift shift)
    {
        var text = new StringBuilder();
        for (var at = start; at < end; at++)
        {
            text.Append(at > start && separators[at] == ' ' ? " " : "").Append(letters[at].Text);
        }

        return shift == Shift.Raised ? ScriptText.Raised(text.ToString()) : ScriptText.Lowered(text.ToString());
    }

    private static Shift Of(in PdfLetter letter, PdfRow row)
    {
        if (letter.Size > SizeMax * row.Size || letter.Size < SizeMin * row.Size)
        {
            return Shift.None;
        }

        var rise = row.Baseline - letter.Baseline;
        return rise >= RiseMin * row.Size ? Shift.Raised : rise <= -DropMin * row.Size ? Shift.Lowered : Shift.None;
    }
}
