using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>
/// The turns of a conversation as a tree: a turn's parent is the turn before it, and turns with one parent are versions of one another. A page shows one
/// path from a first question to a turn that none follows; history and withdrawn answers follow the same path.
/// </summary>
public sealed class TurnTree(IEnumerable<Turn> turns)
{
    private readonly Dictionary<long, Turn> byId = turns.ToDictionary(t => t.Id);

    private ILookup<long?, long> Children => field ??= byId.Values.OrderBy(t => t.Id).ToLookup(t => t.ParentId, t => t.Id);

    /// <summary>Returns the path through a turn and on to its newest descendant; without a turn, to the newest of all. Empty if there is no such turn.</summary>
    public IReadOnlyList<Turn> PathThrough(long? turnId)
    {
        if (byId.Count == 0 || (turnId is { } asked && !byId.ContainsKey(asked)))
        {
            return [];
        }

        var path = new List<Turn>();
        for (Turn? turn = byId[turnId is { } id ? NewestUnder(id) : byId.Keys.Max()]; turn is not null; turn = turn.ParentId is { } parent ? byId.GetValueOrDefault(parent) : null)
        {
            path.Add(turn);
        }

        path.Reverse();
        return path;
    }

    /// <summary>Returns the ids of a turn's versions, the turn's own included, oldest first.</summary>
    public IReadOnlyList<long> VersionsOf(Turn turn) => [.. Children[turn.ParentId]];

    private long NewestUnder(long id)
    {
        var newest = id;
        var open = new Queue<long>([id]);
        while (open.TryDequeue(out var next))
        {
            newest = Math.Max(newest, next);
            foreach (var child in Children[next])
            {
                open.Enqueue(child);
            }
        }

        return newest;
    }
}

public static class TurnTreeQueries
{
    extension(PyboDb db)
    {
        /// <summary>Returns the turns before a turn on its path.</summary>
        public IQueryable<Turn> TurnsBefore(long turnId) => db.Turns.FromSql($"""
            select * from Turns where Id in (
                with recursive Path(Id, ParentId) as (
                    select Id, ParentId from Turns where Id = {turnId} union all select t.Id, t.ParentId from Turns t join Path p on t.Id = p.ParentId)
                select Id from Path where Id <> {turnId})
            """);

        /// <summary>Returns the ids of a turn's versions, the turn's own included, oldest first.</summary>
        public Task<List<long>> VersionsOfAsync(Turn turn, CancellationToken ct) => db.Turns
            .Where(t => t.ConversationId == turn.ConversationId && t.ParentId == turn.ParentId)
            .OrderBy(t => t.Id)
            .Select(t => t.Id)
            .ToListAsync(ct);
    }
}
