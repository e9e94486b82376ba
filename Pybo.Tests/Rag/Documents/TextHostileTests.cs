using System.Text;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

/// <summary>Text and markdown built to be slow, large or broken.</summary>
public sealed class TextHostileTests
{
    [Theory]
    [InlineData("긴 줄.txt")]
    [InlineData("긴 줄")]
    public void A_single_line_of_a_hundred_megabytes_is_refused_with_a_message(string fileName)
    {
        var bytes = new byte[100_000_000];
        Array.Fill(bytes, (byte)'a');
        var refused = Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(bytes, fileName));
        Assert.Contains("80 MB", refused.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_line_of_the_maximum_length_is_cut()
    {
        var bytes = new byte[TextDecoder.BytesMax];
        Array.Fill(bytes, (byte)'a');
        var document = DocumentReader.ReadFile(bytes, "a.txt");
        Assert.True(document.Truncated);
        DocumentReaderContract.AssertShape(document);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10_000_000)]
    public void Zero_bytes_are_not_text(int count)
    {
        var refused = Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(new byte[count], "a.txt"));
        Assert.Contains("이진", refused.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_Korean_text_cut_within_a_character_loses_only_that_character()
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(949)!.GetBytes(string.Concat(Enumerable.Repeat("똠방각하 글자입니다.\n", 100)));
        for (var cut = bytes.Length - 20; cut < bytes.Length; cut++)
        {
            var document = DocumentReader.ReadFile(bytes.AsMemory(0, cut), "a.txt");
            Assert.InRange(document.Text.Count(c => c == '\uFFFD'), 0, 1);
            Assert.StartsWith("똠방각하 글자입니다.", document.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void A_markdown_table_of_millions_of_cells_is_refused_with_a_message(string end)
    {
        var markdown = $"a|b{end}-|-{end}{new string('|', 14_000)}{end}{string.Concat(Enumerable.Repeat("|" + end, 7_900))}";
        var refused = Assert.Throws<DocumentUnreadableException>(() => MarkdownReader.Read(markdown, "글"));
        Assert.Contains("표가 너무 커서", refused.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_markdown_table_is_read()
    {
        var names = string.Concat(Enumerable.Range(0, 20).Select(column => $"|이름{column}")) + "|\n";
        var rows = string.Concat(Enumerable.Repeat(string.Concat(Enumerable.Repeat("|값", 20)) + "|\n", 200));
        var document = MarkdownReader.Read(names + string.Concat(Enumerable.Repeat("|-", 20)) + "|\n" + rows, "글");
        Assert.Equal(Enumerable.Repeat(string.Join(" | ", Enumerable.Range(0, 20).Select(column => $"이름{column}: 값")), 200), document.Text.Split('\n'));
    }

    /// <summary>Not every blank line by Unicode's rules ends a paragraph of markdown.</summary>
    [Theory]
    [InlineData("\n\u3000\n")]
    [InlineData("\u2028\u2028")]
    [InlineData("\f\f")]
    public void A_paragraph_with_too_many_open_links_is_refused_with_any_separator(string between)
    {
        var refused = Assert.Throws<DocumentUnreadableException>(() => MarkdownReader.Read(string.Concat(Enumerable.Repeat("[a](" + between, 50_000)), "글"));
        Assert.Contains("너무 복잡해", refused.Said(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("`", 2_000_000)]
    [InlineData("[", 50_000)]
    [InlineData(">", 10_000)]
    [InlineData("> ", 10_000)]
    [InlineData("![", 50_000)]
    [InlineData("*_", 500_000)]
    [InlineData("\t- ", 300_000)]
    public void Hostile_markdown_is_read_or_refused_with_a_message(string part, int times)
    {
        var markdown = string.Concat(Enumerable.Repeat(part, times));
        var refused = Record.Exception(() => DocumentReaderContract.AssertShape(DocumentReader.ReadFile(Encoding.UTF8.GetBytes(markdown), "a.md")));
        Assert.True(refused is null or DocumentUnreadableException, refused?.ToString());
    }
}
