using Pybo.Data;
using Pybo.Rag.Chat;

namespace Pybo.Tests.Rag.Chat;

public sealed class TurnOrderTests
{
    [Fact]
    public void Suggestions_come_after_the_chat_and_both_go_in_rounds()
    {
        WaitingTurn[] waiting = [new(1, 1, 7, IsSuggestion: true), new(2, 2, 7), new(3, 3, 7), new(4, 4, 8, IsSuggestion: true), new(5, 5, 7, IsSuggestion: true), new(6, 6, 8)];
        Assert.Equal([2, 6, 3, 1, 4, 5], new TurnOrder().Of(waiting).Select(t => t.Id));
    }

    [Fact]
    public void A_member_who_was_just_served_comes_after_the_others()
    {
        var order = new TurnOrder();
        order.Serve(7);
        Assert.Equal([2, 1], order.Of([new(1, 1, 7), new(2, 2, 8)]).Select(t => t.Id));
    }
}
