using System.Net;
using System.Net.Sockets;
using System.Text;
using Pybo.Rag.Documents.Isolation;

namespace Pybo.Tests.Rag.Documents.Isolation;

/// <summary>What a program that a document has taken over could do: a shell in its place tries it.</summary>
public sealed class ConfinedProgramTests : IDisposable
{
    private const string Shell = "/bin/bash";

    private readonly string place = Directory.CreateTempSubdirectory("pybo-confined-").FullName;

    public ConfinedProgramTests() => Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Shell), "Only Linux confines other programs.");

    [Fact]
    public async Task A_program_reads_its_input_and_writes_its_output() => Assert.Equal("글\n", await ShellAsync("read -r line; echo \"$line\"", "글\n"));

    [Fact]
    public async Task A_program_reads_neither_the_database_nor_its_folder()
    {
        Assert.SkipUnless(Landlock.Version > 0, "The kernel has no Landlock.");
        var database = Path.Combine(place, "pybo.db");
        await File.WriteAllTextAsync(database, "비밀", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(place, (UnixFileMode)0b111_111_111);
        foreach (var file in (string[])[database, "/etc/passwd", "/proc/1/status", "/proc/self/environ"])
        {
            Assert.Null(await ShellAsync($"read -r line < '{file}' && echo \"$line\"", hidden: [database]));
        }

        Assert.Equal("\n", await ShellAsync($"shopt -s nullglob; echo {place}/*", hidden: [database]));
    }

    [Fact]
    public async Task A_program_starts_no_other_and_writes_no_file()
    {
        Assert.Null(await ShellAsync("/bin/true && echo started"));
        Assert.Null(await ShellAsync("exec /bin/true"));
        Assert.Null(await ShellAsync("(echo forked)"));
        var file = Path.Combine(place, "made");
        File.SetUnixFileMode(place, (UnixFileMode)0b111_111_111);
        Assert.Null(await ShellAsync($"echo made > '{file}'"));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_program_has_no_network()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Null(await ShellAsync($"exec 3<>/dev/tcp/127.0.0.1/{port} && echo connected"));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_program_is_not_root_and_sees_no_variable_of_the_site()
    {
        const string secret = "CANARY_OF_A_PROGRAM";
        Environment.SetEnvironmentVariable(secret, "1");
        try
        {
            var words = await ShellAsync($"echo \"$EUID ${secret}\"");
            Assert.EndsWith(" \n", words, StringComparison.Ordinal);
            Assert.False(words!.StartsWith("0 ", StringComparison.Ordinal), words);
        }
        finally
        {
            Environment.SetEnvironmentVariable(secret, null);
        }
    }

    [Fact]
    public async Task A_program_that_takes_too_long_or_writes_too_much_is_ended()
    {
        Assert.Null(await ShellAsync("while :; do :; done", seconds: 3));
        Assert.Null(await ShellAsync("while :; do echo 0123456789; done"));
        Assert.Null(await ShellAsync("exit 3"));
    }

    [Fact]
    public async Task A_program_has_a_limit_of_memory()
    {
        var limits = await ShellAsync("ulimit -d; ulimit -f; ulimit -c; ulimit -t");
        Assert.Equal($"{(2L << 30) / 1024}\n0\n0\n60\n", limits);
    }

    [Fact]
    public async Task Cancelling_ends_a_program()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ConfinedProgram.RunAsync(Shell, ["-c", "while :; do :; done"], Stream.Null, 100, TimeSpan.FromMinutes(1), [], stop.Token));
    }

    public void Dispose() => Directory.Delete(place, recursive: true);

    private static async Task<string?> ShellAsync(string script, string input = "", int seconds = 60, IReadOnlyList<string>? hidden = null)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var output = await ConfinedProgram.RunAsync(Shell, ["-c", script], content, 10_000, TimeSpan.FromSeconds(seconds), hidden ?? [], TestContext.Current.CancellationToken);
        return output is null ? null : Encoding.UTF8.GetString(output);
    }
}
