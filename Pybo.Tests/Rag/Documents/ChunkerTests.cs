using System.Text;
using System.Text.Json;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Documents;

public sealed class ChunkerTests
{
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
    public void A_long_text_is_cut_between_paragraphs_into_passages_of_like_length()
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
    public void A_short_post_is_one_passage_whatever_its_headings()
    {
        var passage = Assert.Single(Chunker.SplitPost("  질문\n제목 ", "안녕하세요.\n\n# 환경\n\n리눅스입니다.\n\n# 증상\n\n`dotnet run`이 **멈춥니다**."));
        Assert.Equal("질문 제목", passage.Title);
        Assert.Null(passage.Heading);
        Assert.Equal("안녕하세요.\n\n환경\n\n리눅스입니다.\n\n증상\n\ndotnet run이 멈춥니다.", passage.Text);
    }

    [Fact]
    public void A_post_without_words_is_its_title()
    {
        var passage = Assert.Single(Chunker.SplitPost("그림 질문", "![](a.png)"));
        Assert.Equal("그림 질문", passage.Text);
        Assert.Equal([new ChunkDraft(0, 5)], passage.Chunks);
        Assert.Empty(Chunker.SplitPost(" ", "\n"));
        Assert.Empty(Chunker.Split(MarkdownReader.Read("", "글")));
    }

    [Fact]
    public void A_chunk_is_embedded_with_its_title_cut_to_a_share_of_the_window()
    {
        Assert.Equal("제목: 본문", Chunker.Titled("제목", "본문"));
        Assert.Equal("본문", Chunker.Titled("", "본문"));
        var title = Chunker.Titled(string.Join(' ', Enumerable.Repeat("단어", 100)), "본문");
        Assert.InRange(Tokens(title), 10, Chunker.TitleTokensMax + 4);
        Assert.EndsWith(": 본문", title, StringComparison.Ordinal);
        Assert.InRange(Tokens(Chunker.Titled(new string('가', 500), "본문")), 5, Chunker.TitleTokensMax + 4);
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

    private static void AssertCovers(DocumentText document, List<PassageDraft> passages)
    {
        var at = 0;
        foreach (var passage in passages)
        {
            Assert.True(document.Text.AsSpan(at, passage.Start - at).IsWhiteSpace());
            Assert.Equal(document.Text.Substring(passage.Start, passage.Text.Length), passage.Text);
            Assert.InRange(Tokens(passage.Text), 1, Chunker.PassageTokensMax);
            AssertCovers(passage);
            at = passage.Start + passage.Text.Length;
        }

        Assert.True(document.Text.AsSpan(at).IsWhiteSpace());
    }

    private static void AssertCovers(PassageDraft passage)
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

    /// <summary>A stand-in for the encoder's tokenizer: two characters of a word are one token.</summary>
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
