namespace Pybo.Data;

/// <summary>Picks the owner served longest ago, so that one member's thousand documents do not delay another's single one.</summary>
public sealed class DocumentRounds
{
    /// <summary>The owner id of the command line, whose documents have no owner: no user has the id 0.</summary>
    public const long CommandLine = 0;

    /// <summary>The number of owners whose last turn is remembered; beyond it all are forgotten.</summary>
    private const int OwnersMax = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<long, long> servedAt = [];
    private long served;

    /// <summary>Returns when an owner was last served; 0 for never.</summary>
    public long ServedAt(long owner)
    {
        lock (gate)
        {
            return servedAt.GetValueOrDefault(owner);
        }
    }

    public void Serve(long owner)
    {
        lock (gate)
        {
            if (servedAt.Count >= OwnersMax)
            {
                servedAt.Clear();
            }

            servedAt[owner] = ++served;
        }
    }
}
