using System.Text;
using System.Text.Json;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Tables;
using Pybo.Rag.Passages;

namespace Pybo.Tests.Rag.Passages;

public sealed class ChunkerTests
{
    /// <summary>The encoder's additions: two special tokens and a prefix.</summary>
    private const int EncoderTokens = 6;

    private static readonly Chunker Chunker = new(Tokens);

    public static TheoryData<string> Texts => new(
        "# 제목\n\n머리말이다.\n\n" + Sections("##", 12, 20) + "### 깊은 절\n\n" + Sentences(100),
        Sections("#", 5, 3),
        Sentences(400),
        "짧은 글이다.",
        "# 제목만",
        "# 하나\n## 둘\n### 셋\n\n" + Sentences(80) + "\n\n## 넷\n\n" + Sentences(2),
        new string('가', 20_000),
        string.Concat(Enumerable.Repeat("쉼표로, 이어지고 또 이어지며; ", 500)),
        string.Concat(Enumerable.Repeat("\U0001F600", 3_000)),
        "```\n" + string.Concat(Enumerable.Repeat("var name = value + other;\n", 300)) + "```",
        string.Concat(Enumerable.Range(1, 300).Select(n => $"- 항목 {n}\n")));

    [Theory]
    [MemberData(nameof(Texts))]
    public void Passages_and_chunks_cover_the_document_in_order_and_within_their_limits(string markdown)
    {
        var document = MarkdownReader.Read(markdown, "글");
        AssertCovers(document, Chunker.Split(document));
    }

