using System.Globalization;
using System.Security.Claims;
using Pybo.Data;

namespace Pybo.Pages;

/// <summary>Who asks: what the session's cookie and the database say about the member.</summary>
public static class Member
{
    public const string AdministratorRole = "Administrator";

    /// <summary>The claim that carries the key of the session; in the cookie only, which is encrypted.</summary>
    public const string SessionClaim = "pybo.session";

    extension(ClaimsPrincipal user)
    {
        /// <summary>The member's id; null for a visitor.</summary>
        public long? MemberId => user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id ? long.Parse(id, CultureInfo.InvariantCulture) : null;

        /// <summary>What the database knows the session by; null for a visitor.</summary>
        public byte[]? SessionKeyHash => user.FindFirstValue(SessionClaim) is { } key ? Sessions.HashOf(key) : null;

        /// <summary>Read from the database with each request, so that it ends when it is taken away.</summary>
        public bool IsAdministrator => user.IsInRole(AdministratorRole);
    }
}
