namespace Pybo.Rag.Documents.Pdf;

/// <summary>Shows strings: the text matrices and what moves them (ISO 32000-2, 9.4).</summary>
internal sealed class PdfTextPen(PdfGlyphSink sink, PdfBackground background, PdfArea page)
{
    private const double Thousand = 1_000;
    private const int ModeInvisible = 3;
    private const int ModeClipOnly = 7;

    /// <summary>Where a glyph's ink mostly is, above its baseline as a share of its size.</summary>
    private const double MiddleHeight = 0.3;

    /// <summary>How much of its width and height on either side of its middle must be hidden for a glyph to be left out.</summary>
    private const double InkShare = 0.4;

    /// <summary>A hundred times the longest page (14,400 points): what lies beyond is no place.</summary>
    private const double PlaceMax = 1_440_000;

    private PdfMatrix matrix = PdfMatrix.Identity;
    private PdfMatrix line = PdfMatrix.Identity;
    private int run;
    private bool isLineShown;
    private bool flowsOn;

    /// <summary><c>BT</c>, and at the start of a form.</summary>
    public void Begin() => SetMatrix(PdfMatrix.Identity);

    public void SetMatrix(PdfMatrix value) => (matrix, line, isLineShown, flowsOn) = (value, value, false, false);

    /// <summary>The matrices, for a form to give back what it has changed.</summary>
    public (PdfMatrix Matrix, PdfMatrix Line) Save() => (matrix, line);

    public void Restore((PdfMatrix Matrix, PdfMatrix Line) saved) => (matrix, line) = saved;

    /// <summary><c>Td</c>: to the start of another line.</summary>
    public void Move(double x, double y) => SetMatrix(new PdfMatrix(1, 0, 0, 1, x, y).Then(line));

    /// <summary>
    /// <c>T*</c>. Lines that follow each other below the page's edge, from one that stood on it, come of a program that did not count them: they are
    /// read. Text that was placed there is hidden.
    /// </summary>
    public void NextLine(double leading)
    {
        var flows = isLineShown || flowsOn;
        Move(0, -leading);
        flowsOn = flows;
    }

    /// <summary>Begins the next show operator.</summary>
    public void NextRun() => run++;

    /// <summary>A number of a <c>TJ</c> array: backwards by thousandths of the size.</summary>
    public void Adjust(PdfGraphicsState state, double thousandths)
    {
        var distance = -thousandths / Thousand * state.FontSize;
        Advance(state.Font is { IsVertical: true } ? (0, distance) : (distance * state.Stretch, 0));
    }

    public void Show(PdfGraphicsState state, ReadOnlySpan<byte> text, bool isHidden)
    {
        if (state.Font is not { } font)
        {
            return;
        }

        // The matrix's directions stay the same for the whole string; only its place moves.
        var toPage = matrix.Then(state.Matrix);
        var geometry = new Geometry(toPage, state, font);
        var isInvisible = state.RenderMode is ModeInvisible or ModeClipOnly || state.IsTransparent;
        while (!text.IsEmpty)
        {
            var character = font.Read(text, out var length);
            text = text[length..];
            if (!isHidden && geometry.IsDrawn)
            {
                if (character.Text.Length > 0 || sink.IsReplacing)
                {
                    ShowGlyph(state, font, character, geometry, isInvisible);
                }
                else if (!character.IsSpace && character.Advance != 0)
                {
                    sink.Unknown++;
                }
            }

            var spacing = state.CharacterSpacing + (character.IsSpace ? state.WordSpacing : 0);
            var distance = (character.Advance * state.FontSize) + spacing;
            Advance(geometry.IsVertical ? (0, distance) : (distance * state.Stretch, 0));
        }
    }

    private void ShowGlyph(PdfGraphicsState state, PdfFont font, PdfCharacter character, in Geometry geometry, bool isInvisible)
    {
        var (riseX, riseY) = matrix.Apply(0, state.Rise);
        var (x, y) = state.Matrix.Apply(riseX, riseY);
        var advance = character.Advance * geometry.AdvanceScale;
        if (geometry.IsVertical)
        {
            advance = -advance; // Downwards, the writing direction, is positive on the page.
        }

        // The middle of the ink: on a line half a glyph on and some way up, in a column half a glyph down.
        var up = geometry.IsVertical ? 0 : MiddleHeight * geometry.Size;
        var (middleX, middleY) = (x + (geometry.Cosine * advance / 2) + (geometry.UpX * up), y + (geometry.Sine * advance / 2) + (geometry.UpY * up));
        var (halfLong, halfHigh) = (InkShare * Math.Abs(advance), InkShare * geometry.Size / 2);
        var halfX = (Math.Abs(geometry.Cosine) * halfLong) + (Math.Abs(geometry.UpX) * halfHigh);
        var halfY = (Math.Abs(geometry.Sine) * halfLong) + (Math.Abs(geometry.UpY) * halfHigh);
        var isOnPage = Meets(state.Clip, middleX, middleY, halfX, halfY);
        isLineShown |= isOnPage;
        var isSeen = isOnPage || (flowsOn && state.Clip == page && Math.Max(Math.Abs(x), Math.Abs(y)) < PlaceMax);
        if (!isSeen || (state.FillIsWhite && state.RenderMode is 0 or 4 && !isInvisible && background.IsWhite(middleX, middleY)))
        {
            return;
        }

        sink.Add(new(character.Text, (float)x, (float)y, (float)advance, (float)geometry.Size, geometry.Angle, geometry.IsVertical, font.Look, run), isInvisible);
    }

    private static bool Meets(PdfArea clip, double x, double y, double halfX, double halfY) =>
        !clip.IsNothing && x + halfX >= clip.Left && x - halfX <= clip.Right && y + halfY >= clip.Top && y - halfY <= clip.Bottom;

    private void Advance((double X, double Y) by) =>
        matrix = matrix with { E = matrix.E + (by.X * matrix.A) + (by.Y * matrix.C), F = matrix.F + (by.X * matrix.B) + (by.Y * matrix.D) };

    /// <summary>How a string's glyphs lie on the page.</summary>
    private readonly struct Geometry
    {
        private const double SizeMax = 100_000;

        public Geometry(in PdfMatrix toPage, PdfGraphicsState state, PdfFont font)
        {
            IsVertical = font.IsVertical;
            var (rightX, rightY) = (toPage.A * state.FontSize * state.Stretch, toPage.B * state.FontSize * state.Stretch);
            var (upX, upY) = (toPage.C * state.FontSize, toPage.D * state.FontSize);
            var (right, up) = (Math.Sqrt((rightX * rightX) + (rightY * rightY)), Math.Sqrt((upX * upX) + (upY * upY)));
            IsDrawn = right is > 0 and < SizeMax && up is > 0 and < SizeMax;
            Size = up * font.EmHeight;
            AdvanceScale = IsVertical ? up : right;
            (UpX, UpY) = (upX / up, upY / up);
            (Cosine, Sine) = IsVertical ? (-UpX, -UpY) : (rightX / right, rightY / right);
            Angle = IsDrawn ? (short)((int)(Math.Round(Math.Atan2(Sine, Cosine) * 180 / Math.PI) + 360) % 360) : (short)0;
        }

        /// <summary>False where glyphs have no extent, or one that no page has.</summary>
        public bool IsDrawn { get; }

        public bool IsVertical { get; }

        public double Size { get; }

        public double AdvanceScale { get; }

        public double UpX { get; }

        public double UpY { get; }

        public double Cosine { get; }

        public double Sine { get; }

        public short Angle { get; }
    }
}
