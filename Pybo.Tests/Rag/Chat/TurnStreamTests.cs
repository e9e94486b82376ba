using Pybo.Data;
using Pybo.Rag.Chat;

namespace Pybo.Tests.Rag.Chat;

public sealed class TurnStreamTests
{
    [Fact]
    public async Task A_late_reader_gets_everything_from_the_beginning()
    {
        var stream = new TurnStream();
        await using var early = stream.ReadAsync(default).GetAsyncEnumerator();
        stream.Append(new TurnEvent.Token("가", 1));
        Assert.True(await early.MoveNextAsync());
        stream.Append(new TurnEvent.Token("나", 2));

        await using var late = stream.ReadAsync(default).GetAsyncEnumerator();
        Assert.True(await late.MoveNextAsync());
        Assert.Equal(new TurnEvent.Token("가", 1), late.Current);

        stream.Append(new TurnEvent.Done(TurnState.Done));
        TurnEvent[] rest = [new TurnEvent.Token("나", 2), new TurnEvent.Done(TurnState.Done)];
        Assert.Equal(rest, await RestAsync(early));
        Assert.Equal(rest, await RestAsync(late));
        Assert.Equal(3, await stream.ReadAsync(default).CountAsync());
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_without_an_error_and_disturbs_no_one()
    {
        var stream = new TurnStream();
        using var leaving = new CancellationTokenSource();
        var left = stream.ReadAsync(leaving.Token).CountAsync();
        var stayed = stream.ReadAsync(default).CountAsync();
        await leaving.CancelAsync();
        Assert.Equal(0, await left);
        stream.Append(new TurnEvent.Done(TurnState.Stopped));
        Assert.Equal(1, await stayed);
    }

    private static async Task<List<TurnEvent>> RestAsync(IAsyncEnumerator<TurnEvent> events)
    {
        var rest = new List<TurnEvent>();
        while (await events.MoveNextAsync())
        {
            rest.Add(events.Current);
        }

        return rest;
    }
}
