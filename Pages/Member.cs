using System.Globalization;
using System.Security.Claims;

namespace Pybo.Pages;

/// <summary>Who asks: what the session's cookie and the database say about the member.</summary>
public static class Member
{
    public const string AdministratorRole = "Administrator";

    extension(ClaimsPrincipal user)
    {
        /// <summary>The member's id; null for a visitor.</summary>
        public long? MemberId => user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id ? long.Parse(id, CultureInfo.InvariantCulture) : null;

        /// <summary>Read from the database with each request, so that it ends when it is taken away.</summary>
        public bool IsAdministrator => user.IsInRole(AdministratorRole);
    }
}
