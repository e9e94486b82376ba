using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pybo.Pages;

namespace Pybo.Tests.Pages.Security;

public sealed class FormProtectionTests
{
    /// <summary>The error page has no handler; drafts check the token themselves, to return the text, and their own test posts without a token; the link that ends mails has a token of its own, which only the mail contains.</summary>
    private static readonly string[] ChecksItself = [nameof(StatusPage), "DraftPage", "Upload", "Unsubscribe"];

    [Fact]
    public async Task Every_page_that_accepts_posts_refuses_one_without_a_token()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        var refused = 0;
        foreach (var page in await PagesWithPostAsync(site))
        {
            if (page.ModelTypeInfo!.GetCustomAttribute<IgnoreAntiforgeryTokenAttribute>(inherit: true) is not null)
            {
                continue;
            }

            using var answer = await member.PostForgedAsync("/" + Filled(page.AttributeRouteInfo!.Template!), []);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{page.AttributeRouteInfo.Template}: {answer.StatusCode}");
            var shown = await Visitor.ReadAsync(answer);
            Assert.Contains("페이지를 새로 고친 뒤", shown.Body!.TextContent, StringComparison.Ordinal);
            refused++;
        }

        Assert.True(refused >= 4);
    }

    [Fact]
    public void Only_pages_that_check_the_token_themselves_switch_the_filter_off()
    {
        var switchedOff = typeof(StatusPage).Assembly.GetTypes().Where(type =>
            type.GetCustomAttributes<IgnoreAntiforgeryTokenAttribute>(inherit: false).Any()
            || type.GetMethods().Any(method => method.GetCustomAttributes<IgnoreAntiforgeryTokenAttribute>(inherit: false).Any()));
        Assert.Empty(switchedOff.Select(type => type.Name).Except(ChecksItself));
    }

    [Fact]
    public async Task A_mapped_endpoint_refuses_a_post_without_a_token_and_accepts_one_with_it()
    {
        await using var site = new PyboSite().WithServices(services => services.AddSingleton<IStartupFilter>(
            new ExtraEndpoints(routes => routes.MapPost("/test/mapped", () => "taken"))));
        var member = await site.SignUpAsync("홍길동");
        using var forged = await member.PostForgedAsync("/test/mapped", []);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        using var ours = await member.PostFormAsync("/test/mapped", [], page: "/account/password");
        Assert.Equal(HttpStatusCode.OK, ours.StatusCode);
    }

    private static async Task<List<CompiledPageActionDescriptor>> PagesWithPostAsync(PyboSite site)
    {
        var loader = site.Services.GetRequiredService<PageLoader>();
        var pages = site.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>()).OfType<PageActionDescriptor>().DistinctBy(page => page.AttributeRouteInfo!.Template);
        var compiled = new List<CompiledPageActionDescriptor>();
        foreach (var page in pages)
        {
            compiled.Add(await loader.LoadAsync(page, EndpointMetadataCollection.Empty));
        }

        return [.. compiled.Where(page => page.HandlerMethods.Any(handler => HttpMethods.IsPost(handler.HttpMethod)))];
    }

    private static string Filled(string template) =>
        string.Join('/', template.Split('/').Select(part => part.StartsWith('{') ? "1" : part));
}
