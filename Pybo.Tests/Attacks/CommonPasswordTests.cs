using System.Net;
using Pybo.Pages.Account;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Terminal;

namespace Pybo.Tests.Attacks;

/// <summary>Passwords that an attacker tries first.</summary>
public sealed class CommonPasswordTests
{
    private const int Tried = 100;

    private static readonly string[] Typed =
    [
        "qwertyuiop", "1q2w3e4r5t", "1qaz2wsx3edc", "zaq1@WSX", "qweasdzxc", "asdfqwer1234", "poiuytrewq", "a1s2d3f4g5", "ㅂㅈㄷㄱ쇼ㅕㅑㅐㅔ", "ㅁㄴㅇㄹ호ㅓㅏㅣ", "ㅂㅈㄷㄱㅁㄴㅇㄹ", "1ㅂ2ㅈ3ㄷ4ㄱ", "dkssudgktpdy1!", "tkfkdgo1004",
        "qlalfqjsgh12", "eogksalsrnr1", "안녕하세요1234", "대한민국만세!!", "19900101", "01012345678", "010-1234-5678", "P@$$w0rd123!", "Dragon2026!", "korea2026", "attacker-x", "attacker-x99", "pybo2026!", "ababababab",
    ];

    [Fact]
    public async Task No_common_password_or_keyboard_walk_opens_an_account()
    {
        await using var site = new PyboSite();
        List<string> taken = [];
        var attacker = site.Visit();
        foreach (var password in CommonPasswords.FromBreaches.Take(Tried).Concat(Typed))
        {
            using var answer = await attacker.SignUpAsync(taken.Count == 0 ? "attacker-x" : $"attacker-x{taken.Count}", password, email: $"attacker{taken.Count}@example.com");
            if (answer.StatusCode == HttpStatusCode.Redirect)
            {
                taken.Add(password);
                attacker = site.Visit();
            }
            else if (taken.Count == 0)
            {
                Assert.StartsWith("너무 흔하거나", (await Visitor.ReadAsync(answer)).GetElementById("Input_Password-error")?.TextContent ?? password, StringComparison.Ordinal);
            }
        }

        Assert.Empty(taken);
    }

    [Fact]
    public async Task No_common_password_is_accepted_on_the_terminal()
    {
        await using var terminal = new TestTerminal();
        foreach (var password in new[] { CommonPasswords.FromBreaches[50], CommonPasswords.FromBreaches[^1], "ㅁㄴㅇㄹ호ㅓㅏㅣ" })
        {
            var (code, _, _) = await terminal.RunAsync(password, ["user", "add", "홍길동", "--email", "hong@example.com"]);
            Assert.Equal(1, code);
        }
    }
}
