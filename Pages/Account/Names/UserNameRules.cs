using System.Text;
using Microsoft.AspNetCore.Identity;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Names must be readable, typeable and distinct: letters that UTS 39 recommends, digits, <c>_ - .</c>; compatible scripts only; and no lookalike of
/// another name.</summary>
internal sealed class UserNameRules(IdentityErrors errors, PyboDb db) : IUserValidator<User>
{
    /// <summary>Scripts that are written together, which UTS 39 calls highly restrictive.</summary>
    private static readonly string[][] Together = [["Latin", "Han", "Hangul"], ["Latin", "Han", "Hiragana", "Katakana"]];

    /// <summary>Returns the stored form: composed, without surrounding spaces.</summary>
    public static string Clean(string typed) => typed.Trim().Normalized(NormalizationForm.FormC);

    /// <summary>Checks new names only: a member whose name was refused later keeps it, and can still be changed.</summary>
    public async Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user)
    {
        if (user.Id != 0)
        {
            return IdentityResult.Success;
        }

        var name = user.UserName ?? string.Empty;
        return (Check(name) ?? await CompareAsync(manager, name)) is { } error ? IdentityResult.Failed(error) : IdentityResult.Success;
    }

    private IdentityError? Check(string name)
    {
        if (name.Length is < User.UserNameMin or > User.UserNameMax)
        {
            return errors.UserNameLength();
        }

        var runes = name.EnumerateRunes().ToList();
        if (!name.IsNormalized(NormalizationForm.FormC) || !runes.All(r => r.Value is '_' or '-' or '.' || IsLetterOrDigit(r)) || !IsLetterOrDigit(runes[0]) || !IsLetterOrDigit(runes[^1]))
        {
            return errors.InvalidUserName(name);
        }

        // Cyrillic or Greek letters inside a Latin word can imitate another member's name.
        var scripts = runes.Select(LetterTable.ScriptOf).OfType<string>().ToHashSet();
        return scripts.Count <= 1 || Together.Any(scripts.IsSubsetOf) ? null : errors.MixedScripts();
    }

    /// <summary>Identity itself refuses an identical name.</summary>
    private async Task<IdentityError?> CompareAsync(UserManager<User> manager, string name) =>
        await db.LooksLikeMemberAsync(name, CancellationToken.None) && await manager.FindByNameAsync(name) is null ? errors.LooksLikeAnother() : null;

    private static bool IsLetterOrDigit(Rune rune) => rune.IsAscii ? char.IsAsciiLetterOrDigit((char)rune.Value) : LetterTable.ScriptOf(rune) is not null;
}
