using System.Text;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Rag.Documents.Enclosed;

namespace Pybo.Tests.Pages.Terminal;

/// <summary>An archive in an ingested folder is like a folder of documents.</summary>
public sealed class IngestArchivesTests
{
    [Fact]
    public async Task Each_file_of_an_archive_is_a_document_that_is_found()
    {
        await using var terminal = new TestTerminal();
        var folder = Put(terminal, ("규정/대출.txt", "한 사람이 다섯 권까지 빌린다."u8.ToArray()), ("안내.md", "# 안내\n\n아홉 시에 연다."u8.ToArray()), ("사진.png", [0x89, 0x50, 0, 0]), ("__MACOSX/._안내.md", [0]));
        var ran = await terminal.RunAsync("ingest", folder);
        Assert.Equal(0, ran.Code);
        Assert.Contains("새 문서 2", ran.Output, StringComparison.Ordinal);
        Assert.Contains("자료.zip/사진.png: 읽지 않는 종류의 파일입니다(.png).", ran.Error, StringComparison.Ordinal);
        Assert.Contains("운영 체제가 넣은 파일 1개", ran.Error, StringComparison.Ordinal);
        Assert.Equal(["책/자료.zip/규정/대출.txt", "책/자료.zip/안내.md"], await PathsAsync(terminal));
        var found = (await terminal.RunAsync("search", "몇 권까지 빌려요?", "--json")).Json.EnumerateArray().First();
        Assert.Equal("책/자료.zip/규정/대출.txt", found.GetProperty("source").GetString());
    }

    [Fact]
    public async Task An_archive_again_changes_nothing_and_a_changed_file_in_it_is_a_new_version()
    {
        await using var terminal = new TestTerminal();
        var folder = Put(terminal, ("가.txt", "첫 글이다."u8.ToArray()), ("나.txt", "둘째 글이다."u8.ToArray()));
        await terminal.RunAsync("ingest", folder);
        Assert.Contains("새 문서 0, 바뀐 문서 0, 그대로 2", (await terminal.RunAsync("ingest", folder)).Output, StringComparison.Ordinal);
        Put(terminal, ("가.txt", "첫 글이다."u8.ToArray()), ("나.txt", "둘째 글을 고쳤다."u8.ToArray()), ("다.txt", "셋째 글이다."u8.ToArray()));
        Assert.Contains("새 문서 1, 바뀐 문서 1, 그대로 1", (await terminal.RunAsync("ingest", folder)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pruning_removes_the_files_that_are_gone_from_an_archive_and_no_others()
    {
        await using var terminal = new TestTerminal();
        var folder = Put(terminal, ("가.txt", "첫 글이다."u8.ToArray()), ("나.txt", "둘째 글이다."u8.ToArray()));
        terminal.Write("책/밖.txt", "밖의 글이다.");
        await terminal.RunAsync("ingest", folder);
        Put(terminal, ("가.txt", "첫 글이다."u8.ToArray()));
        Assert.Contains("지움", (await terminal.RunAsync("ingest", folder, "--prune")).Error, StringComparison.Ordinal);
        Assert.Equal(["책/밖.txt", "책/자료.zip/가.txt"], await PathsAsync(terminal));

        // What cannot be unpacked is there, and may be read again.
        await File.WriteAllBytesAsync(Path.Combine(folder, "자료.zip"), [.. "PK\x3\x4"u8, 0, 0, 0], TestContext.Current.CancellationToken);
        var broken = await terminal.RunAsync("ingest", folder, "--prune");
        Assert.Equal(1, broken.Code);
        Assert.Contains("자료.zip: 파일이 깨져", broken.Error, StringComparison.Ordinal);
        Assert.Equal(["책/밖.txt", "책/자료.zip/가.txt"], await PathsAsync(terminal));

        File.Delete(Path.Combine(folder, "자료.zip"));
        await terminal.RunAsync("ingest", folder, "--prune");
        Assert.Equal(["책/밖.txt"], await PathsAsync(terminal));
    }

    [Fact]
    public async Task A_file_that_is_locked_by_now_keeps_its_document()
    {
        await using var terminal = new TestTerminal();
        var folder = Put(terminal, ("비밀.txt", "금고 번호는 4821이다."u8.ToArray()));
        await terminal.RunAsync("ingest", folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, "자료.zip"), ZipDraft.Aes("비밀.txt", "금고 번호는 4822이다."u8.ToArray(), "열려라", 3), TestContext.Current.CancellationToken);
        var ran = await terminal.RunAsync("ingest", folder, "--prune");
        Assert.Equal(1, ran.Code);
        Assert.Contains("자료.zip/비밀.txt: 비밀번호가 걸린 파일입니다.", ran.Error, StringComparison.Ordinal);
        Assert.Equal(["책/자료.zip/비밀.txt"], await PathsAsync(terminal));
    }

    [Fact]
    public async Task Kinds_that_are_not_read_are_named_with_how_to_convert_them()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("책/옛글.hwp", "HWP Document File V3.00 \u001A\u0001\u0002");
        terminal.Write("책/표.cell", "x");
        terminal.Write("책/글.pages", "x");
        terminal.Write("책/묶음.egg", "x");
        var ran = await terminal.RunAsync("ingest", Path.Combine(terminal.Folder, "책"));
        Assert.Contains("옛글.hwp: 한글 97 이전의 문서(HWP 3)입니다. 한글에서 열어 HWP 5", ran.Error, StringComparison.Ordinal);
        Assert.Contains("표.cell: 한셀 문서(.cell, .nxl)는 읽을 수 없습니다. 한셀에서 .xlsx로", ran.Error, StringComparison.Ordinal);
        Assert.Contains("글.pages: Pages, Numbers, Keynote", ran.Error, StringComparison.Ordinal);
        Assert.Contains("묶음.egg: 이 압축 형식은", ran.Error, StringComparison.Ordinal);
    }

    private static string Put(TestTerminal terminal, params (string Name, byte[] Bytes)[] files)
    {
        var folder = Path.Combine(terminal.Folder, "책");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "자료.zip"), ZipDraft.Of(files));
        return folder;
    }

    private static async Task<List<string>> PathsAsync(TestTerminal terminal)
    {
        await using var db = terminal.CreateDbContext();
        return [.. (await db.Documents.Select(d => d.Path).ToListAsync()).Order(StringComparer.Ordinal)];
    }
}
