using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pybo.Data;

namespace Pybo.Pages.Account;

/// <summary>
/// Names that claim to speak for the site, compared by their look: <c>adm1n</c> and <c>Αdmin</c> are <c>admin</c>. They cannot be signed up, not even
/// by the first member; with access to the database file, <c>user add</c> can create one.
/// </summary>
internal static partial class ReservedNames
{
    /// <summary>Words that are not part of other words: reserved anywhere in a name, ignoring signs and digits.</summary>
    private static readonly string[] Anywhere = Skeletons(
        "관리자 운영자 운영진 관리팀 운영팀 어드민 고객센터 고객지원 공지사항 웹마스터 管理者 管理員 管理员 管理人 運營者 運営者 运营者 運營陣 站長 站长");

    /// <summary>Words that are rarely part of other words: reserved anywhere between two signs. Not across them: <c>brad.min</c> is a name.</summary>
    private static readonly string[] AnywhereInPart = Skeletons("admin administrator moderator webmaster superuser");

    /// <summary>Other words that contain them.</summary>
    private static readonly string[] AllowedWords = Skeletons("badminton");

    /// <summary>Reserved as separate words of a name: <c>root-kim</c> and <c>TheRoot</c>, but not <c>beetroot</c>.</summary>
    private static readonly FrozenSet<string> Words = Skeletons("root admins administrators administration sysop moderators operator postmaster hostmaster").ToFrozenSet();

    /// <summary>Reserved as a whole name, ignoring digits and signs.</summary>
    private static readonly FrozenSet<string> Alone = Skeletons("""
        pybo pyboteam pybobot pyboofficial system sys mod staff support help helpdesk helpcenter owner official security abuse noreply info contact notice
        notices anonymous guest null undefined nobody everyone me
        파이보 시스템 공지 알림 안내 운영 관리 관리인 운영국 사이트운영 도우미 관리봇 익명 탈퇴회원 알수없음 모두 公知 公告 告知 系統 系统
        """).ToFrozenSet();

    public static bool Contains(string name)
    {
        var bare = Signs().Replace(name, string.Empty);
        return IsWord(bare, Alone) || IsWord(bare, Words) || IsWord(bare, AnywhereInPart) || IsIn(Digits().Replace(bare, string.Empty), Anywhere)
            || Signs().Split(name).Any(part => IsIn(part, AnywhereInPart) || IsIn(Digits().Replace(part, string.Empty), AnywhereInPart) || IsIn(Letters(part), AnywhereInPart))
            || Parts().Matches(name).Any(part => IsWord(part.Value, Words));
    }

    private static bool IsWord(string word, IReadOnlyCollection<string> words)
    {
        var trimmed = word.Trim([.. "0123456789"]);
        return new[] { word, trimmed, Letters(word), Letters(trimmed) }.Any(form => words.Contains(Look(form)));
    }

    private static bool IsIn(string text, string[] words)
    {
        var look = AllowedWords.Aggregate(Look(text), (rest, allowed) => rest.Replace(allowed, string.Empty, StringComparison.Ordinal));
        return words.Any(word => look.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>Replaces digits that are read as letters; 0 and 1 look like them anyway.</summary>
    private static string Letters(string word) => word.Replace('4', 'a').Replace('3', 'e').Replace('5', 's').Replace('7', 't');

    /// <summary>The skeleton without accents.</summary>
    private static string Look(string text) => string.Concat(NameSkeleton.Of(text).EnumerateRunes().Where(r => Rune.GetUnicodeCategory(r) != UnicodeCategory.NonSpacingMark));

    private static string[] Skeletons(string words) => [.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Look)];

    [GeneratedRegex("[-_.]+")]
    private static partial Regex Signs();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    /// <summary>Runs of one kind: split at signs, at a capital, and between Latin and other letters.</summary>
    [GeneratedRegex(@"[A-Z]?[\p{IsBasicLatin}\p{IsLatin-1Supplement}\p{IsLatinExtended-A}-[-_.A-Z]]+|[A-Z][A-Z0-9]*|[^-_.\p{IsBasicLatin}\p{IsLatin-1Supplement}\p{IsLatinExtended-A}]+")]
    private static partial Regex Parts();
}
