using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Layout;
using Pybo.Rag.Documents.Pdf.Source;
using Pybo.Rag.Documents.Pdf.Visibility;

namespace Pybo.Tests.Rag.Documents.Pdf.Layout;

public sealed class PdfRunningLinesTests
{
    private static readonly string[] Numerals = ["하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟"];

    private static GlyphPage Page(int number, string header = "인사 규정", string? footer = null) =>
        new GlyphPage().Text(50, 40, header).Text(50, 300, $"본문 {Numerals[number % Numerals.Length]}.").Text(280, 770, footer ?? $"- {number} -");

    private static string Read(IEnumerable<GlyphPage> pages) => GlyphPage.Document(pages).Text;

    [Fact]
    public void Headers_and_page_numbers_stay_on_the_first_page_only()
    {
        var text = Read(Enumerable.Range(1, 5).Select(number => Page(number)));
        Assert.Equal("인사 규정\n\n본문 둘.\n\n- 1 -\n\n본문 셋.\n\n본문 넷.\n\n본문 다섯.\n\n본문 여섯.", text);
    }

    [Fact]
    public void Two_pages_prove_nothing() => Assert.Equal(2, Read(Enumerable.Range(1, 2).Select(number => Page(number))).Split("인사 규정").Length - 1);

    [Fact]
    public void Left_and_right_pages_may_have_different_headers()
    {
        var text = Read(Enumerable.Range(1, 8).Select(number => Page(number, number % 2 == 0 ? "제1장 총칙" : "인사 규정", $"{number} / 8")));
        Assert.Single(text.Split('\n'), line => line == "인사 규정");
        Assert.Single(text.Split('\n'), line => line == "제1장 총칙");
        Assert.Single(text.Split('\n'), line => line.EndsWith("/ 8", StringComparison.Ordinal));
    }

    [Fact]
    public void Page_numbers_may_start_anywhere()
    {
        var text = Read(Enumerable.Range(1, 6).Select(number => Page(number, footer: $"기술지침 2023-{number + 120}쪽")));
        Assert.Contains("2023-121쪽", text, StringComparison.Ordinal);
        Assert.DoesNotContain("2023-122쪽", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_differs_from_page_to_page_stays()
    {
        var text = Read(Enumerable.Range(1, 6).Select(number => Page(number, $"머리글 {Numerals[number]}", $"합계 {number * 37}")));
        Assert.All(Enumerable.Range(1, 6), number => Assert.Contains($"머리글 {Numerals[number]}", text, StringComparison.Ordinal));
        Assert.All(Enumerable.Range(1, 6), number => Assert.Contains($"합계 {number * 37}", text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_words_in_the_middle_of_pages_stay()
    {
        var text = Read(Enumerable.Range(0, 5).Select(_ => new GlyphPage().Text(50, 400, "같은 문장이 있다.")));
        Assert.Equal(5, text.Split("같은 문장이 있다.").Length - 1);
    }

    [Fact]
    public void Running_lines_are_remembered_across_windows()
    {
        var composer = new PdfComposer();
        var window = new List<PdfPageLines>();
        var parts = new List<DocumentPart>();
        for (var number = 1; number <= 20; number++)
        {
            var glyphs = Page(number).Build();
            window.Add(new(number, glyphs.Width, glyphs.Height, PdfLayout.Lines(glyphs)));
            if (window.Count > 6)
            {
                parts.AddRange(composer.Compose(window, isLast: false));
                Assert.Single(window);
            }
        }

        parts.AddRange(composer.Compose(window, isLast: true));
        var text = DocumentBuilder.Collect(parts, "a.pdf").Text;
        Assert.Equal(20, parts.OfType<PagePart>().Count());
        Assert.Equal(1, text.Split("인사 규정").Length - 1);
        Assert.Equal(20, text.Split("본문").Length - 1);
    }
}
