using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Pybo.Data;

namespace Pybo.Pages.Security;

/// <summary>Limits on request size and rate. Put <c>[EnableRateLimiting(RequestLimits.Post)]</c> on a page whose POST adds something.</summary>
internal static class RequestLimits
{
    /// <summary>Attempts to log in or sign up, by address.</summary>
    public const string LogIn = "log-in";

    /// <summary>Posts, votes and chat turns, by member.</summary>
    public const string Post = "post";

    /// <summary>Texts rendered before they are posted, by member: the same limit as for posts, but counted separately, so that previews never use up
    /// posts.</summary>
    public const string Preview = "preview";

    /// <summary>Images for posts, by member: the same limit as for posts, but counted separately, because a post may show many.</summary>
    public const string Image = "image";

    /// <summary>Drafts, by member: a script saves one after each pause in typing.</summary>
    public const string Draft = "draft";

    private const int DraftsPerMinute = 60;

    /// <summary>Concurrently open event streams, by member.</summary>
    public const string Listen = "listen";

    /// <summary>A member may have three questions open, each in a few windows.</summary>
    public const int EventStreamsMax = 10;

    /// <summary>The longest text is 30,000 characters; percent-encoded Hangul takes nine bytes each.</summary>
    public const int RequestBodyMaxBytes = 1024 * 1024;

    private const int FormFieldsMax = 100;
    private const int FormKeyMaxCharacters = 200;
    private const int FormValueMaxCharacters = 512 * 1024;
    private const int WindowSegments = 6;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddRequestLimits(this IServiceCollection services)
    {
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = RequestBodyMaxBytes;
        });
        services.Configure<FormOptions>(options =>
        {
            options.ValueCountLimit = FormFieldsMax;
            options.KeyLengthLimit = FormKeyMaxCharacters;
            options.ValueLengthLimit = FormValueMaxCharacters;
            options.MultipartBodyLengthLimit = RequestBodyMaxBytes;
        });
        return services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Limit(Address(context), Options(context).RequestsPerMinute));
            limiter.AddPolicy(LogIn, context => ChangesNothing(context) ? Unlimited() : Limit(Address(context), Options(context).LogInsPerMinute));
            limiter.AddPolicy(Post, context => ChangesNothing(context) ? Unlimited() : Limit(Member(context), Options(context).PostsPerMinute));
            limiter.AddPolicy(Preview, context => ChangesNothing(context) ? Unlimited() : Limit(Member(context), Options(context).PostsPerMinute));
            limiter.AddPolicy(Image, context => ChangesNothing(context) ? Unlimited() : Limit(Member(context), Options(context).PostsPerMinute));
            limiter.AddPolicy(Draft, context => ChangesNothing(context) ? Unlimited() : Limit(Member(context), DraftsPerMinute));
            limiter.AddPolicy(Listen, context => RateLimitPartition.GetConcurrencyLimiter(Member(context), _ => new() { PermitLimit = EventStreamsMax }));
            limiter.OnRejected = (rejected, _) =>
            {
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.Zero ? after : Window;
                rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
        });
    }

    /// <summary>Refuses a body whose declared length is too long before anything reads it. The server cuts off one without a declared length; the form then
    /// fails to parse.</summary>
    public static void UseBodyLimit(this WebApplication app) => app.Use((context, next) =>
    {
        var own = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>();
        var isRefusal = context.Features.Get<IStatusCodeReExecuteFeature>() is not null;
        if (!isRefusal && context.Request.ContentLength > (own is null ? RequestBodyMaxBytes : own.MaxRequestBodySize))
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }

        return next(context);
    });

    private static PyboOptions Options(HttpContext context) => context.RequestServices.GetRequiredService<IOptions<PyboOptions>>().Value;

    private static bool ChangesNothing(HttpContext context) => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);

    private static RateLimitPartition<string> Unlimited() => RateLimitPartition.GetNoLimiter(string.Empty);

    private static RateLimitPartition<string> Limit(string who, int perMinute) => RateLimitPartition.GetSlidingWindowLimiter(who, _ => new SlidingWindowRateLimiterOptions
    {
        PermitLimit = perMinute,
        Window = Window,
        SegmentsPerWindow = WindowSegments,
    });

    private static string Member(HttpContext context) =>
        context.User.MemberId is { } id ? string.Create(CultureInfo.InvariantCulture, $"member {id}") : Address(context);

    /// <summary>One IPv6 subscriber owns a whole /64, so that counts as one address.</summary>
    internal static string Address(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
        {
            return "no address";
        }

        return address switch
        {
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]]).ToString(),
            _ => address.ToString(),
        };
    }
}
