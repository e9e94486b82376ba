using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Rag.Ingestion;
using Pybo.Tests.Data;

namespace Pybo.Tests.Pages.Terminal;

public sealed class IngestCommandTests
{
    [Fact]
    public async Task A_folder_becomes_documents_that_are_found()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("책/안내.md", "# 이용 안내\n\n열람실은 오전 아홉 시에 문을 엽니다.");
        terminal.Write("책/깊은/곳/규정.txt", "대출 규정\n\n한 사람이 다섯 권까지 빌릴 수 있습니다.");
        terminal.Write("책/노래.mp3", "글이 아니다");
        terminal.Write("책/.숨김.md", "보이지 않는다");
        terminal.Write("책/.git/설명.md", "보이지 않는다");

        var ran = await terminal.RunAsync("ingest", Path.Combine(terminal.Folder, "책") + "/");
        Assert.Equal(0, ran.Code);
        Assert.Contains("노래.mp3: 읽지 않는 종류의 파일입니다(.mp3).", Assert.Single(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("새 문서 2", ran.Output, StringComparison.Ordinal);
        await using var db = terminal.CreateDbContext();
        Assert.Equal(["책/깊은/곳/규정.txt", "책/안내.md"], (await db.Documents.Select(d => d.Path).ToListAsync()).Order(StringComparer.Ordinal));
        Assert.Empty(await db.Documents.Where(d => d.IndexedAt == null).ToListAsync());

        var found = (await terminal.RunAsync("search", "몇 권까지 빌려요?", "--json")).Json.EnumerateArray().First();
        Assert.Equal(["kind", "source", "title", "snippet", "url", "score"], found.EnumerateObject().Select(p => p.Name));
        Assert.Equal("document", found.GetProperty("kind").GetString());
        Assert.Equal("책/깊은/곳/규정.txt", found.GetProperty("source").GetString());
        Assert.Equal("대출 규정", found.GetProperty("title").GetString());
        Assert.Contains("다섯 권", found.GetProperty("snippet").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("/documents/", found.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Number, found.GetProperty("score").ValueKind);
    }

    [Fact]
    public async Task A_folder_is_put_into_a_collection_that_keeps_its_previous_audience()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("규정/하나.txt", "대출 규정은 다섯 권까지다.");
        terminal.Write("규정/둘.txt", "반납 규정은 두 주까지다.");
        Assert.Equal(0, (await terminal.RunAsync("ingest", Path.Combine(terminal.Folder, "규정"), "--collection", "도서관 규정")).Code);
        Assert.Equal(2, await CountAsync(Audience.Everyone));
        terminal.Write("규정/셋.txt", "열람 규정은 없다.");
        Assert.Equal(0, (await terminal.RunAsync("ingest", Path.Combine(terminal.Folder, "규정"), "--collection", "도서관 규정", "--members")).Code);
        Assert.Equal(3, await CountAsync(Audience.Members));
        Assert.Equal(2, (await terminal.RunAsync("ingest", terminal.Folder, "--collection", " ")).Code);
        Assert.StartsWith("색인에 틀린 곳이 없습니다.", (await terminal.RunAsync("reindex", "--check")).Output, StringComparison.Ordinal);

        async Task<int> CountAsync(long audience)
        {
            await using var db = terminal.CreateDbContext();
            var collection = await db.Collections.SingleAsync(c => c.OwnerId == null && c.Name == "도서관 규정" && c.Audience == audience);
            return await db.Passages.CountAsync(p => p.Audience == audience && db.Documents.Any(d => d.Id == p.DocumentId && d.CollectionId == collection.Id));
        }
    }

    [Fact]
    public async Task Only_changed_files_are_read_again()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("하나.txt", "처음 쓴 글");
        terminal.Write("둘.txt", "그대로 둘 글");
        Assert.Equal((2, 0, 0, 2), await CountsAsync());
        Assert.Equal((0, 0, 2, 0), await CountsAsync());

        terminal.Write("하나.txt", "고쳐 쓴 글");
        terminal.Write("셋.txt", "새로 쓴 글");
        Assert.Equal((1, 1, 1, 2), await CountsAsync());
        await using var db = terminal.CreateDbContext();
        var passages = await db.Passages.Select(p => p.Text).ToListAsync();
        Assert.Equal(["고쳐 쓴 글", "그대로 둘 글", "새로 쓴 글"], passages.Order(StringComparer.Ordinal));

        async Task<(int New, int Changed, int Unchanged, int Indexed)> CountsAsync()
        {
            var ran = await terminal.RunAsync("ingest", terminal.Folder, "--json");
            Assert.Equal(0, ran.Code);
            return (Of("new"), Of("changed"), Of("unchanged"), Of("indexed"));
            int Of(string name) => ran.Json.GetProperty(name).GetInt32();
        }
    }

