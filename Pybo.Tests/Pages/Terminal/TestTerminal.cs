using System.Diagnostics;
using System.Text.Json;
using Pybo.Data;
using Pybo.Pages.Terminal;
using Pybo.Tests.Data;

namespace Pybo.Tests.Pages.Terminal;

/// <summary>The result of a command.</summary>
public sealed record Ran(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>A folder with a database of its own; commands run as their words are typed.</summary>
public sealed class TestTerminal : IAsyncDisposable
{
    private readonly TestDatabase database = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("pybo-terminal-").FullName;

    public string DatabaseFile => database.File;

    public PyboDb CreateDbContext() => database.CreateDbContext();

    public string Write(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Runs a command on this database, in this process.</summary>
    public Task<Ran> RunAsync(params string[] words) => RunAsync("", words);

    /// <summary>The same with standard input.</summary>
    public Task<Ran> RunAsync(string input, string[] words) => RunOnAsync(DatabaseFile, input, words);

    /// <summary>Runs a command on any database, in this process.</summary>
    public static async Task<Ran> RunOnAsync(string databaseFile, string input, params string[] words)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await CommandLine.RunAsync([.. words, "--db", databaseFile], new TerminalConsole(output, error, new StringReader(input)));
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts the program itself.</summary>
    public static Process Start(params string[] words) => Start([], words);

    /// <summary>The same in an environment with these variables.</summary>
    public static Process Start(IEnumerable<KeyValuePair<string, string>> environment, string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Pybo.dll"), .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    /// <summary>Runs the program itself until it ends.</summary>
    public static Task<Ran> RunProcessAsync(params string[] words) => RunProcessAsync([], words);

    /// <summary>The same in an environment with these variables.</summary>
    public static async Task<Ran> RunProcessAsync(IEnumerable<KeyValuePair<string, string>> environment, string[] words)
    {
        using var process = Start(environment, words);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new(process.ExitCode, output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
