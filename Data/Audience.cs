namespace Pybo.Data;

/// <summary>Who may read a passage: everyone, members, the one user whose id it is (ids start at 1), or the members of one group.</summary>
public static class Audience
{
    public const long Everyone = 0;
    public const long Members = -1;

    /// <summary>No reader: the passages of a long document that is being written, until all of them are there.</summary>
    public const long Nobody = -2;

    /// <summary>Throws unless an audience suits its owner: everyone, members or the owner for a member's content; never one member for ownerless content.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The audience is another member.</exception>
    public static void RequireFor(long audience, long? ownerId)
    {
        if (audience is not (Everyone or Members) && (ownerId is null || audience != ownerId))
        {
            throw new ArgumentOutOfRangeException(nameof(audience), audience, "The audience is not one of the owner's.");
        }
    }

    /// <summary>Returns the audience of a group: its id counted down from <see cref="Nobody"/>, so that no number means two readers.</summary>
    public static long OfGroup(long groupId) => Nobody - groupId;

    /// <summary>Returns the group of an audience; null for any other.</summary>
    public static long? GroupOf(long audience) => audience < Nobody ? Nobody - audience : null;
}

/// <summary>The person who asks; every query for passages and posts takes one, so that access is decided inside the query.</summary>
/// <remarks>Groups and the administrator's role are read from the database with each query: <see cref="BoardAccess"/>.</remarks>
public readonly record struct Viewer(long? UserId)
{
    public static readonly Viewer Visitor = new(null);

    /// <summary>Reads everything open to members but no private content: the command line, which has no log-in. No user has the id 0.</summary>
    public static readonly Viewer AnyMember = new(0);

    /// <summary>The three audiences this viewer belongs to without any group, padded with <see cref="Audience.Everyone"/> for a visitor. Documents have no others.</summary>
    public (long Everyone, long Members, long Own) Audiences =>
        UserId is { } id ? (Audience.Everyone, Audience.Members, id) : (Audience.Everyone, Audience.Everyone, Audience.Everyone);
}
