using System.Net;
using System.Text.RegularExpressions;
using Pybo.Tests.Pages;

namespace Pybo.Tests.Attacks;

/// <summary>Whether the sign-up reveals which addresses belong to members.</summary>
public sealed partial class SignUpOracleTests(RunningSite running) : IClassFixture<RunningSite>
{
    [Theory]
    [InlineData("푸른바다-거북이-7", 1)]
    [InlineData("짧다", 2)]
    [InlineData("password1!", 3)]
    public async Task A_known_address_gets_the_same_answer_as_an_unknown_one_to_the_last_character(string password, int n)
    {
        var site = running.Site;
        using var known = await site.Visit().SignUpAsync($"피해자{n}", email: $"victim{n}@example.com");
        Assert.Equal(HttpStatusCode.Redirect, known.StatusCode);
        var unknown = await SayAsync(site, $"attacker-a{n}", password, $"nobody{n}@example.com");
        Assert.Equal(unknown, await SayAsync(site, $"attacker-b{n}", password, $"victim{n}@example.com"));
        Assert.Equal(unknown, await SayAsync(site, $"attacker-c{n}", password, $"VICTIM{n}@EXAMPLE.COM"));
    }

    /// <summary>The whole answer except random parts and the attacker's own input; and the text of the next page.</summary>
    private static async Task<string> SayAsync(PyboSite site, string name, string password, string email)
    {
        var attacker = site.Visit();
        using var answer = await attacker.SignUpAsync(name, password, email: email);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Date" or "Content-Length"))
            .OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {string.Join(" | ", h.Value.Order().Select(v => Drawn().Replace(v, "=")))}");
        var next = (await attacker.SeeAsync("/questions")).Body!.TextContent;
        var said = $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{Token().Replace(await answer.Content.ReadAsStringAsync(), "")}\n{next}";
        return said.Replace(name, "name", StringComparison.Ordinal).Replace(email, "email", StringComparison.Ordinal);
    }

    /// <summary>A cookie's value, and its expiry.</summary>
    [GeneratedRegex("=[^;]*(?=;|$)")]
    private static partial Regex Drawn();

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*>""")]
    private static partial Regex Token();
}
