using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Pages;

namespace Pybo.Tests.Attacks;

/// <summary>
/// The site as a separate process with its own folder and home folder, for attacks from outside. <c>PYBO_ATTACKED</c> names another build
/// (its <c>Pybo.dll</c> or its executable), so that an attack can be shown to succeed on an older one.
/// </summary>
public sealed class AttackedSite : IDatabaseFile, IAsyncDisposable
{
    private const string OtherBuildVariable = "PYBO_ATTACKED";
    private const int StartSecondsMax = 120;
    private const int StopSecondsMax = 30;

    private readonly StringBuilder output = new();
    private Process? process;

    private AttackedSite(string root)
    {
        Root = root;
        Folder = Directory.CreateDirectory(Path.Combine(root, "site")).FullName;
        Home = Directory.CreateDirectory(Path.Combine(root, "home")).FullName;
    }

    /// <summary>The program that is started.</summary>
    public static string Program => Environment.GetEnvironmentVariable(OtherBuildVariable) ?? Path.Combine(AppContext.BaseDirectory, "Pybo.dll");

    /// <summary>Holds <see cref="Folder"/> and <see cref="Home"/>.</summary>
    public string Root { get; }

    /// <summary>The database's own folder.</summary>
    public string Folder { get; }

    /// <summary>The process's home folder.</summary>
    public string Home { get; }

    public string DatabaseFile => Path.Combine(Folder, "pybo.db");

    public Uri Address { get; private set; } = null!;

    public Process Process => process ?? throw new InvalidOperationException("The site is not running.");

    /// <summary>Both streams so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Starts a site on an empty folder; see <see cref="StartAgainAsync"/>.</summary>
    public static async Task<AttackedSite> StartAsync(IReadOnlyDictionary<string, string>? environment = null, IEnumerable<string>? arguments = null, IEnumerable<string>? wrapper = null)
    {
        var site = Prepare();
        await site.StartAgainAsync(environment, arguments, wrapper);
        return site;
    }

    /// <summary>A folder without a running site, for a test that puts files there first.</summary>
    public static AttackedSite Prepare() => new(Directory.CreateTempSubdirectory("pybo-attacked-").FullName);

    /// <summary>Starts the process and waits for its first page.</summary>
    /// <param name="environment">Variables in addition to the usual ones.</param>
    /// <param name="arguments">Words after <c>serve</c>. Limits by rate are off unless these set them.</param>
    /// <param name="wrapper">A command that starts the process, such as <c>strace -f -o file</c>.</param>
    /// <param name="moreUrls">Addresses to listen on besides <see cref="Address"/>.</param>
    public async Task StartAgainAsync(
        IReadOnlyDictionary<string, string>? environment = null, IEnumerable<string>? arguments = null, IEnumerable<string>? wrapper = null, string? moreUrls = null)
    {
        Address = new($"http://127.0.0.1:{FreePort()}");
        process = Launch(
            ["serve", "--db", DatabaseFile, "--urls", $"{Address};{moreUrls}".TrimEnd(';'), "--Pybo:RequestsPerMinute=100000", "--Pybo:LogInsPerMinute=1000", "--Pybo:PostsPerMinute=1000", .. arguments ?? []],
            environment, wrapper);
        Follow(process);
        using var client = new HttpClient { BaseAddress = Address };
        var start = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(client))
        {
            Assert.False(process.HasExited, Output);
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < StartSecondsMax, $"No page came. {Output}");
            await Task.Delay(50);
        }
    }

    /// <summary>Runs a command of the program on this site's database until it ends.</summary>
    public async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string>? environment, IEnumerable<string>? wrapper, params string[] words)
    {
        using var command = Launch([.. words, "--db", DatabaseFile], environment, wrapper);
        command.StandardInput.Close();
        var error = command.StandardError.ReadToEndAsync();
        var said = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return (command.ExitCode, said, await error);
    }

    /// <summary>The same with a line on standard input, for the commands that ask for a password.</summary>
    public async Task<(int Code, string Output, string Error)> RunWithInputAsync(string line, params string[] words)
    {
        using var command = Launch([.. words, "--db", DatabaseFile], null, null);
        await command.StandardInput.WriteLineAsync(line);
        command.StandardInput.Close();
        var error = command.StandardError.ReadToEndAsync();
        var said = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return (command.ExitCode, said, await error);
    }

    /// <summary>A separate browser, not logged in. It does not follow redirects, so that a test can see them.</summary>
    public Visitor Visit() => new(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Address });

    /// <summary>A browser with a new member logged in. The first member of a site is its administrator.</summary>
    public async Task<Visitor> SignUpAsync(string name)
    {
        var visitor = Visit();
        using var answer = await visitor.SignUpAsync(name);
        Assert.True(answer.Headers.Location is not null, await answer.Content.ReadAsStringAsync());
        return visitor;
    }

    /// <summary>The site's file, read while it runs.</summary>
    public PyboDb CreateDbContext() => new((DbContextOptions<PyboDb>)new DbContextOptionsBuilder<PyboDb>().UsePybo(DatabaseFile).Options);

    /// <summary>Asks the process to stop, as a service manager does, and waits for its end.</summary>
    public async Task StopAsync()
    {
        using (var terminate = Process.Start("kill", ["-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await terminate.WaitForExitAsync();
        }

        await Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(StopSecondsMax));
        process = null;
    }

    /// <summary>Ends the process as a power cut would.</summary>
    public async Task KillAsync()
    {
        Process.Kill(entireProcessTree: true);
        await Process.WaitForExitAsync();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await KillAsync();
        }

        await using (var db = CreateDbContext())
        {
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        }

        Directory.Delete(Root, recursive: true);
    }

    private Process Launch(IEnumerable<string> words, IReadOnlyDictionary<string, string>? environment, IEnumerable<string>? wrapper)
    {
        string[] command = [.. wrapper ?? [], .. Program.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", Program] : new[] { Program }, .. words];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = Home, ["ASPNETCORE_ENVIRONMENT"] = "Production", ["Logging__LogLevel__Default"] = "Warning" },
        };
        // Settings of the tests' own process would protect the site as well.
        start.Environment.Remove("ORT_DISABLE_TELEMETRY");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The site did not start.");
    }

    private void Follow(Process started)
    {
        started.OutputDataReceived += (_, line) => Append(line.Data);
        started.ErrorDataReceived += (_, line) => Append(line.Data);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
    }

    private void Append(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/questions", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException error) when (error.StatusCode is null)
        {
            // The site is not listening yet.
            return false;
        }
    }

    internal static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