    [Fact]
    public async Task Unreadable_files_are_listed_and_the_rest_is_ingested()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("좋은.txt", "읽을 수 있는 글");
        terminal.Write("이진.txt", "\0\u0001\0\u0002 글이 아니다 \0\0\0");
        File.CreateSymbolicLink(Path.Combine(terminal.Folder, "끊긴.md"), "없는-파일.md");
        await using (var large = File.Create(Path.Combine(terminal.Folder, "큰.txt")))
        {
            large.SetLength(FolderIngestion.FileBytesMax + 1);
        }

        for (var again = 0; again < 2; again++)
        {
            var ran = await terminal.RunAsync("ingest", terminal.Folder, "--json");
            Assert.Equal(1, ran.Code);
            var failed = ran.Json.GetProperty("failed").EnumerateArray().ToDictionary(f => Path.GetFileName(f.GetProperty("path").GetString()!), f => f.GetProperty("reason").GetString()!);
            Assert.Equal(["끊긴.md", "이진.txt", "큰.txt"], failed.Keys.Order(StringComparer.Ordinal));
            Assert.Contains("이진 파일", failed["이진.txt"], StringComparison.Ordinal);
            Assert.Contains("너무 큽니다", failed["큰.txt"], StringComparison.Ordinal);
            Assert.Contains("링크", failed["끊긴.md"], StringComparison.Ordinal);
            Assert.All(failed.Keys, name => Assert.Contains(name, ran.Error, StringComparison.Ordinal));
        }

