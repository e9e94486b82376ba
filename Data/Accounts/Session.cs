namespace Pybo.Data;

/// <summary>One log-in of a member on one device. The cookie carries its key; without the row the cookie is worthless.</summary>
public sealed class Session
{
    /// <summary>A session ends after this long without a request.</summary>
    public const int IdleDaysMax = 14;

    /// <summary>A session ends after this time even if in use, so that a stolen cookie does not last for ever.</summary>
    public const int DaysMax = 90;

    /// <summary>The most sessions per member; a new one replaces the least recently used. Enough for a family of devices, few enough to look through.</summary>
    public const int PerMemberMax = 20;

    /// <summary>A session's last use is recorded no more often than this, so that reads do not become writes.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    public const int DeviceMax = 60;

    public long Id { get; init; }

    /// <summary>SHA-256 of the key: a copy of the file, which also contains the cookie protection keys, opens no session.</summary>
    public required byte[] KeyHash { get; init; }

    public required long UserId { get; init; }
    public User? User { get; init; }

    /// <summary>Browser and system in words, as sent by the browser. The address is not kept.</summary>
    public required string Device { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>When it was last used, to within <see cref="SeenEvery"/>.</summary>
    public required DateTime SeenAt { get; init; }
}
