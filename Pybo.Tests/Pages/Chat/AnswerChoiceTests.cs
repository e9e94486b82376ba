using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Pybo.Data;
using Pybo.Rag.Chat;
using Pybo.Rag.Models;
using Pybo.Tests.Rag.Chat;

namespace Pybo.Tests.Pages.Chat;

public sealed class AnswerChoiceTests
{
    private const string Other = "scripted-2";

    [Fact]
    public async Task A_site_without_generators_offers_no_choice()
    {
        await using var site = ChatSite.With(null);
        var member = await site.SignUpAsync("홍길동");
        var page = await member.SeeAsync("/chat");
        Assert.Empty(page.QuerySelectorAll(".ask #answerer, .ask #length"));
    }

    [Fact]
    public async Task The_sites_own_choice_comes_first_and_the_built_in_answerer_last()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(), new ScriptedChatClient { Model = Other });
        var member = await site.SignUpAsync("홍길동");
        var page = await member.SeeAsync("/chat");
        Assert.Equal(["", Other, InstalledGenerator.BuiltIn], Options(page, "answerer").Select(option => option.Value));
        Assert.Equal([$"{ScriptedChatClient.Name} (기본)", Other, "문장 인용"], Options(page, "answerer").Select(option => option.Text));
        Assert.Equal(["Brief", "Normal", "Detailed"], Options(page, "length").Select(option => option.Value));
        Assert.Equal(("", "Normal"), Chosen(page));
    }

    [Fact]
    public async Task A_chosen_generator_answers_the_question_and_its_follow_ups_until_another_is_chosen()
    {
        ScriptedChatClient standard = new("기본의 답 [1]."), other = new("다른 답 [1].") { Model = Other };
        await using var site = ChatSite.With(standard, other);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, first) = await AskAsync(site, member, "/chat", new("Input.Answerer", Other), new("Input.Length", "Brief"));
        Assert.Equal(Other, first.Model);
        Assert.DoesNotContain(nameof(ChatProblem.AnswererGone), first.Note ?? "", StringComparison.Ordinal);
        Assert.Equal(GeneratedAnswerer.BriefTokensMax, other.Options!.MaxOutputTokens);
        var url = $"/chat/{conversation}";
        Assert.Equal((Other, "Brief"), Chosen(await member.SeeAsync(url)));

        var (_, second) = await AskAsync(site, member, url);
        Assert.Equal((Other, GeneratedAnswerer.BriefTokensMax), (second.Model, other.Options.MaxOutputTokens));
        Assert.Equal((2, 0), (other.Calls, standard.Calls));

        using var again = await member.PressAsync(second.Id, "Again", new KeyValuePair<string, string>("live", "true"));
        await member.HearAllAsync(ChatSite.Place(again).Turn);
        Assert.Equal(3, other.Calls);

        var (_, last) = await AskAsync(site, member, url, new("Input.Answerer", ""), new("Input.Length", "Detailed"));
        Assert.Equal((ScriptedChatClient.Name, GeneratedAnswerer.DetailedTokensMax), (last.Model, standard.Options!.MaxOutputTokens));
        Assert.Equal(("", "Detailed"), Chosen(await member.SeeAsync(url)));
    }

    [Fact]
    public async Task The_warning_of_a_model_that_is_only_pretrained_follows_the_choice()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답 [1]."), new ScriptedChatClient("이어 쓴 글 [1].") { Model = Other, IsPretrained = true });
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var page = await member.SeeAsync("/chat");
        Assert.Equal([Other], Options(page, "answerer").Where(option => option.GetAttribute("data-pretrained") == "true").Select(option => option.Value));
        Assert.True(page.QuerySelector(".answerer-warning")!.HasAttribute("hidden"));
        var (conversation, _) = await AskAsync(site, member, "/chat", new KeyValuePair<string, string>("Input.Answerer", Other));
        Assert.False((await member.SeeAsync($"/chat/{conversation}")).QuerySelector(".answerer-warning")!.HasAttribute("hidden"));
        var (another, _) = await AskAsync(site, member, "/chat", new KeyValuePair<string, string>("Input.Answerer", InstalledGenerator.BuiltIn));
        Assert.True((await member.SeeAsync($"/chat/{another}")).QuerySelector(".answerer-warning")!.HasAttribute("hidden"));
    }

    [Fact]
    public async Task The_built_in_answerer_can_be_chosen_although_a_generator_is_installed()
    {
        var client = new ScriptedChatClient("만든 답 [1].");
        await using var site = ChatSite.With(client);
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await AskAsync(site, member, "/chat", new KeyValuePair<string, string>("Input.Answerer", InstalledGenerator.BuiltIn));
        Assert.Equal((InstalledGenerator.BuiltIn, 0), (turn.Model, client.Calls));
        Assert.Contains("940만 명", turn.Answer, StringComparison.Ordinal);
        Assert.Equal((InstalledGenerator.BuiltIn, "Normal"), Chosen(await member.SeeAsync($"/chat/{conversation}")));
    }

    [Fact]
    public async Task An_answerer_that_is_not_installed_is_replaced_by_the_default_with_a_note()
    {
        await using var site = ChatSite.With(new ScriptedChatClient("답 [1]."));
        var member = await site.SignUpAsync("홍길동");
        await site.AddDocumentAsync();
        var (conversation, turn) = await AskAsync(site, member, "/chat", new KeyValuePair<string, string>("Input.Answerer", "<b>없는 모델"));
        Assert.Equal((TurnState.Done, ScriptedChatClient.Name), (turn.State, turn.Model));
        var page = await member.SeeAsync($"/chat/{conversation}");
        Assert.Contains("선택한 모델 ‘<b>없는 모델’을(를) 지금 쓸 수 없어", page.QuerySelector($"#turn-{turn.Id}")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(("", "Normal"), Chosen(page));
    }

    [Fact]
    public async Task A_refused_question_is_returned_with_its_choice()
    {
        await using var site = ChatSite.With(new ScriptedChatClient(), new ScriptedChatClient { Model = Other });
        var member = await site.SignUpAsync("홍길동");
        using var posted = await member.PostFormAsync("/chat", [new("Input.Question", " "), new("Input.Answerer", Other), new("Input.Length", "Detailed")]);
        Assert.Equal((Other, "Detailed"), Chosen(await Visitor.ReadAsync(posted)));
    }

    private static async Task<(long Conversation, Turn Turn)> AskAsync(PyboSite site, Visitor member, string page, params KeyValuePair<string, string>[] choices)
    {
        using var posted = await member.PostFormAsync(page, [new("Input.Question", ChatSite.Question), new("Input.Live", "true"), .. choices]);
        var (conversation, turn) = ChatSite.Place(posted);
        await member.HearAllAsync(turn);
        return (conversation, await site.TurnAsync(turn));
    }

    private static List<IHtmlOptionElement> Options(IParentNode page, string id) => [.. page.QuerySelectorAll($".ask #{id} option").OfType<IHtmlOptionElement>()];

    private static (string? Answerer, string? Length) Chosen(IParentNode page) =>
        (((IHtmlSelectElement)page.QuerySelector("#answerer")!).Value, ((IHtmlSelectElement)page.QuerySelector("#length")!).Value);
}
