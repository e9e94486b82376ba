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
}
