using System.Text;
using Pybo.Pages.Account;
using Pybo.Tests.Pages.Terminal;

namespace Pybo.Tests.Pages.Account;

public sealed class EasyPasswordsTests
{
    private const int ListedMin = 10_000;

    [Fact]
    public void The_list_is_long_without_duplicates_and_every_entry_is_refused()
    {
        var listed = CommonPasswords.FromBreaches;
        Assert.True(listed.Count >= ListedMin);
        Assert.Equal(listed.Count, listed.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(listed, password => Assert.True(password.Length >= PasswordRules.LengthMin && password.Length <= PasswordRules.LengthMax, password));
        Assert.All(listed, password => Assert.True(EasyPasswords.Contains(password, []), password));
        Assert.All(listed, password => Assert.True(EasyPasswords.Contains(password.ToUpperInvariant(), []), password));
        Assert.All(listed.Take(100), password => Assert.True(EasyPasswords.Contains(password + "2026!", []), password));
    }

    [Theory]
    // Keyboard walks.
    [InlineData("qwertyuiop")]
    [InlineData("asdfghjkl;")]
    [InlineData("1q2w3e4r")]
    [InlineData("q1w2e3r4t5")]
    [InlineData("1qaz2wsx")]
    [InlineData("1qaz2wsx3edc4rfv")]
    [InlineData("zaq1@WSX")]
    [InlineData("!QAZ2wsx")]
    [InlineData("qweasdzxc")]
    [InlineData("qwerasdfzxcv")]
    [InlineData("poiuytrewq")]
    [InlineData("mnbvcxz1")]
    [InlineData("a1s2d3f4")]
    [InlineData("7u8i9o0p")]
    // The same keys with the Korean keyboard on, as an input method composes them or as single Jamo.
    [InlineData("ㅂㅈㄷㄱ쇼ㅕㅑ")]
    [InlineData("ㅂㅈㄷㄱㅛㅕㅑㅐㅔ")]
    [InlineData("ㅁㄴㅇㄹ호ㅓㅏㅣ")]
    [InlineData("ㅁㄴㅇㄹㅎㅗㅓㅏㅣ")]
    [InlineData("ㅂㅈㄷㄱㅁㄴㅇㄹ")]
    [InlineData("1ㅂ2ㅈ3ㄷ4ㄱ")]
    [InlineData("ㅂ1ㅈ2ㄷ3ㄱ4")]
    [InlineData("ㅂㅈㄷㄱ1234")]
    [InlineData("ㅔㅁㄴㄴ잭ㅇ")] // password
    // Korean words on a Latin keyboard, and in Hangul.
    [InlineData("dkssudgktpdy")]
    [InlineData("DKSSUDgktpdy1!")]
    [InlineData("tkfkdgody")]
    [InlineData("qlalfqjsgh")]
    [InlineData("qlalfqjsgh12")]
    [InlineData("eogksalsrnr2026")]
    [InlineData("rhksflwk1234")]
    [InlineData("안녕하세요1234")]
    [InlineData("사랑해사랑해")]
    [InlineData("대한민국만세!!!")]
    [InlineData("비밀번호1234")]
    [InlineData("가나다라마바사아")]
    // Runs, repetitions, numbers.
    [InlineData("abcdefgh")]
    [InlineData("zyxwvuts")]
    [InlineData("abcd1234")]
    [InlineData("aaaabbbb")]
    [InlineData("ㅋㅋㅋㅋㅋㅋㅋㅋ")]
    [InlineData("하하하하하하하하")]
    [InlineData("xyzxyzxyz")]
    [InlineData("monkeymonkey")]
    [InlineData("19900101")]
    [InlineData("1990.01.01")]
    [InlineData("01012345678")]
    [InlineData("010-1234-5678")]
    // Common words with the usual substitutions.
    [InlineData("P@ssw0rd")]
    [InlineData("p@$$w0rd123!")]
    [InlineData("L3tme1n!!")]
    [InlineData("Dragon2026!")]
    [InlineData("2026Dragon!")]
    [InlineData("samsung1234")]
    [InlineData("pybo2026!")]
    [InlineData("ＰＡＳＳＷＯＲＤ")]
    public void Passwords_that_attackers_try_first_are_refused(string password) => Assert.True(EasyPasswords.Contains(password, ["pybo"]), password);

    [Theory]
    [InlineData("gildong.kim")]
    [InlineData("GILDONG.KIM99")]
    [InlineData("gildong1234")]
    [InlineData("77gildong!!")]
    [InlineData("gildonggildong")]
    [InlineData("rlfehd@example.com")]
    [InlineData("홍길동홍길동")]
    [InlineData("ghdrlfehd1!")]
    public void Ones_own_name_and_address_are_refused(string password) =>
        Assert.True(EasyPasswords.Contains(password, ["gildong.kim", "gildong", "kim", "홍길동", "rlfehd@example.com", "rlfehd"]), password);

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("푸른바다-거북이-7")]
    [InlineData("비 오는 날의 수채화 한 장")]
    [InlineData("가을우체국앞에서그대를")]
    [InlineData("tjdgksrhem-vkfks")]
    [InlineData("k7#Qm2!xR9")]
    [InlineData("83920174650318")]
    public void Passwords_that_are_hard_to_guess_are_accepted(string password) => Assert.False(EasyPasswords.Contains(password, ["홍길동", "hong@example.com", "pybo"]), password);

