using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Aborts a long request (an event stream, a large file) soon after its session was ended, on any page or terminal.</summary>
internal static partial class SessionWatch
{
    /// <summary>The maximum time a stream outlives its session. Ordinary requests end sooner and are never checked.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    public static void UseSessionWatch(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.User.SessionKeyHash is not { } hash)
        {
            await next(context);
            return;
        }

        using var answered = new CancellationTokenSource();
        var watch = WatchAsync(context, hash, app.Logger, answered.Token);
        try
        {
            await next(context);
        }
        finally
        {
            await answered.CancelAsync();
            await watch;
        }
    });

    private static async Task WatchAsync(HttpContext context, byte[] keyHash, ILogger log, CancellationToken answered)
    {
        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        while (true)
        {
            await Task.Delay(Every, time, answered).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (answered.IsCancellationRequested)
            {
                return;
            }

            if (!await IsLiveAsync(context, keyHash, time, log))
            {
                context.Abort();
                return;
            }
        }
    }

    private static async Task<bool> IsLiveAsync(HttpContext context, byte[] keyHash, TimeProvider time, ILogger log)
    {
        try
        {
            await using var db = await context.RequestServices.GetRequiredService<IDbContextFactory<PyboDb>>().CreateDbContextAsync();
            return await db.IsSessionLiveAsync(keyHash, time.GetUtcNow().UtcDateTime, CancellationToken.None);
        }
        catch (SqliteException error)
        {
            // The session was valid when the request began; the next check is soon.
            NotLooked(log, error);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Whether the session of an open request is live could not be looked up.")]
    private static partial void NotLooked(ILogger logger, Exception error);
}
