namespace Pybo.Data;

/// <summary>One log-in of a member on one device. The cookie carries its key; without the row the cookie is worth nothing.</summary>
public sealed class Session
{
    /// <summary>A session ends when nothing was asked for so long.</summary>
    public const int IdleDaysMax = 14;

    /// <summary>A session ends after this time however busy it is, so that a stolen cookie is not one for ever.</summary>
    public const int DaysMax = 90;

    /// <summary>Sessions of one member; the one that was seen least recently makes room. Enough for a family of devices, few enough to look through.</summary>
    public const int PerMemberMax = 20;

    /// <summary>A session that is in use is written down as seen no more often than this, so that reading does not become writing.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    public const int DeviceMax = 60;

    public long Id { get; init; }

    /// <summary>SHA-256 of the key: a copy of the file, which holds the keys of the cookie protection too, lets nobody into a session.</summary>
    public required byte[] KeyHash { get; init; }

    public required long UserId { get; init; }
    public User? User { get; init; }

    /// <summary>Browser and system in words, as the browser says them. The address is not kept.</summary>
    public required string Device { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was last used, to within <see cref="SeenEvery"/>.</summary>
    public required DateTime SeenAt { get; init; }
}
