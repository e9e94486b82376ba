using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class QuestionSearchTests
{
    [Theory]
    [InlineData("파이", "파이 굽기")]
    [InlineData("사과", "사과 농사")]
    [InlineData("책을", "책이 좋다")]
    [InlineData("데이터베이스를", "데이터베이스 백업")]
    [InlineData("터베이", "데이터베이스 백업")]
    [InlineData("C#", "C# 질문")]
    [InlineData("node.js", "서버 언어")]
    [InlineData("sqlite3.OperationalError: database is locked", "데이터베이스 백업")]
    [InlineData("백업 자정", "데이터베이스 백업")]
    [InlineData("백업 김철수", "데이터베이스 백업")]
    [InlineData("김철", "데이터베이스 백업")]
    [InlineData("백업 농사", "")]
    [InlineData("없는낱말", "")]
    [InlineData("?!", "")]
    [InlineData("\" OR *", "")]
    [InlineData("백업 NOT 자정\"", "")]
    public async Task Every_word_must_occur_in_the_question_its_answers_or_their_authors(string query, string expected)
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync();
        var answerer = await database.AddUserAsync("김철수");
        await AskAsync(database, asker, "파이 굽기", "오븐에 굽는다");
        await AskAsync(database, asker, "사과 농사", "과일 이야기");
        await AskAsync(database, asker, "그는 사는 곳", "어디");
        await AskAsync(database, asker, "책이 좋다", "읽기");
        await AskAsync(database, asker, "C# 질문", "닷넷");
        await AskAsync(database, asker, "서버 언어", "Node.js와 Python");
        var backup = await AskAsync(database, asker, "데이터베이스 백업", "오류: sqlite3.OperationalError: database is locked");
        await using var db = database.CreateDbContext();
        var answer = await db.AnswerAsync(backup.Id, answerer.Id, "자정에 하세요.", default);
        await new PassageWriter(database).ReplaceAsync(new(PassageKind.Answer, answer!.Value, 0), [new("데이터베이스 백업", null, "자정에 하세요.", 0, [])], null, null, default);

        var page = await db.QuestionPageAsync(QuestionSearchTerms.Of(query), QuestionSort.Newest, 1, default);
        Assert.Equal(expected.Length == 0 ? [] : [expected], page.Rows.Select(r => r.Title));
        Assert.Equal(page.Rows.Count, page.Total);
    }

    [Fact]
    public async Task A_question_is_found_once_however_many_parts_match()
    {
        await using var database = await TestDatabase.StartAsync();
        var asker = await database.AddUserAsync("백업맨");
        var question = await AskAsync(database, asker, "백업 백업", "백업을 합니다");
        await using var db = database.CreateDbContext();
        for (var i = 0; i < 3; i++)
        {
            var answer = await db.AnswerAsync(question.Id, asker.Id, "백업은 이렇게", default);
            await new PassageWriter(database).ReplaceAsync(new(PassageKind.Answer, answer!.Value, 0), [new("백업 백업", null, "백업은 이렇게", 0, [])], null, null, default);
        }

        Assert.Single((await db.QuestionPageAsync(QuestionSearchTerms.Of("백업"), QuestionSort.Newest, 1, default)).Rows);
        Assert.Empty((await db.QuestionPageAsync(QuestionSearchTerms.Of("백업"), QuestionSort.Unanswered, 1, default)).Rows);
    }

    [Fact]
    public void A_pasted_text_is_searched_by_its_first_words() =>
        Assert.Equal(QuestionSearchTerms.WordsMax, QuestionSearchTerms.Of(string.Join(' ', Enumerable.Range(100, 500))).Words.Count);

    private static async Task<Question> AskAsync(TestDatabase database, User author, string title, string body)
    {
        var question = await database.AddQuestionAsync(author, title, body);
        Assert.True(await new PassageWriter(database).ReplaceAsync(new(PassageKind.Question, question.Id, 0), [new(title, null, body, 0, [])], null, null, default));
        return question;
    }
}
