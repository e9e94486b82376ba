using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>Names that can be read, typed and told apart: letters of any script, digits, <c>_ - .</c>; nothing invisible, no look-alikes mixed in.</summary>
internal sealed class UserNameRules(KoreanIdentityErrors errors) : IUserValidator<User>
{
    /// <summary>As it is kept: composed, without spaces around it.</summary>
    public static string Clean(string typed) => typed.Trim().Normalized(NormalizationForm.FormC);

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user) => Task.FromResult(Check(user.UserName ?? string.Empty) is { } error ? IdentityResult.Failed(error) : IdentityResult.Success);

    private IdentityError? Check(string name)
    {
        if (name.Length is < User.UserNameMin or > User.UserNameMax)
        {
            return errors.UserNameLength();
        }

        var runes = name.EnumerateRunes().ToList();
        if (!name.IsNormalized(NormalizationForm.FormC) || !runes.All(IsAllowed) || !IsLetterOrDigit(runes[0]) || !IsLetterOrDigit(runes[^1]))
        {
            return errors.InvalidUserName(name);
        }

        // Cyrillic or Greek letters inside a Latin word are how another member's name is imitated.
        return runes.Any(IsLatin) && runes.Any(r => Rune.IsLetter(r) && !IsLatin(r) && !IsEastAsian(r)) ? errors.MixedScripts() : null;
    }

    private static bool IsAllowed(Rune rune) => rune.Value is '_' or '-' or '.' || IsLetterOrDigit(rune);

    /// <summary>A letter with its own look: one whose compatibility form differs (ﬁ, Ａ, the invisible Hangul filler) is a disguise; ㅋ and ㅏ are not, Koreans type them.</summary>
    private static bool IsLetterOrDigit(Rune rune)
    {
        if (rune.IsAscii)
        {
            return char.IsAsciiLetterOrDigit((char)rune.Value);
        }

        var letter = Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter;
        return letter && !IsConjoiningJamo(rune) && (IsCompatibilityJamo(rune) || rune.ToString().IsNormalized(NormalizationForm.FormKC));
    }

    private static bool IsConjoiningJamo(Rune rune) => rune.Value is (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97F) or (>= 0xD7B0 and <= 0xD7FF);

    private static bool IsCompatibilityJamo(Rune rune) => rune.Value is >= 'ㄱ' and <= 'ㅣ';

    private static bool IsLatin(Rune rune) => Rune.IsLetter(rune) && rune.Value is < 0x0250 or (>= 0x1E00 and <= 0x1EFF);

    private static bool IsEastAsian(Rune rune) => IsCompatibilityJamo(rune)
        || rune.Value is (>= '가' and <= '힣') or (>= 0x3041 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0x20000 and <= 0x323AF);
}
