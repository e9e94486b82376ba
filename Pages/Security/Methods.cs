using System.Collections.Frozen;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Security;

/// <summary>The site serves pages and accepts forms: it answers every other method with 405, at any address, before anything reads the request.</summary>
internal static class Methods
{
    private const string Allowed = "GET, HEAD, POST";

    /// <summary>Method names are case-sensitive (RFC 9110, 9.1).</summary>
    private static readonly FrozenSet<string> Known = FrozenSet.Create(StringComparer.Ordinal, HttpMethods.Get, HttpMethods.Head, HttpMethods.Post);

    public static void UseMethods(this WebApplication app) => app.Use((context, next) =>
    {
        if (Known.Contains(context.Request.Method))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = Allowed;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(CommonWords.Methods, context.RequestAborted);
    });

    /// <summary>Returns 405 for a form sent to a page that takes none: Razor Pages would show the page. The error page is shown for any method.</summary>
    public sealed class HandlerRequired : IPageFilter
    {
        private const string Shown = "GET, HEAD";

        public void OnPageHandlerSelected(PageHandlerSelectedContext context)
        {
        }

        public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
        {
            if (context.HandlerMethod is null && HttpMethods.IsPost(context.HttpContext.Request.Method) && context.HandlerInstance is not StatusPage)
            {
                context.HttpContext.Response.Headers.Allow = Shown;
                context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
            }
        }

        public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
        {
        }
    }
}
