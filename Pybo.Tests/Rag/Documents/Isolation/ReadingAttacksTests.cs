using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Isolation;

namespace Pybo.Tests.Rag.Documents.Isolation;

/// <summary>Attacks by a document that controls its reader, tried inside the real reading process with all its limits.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class ReadingAttacksTests : IDisposable
{
    private const string Secret = "secret words of a database";

    private static readonly UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    private readonly string place = Directory.CreateTempSubdirectory("pybo-attacks-").FullName;
    private readonly List<string> made = [];
    private Process? victim;

    public ReadingAttacksTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux bounds a reading process by more than heap and time.");
        Assert.SkipUnless(Landlock.Version > 0, "The kernel has no Landlock.");
        File.SetUnixFileMode(place, Everybody);
    }

    public static TheoryData<bool> Accounts => [false, true];

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task Every_attack_inside_the_real_child_is_refused(bool isOrdinary)
    {
        var (command, folder) = Program(isOrdinary);
        var targets = Targets(isOrdinary, folder);
        await using var reader = new IsolatedDocumentReader(Limits([targets.Database, targets.DatabaseInProgram, targets.DatabaseInGranted]), command);
        var lines = await LinesAsync(reader, targets.ToString(), "attacks");
        All(ReadingAttacks.Refused, lines);
        Assert.True(lines.Count > 300, string.Join('\n', lines));

        // They left nothing behind.
        Assert.Equal([targets.File], Directory.EnumerateFileSystemEntries(targets.Folder));
        Assert.False(victim!.HasExited);
    }

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task Calls_needed_for_reading_are_allowed(bool isOrdinary)
    {
        await using var reader = new IsolatedDocumentReader(Limits([]), Program(isOrdinary).Command);
        var lines = await LinesAsync(reader, "", "needed");
        All(ReadingAttacks.Allowed, lines);
        Assert.True(lines.Count > 10);
    }

    [Fact]
    public async Task Every_system_call_that_is_not_on_the_list_is_refused()
    {
        await using var reader = new IsolatedDocumentReader(Limits([]), HostileReaders.CommandLine);
        var lines = await LinesAsync(reader, "", "sweep");
        All(ReadingAttacks.Refused, lines);
        Assert.True(lines.Count > 400);
    }

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task A_reading_process_has_no_account_no_capabilities_no_way_to_regain_them_and_hides_its_memory(bool isOrdinary)
    {
        await using var reader = new IsolatedDocumentReader(Limits([]), Program(isOrdinary).Command);
        var id = (await LinesAsync(reader, "", "identity"))[0];
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{id}/task"))
        {
            var status = File.ReadAllLines(Path.Combine(thread, "status")).Select(line => line.Split(':')).ToDictionary(pair => pair[0], pair => pair[1].Trim());
            var user = isOrdinary || !OtherAccount.IsRoot ? status["Uid"].Split('\t')[0] : "65534";
            Assert.Equal(string.Join('\t', Enumerable.Repeat(user, 4)), status["Uid"]);
            Assert.NotEqual("0", user);
            Assert.Equal("", OtherAccount.IsRoot ? status["Groups"] : "");
            Assert.Equal("0000000000000000", status["CapEff"]);
            Assert.Equal("0000000000000000", status["CapPrm"]);
            Assert.Equal("0000000000000000", status["CapAmb"]);
            Assert.Equal("1", status["NoNewPrivs"]);
            Assert.Equal("2", status["Seccomp"]);
        }

        var limits = File.ReadAllLines($"/proc/{id}/limits");
        Assert.Contains(limits, line => line.StartsWith("Max core file size        0                    0 ", StringComparison.Ordinal));
        Assert.Contains(limits, line => line.StartsWith("Max file size             0                    0 ", StringComparison.Ordinal));

        // The 19th field of proc(5), after the name in brackets.
        Assert.Equal("10", (await File.ReadAllTextAsync($"/proc/{id}/stat")).Split(") ")[^1].Split(' ')[16]);

        // Files of a process that hides its memory belong to root.
        Assert.Equal(0u, Owner($"/proc/{id}/environ"));
    }

    [Fact]
    public async Task A_reading_process_holds_no_file_of_the_program_that_started_it()
    {
        var file = Path.Combine(place, "left open");
        await File.WriteAllTextAsync(file, Secret);
        var left = Open(file, 0); // without O_CLOEXEC, as a native library may
        await using var reader = new IsolatedDocumentReader(Limits([]), HostileReaders.CommandLine);
        var id = (await LinesAsync(reader, "", "identity"))[0];
        var held = Directory.EnumerateFiles($"/proc/{id}/fd").Select(path => new FileInfo(path).LinkTarget ?? "").ToList();
        Assert.Equal(0, Close(left));
        Assert.NotEmpty(held);
        string[] own = ["pipe:", "/memfd:", "anon_inode:", $"/proc/{id}/", "/proc/meminfo", "/proc/sys/vm/", "/dev/urandom", "/usr/", "/lib", AppContext.BaseDirectory, RuntimeEnvironment.GetRuntimeDirectory()];
        Assert.Equal("", string.Join('\n', held.Where(target => !Array.Exists(own, start => target.StartsWith(start, StringComparison.Ordinal)))));
    }

    [Fact]
    public async Task Documents_of_every_format_are_read_as_without_the_sandbox()
    {
        await using var reader = new IsolatedDocumentReader();
        await ReadsAllAsync(reader);
    }

    [Fact]
    public async Task Documents_of_every_format_are_read_by_an_ordinary_user()
    {
        var folder = Program(isOrdinary: true).Folder;
        await using var reader = new IsolatedDocumentReader(commandLine: [.. OtherAccount.Switch, "dotnet", Path.Combine(folder, "Pybo.dll"), IsolatedReading.Command]);
        await ReadsAllAsync(reader);
    }

    [Fact]
    public async Task Documents_of_every_format_are_read_if_only_root_can_reach_the_program()
    {
        Assert.SkipUnless(OtherAccount.IsRoot, "Only root can become another user.");
        var folder = OtherAccount.Copy(Directory.CreateDirectory(Path.Combine(place, "only root")).FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var reader = new IsolatedDocumentReader(commandLine: ["dotnet", Path.Combine(folder, "Pybo.dll"), IsolatedReading.Command]);
        await ReadsAllAsync(reader);
        await using var hostile = new IsolatedDocumentReader(Limits([]), ["dotnet", Path.Combine(folder, Path.GetFileName(HostileReaders.CommandLine[1])), HostileReaders.Command]);
        var id = (await LinesAsync(hostile, "", "identity"))[0];
        Assert.Contains("Uid:\t65534\t65534\t65534\t65534", await File.ReadAllLinesAsync($"/proc/{id}/status"));
        Assert.All(await LinesAsync(hostile, "", "fonts"), line => Assert.Equal("found", line));
        var lines = await LinesAsync(hostile, "", "needed");

        // The file itself is out of reach; the library was loaded before.
        All(ReadingAttacks.Allowed, lines.Where(line => !line.StartsWith("read a library", StringComparison.Ordinal)));
    }

    public void Dispose()
    {
        if (victim is not null)
        {
            victim.Kill();
            victim.Dispose();
        }

        made.ForEach(File.Delete);
        Directory.Delete(place, recursive: true);
    }

    private static void All(string outcome, IEnumerable<string> lines) => Assert.Equal("", string.Join('\n', lines.Where(line => !line.EndsWith('\t' + outcome, StringComparison.Ordinal))));

    private static ReadingLimits Limits(IReadOnlyList<string> hidden) => new() { Time = TimeSpan.FromMinutes(2), HeapBytes = 256 << 20, ProcessesMax = 1, HiddenFiles = hidden };

    private static async Task ReadsAllAsync(IsolatedDocumentReader reader)
    {
        Assert.All(SampleDocuments.All, sample => Assert.NotEqual("", DocumentReader.ReadFile(sample.Bytes, sample.FileName).Text));
        foreach (var (fileName, bytes) in SampleDocuments.All)
        {
            using var content = new MemoryStream(bytes);
            var isolated = await reader.ReadAsync(content, bytes.Length, fileName, null, TestContext.Current.CancellationToken);
            Assert.Equivalent(DocumentReader.ReadFile(bytes, fileName), isolated, strict: true);
        }
    }

    private static async Task<List<string>> LinesAsync(IsolatedDocumentReader reader, string text, string fileName)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var content = new MemoryStream(bytes);
        var document = await reader.ReadAsync(content, bytes.Length, fileName, null, TestContext.Current.CancellationToken);
        Assert.False(document.Truncated, string.Join('\n', document.Warnings.Said()) + document.Text);
        return [.. document.Text.Split('\n').Where(line => line.Length > 0 && line != text)];
    }

    /// <summary>The child as this account starts it or as an ordinary user would, with its program's folder.</summary>
    private static (IReadOnlyList<string> Command, string Folder) Program(bool isOrdinary)
    {
        if (!isOrdinary)
        {
            return (HostileReaders.CommandLine, AppContext.BaseDirectory);
        }

        OtherAccount.SkipUnlessItCanBeTaken();
        var folder = OtherAccount.ProgramFolder;
        return ([.. OtherAccount.Switch, "dotnet", Path.Combine(folder, Path.GetFileName(HostileReaders.CommandLine[1])), HostileReaders.Command], folder);
    }

    /// <summary>Files that any account may read and write, so that only the sandbox refuses, and a process of the same account.</summary>
    private ReadingAttacks.Targets Targets(bool isOrdinary, string program)
    {
        string[] sleep = [.. isOrdinary ? OtherAccount.Switch : [], "sleep", "600"];
        victim = Process.Start(sleep[0], sleep[1..]);
        var name = Path.GetRandomFileName() + ".db";
        var folder = Directory.CreateDirectory(Path.Combine(place, "folder")).FullName;
        var alone = Directory.CreateDirectory(Path.Combine(place, "alone")).FullName;
        File.SetUnixFileMode(folder, Everybody);
        File.SetUnixFileMode(alone, Everybody);
        return new(victim.Id, Database(Path.Combine(alone, name)), Database(Path.Combine(program, name)), Database(Path.Combine(program, "runtimes", name)), folder, Make(Path.Combine(folder, "file")));
    }

    private string Database(string path)
    {
        Make(path + "-wal");
        return Make(path);
    }

    private string Make(string path)
    {
        File.WriteAllText(path, Secret);
        File.SetUnixFileMode(path, Everybody);
        made.Add(path);
        return path;
    }

    private static uint Owner(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%u", path]) { RedirectStandardOutput = true })!;
        return uint.Parse(stat.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
