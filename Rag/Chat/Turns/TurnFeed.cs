using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>A turn to listen to, in whatever state it is: waiting, running or long over. Listening starts nothing.</summary>
public sealed class TurnFeed(IDbContextFactory<PyboDb> dbs, TurnRunner runner)
{
    /// <summary>
    /// The place in the queue while it waits, whenever it changes, then what it says, then its end; a turn that is over is replayed from its row. Ends
    /// without an event when the turn is not this member's or is deleted, and without an error when cancelled.
    /// </summary>
    /// <param name="turnId">The turn.</param>
    /// <param name="userId">Whose it must be.</param>
    /// <param name="fromCharacter">How much of the answer the reader has already.</param>
    /// <param name="ct">Ends the listening.</param>
    public async IAsyncEnumerable<TurnEvent> FollowAsync(long turnId, long userId, int fromCharacter, [EnumeratorCancellation] CancellationToken ct)
    {
        var place = -1;
        var isLost = false;
        while (!ct.IsCancellationRequested)
        {
            var moved = runner.Moved;
            if (await TurnAsync(turnId, userId) is not { } turn)
            {
                yield break;
            }

            if (turn.State is TurnState.Waiting && await runner.PlaceAsync(turnId, CancellationToken.None) is { } now && now != place)
            {
                place = now;
                yield return new TurnEvent.Waiting(place);
            }

            // What runs is heard from its beginning, so not where a source is gone since: its end, which says so, is waited for.
            var isHidden = turn.State is TurnState.Answering && turn.Citations.Exists(c => c.IsGone);
            var events = turn.State is TurnState.Waiting || isHidden ? null
                : turn.State is TurnState.Answering ? runner.ListenAsync(turnId, ct)
                : ReplayAsync(turn);
            if (events is not null)
            {
                await foreach (var one in From(events, fromCharacter))
                {
                    yield return one;
                }

                yield break;
            }

            // What has just ended has an end in its row. A second look finds none where it could not be written: that turn is without a stream until the next start.
            if (turn.State is TurnState.Answering && !isHidden)
            {
                if (isLost)
                {
                    yield return new TurnEvent.Done(TurnState.Stopped);
                    yield break;
                }

                isLost = true;
                continue;
            }

            await moved.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until a turn is over, without listening to it; ends without an error when cancelled.</summary>
    public async Task WaitForEndAsync(long turnId, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var moved = runner.Moved;
            await using (var db = await dbs.CreateDbContextAsync(CancellationToken.None))
            {
                if (!await db.Turns.AnyAsync(t => t.Id == turnId && t.State < TurnState.Done, CancellationToken.None))
                {
                    return;
                }
            }

            await moved.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Turn?> TurnAsync(long turnId, long userId)
    {
        await using var db = await dbs.CreateDbContextAsync();
        var turn = await db.Turns.AsNoTracking().Include(t => t.Citations.OrderBy(c => c.Number))
            .SingleOrDefaultAsync(t => t.Id == turnId && t.Conversation!.UserId == userId);
        if (turn is not null)
        {
            await db.HideGoneSourcesAsync([turn], new Reader(userId), default);
        }

        return turn;
    }

    private static async IAsyncEnumerable<TurnEvent> ReplayAsync(Turn turn)
    {
        await Task.CompletedTask;
        yield return new TurnEvent.Sources([.. turn.Citations.Select(CitationRows.Card)], turn.Note, turn.Model);
        yield return new TurnEvent.Token(turn.Answer, turn.Answer.Length);
        yield return new TurnEvent.Done(turn.State);
    }

    /// <summary>Leaves out the part of the answer that the reader has.</summary>
    private static async IAsyncEnumerable<TurnEvent> From(IAsyncEnumerable<TurnEvent> events, int fromCharacter)
    {
        await foreach (var one in events)
        {
            if (one is not TurnEvent.Token token)
            {
                yield return one;
            }
            else if (token.End > fromCharacter)
            {
                var missing = Math.Min(token.Text.Length, token.End - fromCharacter);
                yield return token with { Text = token.Text[^missing..] };
            }
        }
    }
}
