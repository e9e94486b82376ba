using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>Lets a page follow a turn in any state: waiting, running or finished. Listening starts nothing.</summary>
public sealed class TurnFeed(IDbContextFactory<PyboDb> dbs, TurnRunner runner)
{
    /// <summary>
    /// Yields the queue position whenever it changes, then the turn's events, then its end; replays a finished turn from its row. Ends
    /// without an event if the turn belongs to another member or is deleted, and without an error when cancelled.
    /// </summary>
    /// <param name="turnId">The turn.</param>
    /// <param name="userId">The member it must belong to.</param>
    /// <param name="fromCharacter">How many characters of the answer the reader already has.</param>
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

            // A running turn is replayed from its beginning. If a source has since been deleted, wait for its end instead, which says so.
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

            // A turn that has just ended has its end in its row. If that could not be written, the second look finds no stream: there is none until the next start.
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

    /// <summary>Waits until a turn has ended, without listening to it; ends without an error when cancelled.</summary>
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
            await db.HideGoneSourcesAsync([turn], new Viewer(userId), default);
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

    /// <summary>Skips the part of the answer that the reader already has.</summary>
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
