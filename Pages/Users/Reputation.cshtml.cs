using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages.Users;

/// <summary>The rules of reputation, what it allows, and the reader's own: <c>/reputation</c>.</summary>
public sealed class Reputation(PyboDb db, IOptions<PyboOptions> options) : PageModel
{
    public static IReadOnlyList<(string What, int Points)> Rules =>
    [
        (BoardWords.RuleAnswerAccepted, Data.Reputation.AnswerAccepted),
        (BoardWords.RuleAnswerVotedUp, Data.Reputation.AnswerVotedUp),
        (BoardWords.RuleQuestionVotedUp, Data.Reputation.QuestionVotedUp),
        (BoardWords.RuleVotedDown, Data.Reputation.VotedDown),
        (BoardWords.RuleVotedAnswerDown, Data.Reputation.VotedAnswerDown),
    ];

    /// <summary>The reader's; null for a visitor.</summary>
    public Standing? Standing { get; private set; }

    /// <summary>Lowest first.</summary>
    public IReadOnlyList<(string What, int From)> Privileges =>
    [
        .. new[]
        {
            (BoardWords.PrivilegeVoteUp, Data.Reputation.ShownMin),
            (BoardWords.PrivilegeVoteDown, options.Value.Privileges.VoteDown),
            (BoardWords.PrivilegeRetag, options.Value.Privileges.Retag),
            (BoardWords.PrivilegeEdit, options.Value.Privileges.Edit),
        }.OrderBy(privilege => privilege.Item2),
    ];

    /// <summary>What the reader reaches next; null for nothing.</summary>
    public (string What, int From)? Next => Privileges.Where(privilege => privilege.From > Standing?.Reputation).Select(privilege => ((string, int)?)privilege).FirstOrDefault();

    public async Task OnGetAsync(CancellationToken ct) => Standing = User.MemberId is { } member ? await db.StandingAsync(member, ct) : null;
}
