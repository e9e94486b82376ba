using System.Collections.Concurrent;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>
/// Picks the next turn, in rounds: every member's first turn before anyone's second; within a round, the member served longest ago. Suggestions come after
/// all questions of the chat, where someone waits.
/// </summary>
internal sealed class TurnOrder
{
    /// <summary>The number of members whose last turn is remembered.</summary>
    private const int ServedMax = 1_000;

    private readonly ConcurrentDictionary<long, long> servedAt = new();
    private long served;

    public List<WaitingTurn> Of(IEnumerable<WaitingTurn> waiting) =>
    [
        .. waiting.GroupBy(t => (t.UserId, t.IsSuggestion))
            .SelectMany(turns => turns.Select((turn, round) => (turn, round)))
            .OrderBy(t => t.turn.IsSuggestion).ThenBy(t => t.round).ThenBy(t => servedAt.GetValueOrDefault(t.turn.UserId)).ThenBy(t => t.turn.Id)
            .Select(t => t.turn),
    ];

    public void Serve(long userId)
    {
        if (servedAt.Count >= ServedMax)
        {
            servedAt.Clear();
        }

        servedAt[userId] = ++served;
    }
}
