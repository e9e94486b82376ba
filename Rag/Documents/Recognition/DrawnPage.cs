using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>A page as grey pixels, row by row, 0 for black (PGM, netpbm's pgm(5)); scans are laid askew, and this straightens them.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Pixels">One byte each.</param>
internal sealed record DrawnPage(int Width, int Height, ReadOnlyMemory<byte> Pixels)
{
    /// <summary>Two letters and three numbers.</summary>
    public const int HeaderBytesMax = 64;

    /// <summary>A feeder turns a page by less than this; a photo that is turned more is recognised as it is.</summary>
    private const double DegreesMax = 5;

    /// <summary>Tesseract reads lines that rise or fall by less than this as well as straight ones.</summary>
    private const double DegreesMin = 0.2;

    private const double CoarseStep = 0.5;

    private const double FineStep = 0.05;

    /// <summary>The side of the squares whose mean is one point of the search: noise disappears, lines of text stay apart.</summary>
    private const int Square = 4;

    private const byte White = 255;

    /// <summary>Parses a picture; null if it is none.</summary>
    public static DrawnPage? Parse(ReadOnlyMemory<byte> file)
    {
        var header = file.Span[..Math.Min(file.Length, HeaderBytesMax)];
        if (!header.StartsWith("P5"u8))
        {
            return null;
        }

        var rest = header[2..];
        var (width, height, most) = (Number(ref rest), Number(ref rest), Number(ref rest));
        var start = header.Length - rest.Length + 1;
        var isWhole = most == White && width is > 0 and <= RecognitionLimits.SidePixelsMax && height is > 0 and <= RecognitionLimits.SidePixelsMax && file.Length - start == width * height;
        return isWhole ? new(width, height, file[start..]) : null;
    }

    /// <summary>Writes it as a file.</summary>
    public byte[] ToArray() => [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"P5\n{Width} {Height}\n{White}\n")), .. Pixels.Span];

    /// <summary>Returns by how many degrees, clockwise, its lines of text are turned; 0 if they are straight, turned too far, or if there are none.</summary>
    public double Skew()
    {
        var dark = Dark();
        if (dark.Count == 0)
        {
            return 0;
        }

        var coarse = Steepest(dark, 0, DegreesMax, CoarseStep);
        var fine = Steepest(dark, coarse, CoarseStep, FineStep);
        return Math.Abs(fine) is >= DegreesMin and < DegreesMax ? fine : 0;
    }

    /// <summary>Turns it by quarters, clockwise.</summary>
    public DrawnPage Turned(int quarters)
    {
        var turned = this;
        for (var turn = 0; turn < quarters; turn++)
        {
            turned = turned.Quarter();
        }

        return turned;
    }

    /// <summary>Turns it by these degrees, clockwise, around its middle; the corners that appear are white.</summary>
    public DrawnPage Turned(double degrees)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        var (middleX, middleY) = ((Width - 1) / 2.0, (Height - 1) / 2.0);
        var pixels = Pixels.Span;
        var to = new byte[Width * Height];
        for (var y = 0; y < Height; y++)
        {
            // The place in the original of the row's first pixel; each step along the row moves it by one.
            var sourceX = middleX - (middleX * cosine) + ((y - middleY) * sine);
            var sourceY = middleY + (middleX * sine) + ((y - middleY) * cosine);
            for (var x = 0; x < Width; x++, sourceX += cosine, sourceY -= sine)
            {
                to[(y * Width) + x] = At(pixels, sourceX, sourceY);
            }
        }

        return this with { Pixels = to };
    }

    private DrawnPage Quarter()
    {
        var pixels = Pixels.Span;
        var to = new byte[Width * Height];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                to[(x * Height) + Height - 1 - y] = pixels[(y * Width) + x];
            }
        }

        return new(Height, Width, to);
    }

    /// <summary>Interpolates between four pixels.</summary>
    private byte At(ReadOnlySpan<byte> pixels, double x, double y)
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        if (left < 0 || top < 0 || left + 1 >= Width || top + 1 >= Height)
        {
            return White;
        }

        var (right, below, at) = (x - left, y - top, (top * Width) + left);
        var upper = (pixels[at] * (1 - right)) + (pixels[at + 1] * right);
        var lower = (pixels[at + Width] * (1 - right)) + (pixels[at + Width + 1] * right);
        return (byte)((upper * (1 - below)) + (lower * below) + 0.5);
    }

    /// <summary>Returns the angle at which rows of ink and rows of paper differ most: there, the sum of the squares of each row's ink is largest.</summary>
    private static double Steepest(List<(int X, int Y)> dark, double middle, double reach, double step)
    {
        var (best, bestScore) = (middle, 0.0);
        for (var at = -(int)Math.Round(reach / step); at <= (int)Math.Round(reach / step); at++)
        {
            var degrees = middle + (at * step);
            var score = Score(dark, Math.Tan(degrees * Math.PI / 180));
            (best, bestScore) = score > bestScore ? (degrees, score) : (best, bestScore);
        }

        return best;
    }

    private static double Score(List<(int X, int Y)> dark, double slope)
    {
        const int side = RecognitionLimits.SidePixelsMax / Square;
        var rows = new int[3 * side];
        foreach (var (x, y) in dark)
        {
            rows[side + (int)Math.Round(y - (x * slope))]++;
        }

        return rows.Sum(ink => (double)ink * ink);
    }

    /// <summary>Returns the squares that are darker than the middle between the page's darkest and its mean.</summary>
    private List<(int X, int Y)> Dark()
    {
        var (across, down) = (Width / Square, Height / Square);
        var means = new int[across * down];
        var pixels = Pixels.Span;
        for (var y = 0; y < down * Square; y++)
        {
            for (var x = 0; x < across * Square; x++)
            {
                means[(y / Square * across) + (x / Square)] += pixels[(y * Width) + x];
            }
        }

        var limit = means.Length == 0 ? 0 : (means.Min() + means.Average()) / 2;
        return [.. Enumerable.Range(0, means.Length).Where(at => means[at] < limit).Select(at => (at % across, at / across))];
    }

    private static int Number(ref ReadOnlySpan<byte> header)
    {
        header = header.TrimStart(" \n\r\t"u8);
        if (!Utf8Parser.TryParse(header, out int number, out var length))
        {
            return 0;
        }

        header = header[length..];
        return number;
    }
}