    [Fact]
    public void Long_random_passwords_are_accepted()
    {
        var chance = new Random(20261129);
        string[] words = [.. TourWords().Where(w => w.Length is >= 2 and <= 6).Distinct()];
        Assert.True(words.Length > 200);
        for (var i = 0; i < 20_000; i++)
        {
            var phrase = string.Join(i % 2 == 0 ? " " : "", Enumerable.Range(0, 4).Select(_ => words[chance.Next(words.Length)]));
            Assert.False(EasyPasswords.Contains(phrase, ["홍길동", "hong@example.com", "pybo"]), phrase);
            var bytes = new byte[12];
            chance.NextBytes(bytes);
            var letters = Convert.ToBase64String(bytes);
            Assert.False(EasyPasswords.Contains(letters, ["홍길동", "hong@example.com", "pybo"]), letters);
            var small = string.Concat(Enumerable.Range(0, 12).Select(_ => "abcdefghijklmnopqrstuvwxyz0123456789"[chance.Next(36)]));
            Assert.False(EasyPasswords.Contains(small, ["홍길동", "hong@example.com", "pybo"]), small);
        }
    }

    [Fact]
    public async Task Common_passwords_are_refused_at_a_change_and_on_the_terminal()
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync("홍길동");
        foreach (var password in CommonPasswords.FromBreaches.Take(100))
        {
            using var answer = await member.PostFormAsync("/account/password",
                [new("Input.Current", PyboSite.Password), new("Input.New", password), new("Input.NewAgain", password)]);
            Assert.StartsWith("너무 흔하거나", (await Visitor.ReadAsync(answer)).GetElementById("Input_New-error")?.TextContent ?? password, StringComparison.Ordinal);
        }

        await using var terminal = new TestTerminal();
        foreach (var password in CommonPasswords.FromBreaches.Take(5))
        {
            var ran = await terminal.RunAsync(password, ["user", "add", "김철수", "--email", "kim@example.com"]);
            Assert.Equal(1, ran.Code);
            Assert.Contains("너무 흔하거나", ran.Error, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> TourWords() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "Pybo.Tests/Samples/tour"))
        .SelectMany(file => File.ReadAllText(file, Encoding.UTF8).Split([' ', '\n', '.', ',', '(', ')', '|', '#', '*', '-'], StringSplitOptions.RemoveEmptyEntries));
}
