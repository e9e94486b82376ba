using System.Text;
using Microsoft.EntityFrameworkCore;
using Pybo.Pages.Documents;
using Pybo.Rag.Documents;
using Pybo.Tests.Rag.Documents.Enclosed;
using Pybo.Tests.Rag.Documents.Hwp;
using static Pybo.Tests.Pages.Documents.UploadTests;

namespace Pybo.Tests.Pages.Documents;

/// <summary>Archives and files with a password are unwrapped while they are uploaded.</summary>
public sealed class UploadArchivesTests
{
    private const string Page = "/documents/upload";
    private const string Password = "열려라 참깨";

    [Fact]
    public async Task Each_file_of_an_archive_becomes_a_document_and_the_others_are_named()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var archive = ZipDraft.Of(("회의/회의록.txt", "회의는 목요일에 한다."u8.ToArray()), ("안내.md", "# 안내\n\n글"u8.ToArray()), ("사진.png", [0x89, 0x50, 0, 0]), ("__MACOSX/._안내.md", [0]));
        (await UploadAsync(member, [new("audience", "members")], ("자료.zip", archive))).Dispose();
        await using var db = site.CreateDbContext();
        Assert.Equal(["자료.zip/회의/회의록.txt", "자료.zip/안내.md"], await db.Documents.OrderBy(d => d.Id).Select(d => d.Path).ToListAsync());
        var text = (await member.SeeAsync("/documents?show=own")).Body!.TextContent;
        Assert.Contains("파일 2개를 받았습니다.", text, StringComparison.Ordinal);
        Assert.Contains("자료.zip/사진.png: 읽지 않는 종류의 파일입니다(.png).", text, StringComparison.Ordinal);

        // The same archive again names every file that is there.
        (await UploadAsync(member, [], ("자료.zip", archive))).Dispose();
        Assert.Contains("자료.zip/안내.md: 같은 파일을", (await member.SeeAsync(Page)).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(2, await db.Documents.CountAsync());
    }

    [Fact]
    public async Task A_locked_archive_asks_for_its_password_and_is_opened_by_it()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var archive = ZipDraft.Aes("비밀.txt", "금고 번호는 4821이다."u8.ToArray(), Password, 3);
        (await UploadAsync(member, [], ("자료.zip", archive))).Dispose();
        Assert.Contains("자료.zip/비밀.txt: 비밀번호가 걸린 파일입니다.", (await member.SeeAsync(Page)).Body!.TextContent, StringComparison.Ordinal);
        (await UploadAsync(member, [new(UploadForm.PasswordField, "틀린 말")], ("자료.zip", archive))).Dispose();
        Assert.Contains("비밀번호가 맞지 않습니다.", (await member.SeeAsync(Page)).Body!.TextContent, StringComparison.Ordinal);
        (await UploadAsync(member, [new(UploadForm.PasswordField, Password)], ("자료.zip", archive))).Dispose();
        await using var db = site.CreateDbContext();
        Assert.Equal("금고 번호는 4821이다.", Encoding.UTF8.GetString((await db.DocumentFileParts.SingleAsync()).Content));
    }

    [Fact]
    public async Task A_locked_document_is_stored_without_its_lock_and_its_password_nowhere()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var file = await File.ReadAllBytesAsync(Repository.Shared("corpus/docx/poi__bug53475-password-is-pass.docx"), TestContext.Current.CancellationToken);
        (await UploadAsync(member, [], ("계약.docx", file))).Dispose();
        Assert.Contains("계약.docx: 비밀번호가 걸린 파일입니다.", (await member.SeeAsync(Page)).Body!.TextContent, StringComparison.Ordinal);
        using (var answer = await UploadAsync(member, [new(UploadForm.PasswordField, "pass")], ("계약.docx", file)))
        {
            Assert.Equal("/documents?show=own", answer.Headers.Location?.OriginalString);
        }

        await using var db = site.CreateDbContext();
        var document = await db.Documents.SingleAsync();
        Assert.Equal("계약.docx", document.Path);
        var original = await member.Http.GetByteArrayAsync(new Uri($"/documents/{document.Id}/file", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.NotEmpty(DocumentReader.ReadFile(original, "계약.docx").Text);
        Assert.DoesNotContain("value=\"pass\"", (await member.SeeAsync(Page)).DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_is_in_no_file_of_the_site()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        (await UploadAsync(member, [new(UploadForm.PasswordField, Password)], ("자료.zip", ZipDraft.Aes("비밀.txt", "금고"u8.ToArray(), Password, 3)))).Dispose();
        await using var db = site.CreateDbContext();
        Assert.Equal(1, await db.Documents.CountAsync());
        var database = db.Database.GetDbConnection().DataSource;
        foreach (var written in Directory.EnumerateFiles(Path.GetDirectoryName(database)!, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "in-use"))
        {
            await using var content = new FileStream(written, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[content.Length];
            await content.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
            Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Password)));
        }
    }

    [Fact]
    public async Task An_archive_is_no_new_version_of_a_document()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        (await UploadAsync(member, [], Text("글.txt", "글"))).Dispose();
        await using var db = site.CreateDbContext();
        var id = await db.Documents.Select(d => d.Id).SingleAsync();
        (await UploadAsync(member, [new(UploadForm.DocumentField, $"{id}")], ("자료.zip", ZipDraft.Of(("가.txt", "가"), ("나.txt", "나"))))).Dispose();
        Assert.Contains("자료.zip: 압축 파일에는 문서가 여럿", (await member.SeeAsync($"/documents/{id}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("글.txt", await db.Documents.Select(d => d.Path).SingleAsync());
    }

    [Fact]
    public async Task Old_kinds_are_refused_at_once_with_how_to_convert_them()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        (await UploadAsync(member, [], ("옛글.hwp", [.. "HWP Document File V3.00 \x1A"u8, .. new byte[100]]), ("옛 문서.doc", new CompoundFileBuilder().Add("WordDocument", [1]).Build()), ("묶음.7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]))).Dispose();
        var text = (await member.SeeAsync(Page)).Body!.TextContent;
        Assert.Contains("옛글.hwp: 한글 97 이전의 문서(HWP 3)입니다. 한글에서 열어", text, StringComparison.Ordinal);
        Assert.Contains("옛 문서.doc: 예전 워드 문서(.doc)는 읽을 수 없습니다. 워드에서 .docx로", text, StringComparison.Ordinal);
        Assert.Contains("묶음.7z: 이 압축 형식은", text, StringComparison.Ordinal);
    }
}
