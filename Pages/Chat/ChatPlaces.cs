using System.Collections.Concurrent;
using Pybo.Pages.Security;

namespace Pybo.Pages.Chat;

/// <summary>Remembers the addresses members ask from, so that one address with many accounts cannot take all places of the chat. Kept in memory only.</summary>
public sealed class ChatPlaces
{
    /// <summary>The number of members whose last address is remembered, far more than there are places; beyond it all are forgotten.</summary>
    private const int MembersMax = 1_000;

    private readonly ConcurrentDictionary<long, string> addresses = new();

    /// <summary>Remembers the address a member asks from.</summary>
    /// <returns>A check whether another member last asked from there.</returns>
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