    [Fact]
    public void A_small_window_makes_smaller_chunks()
    {
        var chunker = new Chunker(Tokens, windowTokens: 72);
        var passages = chunker.Split(MarkdownReader.Read(Sentences(100), "글"));
        Assert.All(passages, p => Assert.All(p.Chunks, c => Assert.InRange(Tokens(p.Text.Substring(c.Start, c.Length)), 1, 40)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Chunker(Tokens, windowTokens: 48));
    }

    [Fact]
    public void A_passage_does_not_cross_a_heading_of_the_same_level()
    {
        var passages = Chunker.Split(MarkdownReader.Read("# 가\n\n하나다.\n\n# 나\n\n둘이다.\n\n## 다\n\n셋이다.", "글"));
        Assert.Equal(["가\n\n하나다.", "나\n\n둘이다.\n\n다\n\n셋이다."], passages.Select(p => p.Text));
        Assert.Equal([null, "나"], passages.Select(p => p.Heading));
    }

    [Fact]
    public void A_section_too_long_for_one_passage_is_cut_at_its_subsections_and_carries_their_headings()
    {
        var passages = Chunker.Split(MarkdownReader.Read($"# 제목\n\n## 설치\n\n{Sentences(30)}\n\n### 리눅스\n\n{Sentences(30)}", "글"));
        Assert.Equal(["설치", "설치 › 리눅스"], passages.Select(p => p.Heading));
        Assert.StartsWith("제목\n\n설치\n\n", passages[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("리눅스\n\n", passages[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_is_cut_between_paragraphs_into_passages_of_similar_length()
    {
        var text = string.Join("\n\n", Enumerable.Repeat(Sentences(6), 12));
        var passages = Chunker.Split(MarkdownReader.Read(text, "글"));
        Assert.True(passages.Count > 1);
        Assert.All(passages, p => Assert.EndsWith(Sentences(6), p.Text, StringComparison.Ordinal));
        Assert.True(passages.Min(p => Tokens(p.Text)) * 2 > passages.Max(p => Tokens(p.Text)));
    }

    [Fact]
    public void Chunks_hold_whole_sentences()
    {
        var passage = Assert.Single(Chunker.Split(MarkdownReader.Read(Sentences(25), "글")));
        Assert.True(passage.Chunks.Count > 1);
        Assert.All(passage.Chunks, c => Assert.EndsWith("다.", passage.Text.Substring(c.Start, c.Length), StringComparison.Ordinal));
    }

    [Fact]
    public void A_short_post_is_one_passage_despite_headings()
    {
        var passage = Assert.Single(Chunker.SplitPost("  질문\n제목 ", "안녕하세요.\n\n# 환경\n\n리눅스입니다.\n\n# 증상\n\n`dotnet run`이 **멈춥니다**."));
        Assert.Equal("질문 제목", passage.Title);
        Assert.Null(passage.Heading);
        Assert.Equal("안녕하세요.\n\n환경\n\n리눅스입니다.\n\n증상\n\ndotnet run이 멈춥니다.", passage.Text);
    }

    [Fact]
    public void A_post_without_words_is_indexed_by_its_title()
    {
        var passage = Assert.Single(Chunker.SplitPost("그림 질문", "![](a.png)"));
        Assert.Equal("그림 질문", passage.Text);
        Assert.Equal([new NewChunk(0, 5)], passage.Chunks);
        Assert.Empty(Chunker.SplitPost(" ", "\n"));
        Assert.Empty(Chunker.Split(MarkdownReader.Read("", "글")));
    }

    [Fact]
    public void A_chunk_is_embedded_with_its_title_and_the_headings_above_it_cut_to_a_share_of_the_window()
    {
        Assert.Equal("제목: 본문", Chunker.Titled("제목", null, "본문"));
        Assert.Equal("제목 설치 › 리눅스: 본문", Chunker.Titled("제목", "설치 › 리눅스", "본문"));
        Assert.Equal("본문", Chunker.Titled("", null, "본문"));
        var title = Chunker.Titled(string.Join(' ', Enumerable.Repeat("단어", 100)), null, "본문");
        Assert.InRange(Tokens(title), 10, Chunker.TitleTokensMax + 4);
        Assert.EndsWith(": 본문", title, StringComparison.Ordinal);
        Assert.InRange(Tokens(Chunker.Titled(new string('가', 500), null, "본문")), 5, Chunker.TitleTokensMax + 4);
    }

    [Fact]
    public void A_long_path_keeps_the_title_and_the_innermost_heading()
    {
        var words = string.Join(' ', Enumerable.Repeat("바깥쪽", 20));
        Assert.Equal("설명서 안쪽 절: 본문", Chunker.Titled("설명서", $"{words} › {words} › 안쪽 절", "본문"));

        var both = Chunker.Titled($"설명서 {words}", $"{words} › 안쪽 {words}", "본문");
        Assert.StartsWith("설명서 바깥쪽", both, StringComparison.Ordinal);
        Assert.Contains("바깥쪽 안쪽", both, StringComparison.Ordinal);
        Assert.InRange(Tokens(both), Chunker.TitleTokensMax - 4, Chunker.TitleTokensMax + 2);

        Assert.StartsWith("설명서 안쪽", Chunker.Titled("설명서", $"안쪽 {words}", "본문"), StringComparison.Ordinal);
        var deep = Chunker.Split(MarkdownReader.Read($"# 설명서\n\n## {words} {words}\n\n### {words} {words}\n\n#### 안쪽\n\n{Sentences(80)}", "글"));
        Assert.All(deep, p => Assert.EndsWith("› 안쪽", p.Heading, StringComparison.Ordinal));
    }

    [Fact]
    public void Paragraphs_stay_whole_if_a_passage_of_them_is_close_to_its_target_size()
    {
        int[] lengths = [3, 22, 5, 30, 12, 18, 25, 9, 40, 2];
        var document = MarkdownReader.Read(string.Join("\n\n", lengths.Select(Sentences)), "글");
        var passages = Chunker.Split(document);
        AssertCovers(document, passages);
        Assert.True(passages.Count > 3);
        Assert.All(passages, p => Assert.InRange(Tokens(p.Text), Chunker.PassageTokensMin, Chunker.PassageTokensMax));
        Assert.All(passages, p => Assert.True(p.Start == 0 || document.Text[p.Start - 1] == '\n'));
    }

    [Fact]
    public void A_paragraph_too_long_for_one_passage_is_cut_into_similar_parts_and_a_caption_stays_with_its_object()
    {
        var document = MarkdownReader.Read($"표제 하나\n\n{Sentences(100)}\n\n{Sentences(1)}", "글");
        var passages = Chunker.Split(document);
        AssertCovers(document, passages);
        Assert.StartsWith("표제 하나\n\n이것은", passages[0].Text, StringComparison.Ordinal);
        Assert.True(passages.Min(p => Tokens(p.Text)) * 1.3 > passages.Max(p => Tokens(p.Text)));
    }

    [Fact]
    public void Rows_of_a_table_stay_whole_in_chunks_and_passages()
    {
        var rows = Enumerable.Range(1, 120).Select(n => $"품목 {n} | 길고 자세한 설명이 적힌 칸이다. 문장이 둘이다. | {n * 1_000:N0}원").ToList();
        var document = DocumentBuilder.Collect([BlockPart.Paragraph(Sentences(3)), Table(rows.Select(row => row.Split(" | ")))], "표.txt");
        var passages = Chunker.Split(document);
        AssertCovers(document, passages);
        Assert.True(passages.Count > 1);
        var chunks = passages.SelectMany(p => p.Chunks.Select(c => p.Text.Substring(c.Start, c.Length))).ToList();
        Assert.Equal(rows, chunks.SelectMany(chunk => chunk.Split('\n')).Where(line => line.Contains('|', StringComparison.Ordinal)));
    }

    [Fact]
    public void A_row_too_long_for_a_chunk_is_cut_between_its_cells()
    {
        string[] cells = [.. Enumerable.Range(1, 40).Select(n => $"칸 {n}, 쉼표가 있는 칸")];
        var passage = Assert.Single(Chunker.Split(DocumentBuilder.Collect([Table([cells])], "표.txt")));
        Assert.True(passage.Chunks.Count > 1);
        Assert.All(passage.Chunks.SkipLast(1), c => Assert.EndsWith("|", passage.Text.Substring(c.Start, c.Length), StringComparison.Ordinal));
    }

    private static BlockPart Table(IEnumerable<string[]> rows)
    {
        var table = new TableRows();
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new TableCell(cell))]);
        }

        return table.End()!;
    }

    [Fact]
    public void Every_passage_of_KorQuAD_is_cut_within_the_limits()
    {
        var file = SharedFile("data/korquad/KorQuAD_v1.0_dev.json");
        Assert.SkipUnless(File.Exists(file), "KorQuAD lies in ../shared/data, which is not here.");
        using var korquad = JsonDocument.Parse(File.ReadAllText(file));
        foreach (var article in korquad.RootElement.GetProperty("data").EnumerateArray())
        {
            foreach (var paragraph in article.GetProperty("paragraphs").EnumerateArray())
            {
                var text = article.GetProperty("title").GetString() + "\n\n" + paragraph.GetProperty("context").GetString();
                var document = DocumentReader.ReadFile(Encoding.UTF8.GetBytes(text), "a.txt");
                AssertCovers(document, Chunker.Split(document));
            }
        }
    }

    private static void AssertCovers(DocumentText document, List<NewPassage> passages)
    {
        var at = 0;
        foreach (var passage in passages)
        {
            Assert.True(document.Text.AsSpan(at, passage.Start - at).IsWhiteSpace());
            Assert.Equal(document.Text.Substring(passage.Start, passage.Text.Length), passage.Text);
            Assert.InRange(Tokens(passage.Text), 1, Chunker.PassageTokensMax);
            AssertCovers(passage);
            Assert.All(passage.Chunks, c => Assert.InRange(Tokens(Chunker.Titled(passage.Title, passage.Heading, passage.Text.AsSpan(c.Start, c.Length))), 1, Chunker.WindowTokensDefault - EncoderTokens));
            at = passage.Start + passage.Text.Length;
        }

        Assert.True(document.Text.AsSpan(at).IsWhiteSpace());
    }

    private static void AssertCovers(NewPassage passage)
    {
        var at = 0;
        foreach (var chunk in passage.Chunks)
        {
            Assert.True(passage.Text.AsSpan(at, chunk.Start - at).IsWhiteSpace());
            var text = passage.Text.Substring(chunk.Start, chunk.Length);
            Assert.Equal(text.Trim(), text);
            Assert.InRange(Tokens(text), 1, Chunker.ChunkTokensMax);
            at = chunk.Start + chunk.Length;
        }

        Assert.Equal(passage.Text.Length, at);
    }

    /// <summary>A stand-in for the encoder's tokenizer: two characters of a word make one token.</summary>
    private static int Tokens(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Sum(w => (w.Length + 1) / 2);

    private static string Sentences(int count) => string.Join(' ', Enumerable.Range(1, count).Select(n => $"이것은 {n}번째로 적어 둔 시험용 문장이다."));

    private static string Sections(string mark, int count, int sentences) =>
        string.Concat(Enumerable.Range(1, count).Select(n => $"{mark} 절 {n}\n\n{Sentences(sentences)}\n\n"));

    private static string SharedFile(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pybo.csproj")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.Parent?.FullName ?? "", "shared", path);
    }
}
