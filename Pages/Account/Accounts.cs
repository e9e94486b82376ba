using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    public const int PasswordIterations = 600_000;

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DecoyPasswordHash>().AddSingleton<PasswordWork>().AddSingleton<PendingActs>().AddScoped<IdentityErrors>();
        services.AddIdentityCore<User>(identity =>
            {
                // Ownership of an address is not verified: see docs/decisions/0018-accounts.md.
                identity.User.RequireUniqueEmail = false;
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
            .AddErrorDescriber<IdentityErrors>()
            .AddUserValidator<UserNameRules>()
            .AddUserValidator<EmailRules>()
            .AddPasswordValidator<PasswordRules>();
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordIterations);

        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(IdentityConstants.ApplicationScheme, cookie =>
        {
            cookie.Cookie.Name = SessionCookieName;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.CookieManager = new HostCookies();
            cookie.ExpireTimeSpan = TimeSpan.FromDays(Session.IdleDaysMax);
            cookie.SlidingExpiration = true;
            cookie.LoginPath = LogInPath;
            cookie.ReturnUrlParameter = NextParameter;
            cookie.Events.OnRedirectToLogin = RedirectToLogIn;
            cookie.Events.OnSigningIn = SessionEvents.BeginAsync;
            cookie.Events.OnSigningOut = SessionEvents.EndAsync;
            cookie.Events.OnValidatePrincipal = SessionEvents.ValidateAsync;
            cookie.Events.OnRedirectToAccessDenied = denied =>
            {
                denied.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            };
        });
        return services.AddAuthorization();
    }

    /// <summary>Redirects to a relative address: the framework's own uses the request's host, which may be anything.</summary>
    private static Task RedirectToLogIn(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.Request.Headers.XRequestedWith == "XMLHttpRequest")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        context.Response.Redirect(Address.LogIn(context.Request.PathBase + context.Request.Path + context.Request.QueryString));
        return Task.CompletedTask;
    }

    /// <summary>Over https the cookie's name prefix makes the browser refuse such a cookie from any other host; over http on one's own machine it would refuse
    /// ours.</summary>
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
