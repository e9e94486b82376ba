using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Chat;

/// <summary>
/// A turn as server-sent events: <c>state</c> while it waits, <c>sources</c>, <c>state</c> while parts of a long text are read, any number of <c>token</c>, <c>done</c>; after a silence
/// <c>alive</c>, a heartbeat that pages ignore.
/// </summary>
internal static class TurnEvents
{
    /// <summary>How soon a browser reconnects after it lost the connection.</summary>
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);

    /// <summary>Proxies close a connection that is silent for a minute, and only a write shows that a reader has left.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    private static readonly SseItem<string> Alive = new("", "alive");

    public static void MapTurnEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/chat/turns/{id:long}/events", ListenAsync).RequireAuthorization().RequireRateLimiting(RequestLimits.Listen);

    private static async Task<Results<ServerSentEventsResult<string>, NotFound>> ListenAsync(
        long id, ClaimsPrincipal user, PyboDb db, TurnFeed feed, IHostApplicationLifetime lifetime, TimeProvider time,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId, CancellationToken ct)
    {
        var userId = user.MemberId;
        return userId is { } reader && await db.Turns.AnyAsync(t => t.Id == id && t.Conversation!.UserId == reader, ct)
            ? TypedResults.ServerSentEvents(ItemsAsync(feed, id, reader, FromCharacter(lastEventId), time, lifetime.ApplicationStopping, ct))
            : TypedResults.NotFound();
    }

    private static async IAsyncEnumerable<SseItem<string>> ItemsAsync(
        TurnFeed feed, long id, long userId, int fromCharacter, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken ct)
    {
        // An open stream would keep the process from stopping.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        await using var events = feed.FollowAsync(id, userId, fromCharacter, either.Token).GetAsyncEnumerator(CancellationToken.None);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                await ((Task)next).WaitAsync(SilenceMax, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!next.IsCompleted)
                {
                    yield return Alive;
                }
                else if (await next)
                {
                    yield return Item(events.Current);
                    next = events.MoveNextAsync().AsTask();
                }
                else
                {
                    yield break;
                }
            }
        }
        finally
        {
            // The writer may give up between two events, and an enumerator must not be disposed while it moves.
            await either.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static SseItem<string> Item(TurnEvent one) => one switch
    {
        TurnEvent.Waiting waiting => new(JsonSerializer.Serialize(new WaitingMessage(waiting.Before, TurnView.PlaceOf(waiting.Before)), TurnJson.Readable.WaitingMessage), "state"),
        TurnEvent.Reading reading => new(JsonSerializer.Serialize(new WaitingMessage(0, ChatWords.ReadingPart.With(reading.Part, reading.Count)), TurnJson.Readable.WaitingMessage), "state"),
        TurnEvent.Sources sources => new(JsonSerializer.Serialize(MessageOf(sources), TurnJson.Readable.SourcesMessage), "sources") { ReconnectionInterval = ReconnectAfter },
        TurnEvent.Token token => new(JsonSerializer.Serialize(token with { Text = TurnView.AnswerOf(token.Text) }, TurnJson.Readable.Token), "token")
        {
            EventId = token.End.ToString(CultureInfo.InvariantCulture),
        },
        TurnEvent.Done done => new(JsonSerializer.Serialize(done, TurnJson.Readable.Done), "done"),
        _ => throw new ArgumentOutOfRangeException(nameof(one)),
    };

    private static SourcesMessage MessageOf(TurnEvent.Sources sources) => new(
        [.. sources.Items.Select(item => item with { Title = TurnView.TitleOf(item.Title) })], NoticeWords.OfStoredOrNone(sources.Note), TurnView.NameOf(sources.Model), sources.Items.Count > 0 ? ChatWords.Reading.Count(sources.Items.Count) : ChatWords.Writing);

    /// <summary>Parses a token's id: the answer's length including that token.</summary>
    private static int FromCharacter(string? lastEventId) =>
        int.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var characters) ? characters : 0;
}

/// <summary><see cref="TurnEvent.Waiting"/> and <see cref="TurnEvent.Reading"/> in the reader's words.</summary>
internal sealed record WaitingMessage(int Before, string Text);

/// <summary><see cref="TurnEvent.Sources"/> in the reader's words.</summary>
/// <param name="State">The current activity.</param>
internal sealed record SourcesMessage(IReadOnlyList<SourceCard> Items, string? Note, string? Model, string State);

[JsonSerializable(typeof(WaitingMessage))]
[JsonSerializable(typeof(SourcesMessage))]
[JsonSerializable(typeof(TurnEvent.Token))]
[JsonSerializable(typeof(TurnEvent.Done))]
internal sealed partial class TurnJson : JsonSerializerContext
{
    /// <summary>Writes Hangul unescaped.</summary>
    public static TurnJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter<TurnState>() },
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });
}
