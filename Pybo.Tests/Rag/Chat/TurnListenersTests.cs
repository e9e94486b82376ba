using Pybo.Rag.Chat;

namespace Pybo.Tests.Rag.Chat;

public sealed class TurnListenersTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly ManualTime time = new();
    private int left;

    [Fact]
    public void When_the_last_listener_has_been_away_too_long_it_is_reported_once()
    {
        using var listeners = Listeners();
        listeners.Enter();
        listeners.Enter();
        listeners.Leave();
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, left);
        listeners.Leave();
        time.Advance(TurnListeners.AwayMax - Moment);
        Assert.Equal(0, left);
        time.Advance(Moment);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, left);
    }

    [Fact]
    public void A_listener_who_returns_in_time_has_not_left()
    {
        using var listeners = Listeners();
        for (var reload = 0; reload < 5; reload++)
        {
            listeners.Enter();
            time.Advance(TimeSpan.FromHours(1));
            listeners.Leave();
            time.Advance(TurnListeners.AwayMax - Moment);
        }

        Assert.Equal(0, left);
    }

    [Fact]
    public void Without_any_listener_no_departure_is_reported()
    {
        using var listeners = Listeners();
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, left);
    }

    [Fact]
    public void After_the_end_nothing_is_reported()
    {
        var listeners = Listeners();
        listeners.Enter();
        listeners.Leave();
        listeners.Dispose();
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, left);
    }

    private TurnListeners Listeners() => new(time, () => left++);
}
