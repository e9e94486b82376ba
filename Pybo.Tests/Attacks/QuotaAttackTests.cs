using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Documents;
using Pybo.Tests.Rag.Documents.Office;

namespace Pybo.Tests.Attacks;

/// <summary>Small files with a high cost, many files that keep others waiting, and accounts that fill the chat.</summary>
public sealed class QuotaAttackTests
{
    /// <summary>Sentences of a bomb; each makes at least one chunk, and all of them compress to almost nothing.</summary>
    private const int BombParagraphs = 40_000;

    [Fact]
    public async Task A_small_file_that_becomes_twenty_thousand_chunks_is_refused_with_a_message_and_leaves_nothing()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("폭탄맨");
        var paragraph = OfficeFile.P("승강기 점검은 해마다 봄에 하고 그동안 삼층은 닫으며 관리 사무소에서 미리 알린다. 점검이 끝나면 다시 연다.");
        var bomb = OfficeFile.Docx(string.Concat(Enumerable.Repeat(paragraph, BombParagraphs)));
        Assert.InRange(bomb.Length, 1, 100_000);
        (await UploadTests.UploadAsync(member, [new("audience", "own")], ("폭탄.docx", bomb))).Dispose();
        await site.UntilCountAsync("select count(*) from Documents where IndexError is not null or ChunksTotal > 0 or IndexedAt is not null");
        Assert.Equal(0, site.Count("select max(ChunksTotal) from Documents"));
        Assert.Equal(0, site.Count("select count(*) from Passages"));
        Assert.Contains("조각까지 넣을 수 있으니 나누어", (await member.SeeAsync("/documents/1")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_concurrent_documents_do_not_exceed_a_members_quota()
    {
        const int QuotaChunks = 200;
        const int Documents = 8;
        await using var site = new PyboSite().WithServices(services => services.AddSingleton(new StorageLimits(QuotaChunks, 0)));
        var member = await site.SignUpAsync("욕심쟁이");
        await Task.WhenAll(Enumerable.Range(0, Documents).Select(async n =>
            (await UploadTests.UploadAsync(member, [new("audience", "own")], UploadTests.Text($"{n}.txt", Sentences(n, 80)))).Dispose()));
        await site.UntilCountAsync($"select count(*) = {Documents} from Documents where IndexedAt is not null or IndexError is not null");
        var chunks = site.Count("select count(*) from Chunks");
        Assert.InRange(chunks, 1, QuotaChunks);
        Assert.True(site.Count("select count(*) from Documents where IndexError like '%IngestionProblem_QuotaFull%'") > 0);

        // Deleting makes room, and a refused document is accepted when it is tried again.
        var taken = site.Count("select min(Id) from Documents where IndexedAt is not null");
        var refused = site.Count("select min(Id) from Documents where IndexError is not null");
        (await member.PostFormAsync($"/documents/{taken}?handler=Delete", [], $"/documents/{taken}")).Dispose();
        (await member.PostFormAsync($"/documents/{refused}?handler=Retry", [], $"/documents/{refused}")).Dispose();
        await site.UntilCountAsync($"select count(*) from Documents where Id = {refused} and IndexedAt is not null");
    }

    [Fact]
    public async Task One_members_many_documents_do_not_keep_anothers_single_one_waiting()
    {
        const int Many = 60;
        await using var site = new PyboSite();
        var greedy = await site.SignUpAsync("욕심쟁이");
        var other = await site.SignUpAsync("한사람");
        (await UploadTests.UploadAsync(greedy, [new("audience", "own")], [.. Enumerable.Range(0, Many).Select(n => UploadTests.Text($"{n}.txt", Sentences(n, 100)))])).Dispose();
        (await UploadTests.UploadAsync(other, [new("audience", "own")], UploadTests.Text("하나.txt", "승강기 점검 안내"))).Dispose();
        await site.UntilCountAsync("select count(*) from Documents where OwnerId = 2 and IndexedAt is not null");
        Assert.InRange(site.Count("select count(*) from Documents where OwnerId = 1 and IndexedAt is null"), 20, Many);
    }

    [Fact]
    public async Task Accounts_that_use_up_their_limits_leave_the_next_member_a_place()
    {
        const int Accounts = 40;
        const int Tries = 3;
        await using var site = new PyboSite().Listen();
        var victim = await site.SignUpAsync("피해자");
        var flood = new List<Visitor>();
        for (var n = 0; n < Accounts; n++)
        {
            flood.Add(await site.SignUpAsync($"인형{n}"));
        }

        using var stop = new CancellationTokenSource();
        var asking = flood.ConvertAll(puppet => Task.Run(() => FloodAsync(puppet, stop.Token)));
        await site.UntilCountAsync("select count(*) >= 25 from Turns where State < 2");
        using var elsewhere = From(site, IPAddress.Parse("127.0.0.2"));
        var visitor = new Visitor(elsewhere);
        Assert.NotNull((await visitor.LogInAsync("피해자")).Headers.Location);
        var refused = 0;
        for (var n = 0; n < Tries; n++)
        {
            using var asked = await visitor.PostFormAsync("/chat", [new("Input.Question", $"{n}번째로 묻습니다. 점검은 언제인가요?"), new("Input.Live", "true")]);
            refused += asked.Headers.Location is null ? 1 : 0;
            await site.UntilCountAsync("select count(*) = 0 from Turns t join Conversations c on c.Id = t.ConversationId where c.UserId = 1 and t.State < 2");
        }

        await stop.CancelAsync();
        await Task.WhenAll(asking);
        Assert.Equal(0, refused);
    }

    private static async Task FloodAsync(Visitor puppet, CancellationToken stop)
    {
        var page = await puppet.SeeAsync("/chat");
        var token = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        // Long and different each time: its search takes longest.
        var question = string.Join(' ', Enumerable.Range(0, 40).Select(n => $"낱말{n}은"));
        while (!stop.IsCancellationRequested)
        {
            using var form = new FormUrlEncodedContent([new("Input.Question", question), new("Input.Live", "true"), new("__RequestVerificationToken", token)]);
            (await puppet.Http.PostAsync(new Uri("/chat", UriKind.Relative), form, CancellationToken.None)).Dispose();
        }
    }

    /// <summary>A browser at another address of this machine.</summary>
    private static HttpClient From(PyboSite site, IPAddress address) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        CookieContainer = new CookieContainer(),
        ConnectCallback = async (context, ct) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = site.Address };

    private static string Sentences(int document, int count) =>
        string.Join('\n', Enumerable.Range(0, count).Select(n => $"{document}번 문서의 {n}번째 문장은 승강기 점검을 해마다 봄에 하고 그동안 삼층을 닫는다고 알린다."));
}
