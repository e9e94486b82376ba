using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>
/// Whether the time of an upload reveals that another member has the same file: alternates such files with new ones, over HTTP. The goal: each
/// median is within the other's quartiles.
/// </summary>
internal static class UploadsBenchmark
{
    private const int FilesOfEachKind = 100;
    private const int FileBytes = 1_000_000;

    public static Command Command()
    {
        var site = new Option<string>("--site") { Description = "Another build's executable; what was built beside the benchmark by default." };
        var command = new Command("uploads", "The time of uploads that somebody else holds against new ones.") { site };
        command.SetAction(async (parsed, ct) => Print(await RunAsync(parsed.GetValue(site), ct)));
        return command;
    }

    private static async Task<(List<double> Known, List<double> New)> RunAsync(string? executable, CancellationToken ct)
    {
        using var place = new TemporaryFolder();
        using var site = await SiteProcess.StartAsync(executable, Path.Combine(place.Path, "pybo.db"), ct);
        using var otherBrowser = new HttpClient { BaseAddress = site.Client.BaseAddress };
        var holder = await SiteMember.SignUpAsync(site.Client, ct);
        var asker = await SiteMember.SignUpAsync(otherBrowser, ct, "asker");
        var held = Enumerable.Range(0, FilesOfEachKind).Select(n => Write(place.Path, $"held-{n}")).ToList();
        foreach (var file in held.Append(Write(place.Path, "warm-up")))
        {
            await holder.UploadAsync(file, ct);
        }

        await TimeAsync(asker, Write(place.Path, "warm-up"), ct);
        var (known, fresh) = (new List<double>(), new List<double>());
        foreach (var file in held)
        {
            known.Add(await TimeAsync(asker, file, ct));
            fresh.Add(await TimeAsync(asker, Write(place.Path, "new"), ct));
        }

        return (known, fresh);
    }

    /// <summary>Unique bytes, of an accepted type that takes no time to read.</summary>
    private static string Write(string folder, string name)
    {
        var file = Path.Combine(folder, $"{name}.pdf");
        File.WriteAllBytes(file, [.. "%PDF-1.4\n"u8, .. RandomNumberGenerator.GetBytes(FileBytes)]);
        return file;
    }

    private static async Task<double> TimeAsync(SiteMember member, string file, CancellationToken ct)
    {
        var token = await member.UploadTokenAsync(ct);
        var start = Stopwatch.GetTimestamp();
        await member.UploadAsync(file, token, ct);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static void Print((List<double> Known, List<double> New) times)
    {
        var table = new Table().Title(Machine.Current.ToString()).AddColumns("ms of an upload of 1 MB", "quartile", "median", "quartile");
        foreach (var (name, all) in new[] { ("held by another member", times.Known), ("new", times.New) })
        {
            var sorted = all.Order().ToList();
            table.AddRow(name, Milliseconds(sorted[sorted.Count / 4]), Milliseconds(sorted[sorted.Count / 2]), Milliseconds(sorted[sorted.Count * 3 / 4]));
        }

        AnsiConsole.Write(table);
    }

    private static string Milliseconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
