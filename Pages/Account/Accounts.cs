using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>ASP.NET Core Identity with our own pages, rules and cookie.</summary>
internal static class Accounts
{
    public const string LogInPath = "/account/login";
    public const string NextParameter = "next";
    public const string SessionCookieName = "pybo.session";
    public const int FailuresMax = 5;
    public const int LockoutMinutes = 5;
    public const int SessionDays = 14;
    public const int PasswordIterations = 600_000;

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<NobodysPassword>().AddScoped<KoreanIdentityErrors>();
        services.AddIdentityCore<User>(identity =>
            {
                identity.User.RequireUniqueEmail = true;
                identity.User.AllowedUserNameCharacters = string.Empty; // UserNameRules decides.
                identity.Password = new PasswordOptions
                {
                    RequiredLength = PasswordRules.LengthMin,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
                identity.Lockout.MaxFailedAccessAttempts = FailuresMax;
                identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(LockoutMinutes);
            })
            .AddEntityFrameworkStores<PyboDb>()
            .AddSignInManager()
            .AddErrorDescriber<KoreanIdentityErrors>()
            .AddUserValidator<UserNameRules>()
            .AddPasswordValidator<PasswordRules>();
        services.AddScoped<IPasswordHasher<User>, PasswordHasher>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordIterations);

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.Cookie.Name = SessionCookieName;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.CookieManager = new HostCookies();
            cookie.ExpireTimeSpan = TimeSpan.FromDays(SessionDays);
            cookie.SlidingExpiration = true;
            cookie.LoginPath = LogInPath;
            cookie.ReturnUrlParameter = NextParameter;
            cookie.Events.OnValidatePrincipal = CompareWithDatabaseAsync;
            cookie.Events.OnRedirectToAccessDenied = denied =>
            {
                denied.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            };
        });
        return services.AddAuthorization();
    }

    /// <summary>A changed password ends every other session at its next request: one look-up by key, instead of Identity's every 30 minutes.</summary>
    private static async Task CompareWithDatabaseAsync(CookieValidatePrincipalContext context)
    {
        var identity = (ClaimsIdentity)context.Principal!.Identity!;
        var stampClaim = context.HttpContext.RequestServices.GetRequiredService<IOptions<IdentityOptions>>().Value.ClaimsIdentity.SecurityStampClaimType;
        var db = context.HttpContext.RequestServices.GetRequiredService<PyboDb>();
        var id = context.Principal.MemberId;
        var member = await db.Users.Where(u => u.Id == id).Select(u => new { u.SecurityStamp, u.IsAdministrator }).SingleOrDefaultAsync(context.HttpContext.RequestAborted);
        if (member is null || member.SecurityStamp != identity.FindFirst(stampClaim)?.Value)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        // A renewed cookie may carry yesterday's role.
        foreach (var stale in identity.FindAll(identity.RoleClaimType).ToList())
        {
            identity.RemoveClaim(stale);
        }

        if (member.IsAdministrator)
        {
            identity.AddClaim(new Claim(identity.RoleClaimType, Member.AdministratorRole));
        }
    }

    /// <summary>Over https the browser is asked (by the name's prefix) to refuse such a cookie from anyone but this very host; over http on one's own machine it would refuse ours.</summary>
    private sealed class HostCookies : ICookieManager
    {
        private const string Prefix = "__Host-";
        private readonly ChunkingCookieManager inner = new();

        public string? GetRequestCookie(HttpContext context, string key) => inner.GetRequestCookie(context, Name(context, key));

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
            inner.AppendResponseCookie(context, Name(context, key), value, options);

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) => inner.DeleteCookie(context, Name(context, key), options);

        private static string Name(HttpContext context, string key) => context.Request.IsHttps ? Prefix + key : key;
    }
}
