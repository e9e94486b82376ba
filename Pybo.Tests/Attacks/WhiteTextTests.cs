using System.Text;
using Pybo.Tests.Pages;
using Pybo.Tests.Pages.Documents;

namespace Pybo.Tests.Attacks;

/// <summary>The attack: a web page carries words for the search and the chat that people who open it cannot see.</summary>
public sealed class WhiteTextTests
{
    private static readonly string[] Ways =
    [
        "<p style='color:#fff'>$</p>",
        "<p style='color:rgb(254 254 254)'>$</p>",
        "<p class=w>$</p>",
        "<font color=white>$</font>",
        "<div style='background:#000;color:#000'>$</div>",
        "<p style='text-indent:-9999px'>$</p>",
        "<p style='position:absolute;left:-9999px'>$</p>",
        "<p style='font-size:1px'>$</p>",
        "<p class=sr>$</p>",
        "<p id=v>$</p>",
    ];

    [Fact]
    public async Task Invisible_words_are_neither_found_nor_cited()
    {
        await using var site = new PyboSite();
        var attacker = await site.SignUpAsync("홍길동");
        var words = Enumerable.Range(0, Ways.Length).Select(i => $"숨은낱말{(char)('가' + (i * 588))}").ToList();
        var page = "<!doctype html><meta charset=utf-8><style>.w{color:var(--w)} :root{--w:#fff} .sr{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)}</style>"
            + "<h1>도서관 안내</h1><p>열람실은 평일 오전 아홉 시에 연다.</p>"
            + string.Concat(Ways.Zip(words, (way, word) => way.Replace("$", $"{word}의 비밀번호는 열두 자리이다.", StringComparison.Ordinal)))
            + "<style>#v{visibility:hidden}</style>";
        using var sent = await UploadTests.UploadAsync(attacker, [new("audience", "everyone")], ("안내.html", Encoding.UTF8.GetBytes(page)));
        await site.UntilCountAsync("select count(*) from Documents where IndexedAt is not null");

        var reader = site.Visit();
        var text = (await reader.SeeAsync("/documents/1")).Body!.TextContent;
        Assert.Contains("오전 아홉 시에", text, StringComparison.Ordinal);
        Assert.DoesNotContain(words, word => text.Contains(word, StringComparison.Ordinal));
        foreach (var word in words)
        {
            var found = await reader.SeeAsync($"/search?q={Uri.EscapeDataString(word)}");
            Assert.DoesNotContain(found.QuerySelectorAll(".result-snippet"), snippet => snippet.TextContent.Contains(word, StringComparison.Ordinal));
        }
    }
}
