using Microsoft.Playwright;
using Pybo.Data;
using Pybo.Tests.Rag.Inference;

namespace Pybo.Tests.Pages.Chat;

/// <summary>The chat from the page to the graph and back. The real weights belong to a pretrained model, which continues the text instead of answering: the mechanics are asserted, not the words.</summary>
public sealed class GemmaChatTests
{
    private const float AnswerTimeout = 120_000;

    [Fact]
    public async Task Gemma_streams_is_stopped_is_asked_again_and_others_wait_for_it()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = Start(Repository.Shared("models/gemma-3-270m"));
        site.UseKestrel(0);
        site.StartServer();
        await site.AddDocumentAsync();
        List<string> complaints = [];
        var page = await OpenAsync(browser, site, "gemma", complaints);
        await page.GotoAsync("/chat");
        Assert.Contains("gemma-3-270m", await page.TextContentAsync(".answerer"), StringComparison.Ordinal);

        await page.FillAsync("#question", ChatSite.Question);
        await page.ClickAsync("[data-ask] button");
        await page.WaitForFunctionAsync("() => (document.querySelector('[data-text]')?.textContent ?? '').length > 20");
        var waiting = await OpenAsync(browser, site, "waiting", complaints);
        await waiting.GotoAsync("/chat");
        await waiting.FillAsync("#question", "부산은 어디에 있나요? 서울의 인구는 몇 명인가요?");
        await waiting.ClickAsync("[data-ask] button");
        await waiting.WaitForSelectorAsync("[data-state]");
        await page.ClickAsync("[data-stop] button");
        await page.WaitForSelectorAsync("text=여기에서 멈췄습니다.");

        await waiting.WaitForFunctionAsync("() => (document.querySelector('[data-text]')?.textContent ?? document.querySelector('.turn-answer')?.textContent ?? '').length > 5");
        await page.ClickAsync("button:has-text('다시 답하기')");
        await waiting.Locator("[data-stop] button").Or(waiting.Locator(".turn-model")).First.WaitForAsync();
        await page.WaitForFunctionAsync("() => (document.querySelector('[data-text]')?.textContent ?? document.querySelector('.turn-answer')?.textContent ?? '').length > 20");
        Assert.Empty(complaints);
    }

    [Theory]
    [MemberData(nameof(DecoderTests.Layouts), MemberType = typeof(DecoderTests))]
    public async Task A_generator_of_any_layout_answers_within_its_context(ToyLayout layout)
    {
        using var toy = new ToyLanguageModel(layout, contextTokens: 4_096);
        await AssertAnswersAsync(toy);
    }

    [Fact]
    public async Task A_family_known_only_to_the_package_answers_too()
    {
        using var toy = new ToyLanguageModel(ToyLayout.Shared, contextTokens: 4_096);
        toy.UseGenAi("granite");
        toy.UseTemplate(GenAiChatClientTests.Template);
        await AssertAnswersAsync(toy);
    }

    private static async Task AssertAnswersAsync(ToyLanguageModel toy)
    {
        await using var site = Start(toy.Path);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync(text: string.Join(' ', Enumerable.Repeat(ChatSite.Body, 20)));
        var (_, id) = await member.AskAsync();
        var events = await member.HearAllAsync(id);
        var turn = await site.TurnAsync(id);
        Assert.True(turn.State == TurnState.Done, $"{turn.State}: {turn.Error}");
        Assert.Equal(Path.GetFileName(toy.Path), turn.Model);
        Assert.True(turn.TokensPerSecond > 0 && turn.FirstTokenMs >= 0);
        Assert.NotEmpty(events.Said());
        Assert.Matches("첫 글자 .+초 · 초당 .+토큰", (await member.SeeAsync($"/chat/turns/{id}")).Body!.TextContent);
    }

    private static PyboSite Start(string model) => new PyboSite()
        .WithSetting("Pybo:EmbeddingModel", "no-such-folder")
        .WithSetting("Pybo:GenerationModel", model);

    private static async Task<IPage> OpenAsync(Browser browser, PyboSite site, string name, List<string> complaints)
    {
        var page = await browser.OpenAsync(site.Address, Browser.Desktop, ColorScheme.Light, complaints);
        page.SetDefaultTimeout(AnswerTimeout);
        await Browser.SignUpAsync(page, name, name);
        return page;
    }
}
