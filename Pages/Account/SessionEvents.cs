using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>The cookie is only the key of a row; the session itself is in the database.</summary>
internal static partial class SessionEvents
{
    /// <summary>Every log-in begins a new session with a new secret key; this browser's previous one ends.</summary>
    public static async Task BeginAsync(CookieSigningInContext context)
    {
        var ct = context.HttpContext.RequestAborted;
        await using var db = await Dbs(context.HttpContext).CreateDbContextAsync(ct);
        if (context.HttpContext.User.SessionKeyHash is { } before)
        {
            await db.EndSessionAsync(before, ct);
        }

        var member = context.Principal ?? throw new InvalidOperationException("Nobody logs in.");
        var key = Sessions.NewKey();
        await db.BeginSessionAsync(member.MemberId!.Value, key, DeviceWords.Of(context.Request.Headers.UserAgent.ToString()), Now(context.HttpContext), ct);
        ((ClaimsIdentity)member.Identity!).AddClaim(new Claim(Member.SessionClaim, key));
    }

    /// <summary>Ends the session, so that a copy of the cookie becomes worthless.</summary>
    public static async Task EndAsync(CookieSigningOutContext context)
    {
        if (context.HttpContext.User.SessionKeyHash is { } hash)
        {
            await using var db = await Dbs(context.HttpContext).CreateDbContextAsync(context.HttpContext.RequestAborted);
            await db.EndSessionAsync(hash, context.HttpContext.RequestAborted);
        }
    }

    /// <summary>One look-up per request. A session is invalid if it was ended, has expired, or predates a password change; so is a cookie without one.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        var identity = (ClaimsIdentity)context.Principal!.Identity!;
        var stampClaim = http.RequestServices.GetRequiredService<IOptions<IdentityOptions>>().Value.ClaimsIdentity.SecurityStampClaimType;
        var session = context.Principal is { MemberId: { } id, SessionKeyHash: { } hash }
            ? await http.RequestServices.GetRequiredService<PyboDb>().FindSessionAsync(id, hash, Now(http), http.RequestAborted)
            : null;
        if (session is null || session.SecurityStamp != identity.FindFirst(stampClaim)?.Value)
        {
            context.RejectPrincipal();
            await http.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        // A renewed cookie may contain an outdated role.
        foreach (var stale in identity.FindAll(identity.RoleClaimType).ToList())
        {
            identity.RemoveClaim(stale);
        }

        if (session.IsAdministrator)
        {
            identity.AddClaim(new Claim(identity.RoleClaimType, Member.AdministratorRole));
        }

        if (session.SeenAt <= Now(http) - Session.SeenEvery)
        {
            // Runs after the response, so that no reader waits for a writer.
            var keyHash = context.Principal.SessionKeyHash!;
            http.Response.OnCompleted(() => SeeAsync(http, keyHash));
        }
    }

    private static async Task SeeAsync(HttpContext http, byte[] keyHash)
    {
        try
        {
            await using var db = await Dbs(http).CreateDbContextAsync();
            await db.SeeSessionAsync(keyHash, Now(http), CancellationToken.None);
        }
        catch (SqliteException error)
        {
            // The next request tries again; a full disk must not prevent reading.
            NotSeen(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SessionEvents)), error);
        }
    }

    private static IDbContextFactory<PyboDb> Dbs(HttpContext http) => http.RequestServices.GetRequiredService<IDbContextFactory<PyboDb>>();

    private static DateTime Now(HttpContext http) => http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;

    [LoggerMessage(LogLevel.Warning, "A session's last use could not be written down.")]
    private static partial void NotSeen(ILogger logger, Exception error);
}
