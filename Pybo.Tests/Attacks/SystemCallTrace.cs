using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Pybo.Tests.Attacks;

/// <summary>
/// The system calls of a program and all its children: sockets, and calls that write, make, rename or remove files. strace writes one file per thread,
/// so every call is one whole line.
/// </summary>
internal sealed partial class SystemCallTrace(string folder)
{
    private const int FinishSecondsMax = 60;

    /// <summary>Calls with a question mark do not exist on every processor.</summary>
    private const string Calls =
        "%network,openat,?open,?openat2,?creat,mkdirat,?mkdir,mknodat,?mknod,?renameat,renameat2,?rename,linkat,?link,symlinkat,?symlink,unlinkat,?unlink,?rmdir,truncate," +
        "fchmodat,?fchmodat2,?chmod,fchownat,?chown,?lchown,utimensat,?utime,?utimes,?futimesat,setxattr,lsetxattr,removexattr,lremovexattr,?io_uring_setup";

    public static void SkipWithoutStrace() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists(Path.Combine(path, "strace"))), "strace is not installed");

    /// <summary>The command that starts a program under the trace: the tracer is a grandchild, so the program is the child that was started.</summary>
    /// <param name="name">The name of this run, within the folder.</param>
    public string[] Wrapper(string name) => ["strace", "-D", "-ff", "--seccomp-bpf", "-y", "-s", "512", "-o", Path.Combine(folder, name), "-e", $"trace={Calls}"];

    /// <summary>All calls of all runs, after the traced programs have ended.</summary>
    public async Task<IReadOnlyList<SystemCall>> CallsAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while (Open().Any())
        {
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < FinishSecondsMax, $"A traced process does not end: {string.Join(", ", Open())}");
            await Task.Delay(50);
        }

        var calls = new List<SystemCall>();
        foreach (var line in Directory.EnumerateFiles(folder).SelectMany(File.ReadLines).Where(IsCall))
        {
            var match = Call().Match(line);
            Assert.True(match.Success, $"Not understood: {line}");
            calls.Add(new(match.Groups["name"].Value, match.Groups["arguments"].Value, match.Groups["result"].Value));
        }

        return calls;
    }

    /// <summary>The files of threads that have not ended.</summary>
    private IEnumerable<string> Open() => Directory.EnumerateFiles(folder).Where(file => !File.ReadLines(file).LastOrDefault("").StartsWith("+++", StringComparison.Ordinal));

    /// <summary>Signals are written between dashes, exits between pluses.</summary>
    private static bool IsCall(string line) => !line.StartsWith("---", StringComparison.Ordinal) && !line.StartsWith("+++", StringComparison.Ordinal);

    /// <summary>A call cut short by the end of its process has no result.</summary>
    [GeneratedRegex(@"^(?<name>\w+)\((?<arguments>.*)(\) += (?<result>.*)| <unfinished \.\.\.>)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Call();
}

/// <summary>A call as strace writes it; every descriptor is followed by its target: <c>12&lt;/folder/file&gt;</c>, <c>12&lt;socket:[34]&gt;</c>.</summary>
internal sealed partial record SystemCall(string Name, string Arguments, string Result)
{
    /// <summary>The sockets among the arguments.</summary>
    public IEnumerable<string> Sockets => Socket().Matches(Arguments).Select(match => match.Groups[1].Value);

    /// <summary>The socket that it returned.</summary>
    public string? NewSocket => Socket().Match(Result) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Opens for more than reading, or makes, renames, changes or removes a file.</summary>
    public bool Writes => !IsNetwork && (Name is not ("open" or "openat" or "openat2") || Flags().IsMatch(Arguments));

    public bool IsNetwork => Name is "socket" or "socketpair" or "connect" or "bind" or "listen" or "shutdown" or "io_uring_setup"
        || Name.StartsWith("accept", StringComparison.Ordinal) || Name.StartsWith("send", StringComparison.Ordinal) || Name.StartsWith("recv", StringComparison.Ordinal)
        || Name.StartsWith("getsock", StringComparison.Ordinal) || Name.StartsWith("setsock", StringComparison.Ordinal) || Name == "getpeername";

    /// <summary>The paths that it names, made absolute with the folder that strace shows next to them; others stay as they are.</summary>
    public IEnumerable<string> Paths => Named().Matches(Arguments).Select(match =>
        Path.IsPathRooted(match.Groups["path"].Value) ? match.Groups["path"].Value
        : match.Groups["folder"].Success ? Path.GetFullPath(Path.Combine(match.Groups["folder"].Value, match.Groups["path"].Value))
        : match.Groups["path"].Value);

    public override string ToString() => $"{Name}({Arguments}) = {Result}";

    [GeneratedRegex(@"socket:\[(\d+)\]")]
    private static partial Regex Socket();

    [GeneratedRegex(@"O_(WRONLY|RDWR|CREAT|TRUNC|TMPFILE)")]
    private static partial Regex Flags();

    [GeneratedRegex(@"((AT_FDCWD|\d+)<(?<folder>[^>]*)>, )?""(?<path>[^""]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
