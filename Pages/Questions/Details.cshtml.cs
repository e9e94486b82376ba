using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Account;
using Pybo.Pages.Chat;
using Pybo.Pages.Resources;
using Pybo.Pages.Security;
using Pybo.Rag.Chat;

namespace Pybo.Pages.Questions;

/// <summary>A question with its answers: <c>/questions/{id}?page=&amp;sort=</c>, or <c>?answer=</c> or <c>?comment=</c> for the page that contains it.</summary>
[EnableRateLimiting(RequestLimits.Post)]
public sealed class Details(PyboDb db, QuestionViews views, SimilarQuestions similar, PostHtml posts, AnswerHtml answerHtml, PendingActs pending, IOptions<PyboOptions> options) : PageModel
{
    /// <summary>Only the beginning of a long question is passed to the chat, since it is part of an address.</summary>
    public const int ChatQuestionMax = QuestionDetail.BeginningMax;

    public static IReadOnlyList<(AnswerSort Sort, string Name, string Label)> Sorts =>
    [
        (AnswerSort.Votes, "votes", BoardWords.SortVotes),
        (AnswerSort.Newest, "newest", BoardWords.SortNewest),
        (AnswerSort.Oldest, "oldest", BoardWords.SortOldest),
    ];

    [BindProperty(SupportsGet = true)]
    public long Id { get; set; }

    [FromQuery(Name = "sort")]
    public string? SortName { get; set; }

    public QuestionDetail Question { get; private set; } = null!;
    public IReadOnlyList<AnswerRow> Answers { get; private set; } = [];

    /// <summary>The comments on the question (key null) and on the answers of this page.</summary>
    public ILookup<long?, CommentRow> Comments { get; private set; } = null!;

    /// <summary>The reader's drafts for the forms of this page, by <see cref="DraftTarget"/>.</summary>
    public Dictionary<string, Draft> Drafts { get; private set; } = [];
    public Pager Pager { get; private set; } = null!;
    public int Views { get; private set; }

    /// <summary>The names of its tags.</summary>
    public IEnumerable<string> Tags { get; private set; } = [];

    /// <summary>The reader has more than one category.</summary>
    public bool ShowsCategory { get; private set; }

    /// <summary>What the reader keeps of it.</summary>
    public QuestionKept Kept { get; private set; }

    /// <summary>Other questions for this reader, the nearest first.</summary>
    public IReadOnlyList<SimilarQuestion> Related { get; private set; } = [];

    /// <summary>What keeps the thread from being answered or changed.</summary>
    public ThreadStatus Status { get; private set; } = null!;

    /// <summary>True if the thread takes what this reader writes and votes.</summary>
    public bool IsWritable => !Status.IsLocked || User.IsAdministrator;

    /// <summary>Null if none is shown to this reader.</summary>
    public SuggestionView? Suggestion { get; private set; }

    public AnswerSort Sort => Sorts.FirstOrDefault(s => s.Name == SortName).Sort;
    public bool IsAsker => User.MemberId == Question.AuthorId;

    /// <summary>The reader's standing; null for a visitor.</summary>
    private Standing? standing;

    /// <summary>The most characters of a description for search engines, which cut longer ones.</summary>
    public const int DescriptionMax = 160;

    public string Canonical => SourceUrl.Question(Id, Question.Title);

    /// <summary>The beginning of the question's text in one line; its title if the text has no words.</summary>
    public string Description { get; private set; } = "";

    /// <summary>The chat with the question for a summary of this thread, which it knows by its title.</summary>
    public string SummaryAddress => Address.Of("/chat", ("question", BoardWords.SummaryQuestion.With(Question.Title)));

