using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Pybo.Pages.Admin;
using Pybo.Rag.Models;
using Pybo.Tests.Pages.Chat;
using Pybo.Tests.Rag.Models;

namespace Pybo.Tests.Pages.Admin;

public sealed class ModelsTests
{
    private const string Address = "/admin/models";

    [Fact]
    public async Task Only_administrators_see_the_page_and_change_anything()
    {
        await using var bench = await ModelBench.StartAsync();
        await using var site = Site(bench);
        var administrator = await site.SignUpAsync("주인장");
        var member = await site.SignUpAsync("홍길동");

        await administrator.SeeAsync(Address);
        await member.SeeAsync(Address, HttpStatusCode.Forbidden);
        await member.SeeAsync(Address + "?handler=Progress", HttpStatusCode.Forbidden);
        using var visitor = await site.Visit().Http.GetAsync(new Uri(Address, UriKind.Relative));
        Assert.Equal("/account/login", visitor.Headers.Location!.OriginalString.Split('?')[0]);
        using var posted = await member.PostFormAsync($"{Address}?handler=Pull", [new("name", ModelBench.Name)], page: "/account/password");
        Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
        foreach (var handler in new[] { "Pull", "Stop", "Remove", "Verify" })
        {
            using var forged = await administrator.PostForgedAsync($"{Address}?handler={handler}", [new("name", ModelBench.Name)]);
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
            using var nameless = await PressAsync(administrator, handler, "");
            Assert.Equal(HttpStatusCode.BadRequest, nameless.StatusCode);
        }

        Assert.Empty(bench.Hub.Requests);
        Assert.Contains(Address, (await administrator.SeeAsync("/questions")).QuerySelector(".account-items")!.InnerHtml, StringComparison.Ordinal);
        Assert.DoesNotContain(Address, (await member.SeeAsync("/questions")).QuerySelector(".account-items")!.InnerHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_pulled_verified_and_removed()
    {
        await using var bench = await ModelBench.StartAsync();
        await using var site = Site(bench);
        var administrator = await site.SignUpAsync("주인장");
        var before = await RowAsync(administrator);
        Assert.Contains("받지 않음", before.TextContent, StringComparison.Ordinal);
        Assert.Equal(["받기"], Buttons(before));

        using (var pulled = await PressAsync(administrator, "Pull"))
        {
            Assert.Equal($"{Address}#model-{ModelBench.Name}", pulled.Headers.Location!.OriginalString);
        }

        await EndedAsync(site, ModelJobState.Done);
        Assert.True(site.Services.GetRequiredService<InstalledModels>().Find(ModelBench.Name)!.IsComplete);
        var here = await RowAsync(administrator);
        Assert.Contains("받았습니다.", here.TextContent, StringComparison.Ordinal);
        Assert.Equal(["다시 받기", "확인", "삭제"], Buttons(here));

        var home = site.Services.GetRequiredService<InstalledModels>().HomeOf(ModelBench.Name);
        await File.WriteAllTextAsync(Path.Combine(home, "tokenizer.json"), "[]");
        (await PressAsync(administrator, "Verify")).Dispose();
        await EndedAsync(site, ModelJobState.Failed);
        Assert.Contains("tokenizer.json", (await RowAsync(administrator)).TextContent, StringComparison.Ordinal);

        (await PressAsync(administrator, "Remove")).Dispose();
        Assert.Equal(before.QuerySelector(".post-meta")!.TextContent, (await RowAsync(administrator)).QuerySelector(".post-meta")!.TextContent);
        Assert.False(Directory.Exists(home));
        using var unknown = await PressAsync(administrator, "Verify");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Restrictive_licences_and_untested_models_are_marked()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Catalogue = ModelCatalogue.Load(AppContext.BaseDirectory);
        await using var site = Site(bench);
        var page = await (await site.SignUpAsync("주인장")).SeeAsync(Address);

        var exaone = page.GetElementById("model-EXAONE-3.5-2.4B-Instruct")!;
        Assert.Equal(
            ["사용 조건이 상업적 이용을 금지합니다.", "이 프로그램으로 아직 돌려 보지 않은 모델입니다."],
            exaone.QuerySelectorAll(".model-note").Select(note => note.TextContent));
        var qwen = page.GetElementById("model-Qwen3-0.6B")!;
        Assert.Contains("크기 알 수 없음", qwen.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("메모리", qwen.QuerySelector(".post-meta")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.GetElementById("model-gemma-3-1b-it")!.QuerySelectorAll(".model-note"));
    }

    [Fact]
    public async Task Without_downloads_none_is_offered_and_the_page_says_how_to_switch_them_on()
    {
        await using var bench = await ModelBench.StartAsync();
        await using var site = Site(bench).WithSetting("Pybo:Outgoing", "");
        var administrator = await site.SignUpAsync("주인장");

        Assert.Empty(Buttons(await RowAsync(administrator)));
        var said = (await administrator.SeeAsync(Address)).GetElementById("downloads-off")!.TextContent;
        Assert.All(["appsettings.json", "Pybo__Outgoing=models", "--Pybo:Outgoing=models"], way => Assert.Contains(way, said, StringComparison.Ordinal));

        (await PressAsync(administrator, "Pull")).Dispose();
        Assert.Contains("꺼져 있습니다", (await administrator.SeeAsync(Address)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(site.Services.GetRequiredService<ModelJobs>().All);
        Assert.Empty(bench.Hub.Requests);
    }

    [Fact]
    public async Task A_download_is_followed_stopped_and_resumed()
    {
        await using var bench = await ModelBench.StartAsync();
        await using var site = Site(bench);
        var administrator = await site.SignUpAsync("주인장");
        var (half, isHeld) = (new TaskCompletionSource(), true);
        Hold(bench, half, () => isHeld);
        (await PressAsync(administrator, "Pull")).Dispose();
        await half.Task;

        var running = await RowAsync(administrator);
        Assert.Equal(["멈추기"], Buttons(running));
        Assert.NotNull(running.QuerySelector("progress"));
        var job = Assert.Single(JsonElement.Parse(await administrator.Http.GetStringAsync(new Uri($"{Address}?handler=Progress", UriKind.Relative))).EnumerateArray());
        Assert.Equal((ModelBench.Name, "Running"), (job.GetProperty("model").GetString(), job.GetProperty("state").GetString()));
        Assert.InRange(job.GetProperty("done").GetInt64(), 0, job.GetProperty("total").GetInt64());
        (await PressAsync(administrator, "Pull")).Dispose();
        Assert.Contains("이미 하고 있거나", (await administrator.SeeAsync(Address)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        (await PressAsync(administrator, "Remove")).Dispose();
        Assert.Contains("먼저 멈추세요", (await administrator.SeeAsync(Address)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);

        (await PressAsync(administrator, "Stop")).Dispose();
        await EndedAsync(site, ModelJobState.Stopped);
        Assert.Equal(["이어받기", "삭제"], Buttons(await RowAsync(administrator)));

        isHeld = false;
        (await PressAsync(administrator, "Pull")).Dispose();
        await EndedAsync(site, ModelJobState.Done);
        Assert.Contains(bench.Hub.Downloads, download => download.Range is not null);
    }

    [Fact]
    public async Task A_gated_model_is_explained_with_a_link()
    {
        await using var bench = await ModelBench.StartAsync();
        await using var site = Site(bench);
        var administrator = await site.SignUpAsync("주인장");
        bench.Hub.Instead = context => TestHub.RefuseAsync(context, StatusCodes.Status401Unauthorized, "GatedRepo").ContinueWith(_ => true, TaskScheduler.Default);

        (await PressAsync(administrator, "Pull")).Dispose();
        await EndedAsync(site, ModelJobState.Failed);

        var failed = (await RowAsync(administrator)).QuerySelector(".is-failed")!;
        Assert.Contains("동의한 사람만", failed.TextContent, StringComparison.Ordinal);
        Assert.Equal($"{bench.Hub.Address}{TestHub.Repository}", ((IHtmlAnchorElement)failed.QuerySelector("a")!).Href);
    }

    [Fact]
    public async Task The_queue_has_a_limit()
    {
        await using var bench = await ModelBench.StartAsync();
        bench.Catalogue = new([.. Enumerable.Range(0, ModelJobs.OpenMax + 1).Select(i => ModelBench.Model with { Name = $"model-{i}" })]);
        await using var site = Site(bench);
        var jobs = site.Services.GetRequiredService<ModelJobs>();
        var half = new TaskCompletionSource();
        Hold(bench, half, () => true);

        Assert.All(bench.Catalogue.All.SkipLast(1), model => Assert.Null(jobs.Start(model.Name, ModelJobKind.Pull)));
        Assert.Contains($"{ModelJobs.OpenMax}개", jobs.Start(bench.Catalogue.All[^1].Name, ModelJobKind.Pull)!.Said(), StringComparison.Ordinal);
        Assert.Contains("목록에 없는", jobs.Start("no-such", ModelJobKind.Pull)!.Said(), StringComparison.Ordinal);

        await half.Task;
        Assert.Equal([ModelJobState.Running, .. Enumerable.Repeat(ModelJobState.Waiting, ModelJobs.OpenMax - 1)], jobs.All.Select(job => job.State));
        Assert.True(jobs.Stop("model-5"));
        Assert.False(jobs.Stop("model-5"));
        Assert.Null(jobs.Start(bench.Catalogue.All[^1].Name, ModelJobKind.Pull));
    }

    [Fact]
    public async Task An_environment_with_an_invalid_hub_disables_downloads_only()
    {
        await using var bench = await ModelBench.StartAsync();
        await using var site = Site(bench).WithSetting("HF_ENDPOINT", "no address");
        var administrator = await site.SignUpAsync("주인장");

        (await PressAsync(administrator, "Pull")).Dispose();
        await EndedAsync(site, ModelJobState.Failed);

        Assert.Contains("HF_ENDPOINT", (await RowAsync(administrator)).TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task In_a_browser_progress_updates_by_itself(bool isPhone, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var bench = await ModelBench.StartAsync();
        // The shipped models, and one on the local hub.
        bench.Catalogue = new([ModelBench.Model, .. ModelCatalogue.Load(AppContext.BaseDirectory).All]);
        await using var site = Site(bench).Listen();
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, isPhone ? Browser.Phone : Browser.Desktop, scheme, complaints);
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await SignUpAsync(page);
        await page.GotoAsync(Address);
        await Browser.AssertAccessibleAsync(page);

        var (half, isHeld) = (new TaskCompletionSource(), true);
        Hold(bench, half, () => isHeld);
        var row = page.Locator($"#model-{ModelBench.Name}");
        await row.Locator("button:has-text('받기')").ClickAsync();
        await row.Locator("progress").WaitForAsync();
        await Browser.AssertAccessibleAsync(page);
        await row.Locator("button:has-text('멈추기')").ClickAsync();
        await row.Locator("[data-text]:has-text('멈췄습니다')").WaitForAsync();

        isHeld = false;
        await row.Locator("button:has-text('이어받기')").ClickAsync();
        await row.Locator("text=받았습니다.").WaitForAsync();
        await Browser.AssertAccessibleAsync(page);
        await row.Locator("button:has-text('삭제')").ClickAsync();
        await page.Locator("[role=status]:has-text('지웠습니다')").WaitForAsync();
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }

    private static PyboSite Site(ModelBench bench) => new PyboSite()
        .WithSetting("Pybo:Outgoing", "models")
        .WithSetting("HF_ENDPOINT", bench.Hub.Address.ToString())
        .WithSetting("HF_HOME", Path.Combine(bench.Folder, "hf"))
        .WithSetting("HF_TOKEN", "")
        .WithServices(services => services.AddSingleton(bench.Catalogue).AddSingleton(bench.Limits));

    /// <summary>Sends half of the weights, then nothing while it is held.</summary>
    private static void Hold(ModelBench bench, TaskCompletionSource half, Func<bool> isHeld) => bench.Hub.Instead = async context =>
    {
        if (!isHeld() || !TestHub.IsFile(context, ModelBench.Weights))
        {
            return false;
        }

        var (from, content) = (TestHub.From(context) ?? 0, bench.Hub.Files[ModelBench.Weights]);
        if (from > 0)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength = content.Length - from;
        await context.Response.Body.WriteAsync(content.AsMemory(from, Math.Max(0, (content.Length / 2) - from)));
        await context.Response.Body.FlushAsync();
        half.TrySetResult();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        return true;
    };

    private static Task<HttpResponseMessage> PressAsync(Visitor visitor, string handler, string name = ModelBench.Name) =>
        visitor.PostFormAsync($"{Address}?handler={handler}", [new("name", name)], page: Address);

    private static async Task<IElement> RowAsync(Visitor visitor) => (await visitor.SeeAsync(Address)).GetElementById($"model-{ModelBench.Name}")!;

    private static IEnumerable<string> Buttons(IElement row) => row.QuerySelectorAll("button").Select(button => button.TextContent);

    private static Task EndedAsync(PyboSite site, ModelJobState state) => ChatSite.UntilAsync(() =>
        Task.FromResult(site.Services.GetRequiredService<ModelJobs>().All.Any(job => job.Model == ModelBench.Name && job.State == state)));

    private static async Task SignUpAsync(IPage page)
    {
        await page.GotoAsync("/account/signup");
        await page.FillAsync("#Input_UserName", "주인장");
        await page.FillAsync("#Input_Email", "admin@example.com");
        await page.FillAsync("#Input_Password", PyboSite.Password);
        await page.FillAsync("#Input_PasswordAgain", PyboSite.Password);
        await page.ClickAsync("main button[type=submit]");
        await page.WaitForSelectorAsync(".account-menu");
    }
}
