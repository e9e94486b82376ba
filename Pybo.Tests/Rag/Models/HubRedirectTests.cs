using Microsoft.AspNetCore.Http;
using Pybo.Rag.Models;

namespace Pybo.Tests.Rag.Models;

/// <summary>Files are on hosts other than the Hub; only the Hub gets the token.</summary>
public sealed class HubRedirectTests
{
    private const string Token = "hf_secret";

    [Fact]
    public async Task The_token_does_not_follow_to_another_host()
    {
        await using var bench = await ModelBench.StartAsync();
        await using var storage = await TestHub.StartAsync();
        bench.Settings = bench.Settings with { Token = Token };
        bench.InternalHosts = storage.Address.Authority;
        storage.Instead = async context =>
        {
            await TestHub.SendAsync(context, bench.Hub.Files[ModelBench.Weights]);
            return true;
        };
        bench.Hub.Instead = context => Task.FromResult(TestHub.IsFile(context, ModelBench.Weights) && Send(context, new Uri(storage.Address, "/blobs/1?signature=abc").ToString()));
        Directory.CreateDirectory(Path.GetDirectoryName(bench.Part)!);
        await File.WriteAllBytesAsync(bench.Part, bench.Hub.Files[ModelBench.Weights][..1000]);

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.All(bench.Hub.Requests, request => Assert.Equal($"Bearer {Token}", request.Authorization));
        var there = Assert.Single(storage.Requests);
        Assert.Equal(("/blobs/1?signature=abc", "bytes=1000-", null), (there.Path, there.Range, there.Authorization));
    }

    [Theory]
    [InlineData("localhost")] // another name for the same machine counts as another host
    [InlineData("127.0.0.1")]
    public async Task The_token_is_sent_to_the_same_host_only(string host)
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Settings = bench.Settings with { Token = Token };
        bench.InternalHosts = $"localhost:{bench.Hub.Address.Port}";
        var moved = new UriBuilder(bench.Hub.Address) { Host = host, Path = "/moved" }.Uri;
        bench.Hub.Instead = async context =>
        {
            if (context.Request.Path == "/moved")
            {
                await TestHub.SendAsync(context, bench.Hub.Files[ModelBench.Weights]);
                return true;
            }

            return TestHub.IsFile(context, ModelBench.Weights) && Send(context, moved.ToString());
        };

        await bench.PullAsync();

        bench.AssertWhole();
        Assert.Equal(host == "127.0.0.1" ? $"Bearer {Token}" : null, Assert.Single(bench.Hub.Requests, request => request.Path == "/moved").Authorization);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/blobs/1")]
    [InlineData("http://localhost:{0}/blobs/1")]
    [InlineData("http://2130706433:{0}/blobs/1")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/blobs/1")]
    [InlineData("//127.0.0.1:{0}/blobs/1")]
    public async Task A_redirect_into_the_internal_network_is_refused(string location)
    {
        await using var bench = await ModelBench.StartAsync();
        await using var inside = await TestHub.StartAsync();
        bench.Hub.Instead = context => Task.FromResult(TestHub.IsFile(context, ModelBench.Weights) && Send(context, string.Format(null, location, inside.Address.Port)));

        var refused = await bench.RefusedAsync();

        Assert.Contains("안쪽 네트워크", refused.Said(), StringComparison.Ordinal);
        Assert.Contains($":{inside.Address.Port}", refused.Said(), StringComparison.Ordinal);
        Assert.Single(bench.Hub.Downloads, download => download.Path.EndsWith(ModelBench.Weights, StringComparison.Ordinal));
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task A_listing_does_not_continue_in_an_internal_network()
    {
        await using var bench = await ModelBench.StartAsync();
        await using var inside = await TestHub.StartAsync();
        bench.Hub.Instead = context =>
        {
            var isTree = context.Request.Path.Value!.Contains("/tree/", StringComparison.Ordinal);
            context.Response.Headers.Link = isTree ? $"""<{inside.Address}more>; rel="next" """ : default;
            return isTree ? context.Response.WriteAsync("[]").ContinueWith(_ => true, TaskScheduler.Default) : Task.FromResult(false);
        };

        Assert.Contains("안쪽 네트워크", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task A_renamed_repository_is_followed()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Catalogue = new([ModelBench.Model with { Repository = "someone/old-name" }]);
        bench.Hub.Instead = context => Task.FromResult(
            context.Request.Path.Value!.Contains("old-name", StringComparison.Ordinal)
            && Send(context, (context.Request.Path + context.Request.QueryString).Replace("old-name", "some-model", StringComparison.Ordinal), StatusCodes.Status307TemporaryRedirect));

        await bench.PullAsync();

        bench.AssertWhole();
    }

    [Fact]
    public async Task A_redirect_loop_is_refused()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Instead = context => Task.FromResult(Send(context, "/again"));

        Assert.Contains("다른 주소로 보냅니다", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);
        Assert.Equal(bench.Limits.RedirectsMax + 1, bench.Hub.Requests.Count);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.com/x")]
    [InlineData(null)]
    public async Task Only_redirects_to_web_addresses_are_followed(string? location)
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Hub.Instead = context => Task.FromResult(Send(context, location));

        Assert.Contains("갈 수 없는 주소", (await bench.RefusedAsync()).Said(), StringComparison.Ordinal);
        Assert.Single(bench.Hub.Requests);
    }

    [Fact]
    public void A_redirect_from_https_to_http_is_refused()
    {
        Uri hub = new("https://hub.example/a");
        Assert.Equal("https://cdn.example/b", HubClient.Target(hub, new("https://cdn.example/b")).ToString());
        Assert.Throws<ModelException>(() => HubClient.Target(hub, new("http://hub.example/a")));
        Assert.Throws<ModelException>(() => HubClient.Target(hub, new("//x:y@/", UriKind.RelativeOrAbsolute)));
    }

    private static bool Send(HttpContext context, string? to, int status = StatusCodes.Status302Found)
    {
        context.Response.StatusCode = status;
        if (to is not null)
        {
            context.Response.Headers.Location = to;
        }

        return true;
    }
}