    /// <summary>The question for the chat's form: its title, and as much of its text as fits an address.</summary>
    public string ChatAddress
    {
        get
        {
            var question = $"{Question.Title}\n\n{Question.Beginning}";
            return Address.Of("/chat", ("question", question.Cut(ChatQuestionMax)));
        }
    }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = "page")] int page, [FromQuery(Name = "answer")] long? answer, [FromQuery(Name = "comment")] long? comment, CancellationToken ct)
    {
        var viewer = new Viewer(User.MemberId);
        if (await db.QuestionAsync(Id, viewer, MarkdownRenderer.Version, ct) is not { } question)
        {
            return await db.MergedIntoAsync(Id, viewer, ct) is { } into ? LocalRedirectPermanent(SourceUrl.Question(into.Id, into.Title) + Request.QueryString) : NotFound();
        }

        (Question, Status) = (question, (await db.ThreadStatusAsync(Id, viewer, ct))!);
        Description = PostHtml.Plain(question.Beginning) is { Length: > 0 } words ? words.Cut(DescriptionMax) : question.Title;
        Views = question.Views + (HttpMethods.IsHead(Request.Method) ? 0 : views.Count(Id, Visitor()));
        var last = Math.Max(1, (question.AnswerCount + AnswerQueries.PageSize - 1) / AnswerQueries.PageSize);
        answer = comment is { } remark ? await db.AnswerOfCommentAsync(Id, remark, viewer, ct) : answer;
        page = answer is { } id && await db.AnswerPageOfAsync(question, id, Sort, ct) is { } found ? found : page;
        Pager = new(Math.Clamp(page, 1, last), last, BoardWords.AnswerPages, number => AddressOf(Sort, number));
        Answers = await db.AnswerPageAsync(question, Sort, Pager.Page, viewer, MarkdownRenderer.Version, ct);
        Tags = (await db.TagsOfAsync([Id], ct))[Id];
        ShowsCategory = (await db.CategoriesAsync(viewer, ct)).Count > 1;
        Kept = viewer.UserId is { } reader ? await db.KeptOfAsync(Id, reader, ct) : default;
        standing = viewer.UserId is { } voter ? await db.StandingAsync(voter, ct) : null;
        Comments = (await db.CommentsAsync(Id, [.. Answers.Select(a => (long?)a.Id)], viewer, MarkdownRenderer.Version, ct)).ToLookup(c => c.AnswerId);
        Drafts = User.MemberId is { } member ? await db.DraftsAsync(member, [DraftTarget.AnswerTo(Id), .. Answers.Select(a => (long?)a.Id).Prepend(null).Select(id => DraftTarget.CommentOn(PostOf(id)))], ct) : [];
        Suggestion = options.Value.Suggestions && !Status.IsClosed && await db.SuggestionAsync(Id, viewer, ct) is { } suggestion ? SuggestionView.Of(question, suggestion, answerHtml, User) : null;
        Related = await similar.RelatedAsync(Id, question.Title, viewer, ct);
        return Page();
    }

    public Task<IActionResult> OnPostVoteAsync(CancellationToken ct) => VoteAsync(new(Id, null, Here), ct);

    public Task<IActionResult> OnPostVoteDownAsync(CancellationToken ct) => VoteAsync(new(Id, null, Here, IsDown: true), ct);

    public Task<IActionResult> OnPostUnvoteAsync(CancellationToken ct) => ForMemberAsync(async member =>
    {
        await db.UnvoteQuestionAsync(Id, member.UserId, ct);
        return LocalRedirect(Here);
    }, ct);

    public Task<IActionResult> OnPostFollowAsync(CancellationToken ct) => KeepAsync(member => db.FollowQuestionAsync(Id, member, ct), BoardWords.Followed, ct);

    public Task<IActionResult> OnPostUnfollowAsync(CancellationToken ct) => KeepAsync(member => db.UnfollowQuestionAsync(Id, member, ct), BoardWords.Unfollowed, ct);

    public Task<IActionResult> OnPostBookmarkAsync(CancellationToken ct) => ForMemberAsync(async member => await db.BookmarkAsync(Id, member.UserId, ct)
        ? this.Done(BoardWords.Bookmarked, Here) : this.Refuse(BoardWords.TooManyBookmarks.With(Bookmark.PerMemberMax), Here), ct, changesThread: false);

    public Task<IActionResult> OnPostRemoveBookmarkAsync(CancellationToken ct) => KeepAsync(member => db.RemoveBookmarkAsync(Id, member, ct), BoardWords.BookmarkRemoved, ct);

    public Task<IActionResult> OnPostDeleteAsync(CancellationToken ct) => ForMemberAsync(async member =>
    {
        if (await db.DeleteQuestionAsync(Id, member, ct) > 0)
        {
            return this.Deleted(PassageKind.Question, Id, "/questions");
        }

        return await db.QuestionTextAsync(Id, member.Viewer, ct) is not { } question ? NotFound() : this.Refuse(question.AuthorId == member.UserId ? BoardWords.MayNotDeleteAnswered : BoardWords.MayNotDelete, Here);
    }, ct);

    public Task<IActionResult> OnPostAcceptAsync([FromForm] long answer, CancellationToken ct) => AcceptAsync(answer, AnswerAddress(answer), ct);

    public Task<IActionResult> OnPostUnacceptAsync([FromForm] long answer, CancellationToken ct) => AcceptAsync(null, AnswerAddress(answer), ct);

    public Task<IActionResult> OnPostVoteAnswerAsync([FromForm] long answer, CancellationToken ct) => VoteAsync(new(Id, answer, AnswerAddress(answer)), ct);

    public Task<IActionResult> OnPostVoteAnswerDownAsync([FromForm] long answer, CancellationToken ct) => VoteAsync(new(Id, answer, AnswerAddress(answer), IsDown: true), ct);

    public Task<IActionResult> OnPostUnvoteAnswerAsync([FromForm] long answer, CancellationToken ct) => ForMemberAsync(async member =>
    {
        await db.UnvoteAnswerAsync(answer, member.UserId, ct);
        return LocalRedirect(AnswerAddress(answer));
    }, ct);

    public Task<IActionResult> OnPostDeleteAnswerAsync([FromForm] long answer, CancellationToken ct) => ForMemberAsync(async member =>
    {
        if (await db.DeleteAnswerAsync(answer, member, ct) > 0)
        {
            return this.Deleted(PassageKind.Answer, answer, Here);
        }

        return await db.AnswerTextAsync(answer, member.Viewer, ct) is null ? NotFound() : this.Refuse(BoardWords.MayNotDelete, AnswerAddress(answer));
    }, ct);

    public Task<IActionResult> OnPostDeleteCommentAsync([FromForm] long comment, CancellationToken ct) => ForMemberAsync(async member =>
    {
        var post = await db.AnswerOfCommentAsync(Id, comment, member.Viewer, ct) is { } answer ? AnswerAddress(answer) : Here;
        if (await db.DeleteCommentAsync(comment, member, ct) > 0)
        {
            return this.Deleted(PassageKind.Comment, comment, post);
        }

        return await db.CommentTextAsync(comment, member.Viewer, ct) is null ? NotFound() : this.Refuse(BoardWords.MayNotDelete, SourceUrl.Comment(Id, comment));
    }, ct);

    /// <summary>The asker finds the suggestion helpful, or not; the asker or an administrator dismisses it.</summary>
    public Task<IActionResult> OnPostSuggestionAsync([FromForm] SuggestionVerdict verdict, CancellationToken ct) => ForMemberAsync(async member =>
    {
        if (!ModelState.IsValid || await db.JudgeSuggestionAsync(Id, member, verdict, ct) == 0)
        {
            return NotFound();
        }

        return verdict == SuggestionVerdict.Dismissed ? this.Done(BoardWords.SuggestionDismissed, Here) : LocalRedirect($"{Here}#suggestion");
    }, ct);

    public IHtmlContent Render(QuestionDetail question) => posts.Show(question);

    public IHtmlContent Render(AnswerRow answer) => posts.Show(answer);

    /// <summary>True if the reader has a privilege.</summary>
    public bool Has(Privilege privilege) => standing?.Has(privilege, options.Value.Privileges) ?? false;

    public VoteView VotesOf(QuestionDetail question) => VotesOf("vote-question", "", null, question.VoteCount, question.OwnVote, IsAsker || !IsWritable);

    public VoteView VotesOf(AnswerRow answer) => VotesOf($"vote-answer-{answer.Id}", "Answer", answer.Id, answer.VoteCount, answer.OwnVote, User.MemberId == answer.AuthorId || !IsWritable);

    private VoteView VotesOf(string name, string post, long? answer, int count, int own, bool isOwn) => new(name,
        HandlerAddress(own > 0 ? $"Unvote{post}" : $"Vote{post}"), own < 0 ? HandlerAddress($"Unvote{post}") : Has(Privilege.VoteDown) ? HandlerAddress($"Vote{post}Down") : null, answer, count, own, isOwn);

    /// <summary>Returns the comments of the question, or of one of its answers.</summary>
    public CommentsView CommentsOf(long? answer) =>
        new(PostOf(answer), [.. Comments[answer]], HandlerAddress("DeleteComment"), posts.Show, Drafts.GetValueOrDefault(DraftTarget.CommentOn(PostOf(answer)).ToString())?.Body, IsWritable);

    private CommentedPost PostOf(long? answer) => answer is { } id ? CommentedPost.Answer(id) : CommentedPost.Question(Id);

    public string AddressOf(AnswerSort sort, int page) => Address.Of(SourceUrl.Question(Id),
        ("sort", NameOf(sort)), ("page", page > 1 ? page.ToString(CultureInfo.InvariantCulture) : null)) + "#answers";

    /// <summary>Returns the address that a form of this page posts to; it keeps the order of the answers.</summary>
    public string HandlerAddress(string handler) => Address.Of(SourceUrl.Question(Id), ("handler", handler), ("sort", NameOf(Sort)));

    private string Here => Address.Of(SourceUrl.Question(Id), ("sort", NameOf(Sort)));

    private string AnswerAddress(long answerId) =>
        Address.Of(SourceUrl.Question(Id), ("answer", answerId.ToString(CultureInfo.InvariantCulture)), ("sort", NameOf(Sort))) + $"#answer_{answerId.ToString(CultureInfo.InvariantCulture)}";

    private static string? NameOf(AnswerSort sort) => sort == AnswerSort.Votes ? null : Sorts.First(s => s.Sort == sort).Name;

    private Task<IActionResult> AcceptAsync(long? answer, string to, CancellationToken ct) => ForMemberAsync(async member =>
    {
        if (await db.AcceptAnswerAsync(Id, member.UserId, answer, ct) > 0)
        {
            return LocalRedirect(to);
        }

        return await db.QuestionTextAsync(Id, member.Viewer, ct) is { } question && question.AuthorId != member.UserId ? this.Refuse(BoardWords.MayNotAccept, to) : NotFound();
    }, ct);

    private Task<IActionResult> KeepAsync(Func<long, Task<int>> change, string notice, CancellationToken ct) => ForMemberAsync(async member =>
    {
        await change(member.UserId);
        return this.Done(notice, Here);
    }, ct, changesThread: false);

    private async Task<IActionResult> ForMemberAsync(Func<Actor, Task<IActionResult>> act, CancellationToken ct, bool changesThread = true)
    {
        if (await db.QuestionTextAsync(Id, new(User.MemberId), ct) is not { } question)
        {
            return NotFound();
        }

        if (changesThread && question.IsLocked && !User.IsAdministrator)
        {
            return this.Refuse(BoardWords.LockedStatus, Here);
        }

        return User.MemberId is { } id ? await act(new(id, User.IsAdministrator)) : LocalRedirect(Address.LogIn(Here));
    }

    /// <summary>Votes; a visitor's vote waits until they have logged in.</summary>
    private async Task<IActionResult> VoteAsync(PendingVote vote, CancellationToken ct)
    {
        if (await db.QuestionTextAsync(Id, new(User.MemberId), ct) is not { } question)
        {
            return NotFound();
        }

        if (question.IsLocked && !User.IsAdministrator)
        {
            return this.Refuse(BoardWords.LockedStatus, vote.Next);
        }

        if (User.MemberId is not { } member)
        {
            pending.TryKeep(HttpContext, vote);
            return LocalRedirect(Address.LogIn(vote.Next));
        }

        return await vote.CastAsync(this, db, member, options.Value.Privileges, ct) ?? (IActionResult)NotFound();
    }

    /// <summary>Identifies one visitor: a member, or an address with a browser. Kept in memory as a hash only.</summary>
    private string Visitor()
    {
        if (User.MemberId is { } id)
        {
            return id.ToString(CultureInfo.InvariantCulture);
        }

        var visitor = $"{HttpContext.Connection.RemoteIpAddress} {Request.Headers.UserAgent}";
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(visitor)).AsSpan(0, 16));
    }
}
