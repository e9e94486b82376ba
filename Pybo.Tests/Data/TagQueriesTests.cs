using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class TagQueriesTests
{
    [Fact]
    public async Task Questions_are_counted_and_a_tag_without_questions_and_description_goes()
    {
        await using var database = await TestDatabase.StartAsync();
        var author = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        var first = await db.AskAsync(author.Id, "하나", "글", default, tags: ["파이썬", "flask"]);
        var second = await db.AskAsync(author.Id, "둘", "글", default, tags: ["파이썬", "오타"]);
        await db.AskAsync(author.Id, "셋", "글", default);
        Assert.Equal([("파이썬", 2), ("flask", 1), ("오타", 1)], await CountsAsync());
        Assert.Equal(["파이썬", "flask"], (await db.TagsOfAsync([first, second], default))[first]);

        await db.DescribeTagAsync("flask", "작은 웹 틀", default);
        await db.EditQuestionAsync(second, author.Id, "둘", "글", default, tags: ["파이썬"]);
        await db.EditQuestionAsync(first, author.Id, "하나", "글", default, tags: []);
        Assert.Equal([("파이썬", 1)], await CountsAsync());
        Assert.Equal(["flask", "파이썬"], await db.Tags.OrderBy(t => t.Name).Select(t => t.Name).ToListAsync());
        await db.DescribeTagAsync("flask", "", default);
        await db.DeleteQuestionAsync(second, new(author.Id, false), default);
        Assert.Equal((0, 0), (await db.Tags.CountAsync(), await db.QuestionTags.CountAsync()));
        Assert.Empty(await db.CheckPassagesAsync(default));

        async Task<IEnumerable<(string, int)>> CountsAsync() => (await db.TagPageAsync("", 1, Viewer.Visitor, default)).Rows.Select(t => (t.Name, t.QuestionCount));
    }

    [Fact]
    public async Task An_edit_without_tags_keeps_them_and_other_tags_queue_the_question_again()
    {
        await using var database = await TestDatabase.StartAsync();
        var author = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        var question = await db.AskAsync(author.Id, "제목", "글", default, tags: ["파이썬"]);
        Assert.Equal("파이썬", Assert.Single(await db.PendingPostsAsync(10, default)).Tags);
        await WriteAsync();
        await db.EditQuestionAsync(question, author.Id, "제목", "다른 글", default);
        Assert.Equal("파이썬", Assert.Single((await db.TagsOfAsync([question], default))[question]));
        Assert.Equal(0, await db.Passages.CountAsync());
        await WriteAsync();
        await db.EditQuestionAsync(question, author.Id, "제목", "다른 글", default, tags: ["웹", "파이썬"]);
        Assert.Equal(0, await db.Passages.CountAsync());
        Assert.Equal("웹, 파이썬", Assert.Single(await db.PendingPostsAsync(10, default)).Tags);

        async Task WriteAsync()
        {
            var pending = Assert.Single(await db.PendingPostsAsync(10, default));
            await new PassageWriter(database).ReplaceAsync(pending.Key, [new("제목", pending.Tags, "글", 0, [])], null, null, default);
        }
    }

    [Theory]
    [InlineData("ㅍㅇㅆ", "파이썬|파이썬-문법")]
    [InlineData("파이써", "파이썬|파이썬-문법")]
    [InlineData("문법", "파이썬-문법")]
    [InlineData("la", "flask")]
    [InlineData("%", "")]
    [InlineData("_", "")]
    [InlineData("없음", "")]
    public async Task Tags_are_searched_by_any_part_of_their_name(string typed, string found)
    {
        await using var database = await TestDatabase.StartAsync();
        var author = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        await db.AskAsync(author.Id, "하나", "글", default, tags: ["파이썬", "flask"]);
        await db.AskAsync(author.Id, "둘", "글", default, tags: ["파이썬", "파이썬-문법", "c++"]);
        Assert.Equal(found, string.Join('|', (await db.TagPageAsync(TagNames.Typed(typed), 1, Viewer.Visitor, default)).Rows.Select(t => t.Name)));
    }

    [Fact]
    public async Task Suggestions_begin_with_what_was_typed_before_those_that_contain_it()
    {
        await using var database = await TestDatabase.StartAsync();
        var author = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        await db.AskAsync(author.Id, "하나", "글", default, tags: ["웹서버", "서버"]);
        await db.AskAsync(author.Id, "둘", "글", default, tags: ["웹서버"]);
        Assert.Equal(["서버", "웹서버"], (await db.SuggestedTagsAsync("ㅅㅂ", 8, Viewer.Visitor, default)).Select(t => t.Name));
        Assert.Equal(["서버"], (await db.SuggestedTagsAsync("서", 1, Viewer.Visitor, default)).Select(t => t.Name));
        Assert.Empty(await db.SuggestedTagsAsync("", 8, Viewer.Visitor, default));
    }

    [Fact]
    public async Task The_list_is_filtered_by_tags_and_by_tags_with_words()
    {
        await using var database = await TestDatabase.StartAsync();
        var author = await database.AddUserAsync("글쓴이");
        await using var db = database.CreateDbContext();
        var first = await db.AskAsync(author.Id, "하나", "글", default, tags: ["파이썬", "c#"]);
        var second = await db.AskAsync(author.Id, "둘", "글", default, tags: ["파이썬"]);
        await db.AskAsync(author.Id, "셋", "글", default);
        Assert.Equal([second, first], await FindAsync("tag:파이썬"));
        Assert.Equal([first], await FindAsync("TAG:C# tag:파이썬"));
        Assert.Equal([second, first], await FindAsync("글쓴이 tag:파이썬"));
        Assert.Empty(await FindAsync("없는말 tag:파이썬"));
        Assert.Empty(await FindAsync("tag:없음"));
        Assert.Empty(await FindAsync("tag:a/b"));
        Assert.Empty(await FindAsync("tag:파이썬 tag:가 tag:나 tag:다 tag:라 tag:마 tag:바"));
        Assert.True(QuestionSearchTerms.Of("tag:").Tags.Count == 0);

        async Task<IEnumerable<long>> FindAsync(string text) => (await db.QuestionPageAsync(QuestionSearchTerms.Of(text), QuestionSort.Newest, 1, Viewer.Visitor, default)).Rows.Select(q => q.Id);
    }
}
