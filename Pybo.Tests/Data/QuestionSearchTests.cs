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

        var page = await db.QuestionPageAsync(QuestionSearchTerms.Of(query), QuestionSort.Newest, 1, Viewer.Visitor, default);
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

        Assert.Single((await db.QuestionPageAsync(QuestionSearchTerms.Of("백업"), QuestionSort.Newest, 1, Viewer.Visitor, default)).Rows);
        Assert.Empty((await db.QuestionPageAsync(QuestionSearchTerms.Of("백업"), QuestionSort.Unanswered, 1, Viewer.Visitor, default)).Rows);
    }

    [Theory]
    [InlineData("\"데이터베이스 백업\"", "데이터베이스 백업 순서,백업")]
    [InlineData("“Node.js와 Python”", "서버 언어")]
    [InlineData("\"node.JS와  python\"", "서버 언어")]
    [InlineData("\"백업 데이터베이스\"", "")]
    [InlineData("백업 -순서", "백업")]
    [InlineData("백업 -\"자정에 하세요\"", "데이터베이스 백업 순서")]
    [InlineData("-백업 -tag:언어", "사과 농사")]
    [InlineData("tag:언어", "서버 언어")]
    [InlineData("user:김철수", "백업")]
    [InlineData("user:김철", "")]
    [InlineData("user:김철수 user:이영희", "")]
    [InlineData("is:accepted", "백업")]
    [InlineData("is:answered 백업", "백업")]
    [InlineData("is:unanswered -사과", "데이터베이스 백업 순서,서버 언어")]
    [InlineData("score:1", "데이터베이스 백업 순서")]
    [InlineData("score:2", "")]
    [InlineData("ANSWERS:1", "백업")]
    [InlineData("is:없는것", "")]
    [InlineData("score:많이", "")]
    [InlineData("-", "")]
    [InlineData("score:99999999999999999999", "")]
    public async Task Operators_narrow_a_search(string query, string expected)
    {
        await using var database = await TestDatabase.StartAsync();
        var (asker, other) = (await database.AddUserAsync("이영희"), await database.AddUserAsync("김철수"));
        var backup = await AskAsync(database, other, "백업", "데이터베이스 백업은 언제 하나요");
        var language = await AskAsync(database, asker, "서버 언어", "Node.js와 Python");
        var order = await AskAsync(database, asker, "데이터베이스 백업 순서", "무엇을 먼저");
        await AskAsync(database, asker, "사과 농사", "과일 이야기");
        await using var db = database.CreateDbContext();
        await db.EditQuestionAsync(language.Id, asker.Id, language.Title, language.Body, default, tags: ["언어"]);
        await new PassageWriter(database).ReplaceAsync(new(PassageKind.Question, language.Id, 1), [new(language.Title, null, language.Body, 0, [])], null, null, default);
        await db.VoteQuestionAsync(order.Id, other.Id, default);
        var answer = await db.AnswerAsync(backup.Id, asker.Id, "자정에 하세요.", default);
        await new PassageWriter(database).ReplaceAsync(new(PassageKind.Answer, answer!.Value, 0), [new("백업", null, "자정에 하세요.", 0, [])], null, null, default);
        await db.AcceptAnswerAsync(backup.Id, other.Id, answer, default);

        var page = await db.QuestionPageAsync(QuestionSearchTerms.Of(query), QuestionSort.Newest, 1, Viewer.Visitor, default);
        Assert.Equal(expected, string.Join(',', page.Rows.Select(r => r.Title)));
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
