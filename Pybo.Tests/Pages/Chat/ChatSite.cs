using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Inference;
using Pybo.Tests.Data;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

/// <summary>A site with a scripted generator and retrieval by words.</summary>
internal static class ChatSite
{
    public const string Question = "서울의 인구는 몇 명인가요?";
    public const string Title = "서울특별시 소개";
    public const string Body = "서울은 대한민국의 수도이다. 서울의 인구는 약 940만 명이다.";

    /// <summary>Far longer than any step here takes; a test that reaches it hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="client">The site's default; null for none.</param>
    /// <param name="others">Generators that a question can choose.</param>
    public static PyboSite With(ScriptedChatClient? client, params ScriptedChatClient[] others) => new PyboSite()
        .WithSetting("Pybo:EmbeddingModel", "no-such-folder")
        .WithServices(services => services.AddSingleton<IGeneratorSource>(new LentGenerators([client, .. others])));

    /// <summary>A site without a generator, whose quotations are scripted.</summary>
    public static PyboSite Quoting(ScriptedChatClient client) => With(null).WithServices(services => services.AddSingleton<IAnswerer>(new GeneratedAnswerer(client)));

    /// <summary>A document with one passage that everyone may read.</summary>
    public static async Task<long> AddDocumentAsync(this PyboSite site, string title = Title, string text = Body, long audience = Audience.Everyone)
    {
        await using var db = site.CreateDbContext();
        // Marked as indexed, otherwise the site's worker would read it.
        var document = await db.AddDocumentAsync($"{title}.txt", text, audience, ownerId: audience > 0 ? audience : null, title: title, indexedAt: DateTime.UtcNow);
        var writer = site.Services.GetRequiredService<PassageWriter>();
        Assert.True(await writer.ReplaceAsync(new(PassageKind.Document, document.Id, 0), [new(title, null, text, 0, [])], null, new(title, text.Length), default));
        return document.Id;
    }

    /// <summary>Asks as the page's script does, without waiting for the answer. Returns the conversation and the turn.</summary>
    public static async Task<(long Conversation, long Turn)> AskAsync(this Visitor visitor, string question = Question, long? conversation = null)
    {
        var page = conversation is null ? "/chat" : $"/chat/{conversation}";
        using var answer = await visitor.PostFormAsync(page, [new("Input.Question", question), new("Input.Live", "true")]);
        return Place(answer);
    }

    public static (long Conversation, long Turn) Place(HttpResponseMessage answer)
    {
        var parts = answer.Headers.Location!.OriginalString.Split(["/chat/", "#turn-"], StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(parts[0], null), long.Parse(parts[1], null));
    }

    public static Task<HttpResponseMessage> PressAsync(this Visitor visitor, long turn, string handler, params KeyValuePair<string, string>[] fields) =>
        visitor.PostFormAsync($"/chat/turns/{turn}?handler={handler}", fields, page: $"/chat/turns/{turn}");

    /// <summary>The events of a turn, until its end.</summary>
    public static async IAsyncEnumerable<(string Type, JsonElement Data, string? Id)> ListenAsync(this Visitor visitor, long turn, int? after = null)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/chat/turns/{turn}/events");
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", $"{after}");
        }

        using var answer = await visitor.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        await using var body = await answer.Content.ReadAsStreamAsync(limit.Token);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(limit.Token))
        {
            yield return (item.EventType, item.Data.Length > 0 ? JsonElement.Parse(item.Data) : default, item.EventId);
        }
    }

    /// <summary>Listens until the first token, and leaves.</summary>
    public static async Task HearFirstTokenAsync(this Visitor visitor, long turn) => await visitor.ListenAsync(turn).FirstAsync(e => e.Type == "token");

    public static async Task<List<(string Type, JsonElement Data, string? Id)>> HearAllAsync(this Visitor visitor, long turn, int? after = null) =>
        await visitor.ListenAsync(turn, after).ToListAsync();

    public static string Said(this IEnumerable<(string Type, JsonElement Data, string? Id)> events) =>
        string.Concat(events.Where(e => e.Type == "token").Select(e => e.Data.GetProperty("text").GetString()));

    public static async Task<Turn> TurnAsync(this PyboSite site, long id)
    {
        await using var db = site.CreateDbContext();
        return await db.Turns.AsNoTracking().Include(t => t.Citations.OrderBy(c => c.Number)).SingleAsync(t => t.Id == id);
    }

    /// <summary>Waits for a change that another thread is about to make.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
        }
    }

    public static Task UntilStateAsync(this PyboSite site, long turn, TurnState state) => UntilAsync(async () => (await site.TurnAsync(turn)).State == state);
}
