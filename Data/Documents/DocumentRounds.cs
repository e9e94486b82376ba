namespace Pybo.Data;

/// <summary>Whose turn it is: whoever was served longest ago, so that one member's thousand documents do not keep another's single one waiting.</summary>
public sealed class DocumentRounds
{
    /// <summary>Stands for the command line, whose documents belong to nobody: no user has the id 0.</summary>
    public const long CommandLine = 0;

    /// <summary>Owners whose last turn is remembered; beyond them all are forgotten, and begin anew.</summary>
    private const int OwnersMax = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<long, long> servedAt = [];
    private long served;

    /// <summary>Of an owner, when it was last served; 0 for never.</summary>
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
