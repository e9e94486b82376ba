using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;
using Pybo.Tests.Pages.Chat;

namespace Pybo.Tests.Pages.Categories;

/// <summary>
/// Every place that shows posts shows those of a category to its readers alone. The posts, what members keep of them, and a conversation that cites
/// them are made while everyone may read the category; then its readers change.
/// </summary>
public sealed class CategoryReadersTests
{
    private const string Slug = "closed";

    /// <summary>In the title of the question.</summary>
    private const string Word = "수정궁";

    private const string AnswerWord = "진주목걸이";

    /// <summary>In the answer, and in no question to the chat.</summary>
    private const string AnswerPlace = "작은 상자";

    private const string CommentWord = "호박브로치";
    private const string Asker = "글쓴이";
    private const string Other = "그냥회원";
    private const string Reader = "모임회원";

    /// <summary>Places whose text has a word of the posts for their readers; {0} is the question, {1} its answer, {2} the key of a shared conversation.</summary>
    private static readonly (string Address, string Word)[] Places =
    [
        ("/questions", Word), ("/questions?sort=votes", Word), ("/questions?sort=popular", Word), ("/questions?sort=unanswered", "두 번째 " + Word),
        ($"/questions?q={Word}", "첫 번째"), ($"/questions?q={AnswerWord}", "첫 번째"), ($"/questions?q={CommentWord}", "첫 번째"), ($"/questions?q=tag:{Word}", "첫 번째"), ($"/questions?q=category:{Slug}", "첫 번째"),
        ($"/questions?q=user:{Asker}", "첫 번째"), ($"/questions?q=%22{Word}을%22", "첫 번째"), ("/questions?q=-아무말", "첫 번째"), ($"/questions?q={Asker}", "첫 번째"),
        ("/questions/{0}", AnswerWord), ("/questions/{0}/history", Word), ("/answers/{1}/history", AnswerWord), ("/questions/recent", AnswerWord), ("/questions/recent", CommentWord),
        ("/tags", Word), ($"/tags/{Word}", "첫 번째"), ($"/tags/suggest?q={Word[..2]}", "\"name\""),
        ($"/users/{Asker}", Word), ($"/users/{Asker}?tab=answers", "첫 번째"), ($"/users/{Asker}?tab=comments", CommentWord),
        ("/categories", "닫힌 방"), ($"/categories/{Slug}", Word), ("/questions/ask", "닫힌 방"),
        ($"/search?q={Word}", "첫 번째"), ($"/search?q={AnswerWord}", AnswerPlace), ($"/search?q={CommentWord}", "같이 있습니다"), ($"/questions/similar?title={Word}", "첫 번째"),
        ("/chat", "첫 번째"), ("/chat/shared/{2}", AnswerPlace), ("/comments/new?question={0}", Word), ("/comments/new?answer={1}", Word),
        ("/bookmarks", Word), ("/notifications", Word),
    ];

    /// <summary>Places for programs that never log in.</summary>
    private static readonly string[] Published = ["/questions/feed", $"/tags/{Word}/feed", "/questions/{0}/feed", "/sitemap-1.xml"];

    /// <summary>Forms that a post on a hidden question answers with 404.</summary>
    private static readonly (string Address, string Field, string Value)[] Forms =
    [
        ("/questions/{0}?handler=Vote", "x", ""), ("/questions/{0}?handler=Unvote", "x", ""), ("/questions/{0}?handler=VoteAnswer", "answer", "{1}"), ("/questions/{0}?handler=Follow", "x", ""), ("/questions/{0}?handler=Bookmark", "x", ""),
        ("/questions/{0}?handler=Accept", "answer", "{1}"), ("/questions/{0}?handler=DeleteComment", "comment", "999"), ("/questions/{0}/answer", "Input.Body", ""), ("/comments/new?answer={1}", "Input.Body", ""),
        ("/questions/{0}?handler=Suggestion", "verdict", "1"),
    ];

    public static TheoryData<long> Audiences => [Audience.Everyone, Audience.Members, Audience.OfGroup(1)];

