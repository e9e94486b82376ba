using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Pages.Terminal;

public sealed class ReindexCommandTests(ReindexCommandTests.Ingested ingested) : IClassFixture<ReindexCommandTests.Ingested>
{
    [Theory]
    [InlineData("insert into PassageWords(rowid, Title, Body) values (99999, '가나', '다라')", "원본이 없는 낱말: 1")]
    [InlineData("insert or replace into PassageWords(rowid, Title, Body) select min(Id), '가나', '다라' from Passages", "읽을 사람이 다른 낱말: 1")]
    [InlineData("delete from ChunkBits_1 where Id = (select min(Id) from Chunks)", "벡터가 없는 조각: 1")]
    [InlineData("delete from Chunks where PassageId = (select min(PassageId) from Chunks)", "임베딩이 없는 색인 단위: 1")]
    [InlineData("delete from Passages where Id = (select min(Id) from Passages)", "색인 단위가 빠진 글과 문서: 1")]
    [InlineData("update PassageTotals set Passages = 99", "틀린 합계: 1")]
    public async Task Damage_is_reported_and_repaired(string damage, string named)
    {
        var terminal = ingested.Terminal;
        await using (var db = terminal.CreateDbContext())
        {
            await db.Database.ExecuteSqlRawAsync(damage);
        }

        var ran = await terminal.RunAsync("reindex", "--check");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Contains(named, ran.Output, StringComparison.Ordinal);
        Assert.EndsWith("모두 고쳤습니다.\n", ran.Output, StringComparison.Ordinal);
        Assert.StartsWith("색인에 틀린 곳이 없습니다.", (await terminal.RunAsync("reindex", "--check")).Output, StringComparison.Ordinal);
        var found = await terminal.RunAsync("search", "나팔꽃", "--json");
        Assert.Contains("나팔꽃", found.Json.EnumerateArray().First().GetProperty("snippet").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_is_indexed_again()
    {
        var terminal = ingested.Terminal;
        await using var db = terminal.CreateDbContext();
        var before = await db.Passages.Select(p => p.Id).ToListAsync();
        await db.Documents.Take(1).ExecuteUpdateAsync(set => set.SetProperty(d => d.IndexError, "지난번에는 실패했다"));
        Assert.Equal((0, ""), await RunAsync());
        var after = await db.Passages.Select(p => p.Id).ToListAsync();
        Assert.Equal(before.Count, after.Count);
        Assert.Empty(before.Intersect(after));
        Assert.Empty(await db.Documents.Where(d => d.IndexError != null).ToListAsync());

        async Task<(int, string)> RunAsync()
        {
            var ran = await terminal.RunAsync("reindex");
            return (ran.Code, ran.Error);
        }
    }

    /// <summary>Two documents that every test leaves as it found them.</summary>
    public sealed class Ingested : IAsyncLifetime
    {
        public TestTerminal Terminal { get; } = new();

        public async ValueTask InitializeAsync()
        {
            Terminal.Write("꽃.txt", "나팔꽃은 아침에 피었다가 낮에 진다.");
            Terminal.Write("나무.txt", "은행나무는 가을에 노랗게 물든다.");
            var ran = await Terminal.RunAsync("ingest", Terminal.Folder);
            Assert.Equal((0, ""), (ran.Code, ran.Error));
        }

        public ValueTask DisposeAsync() => Terminal.DisposeAsync();
    }
}
