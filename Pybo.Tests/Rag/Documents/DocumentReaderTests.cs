using System.Text;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

public sealed class DocumentReaderTests
{
    private const string Korean = "한글 문서\n\n첫 문단입니다. 똠방각하.\n\n둘째 문단입니다.";

    private static readonly Encoding Cp949 = CodePagesEncodingProvider.Instance.GetEncoding(949)!;

    public static TheoryData<byte[]> Encodings => new(
        Encoding.UTF8.GetBytes(Korean),
        [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Korean)],
        [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Korean)],
        [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(Korean)],
        Encoding.Unicode.GetBytes(Korean),
        Encoding.BigEndianUnicode.GetBytes(Korean),
        Cp949.GetBytes(Korean),
        Encoding.UTF8.GetBytes(Korean.Normalize(NormalizationForm.FormD)),
        Encoding.UTF8.GetBytes("\n" + Korean.Replace("\n", "  \r\n", StringComparison.Ordinal) + "\r\n\r\n\r\n"));

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Text_is_the_same_in_every_encoding(byte[] bytes)
    {
        var document = DocumentReader.ReadFile(bytes, "파일.TXT");
        Assert.Equal(Korean, document.Text);
        Assert.Equal("한글 문서", document.Title);
        Assert.Empty(document.Warnings);
        Assert.False(document.Truncated);
    }

    [Fact]
    public void A_truncated_character_is_read_with_a_warning()
    {
        var bytes = Cp949.GetBytes(Korean);
        var document = DocumentReader.ReadFile(bytes.AsMemory(0, bytes.Length - 2), "a.txt");
        Assert.EndsWith("\uFFFD", document.Text, StringComparison.Ordinal);
        Assert.Single(document.Warnings.Said());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_stray_zero_is_left_out_with_a_warning(int offset)
    {
        var text = string.Concat(Enumerable.Repeat("똠방각하 글자입니다.\n", 2_000)).TrimEnd('\n');
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Cp949])
        {
            var bytes = encoding.GetBytes(text).ToList();
            var space = bytes.IndexOf((byte)' ', 10_000);
            bytes.Insert(space + ((space + offset) % 2), 0);
            var document = DocumentReader.ReadFile(bytes.ToArray(), "a.txt");
            Assert.Equal(text, document.Text);
            Assert.Contains("1개", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a.txt", new byte[] { 0x50, 0x4B, 3, 4, 0, 0, 8, 0, 1 }, "이진")]
    [InlineData("a.md", new byte[] { 65, 0, 0, 66 }, "이진")]
    [InlineData("a.txt", new byte[] { 0xFF, 0x81, 0xFF, 0x82, 0xFF, 0x83, 0xFF, 0xFF }, "인코딩")]
    [InlineData("a.exe", new byte[] { 77, 90, 0, 3, 0, 0, 0 }, "확장자")]
    [InlineData("없음", new byte[] { 0 }, "확장자")]
    public void An_unreadable_file_is_refused_with_a_reason(string fileName, byte[] bytes, string reason)
    {
        var refused = Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(bytes, fileName));
        Assert.Contains(reason, refused.Said(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("글.txt")]
    [InlineData("글.exe")]
    [InlineData("글")]
    public void Text_is_recognised_by_its_bytes_not_its_name(string fileName)
    {
        Assert.All(Encodings, row => Assert.Equal(Korean, DocumentReader.ReadFile(row.Data, fileName).Text));
    }

    [Theory]
    [InlineData("", "메모")]
    [InlineData("본문뿐인 글이다.", "메모")]
    [InlineData("첫 줄\n둘째 줄", "메모")]
    [InlineData("문장으로 시작한다.\n\n본문", "메모")]
    [InlineData("# 제목 #1\n\n본문", "제목 #1")]
    public void A_text_file_takes_its_title_from_its_first_line_or_file_name(string text, string title)
    {
        Assert.Equal(title, DocumentReader.ReadFile(Encoding.UTF8.GetBytes(text), "폴더/메모.txt").Title);
    }

    [Fact]
    public void A_long_text_is_cut_with_a_warning()
    {
        var text = new string('a', DocumentReader.CharactersMax + 1);
        var document = DocumentReader.ReadFile(Encoding.UTF8.GetBytes(text), "a.txt");
        Assert.True(document.Truncated);
        Assert.Single(document.Warnings.Said());
        Assert.Equal(DocumentReader.CharactersMax, document.Text.Length);
    }

    /// <summary>The text is shorter than the limit once its line ends are normalised.</summary>
    [Fact]
    public void A_long_text_that_normalising_shortens_is_cut_with_a_warning()
    {
        var bytes = new byte[24_000_000];
        "a\r\n"u8.CopyTo(bytes);
        for (var filled = 3; filled < bytes.Length; filled *= 2)
        {
            bytes.AsSpan(0, Math.Min(filled, bytes.Length - filled)).CopyTo(bytes.AsSpan(filled));
        }

        var document = DocumentReader.ReadFile(bytes, "a.txt");
        Assert.True(document.Truncated);
        Assert.Contains("앞의 20,000,000자", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_becomes_plain_text_with_sections()
    {
        const string markdown = """
            머리말 **굵게** [링크](https://example.org "제목") ![그림](a.png) `코드` &amp; <b>태그</b>
            이어지는 줄

            # 첫 *제목*
            <!-- 주석 --><p>문단</p>

            - 하나
              - 둘
            - [x] 셋

            3. 가
            4. 나

            ## 둘째

            ```csharp
            var a = 1;

                var b = 2;
            ```

            > 인용문

            | 이름 | 값 |
            |------|----|
            | 가   | 1  |
            """;
        var document = MarkdownReader.Read(markdown, "글.md");
        Assert.Equal("""
            머리말 굵게 링크 (https://example.org) 그림 코드 & 태그 이어지는 줄

            첫 제목

            문단

            - 하나
            - 둘
            - ☑ 셋

            3. 가
            4. 나

            둘째

            var a = 1;

                var b = 2;

            인용문

            이름: 가 | 값: 1
            """, document.Text);
        Assert.Equal("첫 제목", document.Title);
        Assert.Equal([(null, 0), ("첫 제목", 1), ("둘째", 2)], document.Sections.Select(s => (s.Heading, s.Level)));
        AssertSectionsAreTheText(document);
    }

    [Theory]
    [InlineData("<div>첫 줄<br>둘째 줄<BR />셋째 줄</div>", "첫 줄\n둘째 줄\n셋째 줄")]
    [InlineData("<div>가</div><div>나 <b>다</b>라</div>", "가\n나 다라")]
    [InlineData("<ul>\n<li>가</li>\n<li>나\n</ul>", "가\n나")]
    [InlineData("<table><tr><td>가</td><td>나</td></tr><tr><th>다</th><td></td><td>라</td></tr></table>", "가 | 나\n다 |  | 라")]
    [InlineData("<table>\n  <tr>\n    <td>가</td>\n    <td>나</td>\n  </tr>\n  <tr>\n    <td></td>\n    <td>다</td>\n  </tr>\n</table>", "가 | 나\n| 다")]
    [InlineData("<table><tr><td>가<td>나<tr><td>다</table>끝", "가 | 나\n다\n끝")]
    [InlineData("<table><tr><td><p>가</p></td><td>\n<p>나</p></td></tr></table>", "가 | 나")]
    [InlineData("<p>가<!-- <br> -->나</p>", "가나")]
    [InlineData("<p>가<!-- 나", "가")]
    [InlineData("<div>가<br", "가")]
    public void HTML_in_markdown_keeps_its_lines_and_cells_apart(string html, string text)
    {
        // White space around a line means nothing here.
        var lines = MarkdownReader.Read(html, "글").Text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
        Assert.Equal(text, string.Join('\n', lines));
    }

    [Theory]
    [InlineData("---\ntitle: \"앞 제목\"\ntags: [a]\n---\n# 제목\n본문", "앞 제목")]
    [InlineData("## 둘째\n# 제목\n본문", "제목")]
    [InlineData("본문", "글")]
    [InlineData("---\ntags: [a]\n---\n본문", "글")]
    public void Markdown_takes_its_title_from_its_front_matter_or_first_heading(string markdown, string title)
    {
        var document = DocumentReader.ReadFile(Encoding.UTF8.GetBytes(markdown), "글.md");
        Assert.Equal(title, document.Title);
        Assert.DoesNotContain("tags", document.Text, StringComparison.Ordinal);
        AssertSectionsAreTheText(document);
    }

    [Theory]
    [InlineData(">", 10_000)]
    [InlineData("[", 50_000)]
    [InlineData("- ", 50_000)]
    [InlineData("*a **b ", 20_000)]
    [InlineData("<a ", 50_000)]
    [InlineData("<!--", 50_000)]
    [InlineData("| a ", 20_000)]
    [InlineData("[a](", 50_000)]
    [InlineData("[a]: b\n", 50_000)]
    [InlineData("http://a.b ", 20_000)]
    [InlineData("# a\n", 20_000)]
    [InlineData("&#7;&#0;", 10_000)]
    public void Hostile_markdown_is_read_or_refused_with_a_message(string part, int times)
    {
        var markdown = string.Concat(Enumerable.Repeat(part, times));
        var refused = Record.Exception(() =>
        {
            var document = MarkdownReader.Read(markdown, "a.md");
            AssertSectionsAreTheText(document);
            Assert.DoesNotContain(document.Text, c => char.IsControl(c) && c is not ('\n' or '\t'));
        });
        Assert.True(refused is null or DocumentUnreadableException, refused?.ToString());
    }

    [Fact]
    public void Markdown_beyond_the_limit_is_refused()
    {
        var refused = Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(new byte[MarkdownReader.BytesMax + 1], "a.md"));
        Assert.Contains("2 MB", refused.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void Normalising_limits_runs_of_combining_marks_and_drops_control_characters()
    {
        var marked = TextNormalizer.Normalize(string.Concat(Enumerable.Repeat("\u0315\u0300", 1_000_000)));
        Assert.InRange(marked.Length, 1, 30);
        Assert.Equal("가\tb\n\nc", TextNormalizer.Normalize("\uFEFF가\u0007\tb \r\n\t\r\n\r\n\r\nc\u2028 \n"));
        Assert.Equal("\uFFFDa", TextNormalizer.Normalize("\uD800a"));
    }

    private static void AssertSectionsAreTheText(DocumentText document)
    {
        var at = 0;
        foreach (var section in document.Sections)
        {
            Assert.Equal(at, section.Start);
            Assert.True(document.Text.AsSpan(section.Start).StartsWith(section.Heading));
            at += section.Length;
        }

        Assert.Equal(document.Text.Length, at);
    }
}
