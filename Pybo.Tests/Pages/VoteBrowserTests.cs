using Microsoft.Playwright;
using Pybo.Tests.Attacks;

namespace Pybo.Tests.Pages;

/// <summary>Votes in a real browser, in English on a phone.</summary>
public sealed class VoteBrowserTests
{
    [Theory]
    [InlineData(true, ColorScheme.Light)]
    [InlineData(false, ColorScheme.Dark)]
    public async Task Votes_are_cast_changed_and_taken_back_by_key_with_and_without_script(bool withScript, ColorScheme scheme)
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        var (asker, helper) = (await site.SignUpAsync("gildong"), await site.SignUpAsync("helper"));
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", "How is it done?"), new("Input.Body", "Text.")]);
        using var answered = await helper.PostFormAsync("/questions/1/answer", [new("Input.Body", "Like this.")], "/questions/1");
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, scheme, complaints, withScript);
        await Browser.SignUpAsync(page, "voter", "voter");
        site.Execute("update AspNetUsers set Reputation = 60 where UserName = 'voter'");
        await page.GotoAsync("/questions/1");
        await page.ClickAsync("footer button[lang=en]");
        var form = page.Locator("#vote-answer-1");
        var (up, down) = (form.GetByRole(AriaRole.Button, new() { Name = "Vote 0", Exact = true }), form.GetByRole(AriaRole.Button, new() { Name = "Vote down", Exact = true }));
        await up.WaitForAsync();
        await down.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await ShowsAsync("-1", "false", "true");
        await AssertLooksRightAsync();
        if (withScript)
        {
            await page.WaitForSelectorAsync("#vote-answer-1 button:nth-of-type(2):focus");
        }

        // The form alone was replaced: the muted look follows at the next visit.
        await page.GotoAsync("/questions/1");
        Assert.Contains("An answer with votes below zero", await page.TextContentAsync("#answer_1 .post-meta"), StringComparison.Ordinal);
        await AssertLooksRightAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Vote -1", Exact = true }).ClickAsync();
        await ShowsAsync("1", "true", "false");
        await form.GetByRole(AriaRole.Button, new() { Name = "Vote 1", Exact = true }).ClickAsync();
        await ShowsAsync("0", "false", "false");
        await form.GetByRole(AriaRole.Button, new() { Name = "Vote down", Exact = true }).ClickAsync();
        await ShowsAsync("-1", "false", "true");
        await form.GetByRole(AriaRole.Button, new() { Name = "Vote down", Exact = true }).ClickAsync();
        await ShowsAsync("0", "false", "false");
        foreach (var address in new[] { "/reputation", "/users/helper", "/following", "/questions/1" })
        {
            await page.GotoAsync(address);
            await AssertLooksRightAsync();
        }

        Assert.Equal("", string.Join(Environment.NewLine, complaints));

        async Task ShowsAsync(string count, string isUp, string isDown)
        {
            await form.GetByText(count, new() { Exact = true }).WaitForAsync();
            Assert.Equal([isUp, isDown], await form.Locator("button").EvaluateAllAsync<string[]>("buttons => buttons.map(button => button.ariaPressed)"));
        }

        async Task AssertLooksRightAsync()
        {
            if (withScript)
            {
                await Browser.AssertAccessibleAsync(page);
            }
            else
            {
                Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
            }
        }
    }

    [Fact]
    public async Task A_vote_that_is_refused_in_place_says_why()
    {
        await using var browser = await Browser.StartAsync();
        await using var site = new PyboSite().Listen();
        await site.SignUpAsync("주인장");
        var asker = await site.SignUpAsync("홍길동");
        using var asked = await asker.PostFormAsync("/questions/ask", [new("Input.Title", "제목"), new("Input.Body", "글")]);
        List<string> complaints = [];
        var page = await browser.OpenAsync(site.Address, Browser.Phone, ColorScheme.Light, complaints);
        await Browser.SignUpAsync(page, "김철수", "kim");
        site.Execute("update AspNetUsers set Reputation = 60 where UserName = '김철수'");
        await page.GotoAsync("/questions/1");
        site.Execute("update AspNetUsers set Reputation = 40 where UserName = '김철수'");
        await page.ClickAsync("#vote-question button:nth-of-type(2)");
        Assert.Equal("비추천하려면 평판 50이 필요합니다. 지금은 40입니다.", await page.TextContentAsync(".post-actions .alert-danger"));
        Assert.Equal(1, await page.Locator("#vote-question button").CountAsync());
        await Browser.AssertAccessibleAsync(page);
        Assert.Equal("", string.Join(Environment.NewLine, complaints));
    }
}
