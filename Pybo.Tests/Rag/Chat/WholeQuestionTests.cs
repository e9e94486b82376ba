using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Pages;
using Pybo.Rag.Chat;

namespace Pybo.Tests.Rag.Chat;

/// <summary>Questions about a document as a whole.</summary>
public sealed class WholeQuestionTests(ChatCorpus corpus) : IClassFixture<ChatCorpus>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("요약해줘", true)]
    [InlineData("이 문서를 세 줄로 요약해 주세요.", true)]
    [InlineData("무엇에 대한 글이야?", true)]
    [InlineData("무슨 내용인가요?", true)]
    [InlineData("핵심 두 가지만 알려줘", true)]
    [InlineData("주요 내용을 간단히 정리해 주세요", true)]
    [InlineData("Please summarize this document in three sentences", true)]
    [InlineData("What is this document about?", true)]
    [InlineData("연차 이월 규정을 요약해 줘", false)]
    [InlineData("핵심 기술은 무엇인가요?", false)]
    [InlineData("백업 내용은 무엇인가요?", false)]
    [InlineData("이것은 무엇인가요? 파란 단추를 누르면 정리됩니다", false)]
    [InlineData("summarize the refund policy", false)]
    [InlineData("안녕", false)]
    public void Only_a_question_without_a_subject_of_its_own_asks_about_the_whole(string question, bool isWhole) => Assert.Equal(isWhole, WholeQuestion.Is(question));

    [Theory]
    [InlineData("핵심 세 가지", 3)]
    [InlineData("2문장으로 요약", 2)]
    [InlineData("다섯 줄로 정리해 줘", 5)]
    [InlineData("요약", null)]
    public void The_number_of_points_is_read(string question, int? count) => Assert.Equal(count, WholeQuestion.CountOf(question));

    [Theory]
    [InlineData("요약해 줘", 3)]
    [InlineData("핵심 두 가지", 2)]
    public async Task A_document_is_summarised_by_its_central_sentences_in_order(string question, int quotes)
    {
        await using var db = corpus.Database.CreateDbContext();
        var scope = PassageScope.Document(await db.Documents.Where(d => d.Path == "parking.txt").Select(d => d.Id).SingleAsync(Token));
        var answer = await corpus.Answerer(generator: null).AnswerAsync(new(question, [], Viewer.Visitor) { Scope = new("주차장", scope) }, new HeardAnswer(), Token);
        Assert.False(answer.IsRefused);
        Assert.Equal("parking.txt", Assert.Single(answer.Citations).Source.Passage.Path);
        var parts = answer.Text.Split("\n\n");
        Assert.Equal("글 전체에서 중심이 되는 문장을 골라 차례로 옮겼습니다.", parts[^1]);
        var places = parts[..^1].Select(part => ChatCorpus.TextOf("parking.txt").IndexOf(part[1..part.LastIndexOf('”')], StringComparison.Ordinal)).ToList();
        Assert.Equal(quotes, places.Count);
        Assert.All(places, place => Assert.True(place >= 0));
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public async Task Without_a_scope_the_question_is_searched_as_any_other() => Assert.True((await corpus.AskAsync("요약해 줘")).IsRefused);

    [Fact]
    public async Task A_generator_reads_the_parts_in_order()
    {
        await using var db = corpus.Database.CreateDbContext();
        var scope = PassageScope.Document(await db.Documents.Where(d => d.Path == "library.md").Select(d => d.Id).SingleAsync(Token));
        using var client = new ScriptedChatClient("Rules for books [1].");
        var answer = await corpus.Answerer(client).AnswerAsync(new("Summarize this", [], Viewer.Visitor) { Scope = new("Library", scope) }, new HeardAnswer(), Token);
        Assert.Equal("Rules for books [1].", answer.Text);
        Assert.Contains("Books may be borrowed", client.Asked.Single()[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_text_is_read_part_by_part_and_then_as_one()
    {
        var passages = Enumerable.Range(1, WholeText.ReadPartsMax).Select(at => Sources.Hit(at, string.Join(' ', Enumerable.Repeat($"{at}째 마을은 {at}월에 장을 연다.", 60)), start: at * 10_000, heading: $"{at}째 마을")).ToList();
        var (parts, count) = WholeText.Sources(passages, SourceUrl.Of, isReadInParts: true);
        Assert.Equal((WholeText.ReadPartsMax, WholeText.ReadPartsMax), (parts.Count, count));
        Assert.All(parts, part => Assert.InRange(part.Passage.Text.Length, 1, WholeText.ReadPartCharactersMax));
        using var client = new ScriptedChatClient("둘째 마을은 2월에 장을 연다 [2].");
        var heard = new HeardAnswer();
        var answer = await new GeneratedAnswerer(client).AnswerAsync(new("요약해 줘", [], Viewer.Visitor) { PartsCount = count }, Sources.Retrieval("요약해 줘"), parts, heard, Token);
        Assert.Equal(Enumerable.Range(1, parts.Count).Select(at => (at, parts.Count)), heard.Parts);
        Assert.Equal(parts.Count + 1, client.Calls);
        Assert.Contains("3째 마을은 3월에", client.Asked.ElementAt(2)[^1].Text, StringComparison.Ordinal);
        // The last prompt has the summaries, whose markers are gone; the citation is of the text itself.
        Assert.DoesNotContain("3째 마을은 3월에", client.Asked.Last()[^1].Text, StringComparison.Ordinal);
        Assert.Contains("[3] 제목 — 3째 마을\n둘째 마을은 2월에 장을 연다", client.Asked.Last()[^1].Text, StringComparison.Ordinal);
        Assert.Equal("2째 마을은 2월에 장을 연다.", Assert.Single(answer.Citations).Quote);
        Assert.Equal(parts.Select(part => part.Passage.Id), heard.Sources.Select(source => source.Passage.Id));
    }

    [Fact]
    public void Each_section_is_one_part_and_a_long_text_gives_an_even_selection()
    {
        var passages = Enumerable.Range(0, 20).Select(at => Sources.Hit(at, $"{at}째 부분은 {at}째 일을 정한다.", start: at * 100, heading: $"제{at / 2}장")).ToList();
        var (sources, count) = WholeText.Sources(passages, SourceUrl.Of);
        Assert.Equal(10, count);
        Assert.Equal(Enumerable.Range(1, WholeText.PartsMax), sources.Select(s => s.Number));
        Assert.Equal(["제0장", "제1장", "제3장", "제5장", "제6장", "제8장"], sources.Select(s => s.Passage.Heading));
        Assert.Equal(WholeText.PartsMax, WholeText.Central(sources, null).Count);
        Assert.Equal(2, WholeText.Central(sources, 2).Count);
    }

    [Fact]
    public async Task A_document_that_the_reader_may_not_see_is_not_read()
    {
        await using var site = await Pybo.Tests.Data.TwoMembers.StartAsync();
        await using var db = site.Database.CreateDbContext();
        Assert.NotEmpty(await db.PassagesOfAsync(PassageScope.Document(site.DocumentId), site.OwnerReader, Token));
        Assert.Empty(await db.PassagesOfAsync(PassageScope.Document(site.DocumentId), new(site.Other.Id), Token));
    }
}
