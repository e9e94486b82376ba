using System.Globalization;
using System.Security.Claims;
using Pybo.Data;

namespace Pybo.Pages;

/// <summary>The current member, from the session's cookie and the database.</summary>
public static class Member
{
    public const string AdministratorRole = "Administrator";

    /// <summary>The claim with the session's key; only in the cookie, which is encrypted.</summary>
    public const string SessionClaim = "pybo.session";

    extension(ClaimsPrincipal user)
    {
        /// <summary>The member's id; null for a visitor.</summary>
        public long? MemberId => user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id ? long.Parse(id, CultureInfo.InvariantCulture) : null;

        /// <summary>The hash that identifies the session in the database; null for a visitor.</summary>
        public byte[]? SessionKeyHash => user.FindFirstValue(SessionClaim) is { } key ? Sessions.HashOf(key) : null;

        /// <summary>Read from the database on each request, so that a revoked role ends at once.</summary>
        public bool IsAdministrator => user.IsInRole(AdministratorRole);
    }
}
