using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Users;

/// <summary>A member's questions, answers or comments that the reader may read, ten per page.</summary>
public sealed class Details(PyboDb db, ILookupNormalizer normalizer) : PageModel
{
    public const string AnswersTab = "answers";
    public const string CommentsTab = "comments";
    private const int PageSize = 10;

    [BindProperty(SupportsGet = true)] public string? Tab { get; set; }

    /// <summary>From the query only: <c>page</c> is also the route value that names the Razor page.</summary>
    [BindProperty(SupportsGet = true), FromQuery(Name = "page")] public int PageNumber { get; set; } = 1;

    public Profile Member { get; private set; } = null!;

    /// <summary>True if the reader is told of the member's new questions.</summary>
    public bool IsFollowed { get; private set; }

    public int QuestionCount { get; private set; }
    public int AnswerCount { get; private set; }
    public int CommentCount { get; private set; }
    public IReadOnlyList<MemberQuestion> Questions { get; private set; } = [];
    public IReadOnlyList<MemberAnswer> Answers { get; private set; } = [];
    public IReadOnlyList<MemberComment> Comments { get; private set; } = [];
    public bool ShowsAnswers => Tab == AnswersTab;
    public bool ShowsComments => Tab == CommentsTab;

    public Pager Pager => new(PageNumber, PageCount, CommonWords.Pages, number => Address.Of($"/users/{Uri.EscapeDataString(Member.UserName)}",
        ("tab", ShowsAnswers || ShowsComments ? Tab : null), ("page", number > 1 ? number.ToString(CultureInfo.InvariantCulture) : null)));

    private int PageCount => Math.Max(1, ((ShowsAnswers ? AnswerCount : ShowsComments ? CommentCount : QuestionCount) + PageSize - 1) / PageSize);

    public async Task<IActionResult> OnGetAsync(string name, CancellationToken ct)
    {
        if (await db.ProfileAsync(normalizer.NormalizeName(name), ct) is not { } member)
        {
            return NotFound();
        }

        var viewer = new Viewer(User.MemberId);
        Member = member;
        IsFollowed = User.MemberId is { } reader && await db.IsMemberFollowedAsync(member.Id, reader, ct);
        QuestionCount = await db.CountQuestionsOfAsync(member.Id, viewer, ct);
        AnswerCount = await db.CountAnswersOfAsync(member.Id, viewer, ct);
        CommentCount = await db.CountCommentsOfAsync(member.Id, viewer, ct);
        PageNumber = Math.Clamp(PageNumber, 1, PageCount);
        var skip = (PageNumber - 1) * PageSize;
        if (ShowsAnswers)
        {
            Answers = await db.AnswersOfAsync(member.Id, skip, PageSize, viewer, ct);
        }
        else if (ShowsComments)
        {
            Comments = await db.CommentsOfAsync(member.Id, skip, PageSize, viewer, ct);
        }
        else
        {
            Questions = await db.QuestionsOfAsync(member.Id, skip, PageSize, viewer, ct);
        }

        return Page();
    }

    public Task<IActionResult> OnPostFollowAsync(string name, CancellationToken ct) => ForReaderAsync(name, async (member, reader) =>
        member.Id == reader ? this.Refuse(BoardWords.MayNotFollowSelf, AddressOf(member))
            : await db.FollowMemberAsync(member.Id, reader, ct) ? this.Done(BoardWords.MemberFollowed.With(member.UserName), AddressOf(member))
            : this.Refuse(BoardWords.TooManyFollowed.With(MemberFollow.PerMemberMax), AddressOf(member)), ct);

    public Task<IActionResult> OnPostUnfollowAsync(string name, CancellationToken ct) => ForReaderAsync(name, async (member, reader) =>
    {
        await db.UnfollowMemberAsync(member.Id, reader, ct);
        return this.Done(BoardWords.Unfollowed, AddressOf(member));
    }, ct);

    private async Task<IActionResult> ForReaderAsync(string name, Func<Profile, long, Task<LocalRedirectResult>> act, CancellationToken ct)
    {
        if (await db.ProfileAsync(normalizer.NormalizeName(name), ct) is not { } member)
        {
            return NotFound();
        }

        return User.MemberId is { } reader ? await act(member, reader) : LocalRedirect(Address.LogIn(AddressOf(member)));
    }

    private static string AddressOf(Profile member) => $"/users/{Uri.EscapeDataString(member.UserName)}";
}
