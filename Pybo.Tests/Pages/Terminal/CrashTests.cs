using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Data;

namespace Pybo.Tests.Pages.Terminal;

public sealed class CrashTests
{
    private const int Files = 240;
    private const int LooksMax = 60_000;

    /// <summary>Killed while the files arrive, and killed while they are indexed.</summary>
    [Theory]
    [InlineData("select count(*) Value from Documents", 1)]
    [InlineData("select count(*) Value from Documents where IndexedAt is not null", 20)]
    public async Task Killed_during_ingest_nothing_is_half_indexed_and_nothing_is_lost(string reached, int count)
    {
        await using var terminal = new TestTerminal();
        for (var i = 0; i < Files; i++)
        {
            terminal.Write(string.Create(CultureInfo.InvariantCulture, $"글/{i:000}.txt"), Text(i));
        }

        await using (var db = terminal.CreateDbContext())
        {
            await db.StartAsync(default);
        }

        using (var ingest = TestTerminal.Start("ingest", Path.Combine(terminal.Folder, "글"), "--db", terminal.DatabaseFile))
        {
            await ReachAsync(terminal, reached, count, () => ingest.HasExited);
            ingest.Kill();
            await ingest.WaitForExitAsync();
            Assert.NotEqual(0, ingest.ExitCode);
        }

        await using (var db = terminal.CreateDbContext())
        {
            Assert.NotEmpty(await db.Documents.Where(d => d.IndexedAt == null).Select(d => d.Id).Take(1).ToListAsync());
            Assert.Empty(await db.Passages.Where(p => db.Documents.Any(d => d.Id == p.DocumentId && d.IndexedAt == null)).Select(p => p.Id).ToListAsync());
            Assert.Empty(await db.Documents.Where(d => d.IndexedAt != null && !db.Passages.Any(p => p.DocumentId == d.Id)).Select(d => d.Id).ToListAsync());
        }

        var check = await terminal.RunAsync("reindex", "--check");
        Assert.Equal(0, check.Code);
        Assert.StartsWith("색인에 틀린 곳이 없습니다.", check.Output, StringComparison.Ordinal);

        var again = await terminal.RunAsync("ingest", Path.Combine(terminal.Folder, "글"));
        Assert.Equal((0, ""), (again.Code, again.Error));
        await using (var db = terminal.CreateDbContext())
        {
            Assert.Equal(Files, await db.Documents.CountAsync(d => d.IndexedAt != null));
            Assert.Equal(Files, await db.Passages.Select(p => p.DocumentId).Distinct().CountAsync());
        }

        Assert.StartsWith("색인에 틀린 곳이 없습니다.", (await terminal.RunAsync("reindex", "--check")).Output, StringComparison.Ordinal);
        var found = (await terminal.RunAsync("search", "창고 137번", "--json")).Json.EnumerateArray().First();
        Assert.EndsWith("/137.txt", found.GetProperty("source").GetString(), StringComparison.Ordinal);
    }

    private static async Task ReachAsync(TestTerminal terminal, string sql, int count, Func<bool> hasEnded)
    {
        await using var db = terminal.CreateDbContext();
        for (var look = 0; look < LooksMax; look++)
        {
            if (await db.Database.SqlQueryRaw<int>(sql).SingleAsync() >= count)
            {
                return;
            }

            Assert.False(hasEnded(), "It ended before it could be killed.");
            await Task.Delay(5);
        }

        Assert.Fail("It never came so far.");
    }

    private static string Text(int i) => string.Create(CultureInfo.InvariantCulture, $"""
        창고 {i:000}번

        창고 {i:000}번에는 상자가 {(i * 7) + 3}개 있다. 열쇠는 관리실 {i % 12}번 고리에 걸려 있고, 문은 오후 {(i % 9) + 1}시에 닫는다.
        상자마다 노란 꼬리표가 붙어 있으며, 꼬리표의 숫자는 들어온 달을 뜻한다. 습기가 많은 날에는 창을 열지 않는다.
        물건을 꺼낼 때에는 장부에 이름과 시각을 적는다. 다 쓴 물건은 사흘 안에 제자리에 돌려놓는다.
        """);
}
