using Pybo.Data;
using Pybo.Rag.Documents;

namespace Pybo.Rag.Passages;

/// <summary>Splits text into passages, the units of word search and display, and those into chunks, which are embedded.</summary>
/// <remarks>
/// A passage is a section with its subsections if they fit; a longer section is cut between paragraphs, and only an overlong
/// paragraph is cut between sentences. The sizes are measured: docs/decisions/0010-passages.md.
/// </remarks>
/// <param name="countTokens">Tokens of a text without special tokens, as the encoder counts them.</param>
/// <param name="windowTokens">The encoder's limit for one text, title, prefix and special tokens included.</param>
/// <param name="passageTokens">The target length of a passage with several paragraphs.</param>
/// <param name="chunkTokens">A chunk is closed before the sentence that would make it longer than this.</param>
public sealed class Chunker(
    Func<string, int> countTokens, int windowTokens = Chunker.WindowTokensDefault, int passageTokens = Chunker.PassageTokensTarget, int chunkTokens = Chunker.ChunkTokensTarget)
{
    public const int PassageTokensTarget = 350;

    /// <summary>The limit for a whole section or a single long paragraph.</summary>
    public const int PassageTokensMax = 500;

    /// <summary>A passage is not closed below this size, and a shorter remainder joins another: a caption, a heading's first line.</summary>
    public const int PassageTokensMin = 64;

    public const int ChunkTokensTarget = 64;

    /// <summary>A single long sentence, or a short remainder, may fill a chunk up to this.</summary>
    public const int ChunkTokensMax = 96;

    public const int WindowTokensDefault = 128;

    /// <summary>Longer titles and headings are cut before a chunk is embedded, so that the text keeps most of the window.</summary>
    public const int TitleTokensMax = 24;

    /// <summary>Special tokens, a model's prefix such as <c>passage:</c>, and the colon after the title.</summary>
    private const int ReservedTokens = 8;

    /// <summary>A shorter remainder joins the previous chunk if that stays within the maximum.</summary>
    private const int ChunkTokensMin = 24;

    private readonly int chunkTokensMax = Math.Min(ChunkTokensMax, windowTokens - TitleTokensMax - ReservedTokens) is > ChunkTokensMin and var tokens
        ? tokens
        : throw new ArgumentOutOfRangeException(nameof(windowTokens), windowTokens, "The window leaves no room for text beside the title.");

    /// <summary>Estimates tokens for a site without an encoder: Korean text has about two characters per token.</summary>
    public static int ApproximateTokens(string text) => (text.Length + 1) / 2;

    /// <summary>Returns the passages of a document.</summary>
    public List<NewPassage> Split(DocumentText document)
    {
        var passages = new List<NewPassage>();
        foreach (var group in SectionGroups.Of(document, PassageTokensMax, countTokens))
        {
            foreach (var stretch in Stretches(document.Text, group.Range))
            {
                var text = document.Text.Substring(stretch.Start, stretch.Length);
                passages.Add(new(document.Title, group.Heading, text, stretch.Start, Chunks(text)));
            }
        }

        return passages;
    }

    /// <summary>Returns the passages of a post: its body under the question's title. A body without words is found by its title alone.</summary>
    /// <param name="title">The question's title.</param>
    /// <param name="markdown">The body.</param>
    /// <param name="tags">The question's tags, which become the outermost heading; empty without any.</param>
    /// <exception cref="DocumentUnreadableException">The markdown is too large or nested too deep.</exception>
    public List<NewPassage> SplitPost(string title, string markdown, string tags = "")
    {
        var oneLine = TextNormalizer.OneLine(title, DocumentReader.TitleCharactersMax);
        var passages = Split(MarkdownReader.Read(markdown, oneLine) with { Title = oneLine });
        passages = passages.Count > 0 || oneLine.Length == 0 ? passages : [new(oneLine, null, oneLine, 0, Chunks(oneLine))];
        return tags.Length == 0 ? passages : passages.ConvertAll(p => p with { Heading = p.Heading is null ? tags : $"{tags}{Passage.HeadingSeparator}{p.Heading}" });
    }

    /// <summary>Returns the text to embed for a chunk: the title and headings, cut to <see cref="TitleTokensMax"/> tokens, a colon and the text, Hanja as it is read.</summary>
    /// <remarks>A long path drops its outer headings first: the title names the document's subject, the innermost heading the chunk's.</remarks>
    public string Titled(string title, string? heading, ReadOnlySpan<char> chunk)
    {
        var below = heading ?? "";
        while (countTokens($"{title} {below}") > TitleTokensMax && SectionGroups.WithoutOutermost(below) is { } inner)
        {
            below = inner;
        }

        below = Cut(below, Math.Max(TitleTokensMax / 2, TitleTokensMax - countTokens(title)));
        var words = $"{Cut(title, TitleTokensMax - countTokens(below))} {below}".Trim();
        return HanjaReadings.ReadMixed(words.Length == 0 ? chunk.ToString() : $"{words}: {chunk}");
    }

    private string Cut(string words, int tokensMax)
    {
        while (words.Length > 0 && countTokens(words) > tokensMax)
        {
            var space = words.LastIndexOf(' ');
            words = words.Cut(space > 0 ? space : words.Length / 2);
        }

        return words;
    }

    /// <summary>Returns the passages of a section: the whole section if it fits.</summary>
    private List<TextRange> Stretches(string text, TextRange range)
    {
        var pieces = Pieces(text.Substring(range.Start, range.Length));
        return [.. PassageCuts.Of(pieces, passageTokens).Select(cut => Joined(pieces, cut.First, cut.End, range.Start))];
    }

    /// <summary>Returns the chunks of an existing passage, for a model that has none of it yet.</summary>
    public List<NewChunk> Chunks(string text)
    {
        var pieces = Pieces(text);
        var chunks = new List<(int First, int End)>();
        for (var first = 0; first < pieces.Count;)
        {
            var end = first + 1;
            while (end < pieces.Count && Tokens(text, pieces, first, end + 1) is var grown
                && (grown <= Math.Min(chunkTokens, chunkTokensMax) || (grown <= chunkTokensMax && Tokens(text, pieces, first, end) < ChunkTokensMin)))
            {
                end++;
            }

            var isRest = chunks.Count > 0 && Tokens(text, pieces, first, end) < ChunkTokensMin;
            if (isRest && Tokens(text, pieces, chunks[^1].First, end) <= chunkTokensMax)
            {
                chunks[^1] = (chunks[^1].First, end);
            }
            else
            {
                chunks.Add((first, end));
            }

            first = end;
        }

        return [.. chunks.Select(c => Joined(pieces, c.First, c.End, 0)).Select(r => new NewChunk(r.Start, r.Length))];
    }

    private int Tokens(string text, List<Piece> pieces, int first, int end)
    {
        var range = Joined(pieces, first, end, 0);
        return countTokens(text.Substring(range.Start, range.Length));
    }

    private static TextRange Joined(List<Piece> pieces, int first, int end, int offset)
    {
        var start = pieces[first].Range.Start;
        return new(start + offset, pieces[end - 1].Range.End - start);
    }

    /// <summary>Returns the sentences of a text with their token counts, each short enough for a chunk.</summary>
    private List<Piece> Pieces(string text)
    {
        var pieces = new List<Piece>();
        var before = 0;
        foreach (var sentence in SentenceSplitter.Split(text))
        {
            var startsParagraph = text.AsSpan(before, sentence.Start - before).Contains("\n\n", StringComparison.Ordinal);
            AddHalved(pieces, text, sentence, startsParagraph);
            before = sentence.End;
        }

        return pieces;
    }

    /// <summary>Halves a sentence near its middle until it fits: after a table cell, otherwise at a clause mark, then a space, then anywhere.</summary>
    private void AddHalved(List<Piece> pieces, string text, TextRange range, bool startsParagraph)
    {
        var tokens = countTokens(text.Substring(range.Start, range.Length));
        if (tokens <= chunkTokensMax || range.Length <= 1)
        {
            pieces.Add(new(range, tokens, startsParagraph));
            return;
        }

        var cut = range.Start + Middle(text.AsSpan(range.Start, range.Length));
        var left = text.AsSpan(range.Start, cut - range.Start).TrimEnd().Length;
        while (char.IsWhiteSpace(text[cut]))
        {
            cut++;
        }

        AddHalved(pieces, text, new(range.Start, left), startsParagraph);
        AddHalved(pieces, text, new(cut, range.End - cut), startsParagraph: false);
    }

    private static int Middle(ReadOnlySpan<char> sentence)
    {
        var quarter = sentence.Length / 4;
        var window = sentence[quarter..^quarter];
        foreach (var marks in (ReadOnlySpan<string>)["|", ",;:、，；：\n", " \t"])
        {
            var (best, middle) = (-1, window.Length / 2);
            for (var at = 0; at < window.Length; at++)
            {
                best = marks.Contains(window[at], StringComparison.Ordinal) && (best < 0 || Math.Abs(at - middle) < Math.Abs(best - middle)) ? at : best;
            }

            if (best >= 0 && best + quarter + 1 < sentence.Length)
            {
                return best + quarter + 1;
            }
        }

        var half = sentence.Length / 2;
        return char.IsLowSurrogate(sentence[half]) && half + 1 < sentence.Length ? half + 1 : half;
    }
}
