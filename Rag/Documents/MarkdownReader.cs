using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace Pybo.Rag.Documents;

/// <summary>Markdown to plain text: headings make the sections, lists and code keep their lines, links their words, images their description; HTML loses its tags.</summary>
public sealed class MarkdownReader : DocumentReader
{
    /// <summary>The parser needs seconds for the worst two megabytes.</summary>
    public const int BytesMax = 2_000_000;

    /// <summary>
    /// For each <c>](</c> or <c>]:</c> the parser may read to the end of the paragraph, about 2 ns a character: 200 kB of <c>[a](</c> took 20 s.
    /// This allows some 2 s, or 3,000 links in one list of 300 kB.
    /// </summary>
    private const long LinkWorkMax = 1_000_000_000;

    /// <summary>The parser gives every row of a table as many cells as the widest has: 30 kB made a hundred million.</summary>
    private const long TableCellsMax = 500_000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePipeTables().UseEmphasisExtras().UseTaskLists().Build();

    public override DocumentFormat Format { get; } = new("마크다운", "text/markdown", [".md", ".markdown"]);

    /// <summary>Markdown is text: only the name tells.</summary>
    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) => HasExtension(Format, fileName);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        if (bytes.Length > BytesMax)
        {
            throw TooLarge();
        }

        var (markdown, faults) = TextDecoder.Decode(bytes.Span);
        if (faults > 0)
        {
            yield return new WarningPart($"글자 {faults:N0}개를 읽지 못했습니다.");
        }

        foreach (var part in Parts(markdown))
        {
            yield return part;
        }
    }

    /// <summary>Reads markdown that is text already, such as a post's body.</summary>
    /// <param name="markdown">At most <see cref="BytesMax"/> characters.</param>
    /// <param name="fileName">Gives the title where the text has none; a post's title does well.</param>
    /// <exception cref="DocumentUnreadableException">Too large, or nested too deep for the parser.</exception>
    public static DocumentText Read(string markdown, string fileName) => DocumentBuilder.Collect(Parts(markdown), fileName);

    private static IEnumerable<DocumentPart> Parts(string markdown)
    {
        var tree = Parse(markdown);
        if (FrontMatterTitle(tree) is { } title)
        {
            yield return new TitlePart(title);
        }

        foreach (var block in MarkdownText.Blocks(tree))
        {
            yield return block;
        }
    }

    private static MarkdownDocument Parse(string markdown)
    {
        if (markdown.Length > BytesMax)
        {
            throw TooLarge();
        }

        if (LinkWork(markdown) > LinkWorkMax)
        {
            throw new DocumentUnreadableException("마크다운의 한 문단에 링크가 너무 많아 읽을 수 없습니다.");
        }

        if (TableCells(markdown) > TableCellsMax)
        {
            throw new DocumentUnreadableException("마크다운의 표가 너무 커서 읽을 수 없습니다.");
        }

        try
        {
            return Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException nesting)
        {
            throw new DocumentUnreadableException("마크다운의 인용이나 괄호가 너무 깊이 겹쳐 있어 읽을 수 없습니다.", nesting);
        }
    }

    /// <summary>At least as many cells as the parser makes of the text's tables: lines times columns of the widest, summed over what may be tables.</summary>
    internal static long TableCells(string markdown)
    {
        var (cells, rows, bars) = (0L, 0L, 0L);
        for (var rest = markdown.AsSpan(); !rest.IsEmpty;)
        {
            var line = NextLine(ref rest);
            if (IsBlank(line))
            {
                cells += bars > 0 ? rows * (bars + 1) : 0;
                (rows, bars) = (0, 0);
            }
            else
            {
                (rows, bars) = (rows + 1, Math.Max(bars, line.Count('|')));
            }
        }

        return cells + (bars > 0 ? rows * (bars + 1) : 0);
    }

    /// <summary>Links and link definitions times characters, summed over paragraphs.</summary>
    private static long LinkWork(string markdown)
    {
        var (work, links, characters) = (0L, 0L, 0L);
        for (var rest = markdown.AsSpan(); !rest.IsEmpty;)
        {
            var line = NextLine(ref rest);
            if (IsBlank(line))
            {
                work += links * characters;
                (links, characters) = (0, 0);
            }

            links += line.Count("](") + line.Count("]:");
            characters += line.Length;
        }

        return work + (links * characters);
    }

    /// <summary>Takes a line as the parser does: other characters that end one in Unicode are words to it.</summary>
    private static ReadOnlySpan<char> NextLine(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny('\n', '\r');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + (rest[end..].StartsWith("\r\n") ? 2 : 1))..];
        return line;
    }

    /// <summary>True for a line that ends a paragraph.</summary>
    private static bool IsBlank(ReadOnlySpan<char> line) => line.Trim(" \t").IsEmpty;

    /// <summary>The <c>title:</c> line of the YAML block at the top; the rest of YAML is not read.</summary>
    private static string? FrontMatterTitle(MarkdownDocument tree)
    {
        if (tree.FirstOrDefault() is not YamlFrontMatterBlock front)
        {
            return null;
        }

        for (var at = 0; at < front.Lines.Count; at++)
        {
            var line = front.Lines.Lines[at].Slice.AsSpan();
            if (line.StartsWith("title:", StringComparison.OrdinalIgnoreCase))
            {
                return line["title:".Length..].Trim().Trim("\"'").ToString();
            }
        }

        return null;
    }

    private static DocumentUnreadableException TooLarge() => new($"마크다운 파일이 너무 큽니다. {BytesMax / 1_000_000} MB까지 읽을 수 있습니다.");
}
