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
/// This process only hands on what they write: the words are read where the document is.
/// </summary>
/// <param name="tesseract">The full path of Tesseract; empty to look for it, <see cref="Off"/> to recognise nothing.</param>
/// <param name="pdftoppm">The full path of poppler's pdftoppm; empty to look for it.</param>
/// <param name="limits">Null for the defaults.</param>
public sealed class PageRecogniser(string tesseract = "", string pdftoppm = "", RecognitionLimits? limits = null) : IDisposable
{
    /// <summary>The setting that recognises nothing.</summary>
    public const string Off = "off";

    private const string Pdf = "PDF";

    /// <summary>
    /// Finds columns and lines of different sizes. Tesseract's default finds no lines in most pages of Korean prose; a single block of text (6) joins columns.
    /// </summary>
    private const string PageSegmentation = "4";

    /// <summary>The header of a grey picture (PGM): two letters and three numbers.</summary>
    private const int HeaderBytesMax = 64;

    private const double PointsPerInch = 72;

    /// <summary>A grey picture with the most pixels, and its header.</summary>
    private const int DrawnBytesMax = (RecognitionLimits.SidePixelsMax * RecognitionLimits.SidePixelsMax) + HeaderBytesMax;

    private readonly RecognitionLimits limits = limits ?? new();
    private readonly SemaphoreSlim one = new(1);
    private RecognitionPrograms? programs;

    /// <summary>Returns why pictures are not recognised; null if they are.</summary>
    public async Task<Notice?> MissingAsync(IReadOnlyList<string> hiddenFiles, CancellationToken ct)
    {
        if (tesseract == Off)
        {
            return Notice.Of(ReadingProblem.RecognitionOff);
        }

        // Looked for again until it is found: it may be installed while the site runs.
        programs ??= await RecognitionPrograms.FindAsync(tesseract, pdftoppm, hiddenFiles, ct);
        return programs is null ? Notice.Of(ReadingProblem.RecognitionMissing) : null;
    }

    /// <param name="content">The document's file.</param>
    /// <param name="start">The position in <paramref name="content"/> where it begins.</param>
    /// <param name="document">The document as read without its pictures.</param>
    /// <param name="pagesDone">Receives the number of pages recognised.</param>
    internal async Task<Recognition> RecogniseAsync(
        Stream content, long start, DocumentText document, IReadOnlyList<string> hiddenFiles, IProgress<int>? pagesDone, CancellationToken ct)
    {
        if (await MissingAsync(hiddenFiles, ct) is { } missing)
        {
            return new([], [missing]);
        }

        var isDrawn = document.Format == Pdf;
        if (isDrawn && programs!.Pdftoppm is null)
        {
            return new([], [Notice.Of(ReadingProblem.RecognitionNoDrawing)]);
        }

        await one.WaitAsync(ct);
        try
        {
            return await RecogniseAsync(new(content, start, isDrawn, programs!, hiddenFiles), [.. document.Pages.Where(page => page.IsPicture)], pagesDone, ct);
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
        if (!pictures.IsDrawn)
        {
            return await RecogniseAsync(pictures, pictures.Content, page.Number, page.Number - 1, ct);
        }

        var number = page.Number.ToString(CultureInfo.InvariantCulture);
        var side = Math.Clamp(Math.Ceiling(Math.Max(page.Width, page.Height) * RecognitionLimits.DotsPerInch / PointsPerInch), 1, RecognitionLimits.SidePixelsMax);
        string[] arguments = ["-gray", "-cropbox", "-scale-to", side.ToString(CultureInfo.InvariantCulture), "-f", number, "-l", number, "-"];
        var picture = await ConfinedProgram.RunAsync(pictures.Programs.Pdftoppm!, arguments, pictures.Content, DrawnBytesMax, limits.PageTime, pictures.HiddenFiles, ct);
        if (picture is null)
        {
            return null;
        }

        using var input = new MemoryStream(picture);
        return await RecogniseAsync(pictures, input, page.Number, 0, ct);
    }

    /// <param name="sheet">The picture's index in its file.</param>
    private async Task<RecognisedPage?> RecogniseAsync(Pictures pictures, Stream picture, int page, int sheet, CancellationToken ct)
    {
        string[] arguments =
        [
            "stdin", "stdout", "-l", pictures.Programs.Languages, "--psm", PageSegmentation, "-c", "tessedit_create_tsv=1",
            "-c", $"tessedit_page_number={sheet.ToString(CultureInfo.InvariantCulture)}",
            .. pictures.IsDrawn ? ["--dpi", RecognitionLimits.DotsPerInch.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
        ];
        var table = await ConfinedProgram.RunAsync(pictures.Programs.Tesseract, arguments, picture, RecognitionLimits.TableBytesMax, limits.PageTime, pictures.HiddenFiles, ct);
        return table is null ? null : new(page, table);
    }

    /// <summary>The document whose pictures are recognised.</summary>
    private sealed record Pictures(Stream Content, long Start, bool IsDrawn, RecognitionPrograms Programs, IReadOnlyList<string> HiddenFiles);
}
