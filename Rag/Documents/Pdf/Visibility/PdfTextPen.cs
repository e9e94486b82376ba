using Pybo.Rag.Documents.Pdf.Source;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Graphics;

namespace Pybo.Rag.Documents.Pdf.Visibility;

/// <summary>Shows strings: keeps and moves the text matrices (ISO 32000-2, 9.4).</summary>
internal sealed class PdfTextPen(PdfGlyphSink sink, PdfBackground background, PdfArea page)
{
    private const double Thousand = 1_000;

    /// <summary>The typical height of a glyph's ink above its baseline, as a share of its size.</summary>
    private const double MiddleHeight = 0.3;

    /// <summary>The share of a glyph's width and height, on either side of its middle, that must be hidden to leave it out.</summary>
    private const double InkShare = 0.4;

    /// <summary>A hundred times the longest page (14,400 points): positions beyond it are invalid.</summary>
    private const double PlaceMax = 1_440_000;

    private Geometry geometry;
    private int run;
    private bool isLineShown;
    private bool flowsOn;

    /// <summary>Starts a newly placed line: by <c>BT</c>, <c>Tm</c>, <c>Td</c> or at the start of a form.</summary>
    public void Place() => (isLineShown, flowsOn) = (false, false);

    /// <summary>
    /// <c>T*</c>. Lines that continue below the page's edge, from one on the page, were written by a program that did not count them: they are
    /// read. Text that was placed there is hidden.
    /// </summary>
    public void NextLine() => (isLineShown, flowsOn) = (false, isLineShown || flowsOn);

    /// <summary>Begins the next show operator.</summary>
    public void NextRun() => run++;

    /// <summary>Shows a string and moves the text matrix past it.</summary>
    public void Show(IOperationContext context, PdfFont font, IInputBytes bytes, in Surroundings around)
    {
        var state = context.GetCurrentState();
        var text = state.FontState;
        var stretch = text.HorizontalScaling / 100;
        var matrix = PdfTokens.Matrix(context.TextMatrices.TextMatrix);
        // The matrix's directions are the same for the whole string; only its position moves.
        var key = new Key(matrix.Then(around.ToPage) with { E = 0, F = 0 }, text.FontSize, stretch, font);
        geometry = geometry.Key == key ? geometry : Geometry.Of(key);
        while (bytes.MoveNext())
        {
            var character = font.Read(bytes);
            if (!around.IsHidden && geometry.IsDrawn)
            {
                if (character.Text.Length > 0 || sink.IsReplacing)
                {
                    ShowGlyph(matrix, text.Rise, font, character, around);
                }
                else if (!character.IsSpace && character.Advance != 0)
                {
                    sink.AddUnknown(font.Look.Name);
                }
            }

            var distance = (character.Advance * text.FontSize) + text.CharacterSpacing + (character.IsSpace ? text.WordSpacing : 0);
            matrix = geometry.IsVertical ? Moved(matrix, 0, distance) : Moved(matrix, distance * stretch, 0);
        }

        context.TextMatrices.TextMatrix = matrix.ToPig();
    }

    /// <summary>Applies a number of a <c>TJ</c> array: backwards by thousandths of the size.</summary>
    public static void Adjust(IOperationContext context, PdfFont font, double thousandths)
    {
        var state = context.GetCurrentState().FontState;
        var distance = -thousandths / Thousand * state.FontSize;
        var matrix = PdfTokens.Matrix(context.TextMatrices.TextMatrix);
        context.TextMatrices.TextMatrix = (font.IsVertical ? Moved(matrix, 0, distance) : Moved(matrix, distance * state.HorizontalScaling / 100, 0)).ToPig();
    }

