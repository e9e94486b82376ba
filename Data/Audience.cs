namespace Pybo.Data;

/// <summary>Who may read a passage: everyone, members, or the one user whose id it is (ids start at 1).</summary>
public static class Audience
{
    public const long Everyone = 0;
    public const long Members = -1;
}

/// <summary>The person who asks; every query for passages takes one, so that access is decided inside the query.</summary>
public readonly record struct Reader(long? UserId)
{
    public static readonly Reader Visitor = new(null);

    /// <summary>Reads what every member may read and nobody's own: the command line, where nobody has logged in. No user has the id 0.</summary>
    public static readonly Reader AnyMember = new(0);

    /// <summary>The three audiences this reader belongs to, padded with <see cref="Audience.Everyone"/> for a visitor.</summary>
    public (long Everyone, long Members, long Own) Audiences =>
        UserId is { } id ? (Audience.Everyone, Audience.Members, id) : (Audience.Everyone, Audience.Everyone, Audience.Everyone);
}
