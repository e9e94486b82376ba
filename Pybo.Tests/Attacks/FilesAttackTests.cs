using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Pybo.Data;
using Pybo.Tests.Pages;

namespace Pybo.Tests.Attacks;

/// <summary>Files that another account of the machine may read, files that a kill leaves behind, and the effect of an old copy on a restored file.</summary>
public sealed class FilesAttackTests
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const string Before = "20261123214542_TurnFigures";

    [Fact]
    public async Task No_other_account_of_the_machine_may_read_the_database_or_the_files_next_to_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        await using var site = await AttackedSite.StartAsync();
        (await site.SignUpAsync("주인장")).Http.Dispose();
        Closed(site);

        // In the state that an older version left.
        await site.StopAsync();
        File.SetUnixFileMode(site.DatabaseFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await site.StartAgainAsync();
        (await site.SignUpAsync("손님들")).Http.Dispose();
        Closed(site);

        static void Closed(AttackedSite site)
        {
            var files = Directory.EnumerateFiles(site.Folder).ToList();
            Assert.Contains(site.DatabaseFile, files);
            Assert.Contains(site.DatabaseFile + "-wal", files);
            Assert.All(files, file => Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Others) == 0, file));
        }
    }

    [Fact]
    public async Task An_upload_interrupted_by_a_kill_is_removed_at_the_next_start_and_another_process_keeps_its_own()
    {
        await using var site = AttackedSite.Prepare();
        var temporary = Directory.CreateDirectory(Path.Combine(site.Root, "temporary")).FullName;
        var environment = new Dictionary<string, string> { ["TMPDIR"] = temporary };
        await site.StartAgainAsync(environment);
        var cookies = new CookieContainer();
        var member = Browser();
        (await member.SignUpAsync("주인장")).Dispose();
        using var half = await BeginUploadAsync(site, member, cookies);
        await UntilAsync(() => Uploads().Any());
        await site.KillAsync();
        Assert.NotEmpty(Uploads());

        await site.StartAgainAsync(environment);
        await UntilAsync(() => !Uploads().Any());

        // A file that is still arriving survives the start of another process.
        member = Browser();
        using var whole = await BeginUploadAsync(site, member, cookies);
        await UntilAsync(() => Uploads().Any());
        Assert.Equal(0, (await site.RunAsync(environment, null, "search", "점검")).Code);
        Assert.NotEmpty(Uploads());

        // The log-in survives a restart; the port does not.
        Visitor Browser() => new(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = site.Address });

        // Every file that holds a megabyte of the upload, in either folder.
        IEnumerable<string> Uploads() => new[] { temporary, site.Folder }.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => !file.StartsWith(site.DatabaseFile, StringComparison.Ordinal) || file.StartsWith(site.DatabaseFile + "-uploads", StringComparison.Ordinal))
            .Where(file => new FileInfo(file) is { Exists: true, Length: > 500_000 });
    }

    [Fact]
    public async Task An_old_upgrade_copy_never_overwrites_a_file_restored_since()
    {
        await using var site = AttackedSite.Prepare();
        await MakeAsync(site.DatabaseFile, "복구한 글");
        await MakeAsync(site.DatabaseFile + "-before", "옛날 글");
        await site.StartAgainAsync();
        Assert.Equal(1, site.Count("select count(*) from DataProtectionKeys where FriendlyName = '복구한 글'"));
        Assert.Equal(0, site.Count("select count(*) from DataProtectionKeys where FriendlyName = '옛날 글'"));
        Assert.False(File.Exists(site.DatabaseFile + "-before"));
        Assert.Contains(Path.GetFileName(Assert.Single(Directory.EnumerateFiles(site.Folder, "pybo.db-before-*"))), site.Output, StringComparison.Ordinal);
    }

    /// <summary>Makes a file that still has to be migrated.</summary>
    private static async Task MakeAsync(string file, string name)
    {
        await using (var db = new PyboDb(Options(file)))
        {
            await db.GetService<IMigrator>().MigrateAsync(Before);
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        }

        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "insert into DataProtectionKeys(FriendlyName) values (@name)";
        command.Parameters.AddWithValue("@name", name);
        await command.ExecuteNonQueryAsync();
        command.CommandText = "pragma wal_checkpoint(truncate)";
        await command.ExecuteNonQueryAsync();
    }

    private static DbContextOptions<PyboDb> Options(string file)
    {
        var options = new DbContextOptionsBuilder<PyboDb>();
        options.UsePybo(file);
        return options.Options;
    }

    /// <summary>Sends the beginning of a file and keeps the connection open.</summary>
    private static async Task<TcpClient> BeginUploadAsync(AttackedSite site, Visitor member, CookieContainer cookies)
    {
        const string Boundary = "----half";
        var page = await member.SeeAsync("/documents/upload");
        var token = page.QuerySelector("form[data-upload] input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        var fields = $"--{Boundary}\r\nContent-Disposition: form-data; name=\"__RequestVerificationToken\"\r\n\r\n{token}\r\n"
            + $"--{Boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"half.txt\"\r\nContent-Type: text/plain\r\n\r\n";
        var head = string.Create(CultureInfo.InvariantCulture, $"POST /documents/upload HTTP/1.1\r\nHost: {site.Address.Authority}\r\nCookie: {cookies.GetCookieHeader(site.Address)}\r\n")
            + $"Content-Type: multipart/form-data; boundary={Boundary}\r\nContent-Length: 5000000\r\n\r\n";
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", site.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head + fields + string.Concat(Enumerable.Repeat("half of an upload\n", 100_000))));
        return client;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var waited = 0; waited < 300; waited++)
        {
            if (holds())
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail("It did not come about.");
    }
}
