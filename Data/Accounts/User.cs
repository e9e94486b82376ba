using Microsoft.AspNetCore.Identity;

namespace Pybo.Data;

/// <summary>A member of the site. The first one to sign up is its administrator.</summary>
public sealed class User : IdentityUser<long>
{
    public const int UserNameMin = 3;
    public const int UserNameMax = 25;
    public const int EmailMax = 120;

    public DateTime CreatedAt { get; init; } = DateTime.UtcNow;
    public bool IsAdministrator { get; set; }

    /// <summary>The points of <see cref="Data.Reputation"/>, kept by triggers; they may be below what is shown.</summary>
    public int Reputation { get; private set; }

    /// <summary>The name's lookalike skeleton; null for a member from before names were compared whose name looks like an older member's.</summary>
    public string? NameSkeleton { get; init; }

    /// <summary>A new member.</summary>
    /// <param name="name">The name as stored and shown.</param>
    /// <param name="email">The address as typed; unverified, so others may give the same.</param>
    public static User Named(string name, string email) => new() { UserName = name, Email = email, NameSkeleton = Data.NameSkeleton.Of(name) };
}
