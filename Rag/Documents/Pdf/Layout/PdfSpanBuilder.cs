using System.Globalization;
using System.Text;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Groups the glyphs of one frame, in the order in which they are shown, into spans.</summary>
internal sealed class PdfSpanBuilder(PdfFrame frame)
{
    /// <summary>A wider gap, in sizes, ends a span because it may be a gutter. Spans on one line are joined again.</summary>
    private const float GapMax = 0.7f;

    /// <summary>Kerning moves back less than this, in sizes.</summary>
    private const float OverlapMax = 0.4f;

    /// <summary>Rounding moves the baseline by less than this, in sizes; an index moves it more.</summary>
    private const float BaselineShiftMax = 0.1f;

    /// <summary>A space glyph further from a letter than this, in sizes, does not belong to its line.</summary>
    private const float SpaceShiftMax = 0.5f;

    private const float SizeRatioMax = 1.25f;

    /// <summary>A letter has at most two accents (Vietnamese); without a limit, more would lengthen a text endlessly.</summary>
    private const int ComposedMax = 3;

    /// <summary>Spacing accents, and the combining marks they represent if printed over a letter (old TeX fonts).</summary>
    private static readonly Dictionary<char, char> Accents = new()
    {
        ['`'] = '\u0300',
        ['´'] = '\u0301',
        ['^'] = '\u0302',
        ['ˆ'] = '\u0302',
        ['˜'] = '\u0303',
        ['¯'] = '\u0304',
        ['˘'] = '\u0306',
        ['˙'] = '\u0307',
        ['¨'] = '\u0308',
        ['˚'] = '\u030A',
        ['˝'] = '\u030B',
        ['ˇ'] = '\u030C',
        ['¸'] = '\u0327',
        ['˛'] = '\u0328',
    };

    private PdfSpan? span;
    private float? spaceAcross;

    public PdfFrame Frame => frame;

    public List<PdfSpan> Spans { get; } = [];

    public int Letters { get; private set; }

    public void Add(in PdfGlyph glyph)
    {
        var (along, across) = frame.Place(glyph.X, glyph.Y);
        if (!float.IsFinite(along + across + glyph.Advance) || !(glyph.Size > 0) || !float.IsFinite(glyph.Size))
        {
            return;
        }

        var text = Searchable(glyph.Text);
        if (text.Length == 0)
        {
            spaceAcross = across;
            if (span is not null && Math.Abs(span.Baseline - across) < SpaceShiftMax * span.Size)
            {
                span.EndsWithSpace = true;
            }

            return;
        }

        var end = along + glyph.Advance;
        var afterSpace = spaceAcross is { } space && Math.Abs(space - across) < SpaceShiftMax * glyph.Size;
        var letter = new PdfLetter(text, Math.Min(along, end), Math.Max(along, end), across, glyph.Size, glyph.Font, afterSpace);
        spaceAcross = null;
        Letters++;
        Append(letter);
    }

    private void Append(in PdfLetter letter)
    {
        if (span is { Letters: [.., var last] } && Composed(last, letter) is { } composed)
        {
            span.Compose(composed, frame.IsVertical);
            return;
        }

        if (span is null || !Continues(span.Letters[^1], letter))
        {
            span = new();
            Spans.Add(span);
        }

        span.Add(letter, frame.IsVertical);
        span.EndsWithSpace = false;
    }

    private static bool Continues(in PdfLetter last, in PdfLetter next)
    {
        var gap = next.Start - last.End;
        return Math.Abs(next.Baseline - last.Baseline) <= BaselineShiftMax * next.Size
            && next.Size <= last.Size * SizeRatioMax && last.Size <= next.Size * SizeRatioMax
            && gap <= GapMax * next.Size && gap >= -OverlapMax * next.Size;
    }

    /// <summary>Combines a letter and an accent printed over it, in either order; null for any other two.</summary>
    private static PdfLetter? Composed(in PdfLetter first, in PdfLetter second)
    {
        var (letter, accent, mark) = Mark(second.Text) is not '\0' and var after ? (first, second, after)
            : Mark(first.Text) is not '\0' and var before ? (second, first, before) : default;
        if (mark == default || letter.Text.Length > ComposedMax || !char.IsLetter(letter.Text, 0) || Math.Abs(letter.Baseline - accent.Baseline) > letter.Size)
        {
            return null;
        }

        var middle = (accent.Start + accent.End) / 2;
        return middle > letter.Start && middle < letter.End
            ? letter with { Text = (letter.Text + mark).Normalize(NormalizationForm.FormC), AfterSpace = first.AfterSpace }
            : null;
    }

    // This runs for every pair of letters, so most are rejected at a glance.
    private static char Mark(string text) => text is ['`' or '^' or (>= '\u00A8' and <= '\u02DD')] ? Accents.GetValueOrDefault(text[0]) : '\0';

    /// <summary>
    /// Removes white space (except between words of one glyph) and control characters; maps Latin ligatures, Arabic and Hebrew presentation forms and Kangxi radicals (which some
    /// producers use for their Han glyphs) to the characters that people type.
    /// </summary>
    private static string Searchable(string text)
    {
        if (text.Length == 1)
        {
            var character = text[0];
            return character switch
            {
                < '\u2F00' or (>= '가' and <= '힣') => char.IsWhiteSpace(character) || char.IsControl(character) || character == '\u200B' ? "" : text,
                _ when IsForm(character) => Typed(text),
                _ => char.IsWhiteSpace(character) || character == '\uFEFF' ? "" : text,
            };
        }

        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                // A glyph with words is a form's value or an address.
                shown.Append(shown.Length > 0 && shown[^1] == ' ' ? "" : " ");
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned))
            {
                var isForm = rune.IsBmp && IsForm((char)rune.Value);
                shown.Append(isForm ? Typed(rune.ToString()) : rune.ToString());
            }
        }

        return shown.ToString() is var words && IsAddress(words) ? words.TrimEnd() : words.Trim();
    }

    /// <summary>True for what <see cref="Visibility.PdfLinks"/> writes behind a linked text.</summary>
    private static bool IsAddress(string words) => words.StartsWith(" (", StringComparison.Ordinal);

    /// <summary>Some forms of Arabic marks decompose to a space and the mark.</summary>
    private static string Typed(string form) => form.Normalize(NormalizationForm.FormKC).Replace(" ", "", StringComparison.Ordinal);

    private static bool IsForm(char character) =>
        character is (>= '\u2F00' and <= '\u2FD5') or (>= '\uFB00' and <= '\uFB4F') or (>= '\uFB50' and <= '\uFDFB') or (>= '\uFE70' and <= '\uFEFC');
}
