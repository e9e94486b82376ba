using System.Diagnostics;
using System.Text.Encodings.Web;
using Pybo.Pages.Questions;

namespace Pybo.Tests.Pages.Questions;

public sealed class TextDiffTests
{
    [Theory]
    [InlineData("서버가 멈춥니다.", "서버는 멈춥니다.", "[-서버가-][+서버는+] 멈춥니다.")]
    [InlineData("가방을 열고 책을 꺼냈다", "가방을 닫고 공책을 꺼냈다", "가방을 [-열고 책을-][+닫고 공책을+] 꺼냈다")]
    [InlineData("한 줄", "한 긴 줄", "한 [+긴 +]줄")]
    [InlineData("한 긴 줄", "한 줄", "한 [-긴 -]줄")]
    [InlineData("첫 줄\n둘째 줄", "첫 줄\n둘째 줄\n셋째 줄", "첫 줄\n둘째 줄[+\n셋째 줄+]")]
    [InlineData("  if x:", "    if x:", "[-  -][+    +]if x:")]
    [InlineData("", "새 글", "[+새 글+]")]
    [InlineData("옛 글", "", "[-옛 글-]")]
    [InlineData("같은 글", "같은 글", "같은 글")]
    [InlineData("", "", "")]
    public void Changed_words_are_marked_whole(string before, string after, string expected) => Assert.Equal(expected, Written(TextDiff.Of(before, after)));

    [Fact]
    public void Both_texts_can_be_read_from_a_comparison()
    {
        var (random, words) = (new Random(7), new[] { "가을에", "겨울", "봄은", "\n", "여름과", "\n\n", "눈", "비" });
        for (var round = 0; round < 300; round++)
        {
            var (before, after) = (Text(), Text());
            var parts = TextDiff.Of(before, after).Parts;
            Assert.DoesNotContain(parts, p => p.Kind == DiffKind.Skipped);
            Assert.Equal(before, string.Concat(parts.Where(p => p.Kind is not DiffKind.Added).Select(p => p.Text)));
            Assert.Equal(after, string.Concat(parts.Where(p => p.Kind is not DiffKind.Removed).Select(p => p.Text)));
        }

        // Few enough lines that none is skipped.
        string Text() => string.Join(' ', Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)])).ReplaceLineEndings("\n") is var text && text.Count(c => c == '\n') > 3 ? "" : text;
    }

    [Fact]
    public void Lines_far_from_a_change_are_counted_instead_of_shown()
    {
        var lines = Enumerable.Range(1, 30).Select(i => $"{i}째 줄").ToList();
        var after = string.Join('\n', lines).Replace("15째 줄", "고친 줄", StringComparison.Ordinal);
        var diff = TextDiff.Of(string.Join('\n', lines), after);
        Assert.Equal([12, 13], diff.Parts.Where(p => p.Kind == DiffKind.Skipped).Select(p => p.Lines));
        Assert.Equal("13째 줄\n14째 줄\n", diff.Parts[1].Text);
        Assert.False(diff.IsSame);
        Assert.True(TextDiff.Of(after, after).IsSame);
    }

    [Fact]
    public void Texts_over_the_limits_are_shown_whole_and_cost_no_time()
    {
        var start = Stopwatch.GetTimestamp();
        string[] hostile =
        [
            new('가', TextDiff.CharactersMax),
            string.Concat(Enumerable.Repeat("\n", TextDiff.PiecesMax)),
            string.Concat(Enumerable.Range(0, TextDiff.PiecesMax / 2).Select(i => $"{i % 10}\n")),
            string.Join(' ', Enumerable.Range(0, 5_000).Select(i => i % 10)),
            string.Concat(Enumerable.Repeat(" \n", 5_000)),
        ];
        foreach (var before in hostile)
        {
            foreach (var after in hostile)
            {
                Assert.EndsWith(after[^1..], TextDiff.Of(before, after).Parts[^1] is { Kind: not DiffKind.Removed and not DiffKind.Skipped } last ? last.Text : after, StringComparison.Ordinal);
            }
        }

        Assert.True(TextDiff.Of(hostile[0], "나").IsWhole);
        Assert.True(TextDiff.Of(hostile[1], "나").IsWhole);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Marks_are_named_for_screen_readers_and_every_text_is_encoded()
    {
        using var writer = new StringWriter();
        TextDiff.Of("<b>옛</b> 글", "</ins><script>alert(1)</script> 글").Html().WriteTo(writer, HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All));
        Assert.Equal("<del><span class=\"visually-hidden\"> [뺌: </span>&lt;b&gt;옛&lt;/b&gt;<span class=\"visually-hidden\">] </span></del>"
            + "<ins><span class=\"visually-hidden\"> [넣음: </span>&lt;/ins&gt;&lt;script&gt;alert(1)&lt;/script&gt;<span class=\"visually-hidden\">] </span></ins> 글", writer.ToString());
    }

    [Fact]
    public void A_change_of_white_space_alone_is_visible()
    {
        using var writer = new StringWriter();
        TextDiff.Of("가\n\n나", "가\n나").Html().WriteTo(writer, HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All));
        Assert.Contains("↵", writer.ToString(), StringComparison.Ordinal);
    }

    private static string Written(TextDiff diff) => string.Concat(diff.Parts.Select(p => p.Kind switch { DiffKind.Removed => $"[-{p.Text}-]", DiffKind.Added => $"[+{p.Text}+]", DiffKind.Skipped => "…", _ => p.Text }));
}