        await using var db = terminal.CreateDbContext();
        Assert.Equal("읽을 수 있는 글", (await db.Passages.SingleAsync()).Text);
    }

    [Fact]
    public async Task Documents_waiting_for_a_retry_are_listed_and_other_members_uploads_are_not_awaited()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("글.txt", "나팔꽃은 아침에 핀다");
        Assert.Equal(0, (await terminal.RunAsync("ingest", terminal.Folder)).Code);
        var soon = DateTime.UtcNow.AddHours(1);
        await using (var db = terminal.CreateDbContext())
        {
            await db.Documents.ExecuteUpdateAsync(set => set.SetProperty(d => d.IndexedAt, (DateTime?)null).SetProperty(d => d.NextAttemptAt, soon).SetProperty(d => d.Attempts, 1));
            var member = new User { UserName = "홍길동", NormalizedUserName = "홍길동", Email = "a@example.com", NormalizedEmail = "A@EXAMPLE.COM" };
            db.Users.Add(member);
            await db.SaveChangesAsync();
            var upload = await db.AddDocumentAsync("올린.txt", "올린 글", member.Id, member.Id);
            await db.Documents.Where(d => d.Id == upload.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.ClaimedUntil, soon));
        }

        var ran = await terminal.RunAsync("ingest", terminal.Folder, "--json").WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, ran.Code);
        var failed = Assert.Single(ran.Json.GetProperty("failed").EnumerateArray());
        Assert.Equal((Path.Combine(terminal.Folder, "글.txt"), FolderIngestion.RestsReason.Said()), (failed.GetProperty("path").GetString(), failed.GetProperty("reason").GetString()));
        Assert.Equal(0, ran.Json.GetProperty("unchanged").GetInt32());
    }

    [Fact]
    public async Task A_link_back_is_not_followed()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("안/글.txt", "한 번만 나오는 글");
        Directory.CreateSymbolicLink(Path.Combine(terminal.Folder, "안", "되돌이"), terminal.Folder);
        var ran = await terminal.RunAsync("ingest", terminal.Folder, "--json");
        Assert.Equal(0, ran.Code);
        Assert.Equal(1, ran.Json.GetProperty("new").GetInt32());
        Assert.EndsWith("되돌이", ran.Json.GetProperty("skipped").EnumerateArray().Single().GetProperty("path").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_for_members_are_hidden_from_visitors()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("글.txt", "금고 번호는 비밀입니다.");
        Assert.Equal(0, (await terminal.RunAsync("ingest", terminal.Folder)).Code);
        Assert.Single(await FindAsync(Viewer.Visitor));

        Assert.Contains("바뀐 문서 1", (await terminal.RunAsync("ingest", terminal.Folder, "--members")).Output, StringComparison.Ordinal);
        Assert.Empty(await FindAsync(Viewer.Visitor));
        Assert.Single(await FindAsync(Viewer.AnyMember));
        Assert.Single((await terminal.RunAsync("search", "금고", "--json")).Json.EnumerateArray());

        async Task<List<PassageHit>> FindAsync(Viewer viewer)
        {
            await using var db = terminal.CreateDbContext();
            return await db.SearchPassagesAsync(new PassageQuery { Terms = KoreanText.Terms("금고"), Viewer = viewer, Limit = 5 }, default);
        }
    }

    [Fact]
    public async Task A_document_limited_to_members_stays_so_when_ingested_again()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("하나.txt", "금고 번호는 비밀입니다.");
        await IngestAsync("--members");
        await IngestAsync();
        Assert.Equal([Audience.Members], await AudiencesAsync());

        // Chosen on its page, in a collection, and edited since.
        await IngestAsync("--everyone", "--collection", "열린 모음");
        Assert.Equal([Audience.Everyone], await AudiencesAsync());
        var administrator = new Actor(1, IsAdministrator: true);
        await using (var db = terminal.CreateDbContext())
        {
            var shelf = await db.EnsureCollectionAsync("닫힌 모음", Audience.Members, default);
            Assert.Equal(1, await db.PlaceDocumentAsync((await db.Documents.SingleAsync()).Id, shelf.Id, Audience.Members, administrator, default));
        }

        terminal.Write("하나.txt", "금고 번호는 더 큰 비밀입니다.");
        terminal.Write("둘.txt", "새 글입니다.");
        await IngestAsync();
        Assert.Equal([Audience.Members, Audience.Everyone], await AudiencesAsync());
        await using (var db = terminal.CreateDbContext())
        {
            Assert.Equal("닫힌 모음", await db.Documents.Where(d => d.Audience == Audience.Members).Select(d => d.Collection!.Name).SingleAsync());
        }

        // A collection for everyone does not open it either, and a collection without an audience option does not change its readers.
        Assert.Contains("하나.txt: 회원만 읽는 문서라", (await IngestAsync("--collection", "열린 모음")).Error, StringComparison.Ordinal);
        Assert.Equal([Audience.Members, Audience.Everyone], await AudiencesAsync());
        await IngestAsync("--collection", "닫힌 모음");
        Assert.Equal([Audience.Members, Audience.Members], await AudiencesAsync());
        await IngestAsync("--everyone");
        Assert.Equal([Audience.Everyone, Audience.Everyone], await AudiencesAsync());
        Assert.Equal(2, (await terminal.RunAsync("ingest", terminal.Folder, "--everyone", "--members")).Code);
        Assert.StartsWith("색인에 틀린 곳이 없습니다.", (await terminal.RunAsync("reindex", "--check")).Output, StringComparison.Ordinal);

        async Task<Ran> IngestAsync(params string[] options)
        {
            var ran = await terminal.RunAsync(["ingest", terminal.Folder, .. options]);
            Assert.Equal(0, ran.Code);
            return ran;
        }

        async Task<List<long>> AudiencesAsync()
        {
            await using var db = terminal.CreateDbContext();
            Assert.Equal(0, await db.Documents.CountAsync(d => d.CollectionId != null && d.Collection!.Audience != d.Audience));
            return await db.Documents.OrderBy(d => d.Id).SelectMany(d => db.Passages.Where(p => p.DocumentId == d.Id && p.Audience == d.Audience).Select(p => p.Audience)).ToListAsync();
        }
    }

    [Fact]
    public async Task A_file_is_one_document_whatever_name_leads_to_it_and_readers_see_no_path_of_the_server()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("서고/하나.txt", "금고는 지하에 있다.");
        Directory.CreateSymbolicLink(Path.Combine(terminal.Folder, "다른길"), Path.Combine(terminal.Folder, "서고"));
        File.CreateSymbolicLink(Path.Combine(terminal.Folder, "서고", "둘째이름.txt"), "하나.txt");
        var first = await terminal.RunAsync("ingest", Path.Combine(terminal.Folder, "서고"), "--members");
        Assert.Contains("다른 이름이라, 한 번만", first.Error, StringComparison.Ordinal);
        Assert.Contains("새 문서 0, 바뀐 문서 0, 그대로 1", (await terminal.RunAsync("ingest", Path.Combine(terminal.Folder, "다른길"))).Output, StringComparison.Ordinal);
        await using var db = terminal.CreateDbContext();
        Assert.Equal(("서고/둘째이름.txt", Audience.Members), await db.Documents.Select(d => new ValueTuple<string, long>(d.Path, d.Audience)).SingleAsync());
    }

    [Fact]
    public async Task A_closed_text_is_not_opened_by_a_copy_under_another_name()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("안/원본.txt", "금고 번호는 비밀이다.");
        terminal.Write("밖/사본.txt", "금고 번호는 비밀이다.");
        terminal.Write("밖/다른.txt", "열람실은 아홉 시에 연다.");
        Assert.Equal(0, (await terminal.RunAsync("ingest", Path.Combine(terminal.Folder, "안"), "--members")).Code);
        var ran = await terminal.RunAsync("ingest", Path.Combine(terminal.Folder, "밖"), "--everyone");
        Assert.Contains("사본.txt: 같은 글이 회원만 읽는 문서(안/원본.txt)로 있어", ran.Error, StringComparison.Ordinal);
        await using var db = terminal.CreateDbContext();
        Assert.Equal(["밖/다른.txt"], await db.Documents.Where(d => d.Audience == Audience.Everyone).Select(d => d.Path).ToListAsync());
    }

    [Fact]
    public async Task Documents_of_files_that_are_gone_are_named_and_removed_when_that_is_asked_for()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("글/남는.txt", "남는 글이다.");
        terminal.Write("글/가는.txt", "가는 글이다.");
        terminal.Write("곁/다른.txt", "다른 폴더의 글이다.");
        var folder = Path.Combine(terminal.Folder, "글");
        await terminal.RunAsync("ingest", folder);
        await terminal.RunAsync("ingest", Path.Combine(terminal.Folder, "곁"));
        File.Delete(Path.Combine(folder, "가는.txt"));
        Assert.Contains($"사라진 파일 {folder}/가는.txt", (await terminal.RunAsync("ingest", folder)).Error, StringComparison.Ordinal);
        Assert.Equal(3, await CountAsync());
        Assert.Contains($"지움 {folder}/가는.txt", (await terminal.RunAsync("ingest", folder, "--prune")).Error, StringComparison.Ordinal);
        Assert.Equal(2, await CountAsync());
        Assert.DoesNotContain((await terminal.RunAsync("search", "가는 글", "--json")).Json.EnumerateArray(), hit => hit.GetProperty("source").GetString() == "글/가는.txt");

        // A disk that is not mounted leaves an empty folder.
        File.Delete(Path.Combine(folder, "남는.txt"));
        Assert.Equal(1, (await terminal.RunAsync("ingest", folder, "--prune")).Code);
        Assert.Equal(2, await CountAsync());

        async Task<int> CountAsync()
        {
            await using var db = terminal.CreateDbContext();
            return await db.Documents.CountAsync();
        }
    }

    [Fact]
    public async Task Files_without_text_are_not_counted_as_read()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("빈.txt", "");
        terminal.Write("공백.md", " \n\n ");
        terminal.Write("글.txt", "글이 있다.");
        terminal.Write("옛.doc", "옛 글");
        for (var again = 0; again < 2; again++)
        {
            var ran = await terminal.RunAsync("ingest", terminal.Folder);
            Assert.Contains("글 없음 2, 실패 0", ran.Output, StringComparison.Ordinal);
            Assert.Contains("빈.txt: 읽을 글이 없는 파일입니다.", ran.Error, StringComparison.Ordinal);
            Assert.Contains("공백.md: 읽을 글이 없는 파일입니다.", ran.Error, StringComparison.Ordinal);
            Assert.Contains("옛.doc: 예전 워드 문서(.doc)는 읽을 수 없습니다.", ran.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_document_of_an_older_version_is_known_again_by_its_path()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("글.txt", "나팔꽃은 아침에 핀다");
        await terminal.RunAsync("ingest", terminal.Folder);
        await using (var db = terminal.CreateDbContext())
        {
            await db.Documents.ExecuteUpdateAsync(set => set.SetProperty(d => d.SourcePath, (string?)null).SetProperty(d => d.Path, $"{terminal.Folder}/글.txt"));
        }

        Assert.Contains("새 문서 0, 바뀐 문서 1", (await terminal.RunAsync("ingest", terminal.Folder)).Output, StringComparison.Ordinal);
        Assert.Contains("그대로 1", (await terminal.RunAsync("ingest", terminal.Folder)).Output, StringComparison.Ordinal);
        await using var after = terminal.CreateDbContext();
        Assert.Equal($"{Path.GetFileName(terminal.Folder)}/글.txt", (await after.Documents.SingleAsync()).Path);
        Assert.StartsWith("색인에 틀린 곳이 없습니다.", (await terminal.RunAsync("reindex", "--check")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watched_folder_is_taken_in_again_when_it_changes()
    {
        var folder = Directory.CreateTempSubdirectory("pybo-watch-").FullName;
        using (var watch = new FolderWatch(folder))
        {
            var changed = watch.ChangedAsync(TestContext.Current.CancellationToken);
            Assert.False(changed.IsCompleted);
            Directory.CreateDirectory(Path.Combine(folder, "깊은"));
            await File.WriteAllTextAsync(Path.Combine(folder, "깊은", "새.txt"), "새 글", TestContext.Current.CancellationToken);
            Assert.True(await changed.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
            using var stop = new CancellationTokenSource();
            var waiting = watch.ChangedAsync(stop.Token);
            await stop.CancelAsync();
            Assert.False(await waiting);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_found_is_an_empty_array()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("글.txt", "글");
        await terminal.RunAsync("ingest", terminal.Folder);
        var ran = await terminal.RunAsync("search", "", "--json");
        Assert.Equal(0, ran.Code);
        Assert.Empty(ran.Json.EnumerateArray());
    }

    [Fact]
    public async Task Without_the_model_words_are_indexed_with_a_note()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("글.txt", "나팔꽃은 아침에 핀다");
        var ran = await terminal.RunAsync("ingest", terminal.Folder, "--Pybo:EmbeddingModel=models/없는-모델");
        Assert.Equal(0, ran.Code);
        Assert.Contains("임베딩 모델이 없어", ran.Error, StringComparison.Ordinal);
        var found = await terminal.RunAsync("search", "나팔꽃", "--json", "--Pybo:EmbeddingModel=models/없는-모델");
        Assert.Contains("낱말", found.Error, StringComparison.Ordinal);
        Assert.Single(found.Json.EnumerateArray());
    }

    [Fact]
    public async Task The_program_writes_nothing_but_JSON_to_its_output()
    {
        await using var terminal = new TestTerminal();
        terminal.Write("글.txt", "나팔꽃은 아침에 핀다");
        var ingested = await TestTerminal.RunProcessAsync("ingest", terminal.Folder, "--json", "--db", terminal.DatabaseFile);
        Assert.Equal((0, ""), (ingested.Code, ingested.Error));
        Assert.Equal(1, ingested.Json.GetProperty("new").GetInt32());
        var found = await TestTerminal.RunProcessAsync("search", "나팔꽃", "--json", "--db", terminal.DatabaseFile, "--Logging:LogLevel:Default=Debug");
        Assert.Equal(0, found.Code);
        Assert.Equal("글", found.Json.EnumerateArray().Single().GetProperty("title").GetString());
        Assert.Contains("나팔꽃", found.Output, StringComparison.Ordinal);
    }
}
