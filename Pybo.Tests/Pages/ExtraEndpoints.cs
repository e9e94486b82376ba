using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;

namespace Pybo.Tests.Pages;

/// <summary>A test's own endpoints behind the site's whole pipeline: <c>services.AddSingleton&lt;IStartupFilter&gt;(new ExtraEndpoints(…))</c>.</summary>
internal sealed class ExtraEndpoints(Action<IEndpointRouteBuilder> map) : IStartupFilter
{
    // The key under which WebApplication keeps its routes while it builds the pipeline.
    private const string RoutesKey = "__EndpointRouteBuilder";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        map((IEndpointRouteBuilder)app.Properties[RoutesKey]!);
    };
}