    private void ShowGlyph(in PdfMatrix matrix, double rise, PdfFont font, PdfCharacter character, in Surroundings around)
    {
        var (riseX, riseY) = matrix.Apply(0, rise);
        var (x, y) = around.ToPage.Apply(riseX, riseY);
        var advance = character.Advance * geometry.AdvanceScale;
        if (geometry.IsVertical)
        {
            advance = -advance; // Downwards, the writing direction, is positive on the page.
        }

        // The middle of the ink: in a line half a glyph on and slightly up, in a column half a glyph down.
        var up = geometry.IsVertical ? 0 : MiddleHeight * geometry.Size;
        var (middleX, middleY) = (x + (geometry.Cosine * advance / 2) + (geometry.UpX * up), y + (geometry.Sine * advance / 2) + (geometry.UpY * up));
        var (halfLong, halfHigh) = (InkShare * Math.Abs(advance), InkShare * geometry.Size / 2);
        var halfX = (Math.Abs(geometry.Cosine) * halfLong) + (Math.Abs(geometry.UpX) * halfHigh);
        var halfY = (Math.Abs(geometry.Sine) * halfLong) + (Math.Abs(geometry.UpY) * halfHigh);
        var isOnPage = Meets(around.Clip, middleX, middleY, halfX, halfY);
        isLineShown |= isOnPage;
        var isSeen = isOnPage || (flowsOn && around.Clip == page && Math.Max(Math.Abs(x), Math.Abs(y)) < PlaceMax);
        if (!isSeen || (around.IsWhite && background.IsWhite(middleX, middleY)))
        {
            return;
        }

        sink.Add(new(character.Text, (float)x, (float)y, (float)advance, (float)geometry.Size, geometry.Angle, geometry.IsVertical, font.Look, run), around.IsInvisible);
    }

    private static bool Meets(PdfArea clip, double x, double y, double halfX, double halfY) =>
        !clip.IsNothing && x + halfX >= clip.Left && x - halfX <= clip.Right && y + halfY >= clip.Top && y - halfY <= clip.Bottom;

    private static PdfMatrix Moved(in PdfMatrix matrix, double x, double y) =>
        matrix with { E = matrix.E + (x * matrix.A) + (y * matrix.C), F = matrix.F + (x * matrix.B) + (y * matrix.D) };

    /// <summary>The graphics state in which a string is shown, except its font.</summary>
    /// <param name="ToPage">From user space to the page as displayed.</param>
    /// <param name="Clip">Content painted outside of this is invisible; a clip path of another shape counts as the rectangle around it.</param>
    /// <param name="IsHidden">True within a layer that is off.</param>
    /// <param name="IsInvisible">True by render mode or transparency, as for recognised text beneath a scanned page.</param>
    /// <param name="IsWhite">True if filled with white; visible only on another colour.</param>
    public readonly record struct Surroundings(PdfMatrix ToPage, PdfArea Clip, bool IsHidden, bool IsInvisible, bool IsWhite);

    /// <summary>The inputs of a string's geometry.</summary>
    private readonly record struct Key(PdfMatrix ToPage, double FontSize, double Stretch, PdfFont Font);

    /// <summary>The geometry of a string's glyphs on the page.</summary>
    /// <param name="IsDrawn">False if glyphs have no extent, or an impossible one.</param>
    private readonly record struct Geometry(
        Key Key, bool IsDrawn, bool IsVertical, double Size, double AdvanceScale, double UpX, double UpY, double Cosine, double Sine, short Angle)
    {
        private const double SizeMax = 100_000;

        public static Geometry Of(in Key key)
        {
            var (toPage, size, stretch, font) = (key.ToPage, key.FontSize, key.Stretch, key.Font);
            var (rightX, rightY) = (toPage.A * size * stretch, toPage.B * size * stretch);
            var (upX, upY) = (toPage.C * size, toPage.D * size);
            var (right, up) = (Math.Sqrt((rightX * rightX) + (rightY * rightY)), Math.Sqrt((upX * upX) + (upY * upY)));
            var isDrawn = right is > 0 and < SizeMax && up is > 0 and < SizeMax;
            var (cosine, sine) = font.IsVertical ? (-upX / up, -upY / up) : (rightX / right, rightY / right);
            var angle = isDrawn ? (short)((int)(Math.Round(Math.Atan2(sine, cosine) * 180 / Math.PI) + 360) % 360) : (short)0;
            return new(key, isDrawn, font.IsVertical, up * font.EmHeight, font.IsVertical ? up : right, upX / up, upY / up, cosine, sine, angle);
        }
    }
}
