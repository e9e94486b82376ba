using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pybo.Pages.Account;

namespace Pybo.Tests.Pages.Account;

public sealed class SignUpTests
{
    [Fact]
    public async Task Signing_up_logs_in_and_the_first_member_is_the_administrator()
    {
        await using var site = new PyboSite();
        var first = await site.SignUpAsync("홍길동");
        await site.SignUpAsync("second-one");
        await using var db = site.CreateDbContext();
        Assert.Equal([true, false], await db.Users.OrderBy(u => u.Id).Select(u => u.IsAdministrator).ToListAsync());
        var page = await first.SeeAsync("/account/password");
        Assert.Equal("홍길동", page.QuerySelector(".account-name")!.TextContent);
    }

    [Fact]
    public async Task Exactly_one_of_many_concurrent_sign_ups_is_the_administrator()
    {
        await using var site = new PyboSite();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => site.SignUpAsync($"member{i}")));
        await using var db = site.CreateDbContext();
        Assert.Equal(8, await db.Users.CountAsync());
        Assert.Equal(1, await db.Users.CountAsync(u => u.IsAdministrator));
    }

    [Fact]
    public async Task Exactly_one_of_many_concurrent_sign_ups_with_similar_names_becomes_a_member()
    {
        await using var site = new PyboSite();
        string[] names = ["alice", "a1ice", "aIice", "al1ce", "ALICE", "ALlCE"];
        var answers = await Task.WhenAll(names.Select(name => site.Visit().SignUpAsync(name, email: "one@example.com")));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Redirect);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Redirect))
        {
            Assert.StartsWith("이미 ", await ErrorOfAsync(refused, "Input.UserName"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ab", "사용자이름은 3자 이상 25자 이하로 입력하세요.")]
    [InlineData("", "사용자이름은 필수입력 항목입니다.")]
    [InlineData("가나다라마바사아자차카타파하가나다라마바사아자차카타", "사용자이름은 3자 이상 25자 이하로 입력하세요.")]
    [InlineData("two words", "사용자이름에는 글자")]
    [InlineData("../..", "사용자이름에는 글자")]
    [InlineData("ab\u200Bcd", "사용자이름에는 글자")]
    [InlineData("홍\u3164길동", "사용자이름에는 글자")]
    [InlineData("ａｄｍｉｎ", "사용자이름에는 글자")]
    [InlineData("hong😀gil", "사용자이름에는 글자")]
    [InlineData("\u202Egnoh", "사용자이름에는 글자")]
    [InlineData("аdmin", "서로 닮은 글자")]
    public async Task An_unreadable_or_confusable_name_is_refused_next_to_its_field(string name, string message)
    {
        await using var site = new PyboSite();
        using var answer = await site.Visit().SignUpAsync(name, email: "someone@example.com");
        Assert.StartsWith(message, await ErrorOfAsync(answer, "Input.UserName"), StringComparison.Ordinal);
        await using var db = site.CreateDbContext();
        Assert.Equal(0, await db.Users.CountAsync());
    }

    [Theory]
    [InlineData("홍길동")]
    [InlineData("hong_gil-dong.7")]
    [InlineData("길동Kim2")]
    [InlineData("ㅋㅋㅋ")]
    [InlineData("Дмитрий")]
    [InlineData("山田たろう")]
    public async Task A_name_may_use_letters_of_any_script(string name)
    {
        await using var site = new PyboSite();
        var member = await site.SignUpAsync(name);
        var profile = await member.SeeAsync($"/users/{Uri.EscapeDataString(name)}");
        Assert.StartsWith(name, profile.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_taken_however_it_is_written()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동Kim");
        foreach (var same in new[] { "홍길동Kim", "홍길동KIM", "홍길동Kim".Normalize(System.Text.NormalizationForm.FormD), "  홍길동kim " })
        {
            using var answer = await site.Visit().SignUpAsync(same, email: "another@example.com");
            Assert.Equal("이미 존재하는 사용자입니다.", await ErrorOfAsync(answer, "Input.UserName"));
        }
    }

    [Fact]
    public async Task Several_members_may_use_the_same_address()
    {
        await using var site = new PyboSite();
        foreach (var (name, address) in new[] { ("first", "Same@example.com"), ("second", "sAME@example.com"), ("third", "Same@example.com") })
        {
            using var answer = await site.Visit().SignUpAsync(name, email: address);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Дмитрийㄱ")]
    [InlineData("Ωmega")]
    [InlineData("홍길동Ж")]
    [InlineData("ゆき김")]
    public async Task Mixed_scripts_are_refused(string name)
    {
        await using var site = new PyboSite();
        using var answer = await site.Visit().SignUpAsync(name, email: "someone@example.com");
        Assert.StartsWith("서로 닮은 글자", await ErrorOfAsync(answer, "Input.UserName"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_whose_name_would_be_refused_today_stays_a_member()
    {
        await using var site = new PyboSite();
        await site.SignUpAsync("홍길동");
        await using var db = site.CreateDbContext();
        await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.UserName, "аdmin관리자").SetProperty(u => u.NormalizedUserName, "АDMIN관리자").SetProperty(u => u.NameSkeleton, (string?)null));
        var member = site.Visit();
        using var logIn = await member.LogInAsync("аdmin관리자");
        Assert.Equal(HttpStatusCode.Redirect, logIn.StatusCode);
        using var changed = await member.PostFormAsync("/account/password",
            [new("Input.Current", PyboSite.Password), new("Input.New", "붉은산-호랑이-9"), new("Input.NewAgain", "붉은산-호랑이-9")]);
        Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
    }

    [Fact]
    public async Task Different_passwords_and_a_wrong_address_are_reported_next_to_their_fields()
    {
        await using var site = new PyboSite();
        using var answer = await site.Visit().SignUpAsync("홍길동", repeated: PyboSite.Password + "x", email: "not an address");
        var page = await Visitor.ReadAsync(answer);
        var again = page.QuerySelector("#Input_PasswordAgain")!;
        Assert.Equal("true", again.GetAttribute("aria-invalid"));
        Assert.Equal("비밀번호가 일치하지 않습니다", page.GetElementById(again.GetAttribute("aria-describedby")!)!.TextContent);
        Assert.Equal("올바른 이메일 주소를 입력하세요.", page.GetElementById("Input_Email-error")!.TextContent);
        Assert.Equal("홍길동", page.QuerySelector("#Input_UserName")!.GetAttribute("value"));
        Assert.Null(page.QuerySelector("#Input_Password")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("short-7", "비밀번호는 8자 이상이어야 합니다.")]
    [InlineData("password1!", "너무 흔하거나")]
    [InlineData("Qwer1234", "너무 흔하거나")]
    [InlineData("dkssudgktpdy", "너무 흔하거나")]
    [InlineData("12345678", "너무 흔하거나")]
    [InlineData("aaaaaaaaaa", "너무 흔하거나")]
    [InlineData("gildong.kim", "너무 흔하거나")]
    [InlineData("gildong.kim77", "너무 흔하거나")]
    public async Task A_short_or_common_password_is_refused(string password, string message)
    {
        await using var site = new PyboSite();
        using var answer = await site.Visit().SignUpAsync("gildong.kim", password);
        Assert.StartsWith(message, await ErrorOfAsync(answer, "Input.Password"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_password_counts_to_its_last_character_and_beyond_the_limit_is_refused()
    {
        await using var site = new PyboSite();
        var longest = string.Concat(Enumerable.Range(0, PasswordRules.LengthMax).Select(i => (char)('가' + (i * 37))));
        using var answer = await site.Visit().SignUpAsync("홍길동", longest);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        using var wrong = await site.Visit().LogInAsync("홍길동", longest[..^1] + "끝");
        Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        using var right = await site.Visit().LogInAsync("홍길동", longest);
        Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
        using var longer = await site.Visit().SignUpAsync("다른사람", longest + "더");
        Assert.Equal("비밀번호는 128자 이하여야 합니다.", await ErrorOfAsync(longer, "Input.Password"));
    }

    [Fact]
    public void A_password_is_hashed_with_the_recommended_iterations()
    {
        var services = new ServiceCollection().AddAccounts().BuildServiceProvider();
        Assert.True(services.GetRequiredService<IOptions<PasswordHasherOptions>>().Value.IterationCount >= 600_000);
        var kept = Convert.FromBase64String(new PasswordHasher(services.GetRequiredService<IOptions<PasswordHasherOptions>>()).HashPassword(new(), PyboSite.Password));
        Assert.Equal(-1, kept.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(PyboSite.Password)));
    }

    private static async Task<string> ErrorOfAsync(HttpResponseMessage answer, string field)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await Visitor.ReadAsync(answer);
        return page.GetElementById(field.Replace('.', '_') + "-error")!.TextContent;
    }
}
