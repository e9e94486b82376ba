using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Rag.Ingestion;
using Pybo.Tests.Data;

namespace Pybo.Tests.Pages.Admin;

public sealed class QueueTests
{
    private const string Address = "/admin/queue";

    [Fact]
    public async Task Administrators_see_the_queue_in_order_with_a_count_of_hidden_documents()
    {
        await using var site = new PyboSite().WithServices(services => services.Remove(services.Single(s => s.ImplementationType == typeof(IngestionWorker))));
        var administrator = await site.SignUpAsync("주인장");
        var member = await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        for (var n = 1; n <= DocumentQueries.PageSize + 1; n++)
        {
            await db.AddDocumentAsync($"{n}.txt", $"{n}번 글", audience: Audience.Members, ownerId: 2, title: $"{n}번 문서");
        }

        await db.AddDocumentAsync("ready.txt", "읽은 글", audience: Audience.Members, ownerId: 2, title: "읽은 문서", indexedAt: DateTime.UtcNow);
        await db.AddDocumentAsync("own.txt", "일기", audience: 2, ownerId: 2, title: "홍길동의 일기");

        var page = await administrator.SeeAsync(Address);
        Assert.Equal(Enumerable.Range(1, DocumentQueries.PageSize).Select(n => $"{n}번 문서"), page.QuerySelectorAll(".post-list .question-title").Select(title => title.TextContent));
        Assert.Contains($"먼저 할 {DocumentQueries.PageSize}개만", page.Body!.TextContent, StringComparison.Ordinal);
        var waiting = page.QuerySelectorAll(".queue-counts dt").Single(term => term.TextContent == "기다리는 문서");
        Assert.Equal($"{DocumentQueries.PageSize + 2}", waiting.NextElementSibling!.TextContent);
        Assert.DoesNotContain("일기", page.Body!.TextContent, StringComparison.Ordinal);
        await member.SeeAsync(Address, HttpStatusCode.Forbidden);
        using var visitor = await site.Visit().Http.GetAsync(new Uri(Address, UriKind.Relative));
        Assert.Equal("/account/login", visitor.Headers.Location!.OriginalString.Split('?')[0]);
    }
}
