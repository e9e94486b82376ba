using System.Diagnostics;
using System.Globalization;
using Pybo.Data;
using Pybo.Rag.Documents.Isolation;

namespace Pybo.Rag.Documents.Recognition;

/// <summary>What was recognised of a document's pictures.</summary>
/// <param name="Warnings">What is missing, and why.</param>
public sealed record Recognition(IReadOnlyList<RecognisedPage> Pages, IReadOnlyList<Notice> Warnings);

/// <summary>
/// Recognises the text of pages that are pictures, with programs that the operator has installed; each runs as a confined process (<see cref="ConfinedProgram"/>), one page at a time.
/// This process straightens the pixels and hands the words on: they are read where the document is.
/// </summary>
/// <param name="tesseract">The full path of Tesseract; empty to look for it, <see cref="Off"/> to recognise nothing.</param>
/// <param name="pdftoppm">The full path of poppler's pdftoppm; empty to look for it.</param>
/// <param name="limits">Null for the defaults.</param>
public sealed class PageRecogniser(string tesseract = "", string pdftoppm = "", RecognitionLimits? limits = null) : IDisposable
{
    /// <summary>The setting that recognises nothing.</summary>
    public const string Off = "off";

    private const string Pdf = "PDF";
    private const string Png = "PNG";
    private const string Jpeg = "JPEG";

    /// <summary>
    /// One block of text; the places of its words tell the columns. Tesseract's default takes most lines of Korean prose for pictures, and a single column (4) loses lines of noisy pages.
    /// </summary>
    private const string PageSegmentation = "6";

    /// <summary>The quickest segmentation, if the words do not matter.</summary>
    private const string OneLine = "7";

    private const double PointsPerInch = 72;

    /// <summary>A grey picture with the most pixels, and its header.</summary>
    private const int DrawnBytesMax = (RecognitionLimits.SidePixelsMax * RecognitionLimits.SidePixelsMax) + DrawnPage.HeaderBytesMax;

    private readonly RecognitionLimits limits = limits ?? new();
    private readonly SemaphoreSlim one = new(1);
    private RecognitionPrograms? programs;

    /// <summary>Returns why pictures are not recognised; null if they are.</summary>
    public async Task<Notice?> MissingAsync(CancellationToken ct)
    {
        if (tesseract == Off)
        {
            return Notice.Of(ReadingProblem.RecognitionOff);
        }

        // Looked for again until it is found: it may be installed while the site runs.
        programs ??= await RecognitionPrograms.FindAsync(tesseract, pdftoppm, ct);
        return programs is null ? Notice.Of(ReadingProblem.RecognitionMissing) : null;
    }

