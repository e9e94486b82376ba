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
        await using var site = Start(Repository.Shared("models/gemma-3-270m")).Listen();
        // The model repeats its source, and ends when it repeats the question: a long source keeps it busy.
        await site.AddDocumentAsync(text: $"{ChatSite.Body} {LongBody}");
        List<string> complaints = [];
        var page = await OpenAsync(browser, site, "gemma", complaints);
        var waiting = await OpenAsync(browser, site, "waiting", complaints);
        await waiting.GotoAsync("/chat");
        await waiting.FillAsync("#question", "부산은 어디에 있나요? 서울의 인구는 몇 명인가요?");
        await page.GotoAsync("/chat");
        Assert.Contains("gemma-3-270m", await page.TextContentAsync(".answerer"), StringComparison.Ordinal);

        await page.FillAsync("#question", ChatSite.Question);
        await page.ClickAsync("[data-ask] button");
        await page.WaitForFunctionAsync("() => (document.querySelector('[data-text]')?.textContent ?? '').length > 20");
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

    private static string LongBody => string.Join(' ', "종로구 중구 용산구 성동구 광진구 동대문구 중랑구 성북구 강북구 도봉구 노원구 은평구 서대문구 마포구 양천구 강서구 구로구 금천구 영등포구 동작구".Split(' ')
        .Select((district, at) => $"{district}에는 오래된 시장과 {at + 3}개의 도서관, 그리고 강을 따라 걷는 길이 있다."));

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