    [Theory]
    [MemberData(nameof(Audiences))]
    public async Task Every_place_shows_the_posts_of_a_category_to_its_readers_alone(long audience)
    {
        await using var site = ChatSite.With(null);
        var (viewers, places) = await FillAsync(site, audience);
        List<string> wrong = [];
        foreach (var (name, viewer) in viewers)
        {
            var isReader = IsReader(audience, name);
            foreach (var (address, word) in Places.Where(place => name.Length > 0 || place.Address is not ("/bookmarks" or "/notifications" or "/questions/ask" or "/chat" or "/comments/new?question={0}" or "/comments/new?answer={1}")))
            {
                using var answer = await viewer.Http.GetAsync(At(address));
                var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
                Note(text.Contains(word, StringComparison.Ordinal) == isReader, $"{name} {address} {word}: {(int)answer.StatusCode}");
                Note(isReader || !text.Contains("첫 번째", StringComparison.Ordinal), $"{name} {address}: the title");
            }

            using var page = await viewer.Http.GetAsync(At("/questions/{0}"));
            Note(page.StatusCode == (isReader ? HttpStatusCode.OK : HttpStatusCode.NotFound), $"{name}: {(int)page.StatusCode}");
            foreach (var address in Published)
            {
                Note((await (await viewer.Http.GetAsync(At(address))).Content.ReadAsStringAsync()).Contains(Uri.EscapeDataString("첫-번째"), StringComparison.OrdinalIgnoreCase) == (audience == Audience.Everyone), $"{name} {address}");
            }

            foreach (var (address, field, value) in Forms.Where(_ => name.Length > 0 && !isReader))
            {
                using var posted = await viewer.PostFormAsync(At(address).OriginalString, [new(field, string.Format(CultureInfo.InvariantCulture, value, places))], page: "/questions/ask");
                Note(posted.StatusCode == HttpStatusCode.NotFound, $"{name} POST {address}: {(int)posted.StatusCode}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        Uri At(string address) => new(string.Format(CultureInfo.InvariantCulture, address, places), UriKind.Relative);

        void Note(bool isRight, string what) => wrong.AddRange(isRight ? [] : [what]);
    }

    [Theory]
    [MemberData(nameof(Audiences))]
    public async Task Answers_of_the_chat_and_the_counts_of_a_page_follow_the_readers(long audience)
    {
        await using var site = ChatSite.With(null);
        var (viewers, _) = await FillAsync(site, audience);
        foreach (var (name, viewer) in viewers.Where(v => v.Name.Length > 0))
        {
            var isReader = IsReader(audience, name);
            var (conversation, _) = await AskAsync(viewer);
            Assert.Equal(isReader, (await viewer.SeeAsync($"/chat/{conversation}")).QuerySelector(".turn-answer")!.TextContent.Contains(AnswerPlace, StringComparison.Ordinal));
            // The conversation that Other had before the readers changed.
            Assert.True(name != Other || isReader == (await viewer.SeeAsync("/chat/1")).Body!.TextContent.Contains(AnswerPlace, StringComparison.Ordinal));
            Assert.Equal(isReader, (await viewer.SeeAsync($"/users/{Asker}")).QuerySelector("[aria-current]")!.TextContent.Contains('2', StringComparison.Ordinal));
            Assert.Equal(isReader, (await viewer.SeeAsync("/questions")).QuerySelector(".bell-count") is not null);
        }
    }

    [Theory]
    [MemberData(nameof(Audiences))]
    public async Task Only_readers_are_told_of_new_posts(long audience)
    {
        await using var site = ChatSite.With(null);
        var (viewers, places) = await FillAsync(site, audience);
        await using var db = site.CreateDbContext();
        await db.Notifications.ExecuteDeleteAsync();
        var asker = await db.Users.Where(u => u.UserName == Asker).Select(u => u.Id).SingleAsync();
        await db.CommentAsync(CommentedPost.Question((long)places[0]), asker, $"@{Other} @{Reader} 보세요", default);
        await db.AnswerAsync((long)places[0], asker, "다른 답", default);
        var told = await db.Notifications.Join(db.Users, n => n.UserId, u => u.Id, (n, u) => u.UserName!).Distinct().ToListAsync();
        Assert.Equal(viewers.Select(v => v.Name).Where(name => name.Length > 0 && IsReader(audience, name)).Order(), told.Order());
    }

    private static bool IsReader(long audience, string name) => audience switch
    {
        Audience.Everyone => true,
        Audience.Members => name.Length > 0,
        _ => name is not ("" or Other),
    };

    /// <summary>Asks, and waits for the answer.</summary>
    private static async Task<(long Conversation, long Turn)> AskAsync(Visitor viewer)
    {
        var asked = await viewer.AskAsync($"{Word}에서 {AnswerWord}는 어디에 있나요?");
        await viewer.HearAllAsync(asked.Turn);
        return asked;
    }

    private static async Task<((string Name, Visitor Visitor)[] Viewers, object[] Places)> FillAsync(PyboSite site, long audience)
    {
        var (administrator, asker, other, reader) = (await site.SignUpAsync("주인장"), await site.SignUpAsync(Asker), await site.SignUpAsync(Other), await site.SignUpAsync(Reader));
        await using var db = site.CreateDbContext();
        Assert.Equal(CategoryRefusal.None, await db.AddGroupAsync("모임", default));
        Assert.Equal(CategoryRefusal.None, await db.AddGroupMemberAsync(1, Asker, default));
        Assert.Equal(CategoryRefusal.None, await db.AddGroupMemberAsync(1, Reader, default));
        Assert.Equal(CategoryRefusal.None, await db.AddCategoryAsync(new("닫힌 방", Slug, "", Audience.Everyone), default));
        Assert.Equal(CategoryRefusal.None, await db.AddCategoryAsync(new("열린 방", "open", "", Audience.Everyone), default));
        var category = await db.Categories.SingleAsync(c => c.Slug == Slug);
        var member = await db.Users.Where(u => u.UserName == Asker).Select(u => u.Id).SingleAsync();
        var question = await db.AskAsync(member, $"첫 번째 {Word}을 보셨나요?", "글", default, tags: [Word], categoryId: category.Id);
        await db.AskAsync(member, $"두 번째 {Word}은 어디인가요?", "글", default, categoryId: category.Id);
        await db.EditQuestionAsync(question, member, $"첫 번째 {Word}을 보셨나요?", "고친 글", default);
        foreach (var viewer in new[] { administrator, other, reader })
        {
            (await viewer.PostFormAsync($"/questions/{question}?handler=Follow", [], page: $"/questions/{question}")).Dispose();
            (await viewer.PostFormAsync($"/questions/{question}?handler=Bookmark", [], page: $"/questions/{question}")).Dispose();
        }

        var answer = (await db.AnswerAsync(question, member, $"{AnswerWord}는 {Word} 안의 큰 상자에 있습니다.", default))!.Value;
        await db.EditAnswerAsync(answer, member, $"{AnswerWord}는 {Word} 안의 {AnswerPlace}에 있습니다.", default);
        await db.AcceptAnswerAsync(question, member, answer, default);
        await db.CommentAsync(CommentedPost.Question(question), member, $"{CommentWord}가 같이 있습니다.", default);
        await ChatSite.UntilAsync(async () => await db.PendingPostCountAsync(default) == 0);
        var (conversation, _) = await AskAsync(other);
        Assert.Contains(AnswerPlace, (await other.SeeAsync($"/chat/{conversation}")).QuerySelector(".turn-answer")!.TextContent, StringComparison.Ordinal);
        var key = await db.ShareConversationAsync(conversation, await db.Users.Where(u => u.UserName == Other).Select(u => u.Id).SingleAsync(), default);
        Assert.Equal(CategoryRefusal.None, await db.EditCategoryAsync(category.Id, new(category.Name, Slug, "", audience), default));
        return ([("", site.Visit()), (Other, other), (Reader, reader), ("주인장", administrator)], [question, answer, key!]);
    }
}