    /// <param name="content">The document's file.</param>
    /// <param name="start">The position in <paramref name="content"/> where it begins.</param>
    /// <param name="document">The document as read without its pictures.</param>
    /// <param name="pagesDone">Receives the number of pages recognised.</param>
    internal async Task<Recognition> RecogniseAsync(
        Stream content, long start, DocumentText document, IReadOnlyList<string> hiddenFiles, IProgress<int>? pagesDone, CancellationToken ct)
    {
        if (await MissingAsync(ct) is { } missing)
        {
            // A page with only a line or a frame is no loss: then the reader has not warned either.
            return new([], document.Warnings.Count > 0 ? [missing] : []);
        }

        await one.WaitAsync(ct);
        try
        {
            return await RecogniseAsync(new(content, start, document.Format, programs!, hiddenFiles), [.. document.Pages.Where(page => page.IsPicture)], pagesDone, ct);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<Recognition> RecogniseAsync(Pictures pictures, IReadOnlyList<PageText> pages, IProgress<int>? pagesDone, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var (read, tried) = (new List<RecognisedPage>(), 0);
        foreach (var page in pages.Take(RecognitionLimits.PagesMax))
        {
            if (clock.Elapsed > limits.DocumentTime)
            {
                break;
            }

            tried++;
            if (await PageAsync(pictures, page, ct) is { } recognised)
            {
                read.Add(recognised);
            }

            pagesDone?.Report(tried);
        }

        var warnings = new List<Notice>();
        if (tried > read.Count)
        {
            warnings.Add(Notice.Of(ReadingProblem.RecognitionFailed, tried - read.Count, limits.PageTime.TotalSeconds));
        }

        if (pages.Count > tried)
        {
            warnings.Add(Notice.Of(ReadingProblem.RecognitionCut, tried, pages.Count, RecognitionLimits.PagesMax, limits.DocumentTime.TotalMinutes));
        }

        return new(read, warnings);
    }

    private async Task<RecognisedPage?> PageAsync(Pictures pictures, PageText page, CancellationToken ct)
    {
        pictures.Content.Position = pictures.Start;
        if (pictures.Format == Pdf)
        {
            return await DrawnAsync(pictures, pictures.Content, page, page.Number, ct);
        }

        var file = pictures.Format switch
        {
            Jpeg => JpegPage.Pdf(pictures.Content),
            // Tesseract opens the picture and writes it into a PDF of one page.
            Png => await RunAsync(pictures, pictures.Programs.Tesseract, ["stdin", "stdout", "-l", RecognitionPrograms.Korean, "--psm", OneLine, "-c", "tessedit_create_pdf=1"], pictures.Content, RecognitionLimits.PictureBytesMax, ct),
            _ => null,
        };
        if (file is null)
        {
            // Tesseract opens the picture itself, and it is not straightened: for other kinds, such as faxes, it would write temporary files on the way to a PDF.
            return await RecogniseAsync(pictures, pictures.Content, pictures.Start, page.Number, 0, page.Number - 1, ct);
        }

        using var content = new MemoryStream(file);
        return await DrawnAsync(pictures, content, page, 1, ct);
    }

    /// <param name="number">The page's number in the file.</param>
    private async Task<RecognisedPage?> DrawnAsync(Pictures pictures, Stream file, PageText page, int number, CancellationToken ct)
    {
        if (await DrawAsync(pictures, file, page, number, ct) is not { } drawn)
        {
            return null;
        }

        var upright = drawn.Turned(page.QuarterTurns);
        var skew = upright.Skew();
        using var picture = new MemoryStream((skew == 0 ? upright : upright.Turned(-skew)).ToArray());
        return await RecogniseAsync(pictures, picture, 0, page.Number, (float)skew, 0, ct);
    }

    /// <param name="number">The page's number in the file.</param>
    private async Task<DrawnPage?> DrawAsync(Pictures pictures, Stream file, PageText page, int number, CancellationToken ct)
    {
        var side = (int)Math.Clamp(Math.Ceiling(Math.Max(page.Width, page.Height) * RecognitionLimits.DotsPerInch / PointsPerInch), 1, RecognitionLimits.SidePixelsMax);
        string[] arguments = ["-gray", "-cropbox", "-scale-to", Text(side), "-f", Text(number), "-l", Text(number), "-"];
        return DrawnPage.Parse(await RunAsync(pictures, pictures.Programs.Pdftoppm, arguments, file, DrawnBytesMax, ct));
    }

    /// <param name="start">The position in <paramref name="picture"/> where it begins.</param>
    /// <param name="sheet">The picture's index in its file.</param>
    private async Task<RecognisedPage?> RecogniseAsync(Pictures pictures, Stream picture, long start, int number, float skew, int sheet, CancellationToken ct)
    {
        var tables = new List<byte>();
        foreach (var language in pictures.Programs.Languages)
        {
            picture.Position = start;
            string[] arguments =
            [
                "stdin", "stdout", "-l", language, "--psm", PageSegmentation, "--dpi", Text(RecognitionLimits.DotsPerInch), "-c", "tessedit_create_tsv=1", "-c", "tessedit_create_txt=1",
                "-c", $"tessedit_page_number={Text(sheet)}",
            ];
            if (await RunAsync(pictures, pictures.Programs.Tesseract, arguments, picture, RecognitionLimits.TableBytesMax / 2, ct) is not { } table)
            {
                return null;
            }

            tables.AddRange([.. table, (byte)'\n']);
        }

        return new(number, skew, tables.ToArray());
    }

    private Task<byte[]?> RunAsync(Pictures pictures, string program, string[] arguments, Stream input, int outputBytesMax, CancellationToken ct) =>
        ConfinedProgram.RunAsync(program, arguments, input, outputBytesMax, limits.PageTime, pictures.HiddenFiles, ct);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The document whose pictures are recognised.</summary>
    private sealed record Pictures(Stream Content, long Start, string? Format, RecognitionPrograms Programs, IReadOnlyList<string> HiddenFiles);
}
