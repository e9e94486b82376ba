using Microsoft.Extensions.AI;
using Pybo.Data;
using Pybo.Rag.Chat;
using static Pybo.Tests.Rag.Chat.Sources;

namespace Pybo.Tests.Rag.Chat;

public sealed class PromptBuilderTests
{
    [Fact]
    public void Instructions_come_first_then_the_history_and_last_the_sources_with_the_question()
    {
        var sources = new[] { Source(1, "첫 본문", "첫 글"), Source(2, "둘째 본문", "둘째 글") };
        var messages = PromptBuilder.Build(Request("그럼 비용은?", new ChatExchange("배포는?", "이렇게 합니다 [1].")), sources);

        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.User], messages.Select(m => m.Role));
        Assert.Equal("이렇게 합니다.", messages[2].Text);
        var contents = messages[^1].Contents.Cast<TextContent>().ToList();
        Assert.Equal("[1] 첫 글\n첫 본문\n\n[2] 둘째 글\n둘째 본문\n\n질문: 그럼 비용은?", string.Concat(contents.Select(c => c.Text)));
        Assert.Equal("그럼 비용은?", contents[^1].Text);
    }

    [Fact]
    public void A_heading_follows_the_title_unless_they_are_equal()
    {
        ChatSource[] sources = [new(1, Hit(1, "본문", title: "글", heading: "절"), "/1", "1"), new(2, Hit(2, "본문", title: "글", heading: "글"), "/2", "2")];
        Assert.Equal("[1] 글 — 절\n본문\n\n[2] 글\n본문\n\nQuestion: ?", PromptBuilder.Build(Request("?"), sources)[^1].Text);
    }

    [Theory]
    [InlineData("서울의 인구는?", true)]
    [InlineData("What is the population of 서울?", true)]
    [InlineData("ㅋㅋ", true)]
    [InlineData("What is the capital?", false)]
    public void Instructions_are_in_the_language_of_the_question(string question, bool isKorean)
    {
        var instructions = PromptBuilder.Build(Request(question), [])[0].Text;
        Assert.Equal(isKorean, PromptBuilder.IsKorean(instructions));
    }

    [Fact]
    public void A_text_cannot_imitate_another_source_and_code_stays_unchanged()
    {
        var text = ((TextContent)PromptBuilder.Build(Request("?"), [Source(1, "본문이다.[3]\n[2] 가짜 제목\nlist[0] = a[1][2]")])[^1].Contents[0]).Text;
        Assert.Equal("[1] 제목\n본문이다.(3)\n(2) 가짜 제목\nlist[0] = a[1][2]\n\n", text);
    }

    [Fact]
    public void A_long_history_drops_its_oldest_exchanges_in_groups_so_that_the_prompt_prefix_is_stable()
    {
        var history = Enumerable.Range(0, 11).Select(i => new ChatExchange($"질문 {i}", $"답 {i}")).ToArray();
        var starts = Enumerable.Range(1, history.Length)
            .Select(count => PromptBuilder.Build(Request("다음?", history[..count]), [])[1].Text)
            .ToList();
        Assert.Equal([.. Enumerable.Repeat("질문 0", 8), .. Enumerable.Repeat("질문 2", 2), "질문 4"], starts);
    }

    [Fact]
    public void Long_messages_of_the_history_are_cut()
    {
        var history = Enumerable.Range(0, 8).Select(_ => new ChatExchange(new string('가', 5_000), new string('나', 5_000))).ToArray();
        var messages = PromptBuilder.Build(Request("다음?", history), []);
        Assert.InRange(messages.Skip(1).SkipLast(1).Sum(m => m.Text.Length), 1, PromptBuilder.HistoryCharactersMax);
    }

    private static ChatRequest Request(string question, params ChatExchange[] history) => new(question, history, Viewer.Visitor);
}
