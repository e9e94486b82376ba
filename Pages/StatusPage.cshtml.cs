using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages;

/// <summary>The page shown for errors: not found, not allowed, too many requests, broken. It changes nothing, so it needs no token, and it must not be refused itself.</summary>
[DisableRateLimiting]
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed partial class StatusPage(ILogger<StatusPage> log) : PageModel
{
    public int Code { get; private set; }
    public string Heading { get; private set; } = string.Empty;
    public string Advice { get; private set; } = string.Empty;
    public string? TraceId { get; private set; }

    /// <summary>Set for a visitor who may not see the requested document, whether or not it exists.</summary>
    public string? LogInAddress { get; private set; }

    /// <summary>The failed request may have had any method; this page has no handler for any.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var failed = HttpContext.Features.Get<IExceptionHandlerPathFeature>();
        var original = HttpContext.Features.Get<IStatusCodeReExecuteFeature>();
        var asked = original is not null || failed is not null;
        Code = failed is not null ? CodeOf(failed.Error) : asked ? int.Parse((string)RouteData.Values["code"]!, System.Globalization.CultureInfo.InvariantCulture) : StatusCodes.Status404NotFound;
        Response.StatusCode = Code;
        (Heading, Advice) = Words(Code);
        LogInAddress = Code == StatusCodes.Status404NotFound && User.MemberId is null && new PathString(original?.OriginalPath).StartsWithSegments("/documents", StringComparison.Ordinal)
            ? Address.LogIn(original!.OriginalPath + original.OriginalQueryString)
            : null;
        if (failed is not null && Code == StatusCodes.Status507InsufficientStorage)
        {
            NoRoom(log, failed.Path, failed.Error);
        }
        else if (failed is not null && Code >= StatusCodes.Status500InternalServerError)
        {
            TraceId = Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;
            Failed(log, failed.Path, TraceId);
        }
    }

    /// <summary>Returns the status of a request that failed with an error.</summary>
    public static int CodeOf(Exception error) => error switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        _ when DiskFull.Is(error) => StatusCodes.Status507InsufficientStorage,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static (string Heading, string Advice) Words(int code) => code switch
    {
        StatusCodes.Status400BadRequest => (CommonWords.StatusFailed, CommonWords.Status400),
        StatusCodes.Status401Unauthorized => (CommonWords.Status401, CommonWords.Status401Advice),
        StatusCodes.Status403Forbidden => (CommonWords.Status403, CommonWords.Status403Advice),
        StatusCodes.Status404NotFound => (CommonWords.Status404, CommonWords.Status404Advice),
        StatusCodes.Status405MethodNotAllowed => (CommonWords.Status405, CommonWords.Status405Advice),
        StatusCodes.Status413PayloadTooLarge => (CommonWords.Status413, CommonWords.Status413Advice),
        StatusCodes.Status429TooManyRequests => (CommonWords.Status429, CommonWords.Status429Advice),
        StatusCodes.Status507InsufficientStorage => (CommonWords.Status507, CommonWords.Status507Advice),
        >= 500 => (CommonWords.Status500, CommonWords.Status500Advice),
        _ => (CommonWords.StatusFailed, CommonWords.StatusFailedAdvice),
    };

    [LoggerMessage(LogLevel.Error, "{Path} could not save anything: the disk is full. Free some room; nothing has to be started again.")]
    private static partial void NoRoom(ILogger logger, string path, Exception error);

    [LoggerMessage(LogLevel.Error, "{Path} failed; its reader was shown the number {TraceId}.")]
    private static partial void Failed(ILogger logger, string path, string traceId);
}
