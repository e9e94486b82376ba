using Pybo.Data;
using Pybo.Pages.Resources;

namespace Pybo.Pages;

/// <summary>Says why a member may not do something yet.</summary>
internal static class PrivilegeWords
{
    /// <summary>Returns why a member may not; null if they may.</summary>
    public static async Task<string?> RefusalAsync(PyboDb db, long member, Privilege privilege, Privileges privileges, CancellationToken ct) =>
        await db.StandingAsync(member, ct) is var standing && standing.Has(privilege, privileges) ? null : Refusal(privilege, privileges, standing);

    public static string Refusal(Privilege privilege, Privileges privileges, Standing standing) => (privilege switch
    {
        Privilege.VoteDown => BoardWords.NeedsVoteDown,
        Privilege.Retag => BoardWords.NeedsRetag,
        _ => BoardWords.NeedsEdit,
    }).With(privileges.From(privilege), standing.Reputation);
}
