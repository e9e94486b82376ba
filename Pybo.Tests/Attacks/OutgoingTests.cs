using Pybo.Tests.Pages;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Attacks;

/// <summary>The site sends nothing that its operator has not switched on, and cannot be led into the operator's network.</summary>
public sealed class OutgoingTests
{
    private const string Model = "ko-sroberta-multitask";
    private const string Weights = "onnx/model_qint8_avx512_vnni.onnx";

    [Fact]
    public async Task An_administrator_makes_a_site_send_requests_only_if_the_operator_has_switched_them_on()
    {
        await using var hub = await HubAsync();
        await using var site = AttackedSite.Prepare();
        var variables = Variables(hub, site);
        await site.StartAgainAsync(variables);
        var administrator = await site.SignUpAsync("첫회원");
        (await PullAsync(administrator)).Dispose();

        var page = (await administrator.SeeAsync("/admin/models")).Body!;
        Assert.Contains("Pybo:Outgoing에 models", page.QuerySelector("[role=alert]")?.TextContent ?? "", StringComparison.Ordinal);
        Assert.Contains("Pybo__Outgoing=models", page.QuerySelector("#downloads-off")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("받기", page.QuerySelectorAll("button").Select(button => button.TextContent));
        await site.StopAsync();
        Assert.Empty(hub.Requests);

        await site.StartAgainAsync(variables, ["--Pybo:Outgoing=models"]);
        var again = site.Visit();
        (await again.LogInAsync("첫회원")).Dispose();
        (await PullAsync(again)).Dispose();
        await DownloadedAsync(hub);
        Assert.Null((await again.SeeAsync("/admin/models")).GetElementById("downloads-off"));
    }

    [Fact]
    public async Task A_hub_that_redirects_into_the_operators_network_is_not_followed()
    {
        await using var hub = await HubAsync();
        await using var inside = await TestHub.StartAsync();
        await using var site = AttackedSite.Prepare();
        inside.Instead = async context =>
        {
            await TestHub.SendAsync(context, hub.Files[Weights]);
            return true;
        };
        hub.Instead = context =>
        {
            var isWeights = TestHub.IsFile(context, Weights);
            if (isWeights)
            {
                context.Response.Redirect($"http://localhost:{inside.Address.Port}/secret");
            }

            return Task.FromResult(isWeights);
        };
        var variables = Variables(hub, site);

        var refused = await site.RunAsync(variables, null, "models", "pull", Model);
        Assert.Empty(inside.Requests);
        Assert.Equal(1, refused.Code);
        Assert.Contains("안쪽 네트워크", refused.Error, StringComparison.Ordinal);

        // A place that the operator names is allowed.
        variables["Pybo__InternalHosts"] = $"localhost:{inside.Address.Port}";
        var pulled = await site.RunAsync(variables, null, "models", "pull", Model);
        Assert.True(pulled.Code == 0, pulled.Error);
        Assert.Single(inside.Requests);
    }

    [Fact]
    public async Task A_proxy_of_the_environment_is_used_except_for_internal_places()
    {
        await using var proxy = await HubAsync();
        await using var inside = await TestHub.StartAsync();
        await using var site = AttackedSite.Prepare();
        var isLed = true;
        proxy.Instead = context =>
        {
            var isWeights = isLed && TestHub.IsFile(context, Weights);
            if (isWeights)
            {
                context.Response.Redirect($"http://127.0.0.1:{inside.Address.Port}/secret");
            }

            return Task.FromResult(isWeights);
        };
        var variables = Variables(proxy, site);
        (variables["HF_ENDPOINT"], variables["http_proxy"]) = ("http://hub.example", proxy.Address.ToString());

        var refused = await site.RunAsync(variables, null, "models", "pull", Model);
        Assert.DoesNotContain(proxy.Requests, request => request.Path == "/secret");
        Assert.Empty(inside.Requests);
        Assert.Contains("안쪽 네트워크", refused.Error, StringComparison.Ordinal);

        isLed = false;
        var pulled = await site.RunAsync(variables, null, "models", "pull", Model);
        Assert.True(pulled.Code == 0, pulled.Error);
    }

    [Fact]
    public async Task A_site_with_a_meaningless_setting_does_not_start()
    {
        await using var site = AttackedSite.Prepare();
        var (code, _, error) = await site.RunAsync(null, null, "search", "아무것", "--Pybo:Outgoing=everything");
        Assert.Equal(1, code);
        Assert.Contains("everything", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PullAsync(Visitor administrator) =>
        administrator.PostFormAsync("/admin/models?handler=Pull", [new("name", Model)], page: "/account/password");

    private static async Task DownloadedAsync(TestHub hub)
    {
        for (var waited = 0; waited < 600 && !hub.Downloads.Any(); waited++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.NotEmpty(hub.Downloads);
    }

    private static Dictionary<string, string> Variables(TestHub hub, AttackedSite site) => new()
    {
        ["HF_ENDPOINT"] = hub.Address.ToString(),
        ["HF_HOME"] = Path.Combine(site.Root, "hf"),
        ["HF_TOKEN"] = "",
    };

    private static async Task<TestHub> HubAsync()
    {
        var hub = await TestHub.StartAsync();
        hub.Name = "jhgan/ko-sroberta-multitask";
        foreach (var path in new[] { "config.json", "modules.json", "1_Pooling/config.json", "sentence_bert_config.json", "tokenizer.json" })
        {
            hub.Files[path] = path == "modules.json" ? "[]"u8.ToArray() : "{}"u8.ToArray();
        }

        hub.Files[Weights] = ModelBench.Bytes(100_000);
        hub.Large.Add(Weights);
        return hub;
    }
}
