using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Pybo.Rag.Documents.Isolation;

namespace Pybo.Tests.Rag.Documents.Isolation;

/// <summary>What a program that a document has taken over could do: perl in its place tries it and prints what was refused.</summary>
[SupportedOSPlatform("linux")]
public sealed class ConfinedProgramTests : IDisposable
{
    private const string Perl = "/usr/bin/perl";

    /// <summary>One line for each attempt. Only EPERM, EACCES and ENOSYS count as refused.</summary>
    private const string Attempts =
        """
        $| = 1; use Socket;
        sub told { print "$_[0]: ", ($_[1] ? "done" : $! + 0 == 1 || $! + 0 == 13 || $! + 0 == 38 ? "refused" : "error $!"), "\n" }
        my $folder = shift;
        for my $file (@ARGV) { told("read $file", open(my $opened, '<', $file)) }
        told("list", opendir(my $listed, $folder));
        told("write", open(my $written, '>', "$folder/made"));
        told("socket", socket(my $network, PF_INET, SOCK_STREAM, 0));
        told("socket of the machine", socket(my $local, PF_UNIX, SOCK_STREAM, 0));
        told("signal", kill(0, getppid()));
        my $child = fork; exit if defined $child && $child == 0;
        told("fork", defined $child);
        exec("/bin/sh", "-c", "echo program: done") or told("program", 0);
        """;

    private readonly string place = Directory.CreateTempSubdirectory("pybo-confined-").FullName;

    public ConfinedProgramTests() => Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Perl), "Only Linux confines other programs, and perl tries it.");

    [Fact]
    public async Task Every_attempt_of_a_program_is_refused_that_succeeds_without_its_bounds()
    {
        Assert.SkipUnless(Landlock.Version > 0, "The kernel has no Landlock.");
        var database = Path.Combine(place, "pybo.db");
        await File.WriteAllTextAsync(database, "비밀", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(place, (UnixFileMode)0b111_111_111);
        string[] words = ["-e", Attempts, place, database, "/etc/passwd", "/proc/1/status"];
        Assert.Equal(Enumerable.Repeat("done", 10), Results(await UnboundAsync(words)));
        File.Delete(Path.Combine(place, "made"));

        Assert.Equal(Enumerable.Repeat("refused", 10), Results(await RunAsync(words, hidden: [database])));
        Assert.False(File.Exists(Path.Combine(place, "made")));
    }

    [Fact]
    public async Task A_program_reads_its_input_and_writes_its_output() => Assert.Equal("글\n", await RunAsync(["-pe", "1"], "글\n"));

    [Fact]
    public async Task A_program_is_not_root_and_sees_no_variable_of_the_site()
    {
        const string secret = "CANARY_OF_A_PROGRAM";
        Environment.SetEnvironmentVariable(secret, "1");
        try
        {
            var words = (await RunAsync(["-e", "print join ' ', $>, sort keys %ENV"]))!.Split(' ');
            Assert.NotEqual("0", words[0]);
            Assert.Equal(["LC_ALL", "OMP_THREAD_LIMIT"], words[1..].Except(["TESSDATA_PREFIX"]));
        }
        finally
        {
            Environment.SetEnvironmentVariable(secret, null);
        }
    }

    [Fact]
    public async Task A_program_that_fails_takes_too_long_or_writes_too_much_gives_nothing()
    {
        Assert.Equal("1", await RunAsync(["-e", "print 1"]));
        Assert.Null(await RunAsync(["-e", "print 1; exit 3"]));
        Assert.Null(await RunAsync(["-e", "print 1 while 1"]));
        Assert.Null(await RunAsync(["-e", "1 while 1"], seconds: 3));
    }

    [Fact]
    public async Task A_program_has_a_limit_of_memory_and_of_processor_time()
    {
        var limits = await ConfinedProgram.RunAsync("/bin/sh", ["-c", "ulimit -d; ulimit -f; ulimit -c; ulimit -t"], Stream.Null, 1_000, TimeSpan.FromSeconds(60), [], TestContext.Current.CancellationToken);
        Assert.Equal($"{(2L << 30) / 1_024}\n0\n0\n60\n", Encoding.UTF8.GetString(limits!));
        Assert.Null(await RunAsync(["-e", "my $much = 'x' x (3 << 30); print 1"]));
    }

    [Fact]
    public async Task Cancelling_ends_a_program()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ConfinedProgram.RunAsync(Perl, ["-e", "1 while 1"], Stream.Null, 100, TimeSpan.FromMinutes(1), [], stop.Token));
    }

    public void Dispose() => Directory.Delete(place, recursive: true);

    /// <summary>The results in order; the child's copy of a line counts once.</summary>
    private static IEnumerable<string> Results(string? output) => output!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Select(line => line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]);

    private static async Task<string?> RunAsync(string[] words, string input = "", int seconds = 60, IReadOnlyList<string>? hidden = null)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var output = await ConfinedProgram.RunAsync(Perl, words, content, 10_000, TimeSpan.FromSeconds(seconds), hidden ?? [], TestContext.Current.CancellationToken);
        return output is null ? null : Encoding.UTF8.GetString(output);
    }

    private static async Task<string> UnboundAsync(string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(Perl, words) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
