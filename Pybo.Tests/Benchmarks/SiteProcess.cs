using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pybo.Benchmarks;

/// <summary>The site as its own process, on a database of the benchmark.</summary>
internal sealed class SiteProcess : IDisposable
{
    private const int StartSecondsMax = 60;

    private readonly Process process;
    private readonly HttpClient client;
    private bool isEnded;

    private SiteProcess(Process process, HttpClient client) => (this.process, this.client) = (process, client);

    /// <summary>From the start of the process until the first page.</summary>
    public double StartMilliseconds { get; private set; }

    public Uri Address => client.BaseAddress!;

    /// <summary>A browser with cookies of its own.</summary>
    public HttpClient Client => client;

    public double MemoryMegabytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64 / 1e6;
        }
    }

    /// <exception cref="TimeoutException">No page was served in time.</exception>
    /// <param name="executable">A published Pybo, or a <c>Pybo.dll</c>; null for the one built with the benchmark.</param>
    /// <param name="file">The database.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="settings">More words for its command line.</param>
    public static async Task<SiteProcess> StartAsync(string? executable, string file, CancellationToken ct, params string[] settings)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var built = executable is null ? Path.Combine(AppContext.BaseDirectory, "Pybo.dll") : Path.GetFullPath(executable);
        string[] program = built.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", built] : [built];
        var info = new ProcessStartInfo(program[0], [.. program[1..], "serve", "--db", file, "--urls", address, "--Pybo:RequestsPerMinute=100000", "--Pybo:PostsPerMinute=1000", .. settings])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["Logging__LogLevel__Default"] = "Warning" },
        };
        var start = Stopwatch.GetTimestamp();
        var process = Process.Start(info) ?? throw new InvalidOperationException("dotnet did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var site = new SiteProcess(process, new HttpClient { BaseAddress = new(address) });
        while (!await site.AnswersAsync(ct))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(start).TotalSeconds > StartSecondsMax)
            {
                site.Dispose();
                throw new TimeoutException("The site did not start; its own words are above.");
            }

            await Task.Delay(5, ct);
        }

        site.StartMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return site;
    }

    /// <exception cref="HttpRequestException">The page is an error.</exception>
    public async Task GetAsync(string path, CancellationToken ct)
    {
        using var response = await client.GetAsync(path, ct);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync(ct);
    }

    public void Dispose()
    {
        if (isEnded)
        {
            return;
        }

        isEnded = true;
        client.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await GetAsync("/questions", ct);
            return true;
        }
        catch (HttpRequestException error) when (error.StatusCode is null)
        {
            // The site is not listening yet.
            return false;
        }
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
