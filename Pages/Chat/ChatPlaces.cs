using System.Collections.Concurrent;
using Pybo.Pages.Security;

namespace Pybo.Pages.Chat;

/// <summary>From where members ask, so that one address does not take all places of the chat with many accounts. Kept in memory only.</summary>
public sealed class ChatPlaces
{
    /// <summary>Members whose last address is remembered, far more than there are places; beyond them all are forgotten.</summary>
    private const int MembersMax = 1_000;

    private readonly ConcurrentDictionary<long, string> addresses = new();

    /// <summary>Remembers from where a member asks.</summary>
    /// <returns>Whether another member asked from there the last time.</returns>
    public Func<long, bool> Ask(long userId, HttpContext context)
    {
        if (addresses.Count >= MembersMax)
        {
            addresses.Clear();
        }

        var address = addresses[userId] = RequestLimits.Address(context);
        return other => addresses.GetValueOrDefault(other) == address;
    }
}
