using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Pybo.Data;

namespace Pybo.Pages;

/// <summary>What is shown in place of a page: not found, not allowed, too often, broken. It changes nothing, so it needs no token, and it must not be refused itself.</summary>
[DisableRateLimiting]
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
public sealed partial class StatusPage(ILogger<StatusPage> log) : PageModel
{
    public int Code { get; private set; }
    public string Heading { get; private set; } = string.Empty;
    public string Advice { get; private set; } = string.Empty;
    public string? TraceId { get; private set; }

    /// <summary>For a visitor who asked for a document that is not there for them, whether or not there is one.</summary>
    public string? LogInAddress { get; private set; }

    /// <summary>The failed request may have had any method; this page has no handler for any.</summary>
    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var failed = HttpContext.Features.Get<IExceptionHandlerPathFeature>();
        var original = HttpContext.Features.Get<IStatusCodeReExecuteFeature>();
        var asked = original is not null || failed is not null;
        Code = DiskFull.Is(failed?.Error) ? StatusCodes.Status507InsufficientStorage : asked ? int.Parse((string)RouteData.Values["code"]!, System.Globalization.CultureInfo.InvariantCulture) : StatusCodes.Status404NotFound;
        Response.StatusCode = Code;
        (Heading, Advice) = Words(Code);
        LogInAddress = Code == StatusCodes.Status404NotFound && User.MemberId is null && new PathString(original?.OriginalPath).StartsWithSegments("/documents", StringComparison.Ordinal)
            ? Address.LogIn(original!.OriginalPath + original.OriginalQueryString)
            : null;
        if (failed is not null && Code == StatusCodes.Status507InsufficientStorage)
        {
            NoRoom(log, failed.Path, failed.Error);
        }
        else if (failed is not null)
        {
            TraceId = Activity.Current?.TraceId.ToString() ?? HttpContext.TraceIdentifier;
            Failed(log, failed.Path, TraceId);
        }
    }

    private static (string Heading, string Advice) Words(int code) => code switch
    {
        StatusCodes.Status400BadRequest => ("요청을 처리하지 못했습니다", "페이지를 새로 고친 뒤 다시 시도해 주세요. 오래 열어 두었거나 그 사이에 로그인 상태가 바뀌면 이런 일이 생깁니다."),
        StatusCodes.Status401Unauthorized => ("로그인이 필요합니다", "로그인한 뒤 다시 시도해 주세요."),
        StatusCodes.Status403Forbidden => ("권한이 없습니다", "이 페이지를 볼 수 있는 권한이 없습니다."),
        StatusCodes.Status404NotFound => ("페이지를 찾을 수 없습니다", "주소가 바뀌었거나, 지워졌거나, 볼 수 있는 사람이 정해진 글이나 문서입니다."),
        StatusCodes.Status405MethodNotAllowed => ("할 수 없는 요청입니다", "이 주소에서는 그렇게 할 수 없습니다."),
        StatusCodes.Status413PayloadTooLarge => ("보낸 내용이 너무 큽니다", "내용을 줄여서 다시 보내 주세요."),
        StatusCodes.Status429TooManyRequests => ("요청이 너무 많습니다", "잠시 뒤에 다시 시도해 주세요."),
        StatusCodes.Status507InsufficientStorage => ("저장 공간이 부족합니다", "서버의 디스크가 가득 찼거나 사이트에 정해진 크기에 이르러 저장하지 못했습니다. 읽기는 그대로 되고, 관리자가 공간을 만들면 다시 저장됩니다. 관리자에게 알려 주세요."),
        >= 500 => ("문제가 생겼습니다", "요청을 처리하다 오류가 났습니다. 잠시 뒤에 다시 시도해 주세요."),
        _ => ("요청을 처리하지 못했습니다", "주소와 내용을 확인하고 다시 시도해 주세요."),
    };

    [LoggerMessage(LogLevel.Error, "{Path} could not save anything: the disk is full. Free some room; nothing has to be started again.")]
    private static partial void NoRoom(ILogger logger, string path, Exception error);

    [LoggerMessage(LogLevel.Error, "{Path} failed; its reader was shown the number {TraceId}.")]
    private static partial void Failed(ILogger logger, string path, string traceId);
}
