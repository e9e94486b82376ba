using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class TitleSuggestionsTests
{
    private const string Library = "도서관 회원증을 잃어버렸어요";
    private const string Router = "공유기 설정에서 python 서버 열기";
    private const string Tent = "텐트 방수 스프레이 추천";

    [Theory]
    [InlineData("도서관", Library)]
    [InlineData("도서고", Library)] // 관 has begun
    [InlineData("도석", Library)] // the keys of 도서ㄱ
    [InlineData("회원ㅈ", Library)]
    [InlineData("ㄷㅅㄱ", Library)]
    [InlineData("ㅌㅌ ㅂㅅ", Tent)]
    [InlineData("PYTH", Router)]
    [InlineData("스프레이 텐트", Tent)] // all words, in another order
    [InlineData("ehtjrhks", Library)] // keys of 도서관
    [InlineData("ehtjr", Library)]
    [InlineData("xpsxm qkdtn", Tent)]
    [InlineData("ㅔㅛ쇄ㅜ", Router)] // keys of python
    [InlineData("서", Router)] // a word begins with it
    [InlineData("관", "")] // one letter within a word
    [InlineData("go", "")] // the keys of one syllable
    [InlineData("선박", "")]
    [InlineData("텐트 회원증", "")]
    [InlineData("\" OR *", "")]
    [InlineData("  ", "")]
    public async Task A_question_is_suggested_by_what_was_typed_of_its_title(string typed, string expected)
    {
        await using var database = await FilledAsync();
        await using var db = database.CreateDbContext();
        Assert.Equal(expected.Length == 0 ? [] : [expected], (await db.SuggestedQuestionsAsync(typed, Viewer.Visitor, 6, default)).Select(q => q.Title));
    }

    [Fact]
    public async Task Titles_that_begin_with_it_come_first_then_words_and_at_most_the_limit()
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        foreach (var title in new[] { "자전거 고치기", "전기 자전거", "접이식자전거", "자전거 타이어" })
        {
            await AskAsync(database, asker, title);
        }

        await using var db = database.CreateDbContext();
        Assert.Equal(["자전거 타이어", "자전거 고치기", "전기 자전거", "접이식자전거"], (await db.SuggestedQuestionsAsync("자전거", Viewer.Visitor, 6, default)).Select(q => q.Title));
        Assert.Equal(["자전거 타이어", "자전거 고치기"], (await db.SuggestedQuestionsAsync("자전거", Viewer.Visitor, 2, default)).Select(q => q.Title));
    }

    [Fact]
    public async Task What_a_reader_may_not_see_is_not_suggested_to_them()
    {
        await using var database = await FilledAsync();
        await using var db = database.CreateDbContext();
        await db.Passages.ExecuteUpdateAsync(set => set.SetProperty(p => p.Audience, Audience.Members));
        await db.Categories.ExecuteUpdateAsync(set => set.SetProperty(c => c.Audience, Audience.Members));
        Assert.Empty(await db.SuggestedQuestionsAsync("도서관", Viewer.Visitor, 6, default));
        Assert.Single(await db.SuggestedQuestionsAsync("도서관", Viewer.AnyMember, 6, default));
    }

    [Fact]
    public async Task A_pasted_text_is_looked_for_by_its_beginning()
    {
        await using var database = await FilledAsync();
        await using var db = database.CreateDbContext();
        Assert.Empty(await db.SuggestedQuestionsAsync(new string('ㅏ', 100_000), Viewer.Visitor, 6, default));
    }

    private static async Task<TestDatabase> FilledAsync()
    {
        var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        foreach (var title in new[] { Library, Router, Tent })
        {
            await AskAsync(database, asker, title);
        }

        return database;
    }

    private static async Task AskAsync(TestDatabase database, User asker, string title)
    {
        var question = await database.AddQuestionAsync(asker, title, "글");
        Assert.True(await new PassageWriter(database).ReplaceAsync(new(PassageKind.Question, question.Id, 0), [new(title, null, "글", 0, [])], null, null, default));
    }
}
