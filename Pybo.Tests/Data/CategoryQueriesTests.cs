using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

/// <summary>Categories and groups: their rules, and how passages follow the readers of their thread's category.</summary>
public sealed class CategoryQueriesTests
{
    [Fact]
    public async Task A_new_site_has_one_category_that_takes_the_sites_name_once()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        await db.NameFirstCategoryAsync("자유", default);
        await db.NameFirstCategoryAsync("General", default);
        Assert.Equal(new("자유", "general", "", Audience.Everyone), Assert.Single(await db.CategoriesAsync(Viewer.Visitor, default)) is var only ? new CategoryFields(only.Name, only.Slug, only.Description, only.Audience) : null);
    }

    [Theory]
    [InlineData("자주 묻는 질문", "자주-묻는-질문")]
    [InlineData("  C# & .NET 10!", "c-net-10")]
    [InlineData("Q&A", "q-a")]
    [InlineData("한글", "한글")]
    [InlineData("---", "")]
    [InlineData("../admin/%2e", "admin-2e")]
    public void A_name_in_addresses_has_letters_and_digits_in_small_letters(string typed, string slug) => Assert.Equal(slug, CategoryNames.SlugOf(typed));

    [Fact]
    public async Task Names_addresses_and_readers_are_checked()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        Assert.Equal(CategoryRefusal.None, await db.AddCategoryAsync(new("공지", "", "알림", Audience.Members), default));
        Assert.Equal(CategoryRefusal.NameTaken, await db.AddCategoryAsync(new("공지", "news", "", Audience.Everyone), default));
        Assert.Equal(CategoryRefusal.SlugTaken, await db.AddCategoryAsync(new("공지!", "", "", Audience.Everyone), default));
        Assert.Equal(CategoryRefusal.NoSlug, await db.AddCategoryAsync(new("!!!", "", "", Audience.Everyone), default));
        Assert.Equal(CategoryRefusal.NoGroup, await db.AddCategoryAsync(new("모임", "", "", Audience.OfGroup(7)), default));
        Assert.Equal(CategoryRefusal.NoGroup, await db.AddCategoryAsync(new("나만", "", "", 5), default));
        Assert.Equal(CategoryRefusal.NoGroup, await db.AddCategoryAsync(new("아무도", "", "", Audience.Nobody), default));
        Assert.Equal(CategoryRefusal.NotFound, await db.EditCategoryAsync(99, new("새", "", "", Audience.Everyone), default));
        Assert.Equal(CategoryRefusal.None, await db.EditCategoryAsync(2, new("공지", "공지", "새 알림", Audience.Everyone), default));
        Assert.Equal(["", "공지"], (await db.CategoriesAsync(Viewer.Visitor, default)).Select(c => c.Name));
        Assert.Equal(CategoryRefusal.None, await db.MoveCategoryAsync(2, isUp: true, default));
        Assert.Equal(["공지", ""], (await db.CategoriesAsync(Viewer.Visitor, default)).Select(c => c.Name));
        Assert.Equal(CategoryRefusal.None, await db.MoveCategoryAsync(2, isUp: true, default));
        Assert.Equal(CategoryRefusal.NotFound, await db.MoveCategoryAsync(99, isUp: true, default));
    }

    [Fact]
    public async Task There_is_a_most_of_categories()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        for (var n = 1; n < Category.CountMax; n++)
        {
            Assert.Equal(CategoryRefusal.None, await db.AddCategoryAsync(new($"분류 {n}", "", "", Audience.Everyone), default));
        }

        Assert.Equal(CategoryRefusal.TooMany, await db.AddCategoryAsync(new("하나 더", "", "", Audience.Everyone), default));
    }

    [Fact]
    public async Task A_category_is_deleted_when_it_is_empty_or_its_questions_move()
    {
        await using var site = await ClosedSite.StartAsync(Audience.Everyone);
        await using var db = site.Database.CreateDbContext();
        Assert.Equal(CategoryRefusal.NotEmpty, await db.DeleteCategoryAsync(site.Category, null, default));
        Assert.Equal(CategoryRefusal.NotFound, await db.DeleteCategoryAsync(site.Category, site.Category, default));
        Assert.Equal(CategoryRefusal.NotFound, await db.DeleteCategoryAsync(site.Category, 99, default));
        Assert.Equal(1, await db.DeleteQuestionAsync(site.Question, new(site.Author.Id, false), default));
        // The deleted question could be restored into it.
        Assert.Equal(CategoryRefusal.NotEmpty, await db.DeleteCategoryAsync(site.Category, null, default));
        Assert.Equal(CategoryRefusal.None, await db.AddCategoryAsync(new("회원", "", "", Audience.Members), default));
        Assert.Equal(CategoryRefusal.None, await db.DeleteCategoryAsync(site.Category, 3, default));
        Assert.True(await db.RestorePostAsync(PassageKind.Question, site.Question, new(site.Author.Id, false), default));
        Assert.Equal(3, await db.Questions.Select(q => q.CategoryId).SingleAsync());
        Assert.Equal(1, (await db.CategoriesAsync(new(site.Author.Id), default))[^1].QuestionCount);
        Assert.Equal(CategoryRefusal.None, await db.DeleteCategoryAsync(1, null, default));
        Assert.Equal(CategoryRefusal.Last, await db.DeleteCategoryAsync(3, null, default));
    }

    [Fact]
    public async Task Deleting_a_category_gives_its_passages_the_readers_of_the_next()
    {
        await using var site = await ClosedSite.StartAsync(Audience.Everyone);
        await using var db = site.Database.CreateDbContext();
        Assert.Equal(CategoryRefusal.None, await db.AddCategoryAsync(new("회원", "", "", Audience.Members), default));
        Assert.Equal(CategoryRefusal.None, await db.DeleteCategoryAsync(site.Category, 3, default));
        Assert.Equal(ClosedSite.Members, await site.FindersAsync());
        Assert.Empty(await db.CheckPassagesAsync(default));
    }

    [Fact]
    public async Task Passages_follow_their_category_from_readers_to_readers()
    {
        await using var site = await ClosedSite.StartAsync(Audience.Everyone);
        await using var db = site.Database.CreateDbContext();
        foreach (var (audience, finders) in new[]
        {
            (Audience.Everyone, ClosedSite.All), (Audience.OfGroup(1), ClosedSite.Group), (Audience.Members, ClosedSite.Members),
            (Audience.OfGroup(1), ClosedSite.Group), (Audience.Everyone, ClosedSite.All),
        })
        {
            Assert.Equal(CategoryRefusal.None, await db.EditCategoryAsync(site.Category, new("닫힌 방", "closed", "", audience), default));
            Assert.Equal(finders, await site.FindersAsync());
            Assert.Empty(await db.CheckPassagesAsync(default));
        }
    }

    [Fact]
    public async Task A_moved_question_takes_its_whole_thread_to_the_readers_of_its_new_category()
    {
        await using var site = await ClosedSite.StartAsync(Audience.OfGroup(1));
        await using var db = site.Database.CreateDbContext();
        Assert.Equal(1, await db.EditQuestionAsync(site.Question, site.Author.Id, ClosedSite.Title, ClosedSite.Body, default, categoryId: 1));
        Assert.Equal(ClosedSite.All, await site.FindersAsync());
        Assert.Equal(1, await db.EditQuestionAsync(site.Question, site.Author.Id, ClosedSite.Title, ClosedSite.Body, default, categoryId: site.Category));
        Assert.Equal(ClosedSite.Group, await site.FindersAsync());
        Assert.Empty(await db.CheckPassagesAsync(default));
        Assert.Empty(await db.VersionsAsync(CommentedPost.Question(site.Question), 0, 10, new(site.Author.Id), default));
        // A question moves only where its author may read it.
        Assert.Equal(CategoryRefusal.None, await db.AddGroupAsync("다른 모임", default));
        Assert.Equal(CategoryRefusal.None, await db.AddCategoryAsync(new("남의 방", "", "", Audience.OfGroup(2)), default));
        Assert.Equal(0, await db.EditQuestionAsync(site.Question, site.Author.Id, "새 제목", ClosedSite.Body, default, categoryId: 3));
        Assert.Equal(0, await db.AskAsync(site.Author.Id, "제목", "글", default, categoryId: 3));
        Assert.Equal(ClosedSite.Title, (await db.QuestionTextAsync(site.Question, new(site.Author.Id), default))!.Title);
    }

    [Fact]
    public async Task A_post_written_after_the_readers_changed_is_indexed_for_them()
    {
        await using var site = await ClosedSite.StartAsync(Audience.OfGroup(1));
        await using var db = site.Database.CreateDbContext();
        Assert.Equal([Audience.OfGroup(1)], await db.Passages.Select(p => p.Audience).Distinct().ToListAsync());
        Assert.Equal(ClosedSite.Group, await site.FindersAsync());
        Assert.Empty(await db.CheckPassagesAsync(default));
    }

    [Fact]
    public async Task Leaving_a_group_ends_reading_at_once()
    {
        await using var site = await ClosedSite.StartAsync(Audience.OfGroup(1));
        await using var db = site.Database.CreateDbContext();
        Assert.Equal(1, await db.RemoveGroupMemberAsync(1, site.Author.NormalizedUserName!, default));
        Assert.Equal("administrator", await site.FindersAsync());
        Assert.Equal(0, await db.EditQuestionAsync(site.Question, site.Author.Id, "새 제목", "글", default));
        Assert.Equal(0, await db.DeleteQuestionAsync(site.Question, new(site.Author.Id, false), default));
        Assert.Null(await db.AnswerAsync(site.Question, site.Author.Id, "답", default));
    }

    [Fact]
    public async Task A_group_that_reads_a_category_stays()
    {
        await using var site = await ClosedSite.StartAsync(Audience.OfGroup(1));
        await using var db = site.Database.CreateDbContext();
        Assert.Equal(CategoryRefusal.InUse, await db.DeleteGroupAsync(1, default));
        Assert.Equal(CategoryRefusal.NameTaken, await db.AddGroupAsync("모임", default));
        Assert.Equal(CategoryRefusal.NotFound, await db.AddGroupMemberAsync(1, "없는사람", default));
        Assert.Equal(CategoryRefusal.NotFound, await db.RenameGroupAsync(9, "새 모임", default));
        Assert.Equal(CategoryRefusal.None, await db.RenameGroupAsync(1, "새 모임", default));
        Assert.Equal(new GroupRow(1, "새 모임", 1, 1), Assert.Single(await db.GroupsAsync(default)));
        Assert.Equal(CategoryRefusal.None, await db.DeleteCategoryAsync(site.Category, 1, default));
        Assert.Equal(CategoryRefusal.None, await db.DeleteGroupAsync(1, default));
        Assert.Equal(CategoryRefusal.None, await db.AddGroupAsync("다음 모임", default));
        // An id is never given again, so no old audience can mean a new group.
        Assert.Equal(2, Assert.Single(await db.GroupsAsync(default)).Id);
    }

    [Theory]
    [InlineData(QuestionSort.Newest)]
    [InlineData(QuestionSort.Votes)]
    [InlineData(QuestionSort.Popular)]
    [InlineData(QuestionSort.Unanswered)]
    public async Task The_list_of_some_categories_has_whole_pages_in_the_same_order(QuestionSort sort)
    {
        await using var site = await ClosedSite.StartAsync(Audience.Members);
        await using var db = site.Database.CreateDbContext();
        for (var n = 0; n < 50; n++)
        {
            var id = await db.AskAsync(site.Author.Id, $"질문 {n}", "글", default, categoryId: n % 3 == 0 ? site.Category : 1);
            for (var answers = 0; answers < n % 4; answers++)
            {
                await db.AnswerAsync(id, site.Author.Id, $"답 {answers}", default);
            }

            _ = n % 5 == 0 ? await db.VoteQuestionAsync(id, site.Other.Id, default) : default;
        }

        using var marks = new QuestionMarks();
        var all = await IdsAsync(new(site.Author.Id), null);
        var ofCategory = await db.Questions.ToDictionaryAsync(q => q.Id, q => q.CategoryId);
        Assert.Equal(sort == QuestionSort.Unanswered ? all.Count : 51, all.Count);
        Assert.Equal(all.Where(id => ofCategory[id] == 1), await IdsAsync(Viewer.Visitor, null));
        Assert.Equal(all.Where(id => ofCategory[id] == site.Category), await IdsAsync(new(site.Author.Id), site.Category));
        Assert.Empty(await IdsAsync(Viewer.Visitor, site.Category));

        async Task<List<long>> IdsAsync(Viewer viewer, long? category)
        {
            List<long> ids = [];
            var first = await db.QuestionPageAsync(sort, 1, marks, viewer, default, category);
            for (var page = 1; page <= first.LastPage; page++)
            {
                ids.AddRange((await db.QuestionPageAsync(sort, page, marks, viewer, default, category)).Rows.Select(r => r.Id));
            }

            Assert.Equal(first.Total, ids.Count);
            return ids;
        }
    }

    [Fact]
    public async Task The_operator_finds_a_category_by_either_name_and_combines_with_others()
    {
        await using var site = await ClosedSite.StartAsync(Audience.Everyone);
        await using var db = site.Database.CreateDbContext();
        var open = await db.AskAsync(site.Author.Id, "열린 질문", "글", default, tags: ["태그"]);
        Assert.Equal([site.Question], await FindAsync("category:closed"));
        Assert.Equal([site.Question], await FindAsync("CATEGORY:닫힌-방"));
        Assert.Equal([open], await FindAsync("-category:closed"));
        Assert.Equal([open], await FindAsync("category:general tag:태그"));
        Assert.Empty(await FindAsync("category:closed tag:태그"));
        Assert.Empty(await FindAsync("category:closed category:general"));
        Assert.Empty(await FindAsync("category:없음"));
        Assert.Equal([site.Question], await FindAsync("category:closed 은방울꽃"));
        Assert.Empty(await FindAsync("category:general 은방울꽃"));

        async Task<IEnumerable<long>> FindAsync(string text) => (await db.QuestionPageAsync(QuestionSearchTerms.Of(text), QuestionSort.Newest, 1, Viewer.Visitor, default)).Rows.Select(q => q.Id);
    }

    [Fact]
    public async Task A_check_mends_wrong_readers_of_passages_and_a_lost_category()
    {
        await using var site = await ClosedSite.StartAsync(Audience.OfGroup(1));
        await using var db = site.Database.CreateDbContext();
        await db.Passages.ExecuteUpdateAsync(set => set.SetProperty(p => p.Audience, Audience.Everyone));
        Assert.Contains(PassageFault.WrongAudience, (await db.MendPassagesAsync(default)).Select(f => f.Fault));
        Assert.Equal(ClosedSite.Group, await site.FindersAsync());
        Assert.Equal(CategoryRefusal.None, await db.AddCategoryAsync(new("회원", "", "", Audience.Members), default));
        await db.Database.ExecuteSqlRawAsync("pragma foreign_keys = off; delete from Categories where Slug = 'closed'; pragma foreign_keys = on;");
        Assert.Contains(PassageFault.OrphanedRow, (await db.MendPassagesAsync(default)).Select(f => f.Fault));
        // The category with the fewest readers, not the one for everyone.
        Assert.Equal(3, await db.Questions.Select(q => q.CategoryId).SingleAsync());
        Assert.Equal(ClosedSite.Members, await site.FindersAsync());
        Assert.Empty(await db.CheckPassagesAsync(default));
    }

    /// <summary>A site with a question, an answer and a comment in a category of its own, indexed with words and vectors; its author is in the group.</summary>
    private sealed class ClosedSite : IAsyncDisposable
    {
        public const string Group = "author, administrator";
        public const string Members = $"command line, other, {Group}";
        public const string All = $"visitor, {Members}";
        public const string Title = "은방울꽃은 언제 피나요?";
        public const string Body = "은방울꽃을 심었습니다.";

        public required TestDatabase Database { get; init; }
        public required User Author { get; init; }
        public required User Other { get; init; }
        public required User Administrator { get; init; }
        public required long ModelId { get; init; }
        public long Category { get; private set; }
        public long Question { get; private set; }

        public static async Task<ClosedSite> StartAsync(long audience)
        {
            var database = await TestDatabase.StartAsync();
            await using var db = database.CreateDbContext();
            var model = await db.EnsureEmbeddingModelAsync("test", "f", "folder", TwoMembers.Dimensions, default);
            var site = new ClosedSite
            {
                Database = database,
                Author = await database.AddUserAsync("글쓴이"),
                Other = await database.AddUserAsync("다른이"),
                Administrator = await database.AddUserAsync("주인장"),
                ModelId = model.Id,
            };
            await db.Users.Where(u => u.Id == site.Administrator.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.IsAdministrator, true));
            Assert.Equal(CategoryRefusal.None, await db.AddGroupAsync("모임", default));
            Assert.Equal(CategoryRefusal.None, await db.AddGroupMemberAsync(1, site.Author.NormalizedUserName!, default));
            Assert.Equal(CategoryRefusal.None, await db.AddCategoryAsync(new("닫힌 방", "closed", "", audience), default));
            site.Category = await db.Categories.Where(c => c.Slug == "closed").Select(c => c.Id).SingleAsync();
            site.Question = await db.AskAsync(site.Author.Id, Title, Body, default, categoryId: site.Category);
            var answer = await db.AnswerAsync(site.Question, site.Author.Id, "은방울꽃은 오월에 핍니다.", default);
            await db.CommentAsync(CommentedPost.Answer(answer!.Value), site.Author.Id, "은방울꽃은 그늘을 좋아합니다.", default);
            foreach (var post in await db.PendingPostsAsync(10, default))
            {
                var passage = new NewPassage(post.Title, null, post.Body, 0, [new(0, post.Body.Length, TwoMembers.Unit(0))]);
                Assert.True(await new PassageWriter(database).ReplaceAsync(post.Key, [passage], model.Id, null, default));
            }

            return site;
        }

        /// <summary>Returns who finds all three posts by words and by meaning: a visitor, the command line, another member, the author, an administrator. No one finds some.</summary>
        public async Task<string> FindersAsync()
        {
            List<string> finders = [];
            foreach (var (name, viewer) in new[] { ("visitor", Viewer.Visitor), ("command line", Viewer.AnyMember), ("other", new(Other.Id)), ("author", new(Author.Id)), ("administrator", new(Administrator.Id)) })
            {
                await using var db = Database.CreateDbContext();
                var terms = KoreanText.Terms("은방울꽃");
                List<int> counts =
                [
                    (await db.SearchPassagesAsync(new() { Terms = terms, Viewer = viewer, Limit = 10 }, default)).Count,
                    (await db.SearchPassagesAsync(new() { Terms = [], Embedding = (ModelId, TwoMembers.Unit(0)), Viewer = viewer, Limit = 10 }, default)).Count,
                    (await db.ThreadPassagesAsync([Question], null, viewer, default)).Count,
                    (int)(await db.TermStatisticsAsync(terms, viewer, default)).Passages,
                ];
                Assert.Single(counts.Distinct());
                Assert.Equal(counts[0] > 0, (await db.KnownTermsAsync(terms, viewer, default)).Count > 0);
                Assert.Equal(counts[0] > 0, await db.IsWrittenAsync("은방울꽃", terms, viewer, default));
                Assert.Equal(counts[0] > 0, (await db.QuestionPageAsync(QuestionSearchTerms.Of("은방울꽃"), QuestionSort.Newest, 1, viewer, default)).Rows.Count > 0);
                Assert.Equal(counts[0] > 0, (await db.ThreadsAsync([Question], null, viewer, default)).Count > 0);
                Assert.True(counts[0] is 0 or 3);
                finders.AddRange(counts[0] > 0 ? [name] : []);
            }

            return string.Join(", ", finders);
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
