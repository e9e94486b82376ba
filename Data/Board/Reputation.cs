using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>What a member may do from a certain reputation on. Everyone may vote up.</summary>
public enum Privilege
{
    /// <summary>To vote down.</summary>
    VoteDown,

    /// <summary>To change the tags of others' questions.</summary>
    Retag,

    /// <summary>To edit others' questions and answers.</summary>
    Edit,
}

/// <summary>The reputation from which a member has each privilege; 1 is everyone's.</summary>
public sealed record Privileges(int VoteDown, int Retag, int Edit)
{
    public int From(Privilege privilege) => privilege switch
    {
        Privilege.VoteDown => VoteDown,
        Privilege.Retag => Retag,
        _ => Edit,
    };
}

/// <summary>A member's reputation as others see it. Administrators have all privileges.</summary>
public readonly record struct Standing(int Reputation, bool IsAdministrator)
{
    public bool Has(Privilege privilege, Privileges privileges) => IsAdministrator || Reputation >= privileges.From(privilege);
}

/// <summary>The points of a member's reputation. Triggers count them (<see cref="User.Reputation"/>); a test compares these numbers with theirs.</summary>
public static class Reputation
{
    public const int AnswerVotedUp = 10;
    public const int QuestionVotedUp = 5;

    /// <summary>For an answer that another member accepted.</summary>
    public const int AnswerAccepted = 15;

    public const int VotedDown = -2;

    /// <summary>For each of one's own down votes on an answer.</summary>
    public const int VotedAnswerDown = -1;

    /// <summary>The lowest that is shown.</summary>
    public const int ShownMin = 1;

    /// <summary>SQL for a member's points, counted from the votes and acceptances: what the triggers must come to.</summary>
    internal const string Counted = """
        coalesce((select sum(iif(v.Value > 0, 5, -2)) from Questions q join QuestionVotes v on v.QuestionId = q.Id where q.AuthorId = AspNetUsers.Id), 0)
            + coalesce((select sum(iif(v.Value > 0, 10, -2)) from Answers a join AnswerVotes v on v.AnswerId = a.Id where a.AuthorId = AspNetUsers.Id), 0)
            + 15 * (select count(*) from Answers a join Questions q on q.AcceptedAnswerId = a.Id where a.AuthorId = AspNetUsers.Id and q.AuthorId <> a.AuthorId)
            - (select count(*) from AnswerVotes v where v.UserId = AspNetUsers.Id and v.Value < 0)
        """;

    public static int Shown(int points) => Math.Max(ShownMin, points);

    extension(PyboDb db)
    {
        public async Task<Standing> StandingAsync(long userId, CancellationToken ct)
        {
            var user = await db.Users.Where(u => u.Id == userId).Select(u => new { u.Reputation, u.IsAdministrator }).SingleOrDefaultAsync(ct);
            return user is null ? new(ShownMin, false) : new(Shown(user.Reputation), user.IsAdministrator);
        }
    }
}
