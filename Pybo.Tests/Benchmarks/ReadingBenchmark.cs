using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Ingestion;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>Reading documents: pages/s compared with pdftotext, the time from an upload until it is found, and the site's memory while it takes in hundreds of files.</summary>
/// <remarks>
/// pdftotext (poppler-utils) starts a process per file, as a program that uses it would; Pybo reads in a process that is already running and whose code
/// is compiled, as in the site after its first documents. Both take turns file by file; the best of <see cref="Rounds"/> counts.
/// The targets: 1.4 times the pages/s of pdftotext on Korean files, 3 times on all.
/// </remarks>
internal static class ReadingBenchmark
{
    private const int Rounds = 5;

    /// <summary>The runtime fully optimises a method only after some thirty runs.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>The sampling interval of the site's memory while it works.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan PeerPatience = TimeSpan.FromSeconds(30);

    /// <summary>Its own exit codes are 0 to 3 when it judges the file, and 99; a process ended by a signal has a higher one.</summary>
    private const int PdfToTextCodeMax = 99;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public static Command Command()
    {
        var folders = new Argument<string[]>("folders") { Description = "Folders of documents." };
        var pdf = new Option<string>("--pdf") { Description = "A long PDF: the time from its upload until it is found." };
        var files = new Option<int>("--files") { Description = "Files that a running site takes in while its memory is watched; 0 leaves it out.", DefaultValueFactory = _ => 500 };
        var site = new Option<string>("--site") { Description = "A published Pybo; by default the one that was built." };
        var json = new Option<bool>("--json") { Description = "Prints JSON only." };
        var command = new Command("reading", "Pages/s beside pdftotext, upload to found, memory while files are taken in.") { folders, pdf, files, site, json };
        command.SetAction(async (parsed, ct) =>
        {
            var all = parsed.GetValue(folders)!.SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).ToList();
            var speed = Compare([.. all.Where(f => f.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase))]);
            var found = parsed.GetValue(pdf) is { } file ? await UploadAsync(file, parsed.GetValue(site), ct) : null;
            var memory = parsed.GetValue(files) is > 0 and var count ? await TakeInAsync(all, count, parsed.GetValue(site), ct) : null;
            Print(new(Machine.Current, speed, found, memory), parsed.GetValue(json));
        });
        return command;
    }

    private static ReadingSpeed? Compare(List<string> files)
    {
        var (ours, theirs, pages, endless) = (0.0, 0.0, 0, 0);
        var start = Stopwatch.GetTimestamp();
        while (files.Count > 0 && Stopwatch.GetElapsedTime(start) < WarmUp)
        {
            files.ForEach(file => TryRead(file));
        }

        foreach (var file in files)
        {
            if (TryRead(file) is not { Pages.Count: > 0 } document)
            {
                continue;
            }

            if (!PdfToText(file))
            {
                endless++;
                continue;
            }

            double own = double.MaxValue, peer = double.MaxValue;
            for (var round = 0; round < Rounds; round++)
            {
                own = Math.Min(own, Milliseconds(() => TryRead(file)));
                peer = Math.Min(peer, Milliseconds(() => PdfToText(file)));
            }

            (ours, theirs, pages) = (ours + own, theirs + peer, pages + document.Pages.Count);
        }

        return pages == 0 ? null : new(files.Count, pages, pages * 1000 / ours, pages * 1000 / theirs, endless);
    }

    private static DocumentText? TryRead(string file)
    {
        try
        {
            return DocumentReader.ReadFile(File.ReadAllBytes(file), Path.GetFileName(file));
        }
        catch (DocumentUnreadableException)
        {
            return null; // neither reader counts a file that needs a password
        }
    }

    /// <summary>False if it was stopped: some hostile files keep it busy for hours.</summary>
    private static bool PdfToText(string file)
    {
        using var process = Process.Start(new ProcessStartInfo("pdftotext", ["-q", file, "-"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("pdftotext did not start.");
        using var stop = new Timer(_ => process.Kill(), null, PeerPatience, Timeout.InfiniteTimeSpan);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode <= PdfToTextCodeMax;
    }

    /// <summary>Uploads a file through the site's form, and polls until its words are found.</summary>
    private static async Task<FoundDocument> UploadAsync(string file, string? executable, CancellationToken ct)
    {
        using var place = new TemporaryFolder();
        using var site = await SiteProcess.StartAsync(executable, Path.Combine(place.Path, "pybo.db"), ct);
        var member = await SiteMember.SignUpAsync(site.Client, ct);
        await site.GetAsync("/search?q=%EB%AC%B8%EC%84%9C", ct); // the first search loads the model
        var start = Stopwatch.GetTimestamp();
        await member.UploadAsync(file, ct);
        var uploaded = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        while ((await member.ProgressAsync(1, ct)) is { IsOpen: true })
        {
            await Task.Delay(20, ct);
        }

        var found = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var document = TryRead(file);
        return new(document?.Pages.Count ?? 0, document?.Text.Length ?? 0, uploaded, found);
    }

    /// <summary>Queues files in a stopped site, starts it, and watches it until all are read.</summary>
    private static async Task<TakenIn> TakeInAsync(List<string> files, int count, string? executable, CancellationToken ct)
    {
        using var place = new TemporaryFolder();
        var database = Path.Combine(place.Path, "pybo.db");
        var inbox = Directory.CreateDirectory(Path.Combine(place.Path, "inbox")).FullName;
        for (var at = 0; at < count; at++)
        {
            var source = files[at % files.Count];
            File.Copy(source, Path.Combine(inbox, string.Create(CultureInfo.InvariantCulture, $"{at:0000}-{Path.GetFileName(source)}")));
        }

        var dbs = new BenchmarkDatabase(database);
        await using (var db = dbs.CreateDbContext())
        {
            await db.StartAsync(ct);
        }

        await using var reader = new Pybo.Rag.Documents.Isolation.IsolatedDocumentReader();
        await new FolderIngestion(dbs, reader.UnwrapAsync).RunAsync(inbox, new(Audience.Everyone), null, ct);
        using var site = await SiteProcess.StartAsync(executable, database, ct);
        var seen = new List<double>();
        var start = Stopwatch.GetTimestamp();
        await using var watch = dbs.CreateDbContext();
        while (await watch.Documents.AnyAsync(d => d.IndexedAt == null && d.IndexError == null, ct) && Stopwatch.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(LookEvery, ct);
            seen.Add(site.MemoryMegabytes);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var read = await watch.Documents.CountAsync(d => d.IndexedAt != null, ct);
        double At(double share) => seen.Count == 0 ? site.MemoryMegabytes : seen[Math.Min(seen.Count - 1, (int)(share * seen.Count))];
        return new(count, read, seconds, At(0.1), At(0.5), At(0.9), seen.DefaultIfEmpty().Max());
    }

    private static double Milliseconds(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Print(ReadingResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, ReadingJson.Default.ReadingResult));
            return;
        }

        AnsiConsole.WriteLine(result.Machine.ToString());
        if (result.Speed is { } speed)
        {
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{speed.Pages} pages of {speed.Files} PDF files: {speed.PagesPerSecond:0} pages/s, pdftotext {speed.PeerPagesPerSecond:0}: {speed.PagesPerSecond / speed.PeerPagesPerSecond:0.0} ×{(speed.Endless > 0 ? $" ({speed.Endless} left out, for which pdftotext needs over {PeerPatience.TotalSeconds:0} s)" : "")}"));
        }

        if (result.Found is { } found)
        {
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"a PDF of {found.Pages} pages and {found.Characters} characters: sent in {found.UploadMilliseconds / 1000:0.00} s, found after {found.FoundMilliseconds / 1000:0.00} s"));
        }

        if (result.TakenIn is { } memory)
        {
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{memory.Files} files taken in by a running site in {memory.Seconds:0} s ({memory.Read} read): memory {memory.AtTenth:0} MB after a tenth of the time, {memory.AtHalf:0} at half, {memory.AtNineTenths:0} at nine tenths, {memory.Highest:0} at most"));
        }
    }
}

internal sealed record ReadingSpeed(int Files, int Pages, double PagesPerSecond, double PeerPagesPerSecond, int Endless);

internal sealed record FoundDocument(int Pages, int Characters, double UploadMilliseconds, double FoundMilliseconds);

internal sealed record TakenIn(int Files, int Read, double Seconds, double AtTenth, double AtHalf, double AtNineTenths, double Highest);

internal sealed record ReadingResult(Machine Machine, ReadingSpeed? Speed, FoundDocument? Found, TakenIn? TakenIn);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReadingResult))]
internal sealed partial class ReadingJson : JsonSerializerContext;

/// <summary>A folder that is deleted after its use.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pybo-benchmark-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Path, recursive: true);
    }
}

/// <summary>Creates contexts for a database file.</summary>
internal sealed class BenchmarkDatabase(string file) : IDbContextFactory<PyboDb>
{
    public PyboDb CreateDbContext() => new((DbContextOptions<PyboDb>)new DbContextOptionsBuilder<PyboDb>().UsePybo(file).Options);
}
