using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;
using Pybo.Tests.Pages.Documents;
using Pybo.Tests.Rag.Documents;
using Pybo.Tests.Rag.Documents.Isolation;

namespace Pybo.Tests.Attacks;

/// <summary>A real site's process that reads documents, seen from outside. <see cref="ReadingAttacksTests"/> covers attempts from inside.</summary>
[SupportedOSPlatform("linux")]
public sealed class ReadingChildTests
{
    private const string Command = "read-documents";
    private const string Warning = "is not fully bounded here";

    public ReadingChildTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux bounds a reading process by more than heap and time.");

    [Fact]
    public async Task A_site_of_this_account_reads_documents_without_rights()
    {
        await using var site = await AttackedSite.StartAsync();
        var status = await ReadAllAsync(site);
        Assert.NotEqual("0", status["Uid"].Split('\t')[1]);
        Assert.Equal(("0000000000000000", "1", "2"), (status["CapEff"], status["NoNewPrivs"], status["Seccomp"]));
        Assert.DoesNotContain(Warning, site.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_of_an_ordinary_user_reads_documents_without_rights()
    {
        await using var site = await OrdinarySiteAsync([]);
        var status = await ReadAllAsync(site);
        Assert.Equal(string.Join('\t', Enumerable.Repeat(OtherAccount.User, 4)), status["Uid"]);
        Assert.Equal(("0000000000000000", "1", "2"), (status["CapEff"], status["NoNewPrivs"], status["Seccomp"]));
        Assert.DoesNotContain(Warning, site.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_Landlock_in_the_kernel_the_site_warns_once_and_hides_its_memory()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed.");
        await using var site = await OrdinarySiteAsync(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=landlock_create_ruleset", "-e", "inject=landlock_create_ruleset:error=EOPNOTSUPP"]);
        var status = await ReadAllAsync(site);
        Assert.Equal(("0000000000000000", "1", "2"), (status["CapEff"], status["NoNewPrivs"], status["Seccomp"]));
        Assert.Equal(2, site.Output.Split(Warning).Length);
        Assert.Contains("no Landlock", site.Output, StringComparison.Ordinal);

        // A process of the same account, which the reading process then is, cannot open the site's memory.
        var server = Running().Single(process => process.Parent == site.Process.Id).Id;
        using var thief = Process.Start(new ProcessStartInfo(OtherAccount.Switch[0], [.. OtherAccount.Switch.Skip(1), "head", "-c", "1", $"/proc/{server}/environ"])
        {
            RedirectStandardError = true,
        })!;
        var words = await thief.StandardError.ReadToEndAsync();
        await thief.WaitForExitAsync();
        Assert.Contains("Permission denied", words, StringComparison.Ordinal);
    }

    /// <summary>A site whose process, folder and program belong to an ordinary user.</summary>
    private static async Task<AttackedSite> OrdinarySiteAsync(IEnumerable<string> wrapper)
    {
        OtherAccount.SkipUnlessItCanBeTaken();
        var site = AttackedSite.Prepare();
        await OtherAccount.GiveAsync(site.Root);

        // The words after the wrapper are "dotnet", the program, and its arguments: the program must come from a folder that the user can read.
        var program = Environment.GetEnvironmentVariable("PYBO_ATTACKED") ?? Path.Combine(OtherAccount.ProgramFolder, "Pybo.dll");
        string[] own = ["sh", "-c", $"shift 2; exec dotnet '{program}' \"$@\"", "sh"];
        await site.StartAgainAsync(wrapper: [.. wrapper, .. OtherAccount.Switch, .. own]);
        return site;
    }

    /// <summary>Uploads a document of each format, waits until all are found, and returns the state of the process that read them.</summary>
    private static async Task<Dictionary<string, string>> ReadAllAsync(AttackedSite site)
    {
        var member = await site.SignUpAsync("읽는이");
        using var answer = await UploadTests.UploadAsync(member, [], [.. SampleDocuments.All]);
        for (var look = 0; look < 1_200 && Waiting(site) > 0; look++)
        {
            await Task.Delay(50);
        }

        Assert.Equal((0, SampleDocuments.All.Count), (Waiting(site), Read(site)));

        // It stays for a while, in case of more documents.
        var child = Running().First(process => process.Command.Contains(Command, StringComparison.Ordinal) && Descends(process.Id, site.Process.Id));
        return Status(child.Id) ?? throw new InvalidOperationException("The reading process has ended.");
    }

    private static long Waiting(AttackedSite site) => Count(site, "select count(*) from Documents where IndexedAt is null");

    private static long Read(AttackedSite site) => Count(site, "select count(*) from Documents where IndexedAt is not null and Characters > 0");

    private static long Count(AttackedSite site, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={site.DatabaseFile};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static bool Descends(int process, int ancestor)
    {
        for (var at = process; at > 1; at = Parent(at))
        {
            if (at == ancestor)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<RunningProcess> Running() => Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
        .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Select(id => new RunningProcess(id, Parent(id), Content($"/proc/{id}/cmdline").Replace('\0', ' ')));

    private static int Parent(int process) => Status(process) is { } status ? int.Parse(status["PPid"], CultureInfo.InvariantCulture) : 0;

    private static Dictionary<string, string>? Status(int process) => Content($"/proc/{process}/status") is { Length: > 0 } text
        ? text.Split('\n').Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1].Trim())
        : null;

    private static string Content(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ""; // it has ended
        }
    }

    private sealed record RunningProcess(int Id, int Parent, string Command);
}
