using System.Net;
using System.Runtime.Versioning;
using System.Text;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Documents;

namespace Pybo.Tests.Attacks;

/// <summary>
/// The program starts without a usable home folder, as for a service account. These tests also cover the published single file, which must unpack itself
/// into some folder: <c>PYBO_ATTACKED=publish/Pybo dotnet test Pybo.Tests --filter FullyQualifiedName~HomelessTests</c>.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class HomelessTests
{
    private const string Nobody = "65534";

    [Theory]
    [InlineData(null, "Production")]
    [InlineData("", "Development")]
    [InlineData("relative", "Production")]
    [InlineData("file", "Production")]
    [InlineData("read-only", "Production")]
    public async Task The_site_starts_reads_and_searches_without_a_home_folder(string? home, string environment)
    {
        await using var site = AttackedSite.Prepare();
        await AssertWorksAsync(site, Home(site, home), environment, AsNobody(site, home is null));
    }

    [Fact]
    public async Task Commands_work_without_a_home_folder()
    {
        await using var site = AttackedSite.Prepare();
        var wrapper = AsNobody(site, unsetsHome: true);
        var texts = Directory.CreateDirectory(Path.Combine(site.Folder, "texts")).FullName;
        await File.WriteAllTextAsync(Path.Combine(texts, "안내.txt"), "열람실은 평일 오전 아홉 시에 연다.");
        foreach (var words in new[] { ["models", "list"], ["ingest", texts], new[] { "search", "열람실" } })
        {
            var (code, output, error) = await site.RunAsync(new Dictionary<string, string> { ["TMPDIR"] = site.Root }, wrapper, words);
            Assert.True(code == 0, $"{string.Join(' ', words)}: {output} {error}");
        }
    }

    private static async Task AssertWorksAsync(AttackedSite site, string home, string environment, IReadOnlyList<string> wrapper)
    {
        await site.StartAgainAsync(new Dictionary<string, string> { ["HOME"] = home, ["TMPDIR"] = site.Root, ["ASPNETCORE_ENVIRONMENT"] = environment }, wrapper: wrapper);
        var member = await site.SignUpAsync("홍길동");
        using var sent = await UploadTests.UploadAsync(member, [new("audience", "everyone")], ("안내.md", Encoding.UTF8.GetBytes("# 안내\n\n열람실은 평일 오전 아홉 시에 연다.")));
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        for (var waited = 0; !(await member.SeeAsync("/search?q=%EC%97%B4%EB%9E%8C%EC%8B%A4")).Body!.InnerHtml.Contains("/documents/1?passage=", StringComparison.Ordinal); waited++)
        {
            Assert.True(waited < 300, $"{(await member.SeeAsync("/documents/1")).Body!.TextContent} {site.Output}");
            await Task.Delay(200);
        }

        // Only a published program carries the web assets.
        string[] assets = AttackedSite.Program.EndsWith(".dll", StringComparison.Ordinal) ? [] : ["/css/site.css"];
        foreach (var page in (string[])["/admin/models", "/chat", .. assets])
        {
            using var answer = await member.Http.GetAsync(new Uri(page, UriKind.Relative));
            Assert.True(answer.StatusCode == HttpStatusCode.OK, page);
        }

        AssertOwnOnnxRuntime(site);
        await site.StopAsync();
    }

    /// <summary>Asserts that the indexer has loaded ONNX Runtime: the one copy among the program's own files.</summary>
    private static void AssertOwnOnnxRuntime(AttackedSite site)
    {
        var mapped = File.ReadLines($"/proc/{site.Process.Id}/maps").Where(line => line.Contains("/libonnxruntime.so", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).Distinct();
        var library = Assert.Single(mapped);
        var files = AttackedSite.Program.EndsWith(".dll", StringComparison.Ordinal) ? Path.GetDirectoryName(AttackedSite.Program)! : Path.GetDirectoryName(library)!;
        Assert.Equal([library], Directory.EnumerateFiles(files, "libonnxruntime.so*", SearchOption.AllDirectories));
    }

    private static string Home(AttackedSite site, string? kind)
    {
        switch (kind)
        {
            case "file":
                var file = Path.Combine(site.Root, "home-file");
                File.WriteAllText(file, "");
                return file;
            case "read-only":
                File.SetUnixFileMode(site.Home, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
                return site.Home;
            default:
                return kind ?? "";
        }
    }

    /// <summary>Root can create any home folder: these tests run as an account that owns only the site's folder. Accounts other than root need no switch.</summary>
    private static string[] AsNobody(AttackedSite site, bool unsetsHome)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Home folders are for Unix here");
        string[] unset = unsetsHome ? ["env", "-u", "HOME"] : [];
        if (Environment.UserName != "root")
        {
            return unset;
        }

        const UnixFileMode everybody = (UnixFileMode)0b111_111_111;
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "setpriv is not here");
        File.SetUnixFileMode(site.Root, everybody);
        File.SetUnixFileMode(site.Folder, everybody);
        string[] other = ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"];
        using var reads = System.Diagnostics.Process.Start(other[0], [.. other[1..], "test", "-r", AttackedSite.Program]);
        reads.WaitForExit();
        Assert.SkipUnless(reads.ExitCode == 0, "The program lies where only root reaches it");
        return [.. other, .. unset];
    }
}
