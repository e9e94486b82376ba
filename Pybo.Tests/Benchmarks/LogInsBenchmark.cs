using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Pybo.Benchmarks;

/// <summary>The list's latency during many simultaneous log-ins, each of which costs a large part of a second of processor time.</summary>
internal static partial class LogInsBenchmark
{
    private const int AtOnce = 32;
    private const int Lists = 100;
    private const int WarmUps = 30;

    public static Command Command()
    {
        var site = new Option<string>("--site") { Description = "A published Pybo executable, or a Pybo.dll; what was built beside the benchmark by default." };
        var json = new Option<bool>("--json") { Description = "Prints JSON only." };
        var command = new Command("log-ins", $"The list while {AtOnce} log in at the same moment.") { site, json };
        command.SetAction(async (parsed, ct) => Print(await RunAsync(parsed.GetValue(site), ct), parsed.GetValue(json)));
        return command;
    }

    private static async Task<LogInsResult> RunAsync(string? site, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("pybo-benchmark-").FullName;
        try
        {
            using var process = await SiteProcess.StartAsync(site, Path.Combine(folder, "pybo.db"), ct, "--Pybo:LogInsPerMinute=1000");
            await TimeListsAsync(process, WarmUps, ct);
            var alone = await TimeListsAsync(process, Lists, ct);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var attackers = Enumerable.Range(0, AtOnce).Select(i => LogInOverAndOverAsync(process.Address, $"nobody{i}", end.Token)).ToList();
            await Task.Delay(TimeSpan.FromSeconds(2), ct);
            var meanwhile = await TimeListsAsync(process, Lists, ct);
            await end.CancelAsync();
            return new(Machine.Current, AtOnce, Spread.Of(alone), Spread.Of(meanwhile), (await Task.WhenAll(attackers)).Sum());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<List<double>> TimeListsAsync(SiteProcess process, int count, CancellationToken ct)
    {
        List<double> times = [];
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await process.GetAsync("/questions", ct);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    /// <summary>Returns the number of answered log-ins.</summary>
    private static async Task<int> LogInOverAndOverAsync(Uri address, string name, CancellationToken end)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        var token = Token().Match(await client.GetStringAsync("/account/login", CancellationToken.None)).Groups[1].Value;
        for (var answered = 0; ; answered++)
        {
            try
            {
                using var form = new FormUrlEncodedContent([new("Input.UserName", name), new("Input.Password", "a wrong password"), new("__RequestVerificationToken", token)]);
                using var answer = await client.PostAsync("/account/login", form, end);
                if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
                {
                    throw new InvalidOperationException($"The log-in answered {answer.StatusCode}.");
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return answered;
            }
        }
    }

    private static void Print(LogInsResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, LogInsJson.Default.LogInsResult));
            return;
        }

        var table = new Table().Title(Markup.Escape(result.Machine.ToString())).AddColumns("The list", "p50 ms", "p95 ms");
        table.AddRow("alone", Milliseconds(result.Alone.P50), Milliseconds(result.Alone.P95));
        table.AddRow($"while {result.AtOnce} log in ({result.Answered} answered)", Milliseconds(result.Meanwhile.P50), Milliseconds(result.Meanwhile.P95));
        AnsiConsole.Write(table);
    }

    private static string Milliseconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="([^"]+)\x22""")]
    private static partial Regex Token();
}

internal sealed record LogInsResult(Machine Machine, int AtOnce, Spread Alone, Spread Meanwhile, int Answered);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LogInsResult))]
internal sealed partial class LogInsJson : JsonSerializerContext;
