using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>A request that lasts (an event stream, a large file) is broken off soon after its session was ended, on whichever page or terminal that happened.</summary>
internal static partial class SessionWatch
{
    /// <summary>How long a stream outlives its session at most. Ordinary requests end sooner and never ask.</summary>
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
            // It was live when the request began; the next look is soon.
            NotLooked(log, error);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Whether the session of an open request is live could not be looked up.")]
    private static partial void NotLooked(ILogger logger, Exception error);
}
