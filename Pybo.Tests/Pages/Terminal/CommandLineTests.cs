using System.Globalization;
using System.Text.RegularExpressions;
using Pybo.Pages.Terminal;

namespace Pybo.Tests.Pages.Terminal;

public sealed partial class CommandLineTests
{
    [Theory]
    [InlineData]
    [InlineData("serve")]
    [InlineData("ingest")]
    [InlineData("search")]
    [InlineData("ask")]
    [InlineData("reindex")]
    [InlineData("user")]
    [InlineData("user", "add")]
    [InlineData("user", "promote")]
    [InlineData("user", "reset-password")]
    [InlineData("models")]
    [InlineData("models", "list")]
    [InlineData("models", "pull")]
    [InlineData("models", "remove")]
    [InlineData("models", "verify")]
    [InlineData("models", "add")]
    public async Task Help_is_in_the_language_of_the_setting(params string[] command)
    {
        await using var terminal = new TestTerminal();
        var korean = await terminal.RunAsync([.. command, "--help"]);
        var english = await terminal.RunAsync([.. command, "--help", "--Pybo:Language=en"]);
        Assert.Equal((0, 0), (korean.Code, english.Code));
        Assert.Matches(Hangul(), korean.Output);
        Assert.DoesNotMatch(Hangul(), english.Output);
        Assert.All([korean, english], ran => Assert.Contains("--db <file>", ran.Output, StringComparison.Ordinal));
        Assert.False(File.Exists(terminal.DatabaseFile));
    }

    [Theory]
    [InlineData("en-US", "There is no database file")]
    [InlineData("ko-KR", "데이터베이스 파일이 없습니다")]
    [InlineData("de-DE", "데이터베이스 파일이 없습니다")]
    [InlineData("", "데이터베이스 파일이 없습니다")]
    public async Task Without_a_setting_a_command_uses_the_environments_language(string environment, string said)
    {
        await using var terminal = new TestTerminal();
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(environment);
        var ran = await terminal.RunAsync("search", "x");
        Assert.Equal(1, ran.Code);
        Assert.StartsWith(said, ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("혹시 search?", "serch", "말")]
    [InlineData("혹시 ingest?", "injest", "폴더")]
    [InlineData("혹시 --limit?", "search", "말", "--limt", "3")]
    [InlineData("혹시 --db?", "--dv", "x")]
    [InlineData("모르는 명령이나 옵션입니다: 아무말", "아무말")]
    [InlineData("모르는 옵션입니다: --jsn", "search", "--jsn")]
    [InlineData("question", "search")]
    [InlineData("1부터 100까지", "search", "말", "--limit", "0")]
    [InlineData("1부터 100까지", "search", "말", "--limit", "101")]
    [InlineData("세번", "search", "말", "--limit", "세번")]
    [InlineData("폴더가 없습니다", "ingest", "/없는/폴더")]
    [InlineData("--email", "user", "add", "홍길동")]
    [InlineData("name", "models", "pull")]
    [InlineData("혹시 remove?", "models", "remov", "bge-m3")]
    [InlineData("모르는 옵션입니다: --forc", "models", "remove", "--forc")]
    public async Task Unknown_arguments_are_reported_on_standard_error(string said, params string[] words)
    {
        await using var terminal = new TestTerminal();
        var ran = await terminal.RunAsync(words);
        Assert.Equal(2, ran.Code);
        Assert.Empty(ran.Output);
        Assert.Contains(said, ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(terminal.DatabaseFile));
    }

    [Theory]
    [InlineData("search", "말")]
    [InlineData("ask", "무엇?")]
    [InlineData("reindex")]
    [InlineData("reindex", "--check")]
    [InlineData("user", "promote", "홍길동")]
    public async Task A_mistyped_file_is_not_created(params string[] words)
    {
        await using var terminal = new TestTerminal();
        var ran = await terminal.RunAsync(words);
        Assert.Equal(1, ran.Code);
        Assert.StartsWith("데이터베이스 파일이 없습니다", ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(terminal.DatabaseFile));
    }

    [Theory]
    [InlineData("search", "말")]
    [InlineData("serve")]
    public async Task A_refused_database_is_reported_without_a_stack_trace(params string[] words)
    {
        await using var terminal = new TestTerminal();
        await File.WriteAllTextAsync(terminal.DatabaseFile, new string('x', 5000));
        var ran = await terminal.RunAsync(words);
        Assert.Equal(1, ran.Code);
        Assert.Contains("데이터베이스 파일을 열 수 없습니다", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_out_of_range_is_reported()
    {
        await using var terminal = new TestTerminal();
        var ran = await terminal.RunAsync("reindex", "--Pybo:LogInsPerMinute=0");
        Assert.Equal(1, ran.Code);
        Assert.StartsWith("설정이 올바르지 않습니다", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_prints_its_version()
    {
        var ran = await TestTerminal.RunProcessAsync("--version");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Matches(@"^\d+\.\d+\.\d+", ran.Output);
        var version = typeof(Program).Assembly.GetName().Version!;
        Assert.StartsWith($"{version.Major}.{version.Minor}.{version.Build}", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serving_prints_the_address_and_what_to_do_first()
    {
        await using var terminal = new TestTerminal();
        using var site = TestTerminal.Start("--db", terminal.DatabaseFile, "--urls", "http://127.0.0.1:0");
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            var address = await ReadUntilAsync("Pybo: http://", patience.Token);
            var signUp = await ReadUntilAsync("/account/signup", patience.Token);
            Assert.Contains(address["Pybo: ".Length..], signUp, StringComparison.Ordinal);
            Assert.Contains("ingest", await ReadUntilAsync("ingest", patience.Token), StringComparison.Ordinal);
            using var browser = new HttpClient();
            using var page = await browser.GetAsync(new Uri(address["Pybo: ".Length..] + "/account/signup"), patience.Token);
            Assert.True(page.IsSuccessStatusCode, page.StatusCode.ToString());
        }
        finally
        {
            site.Kill();
            await site.WaitForExitAsync();
        }

        async Task<string> ReadUntilAsync(string part, CancellationToken ct)
        {
            while (await site.StandardOutput.ReadLineAsync(ct) is { } line)
            {
                if (line.Contains(part, StringComparison.Ordinal))
                {
                    return line;
                }
            }

            throw new InvalidOperationException($"The site ended without '{part}': {await site.StandardError.ReadToEndAsync(ct)}");
        }
    }

    [GeneratedRegex("[가-힣]")]
    private static partial Regex Hangul();
}
