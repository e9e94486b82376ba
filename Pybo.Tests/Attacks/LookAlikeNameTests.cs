using System.Net;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Terminal;

namespace Pybo.Tests.Attacks;

/// <summary>Names that imitate the site's administrator or another member.</summary>
public sealed class LookAlikeNameTests
{
    private static readonly string[] Members = ["alice", "HOBBY", "hongkim", "Дмитрий", "홍길동", "까마귀", "山田ロニ"];

    private static readonly string[] Imitations =
    [
        // The administrator.
        "관리자", "관.리.자", "관리자1", "최고관리자", "관리자님", "ㄱㅗㅏㄴㄹㅣㅈㅏ", "운영자", "운영진", "어드민", "고객센터", "管理者", "管理员", "admin", "Admin", "ADMIN1", "adm1n", "admın",
        "аdmin", "ａｄｍｉｎ", "ᴀᴅᴍɪɴ", "𝐚𝐝𝐦𝐢𝐧", "adrnin", "4dmin", "ádmin", "a_d_m_i_n", "admin-kim", "administrator", "Αdministrator", "root", "r00t", "ROOT", "moderator", "webmaster", "pybo", "PYB0",
        // Another member.
        "alice", "ALICE", "aIice", "a1ice", "al1ce", "alıce", "аlice", "aliсe", "ALlCE", "ｅlice", "alice\u200B", "al\u200Dice", "\u202Ealice", "ali\u00ADce", "αlice", "alic\u0435",
        "НОВВУ", "H0BBY", "hongkirn" + "\u200B", "hongkım", "Нongkim", "홍\u3164길동", "홍길동\u200B", "ㅎㅗㅇㄱㅣㄹㄷㅗㅇ", "ㅎㅗㅇ길동", "홍길동".Normalize(System.Text.NormalizationForm.FormD), "홍길동\uFE0F",
        "ㄱㄱㅏㅁㅏㄱㅟ", "山田口二", "山田ロ二", "山田口ニ",
        // Names that people cannot read or type.
        "\u115F\u1160ab", "ab\u2066cd", "abc\u0336d", "한\u0301글", "ab\u034Fcd", "ab\u2060cd", "\uD834\uDD73abc", "ab\uFFA0cd",
    ];

    [Fact]
    public async Task No_imitation_becomes_a_member()
    {
        await using var site = new PyboSite();
        foreach (var name in Members)
        {
            await site.SignUpAsync(name);
        }

        List<string> taken = [];
        var attacker = site.Visit();
        foreach (var name in Imitations)
        {
            using var answer = await attacker.SignUpAsync(name, email: $"attacker{taken.Count}@example.com");
            if (answer.StatusCode == HttpStatusCode.Redirect)
            {
                taken.Add(string.Concat(name.Select(c => char.IsAscii(c) ? $"{c}" : $"\\u{(int)c:X4}")));
                attacker = site.Visit();
            }
        }

        Assert.Empty(taken);
        foreach (var name in Members)
        {
            using var logIn = await site.Visit().LogInAsync(name);
            Assert.Equal(HttpStatusCode.Redirect, logIn.StatusCode);
        }
    }

    [Fact]
    public async Task The_owner_of_the_file_may_use_a_reserved_name()
    {
        await using var site = new PyboSite();
        var (code, output, error) = await TestTerminal.RunOnAsync(site.DatabaseFile, PyboSite.Password, "user", "add", "관리자", "--email", "keeper@example.com");
        Assert.True(code == 0, error);
        Assert.Contains("관리자", output, StringComparison.Ordinal);
        using var logIn = await site.Visit().LogInAsync("관리자");
        Assert.Equal(HttpStatusCode.Redirect, logIn.StatusCode);
    }
}
