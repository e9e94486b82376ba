using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Pybo.Tests.Rag.Documents.Pdf;

/// <summary>
/// Compares real files with <c>pdftotext</c> (poppler-utils), an oracle here and no part of the product, and files made from a known text
/// with that text. Words and lines are compared as pdftotext writes them, line by line (<see cref="PdfReading.Lines"/>), with and without the running
/// headers and footers that the reader leaves out on purpose.
/// </summary>
public sealed class PdfCorpusTests
{
    private const int OracleMilliseconds = 30_000;
    private const int WorstFiles = 10;
    private const string GlyphNumbers = "without a ToUnicode map pdftotext writes the numbers of glyphs as if they were characters";

    /// <summary>Files for which pdftotext is no oracle, with the reason.</summary>
    private static readonly Dictionary<string, string> Excluded = new(StringComparer.Ordinal)
    {
        ["PdfPig__GHOSTSCRIPT-698168-0.pdf"] = GlyphNumbers,
        ["pdf_js__ThuluthFeatures.pdf"] = GlyphNumbers,
        ["pdf_js__bug1146106.pdf"] = GlyphNumbers,
        ["pdf_js__font_ascent_descent.pdf"] = GlyphNumbers,
        ["PdfPig__complex_rotated.pdf"] = "pdftotext takes the words on turned lines apart, letter by letter",
    };

    [Fact]
    public void Real_files_agree_with_pdftotext()
    {
        var scores = Scores(Files("pdf", "*.pdf").Concat(Files("pdf-ko", "*.pdf")).Concat(Files("hostile", "ko_*.pdf")));
        Report(scores);
        Assert.All([scores.ConvertAll(s => s.Whole), scores.ConvertAll(s => s.Kept)], all =>
        {
            Assert.InRange(Share(all, s => s.CharactersFound, s => s.Characters), 0.985, 1);
            Assert.InRange(Share(all, s => s.WordsFound, s => s.Words), 0.96, 1);
            Assert.InRange(Share(all, s => s.WordsFound, s => s.WordsRead), 0.95, 1);
            Assert.InRange(Share(all, s => s.HangulFound, s => s.Hangul), 0.999, 1);
            Assert.InRange(all.Select(s => s.Order).Order().ElementAt(all.Count / 2), 0.9, 1);
        });
    }

    [Fact]
    public void Korean_files_agree_with_pdftotext()
    {
        foreach (var (name, score, _) in Scores(Files("pdf-ko", "*.pdf")))
        {
            Assert.True(score.HangulFound >= 0.999 * score.Hangul, name);
            Assert.True(score.WordRecall >= 0.99 && score.WordPrecision >= 0.99, name);
        }
    }

    [Fact]
    public void Every_syllable_and_word_of_generated_files_is_read()
    {
        var files = Files("pdf-ko-synth", "*.pdf");
        Assert.NotEmpty(files);
        foreach (var path in files)
        {
            var name = Path.GetFileName(path);
            var expected = File.ReadAllText(path + ".gt.txt");
            var reading = PdfReading.Of(File.ReadAllBytes(path), name);
            var score = PdfTextScore.Of(expected, reading.Text, reading.Lines);
            Assert.True(score.Hangul == score.HangulFound, $"{name}: {score.HangulFound} of {score.Hangul} syllables");
            Assert.True(score.CharacterRecall >= 0.999, $"{name}: {score.CharacterRecall:P1} of the characters");
        }
    }

    private static List<string> Files(string folder, string pattern) =>
        [.. Directory.GetFiles(Repository.Shared("corpus/" + folder), pattern).Where(f => !Excluded.ContainsKey(Path.GetFileName(f))).Order(StringComparer.Ordinal)];

    private static List<(string Name, PdfTextScore Whole, PdfTextScore Kept)> Scores(IEnumerable<string> files)
    {
        var scores = new List<(string, PdfTextScore, PdfTextScore)>();
        foreach (var path in files)
        {
            var reference = Oracle(path);
            if (string.IsNullOrWhiteSpace(reference))
            {
                continue;
            }

            var reading = PdfReading.Of(File.ReadAllBytes(path), path);
            scores.Add((
                Path.GetFileName(path),
                PdfTextScore.Of(reference, reading.Lines + "\n" + reading.RunningText, reading.Lines, reading.Repeated),
                PdfTextScore.Of(reference, reading.Lines, reading.Lines, reading.Repeated)));
        }

        Assert.NotEmpty(scores);
        return scores;
    }

    /// <summary>The text that pdftotext reads from a file in its default mode; empty if it reads nothing.</summary>
    private static string Oracle(string path)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "pdftotext")));
        Assert.SkipUnless(found, "pdftotext (poppler-utils) is not installed");
        using var process = new Process
        {
            StartInfo = new("pdftotext", ["-q", "-enc", "UTF-8", path, "-"]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 },
        };
        process.Start();
        var text = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(OracleMilliseconds))
        {
            process.Kill();
        }

        return text.GetAwaiter().GetResult();
    }

    private static double Share(List<PdfTextScore> scores, Func<PdfTextScore, long> part, Func<PdfTextScore, long> whole) =>
        PdfTextScore.Share(scores.Sum(part), scores.Sum(whole));

    private static void Report(List<(string Name, PdfTextScore Whole, PdfTextScore Kept)> scores)
    {
        var report = new StringBuilder();
        foreach (var (label, list) in new[] { ("with running lines", scores.ConvertAll(s => s.Whole)), ("without", scores.ConvertAll(s => s.Kept)) })
        {
            report.AppendLine(CultureInfo.InvariantCulture, $"""
                {list.Count} files, {label}: characters {Share(list, s => s.CharactersFound, s => s.Characters):P2}, words {Share(list, s => s.WordsFound, s => s.Words):P2}, word precision {Share(list, s => s.WordsFound, s => s.WordsRead):P2}, Hangul {Share(list, s => s.HangulFound, s => s.Hangul):P2}; order {list.Select(s => s.Order).Order().ElementAt(list.Count / 2):P1} at the median, {list.Average(s => s.Order):P1} on average
                """);
        }

        report.AppendLine("The worst in reading order, of files with ten words or more:");
        foreach (var (name, score, _) in scores.Where(s => s.Whole.Words >= WorstFiles).OrderBy(s => s.Whole.Order).Take(WorstFiles))
        {
            report.AppendLine(CultureInfo.InvariantCulture, $"  {score.Order,6:P0} {score.WordRecall,6:P0} words  {name}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
    }
}
