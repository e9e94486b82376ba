using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Pybo.Data;
using Pybo.Rag.Documents.MarkdownParsing;

namespace Pybo.Rag.Documents;

/// <summary>Converts markdown to plain text: headings make the sections, lists and code keep their lines, links their words and addresses, images their description; HTML is read as on a page.</summary>
public sealed class MarkdownReader : DocumentReader
{
    /// <summary>The parser needs a second or two for the worst text that <see cref="BoundedMarkdown"/> accepts.</summary>
    public const int BytesMax = 2_000_000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UseYamlFrontMatter().UseEmphasisExtras().UseTaskLists().BuildBounded();

    public override DocumentFormat Format { get; } = new(StoredWords.MarkdownFormat, "text/markdown", [".md", ".markdown"]);

    /// <summary>Markdown is text, so only the name shows the format.</summary>
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
            yield return new WarningPart(Notice.Of(ReadingProblem.LostCharacters, faults));
        }

        foreach (var part in Parts(markdown, showsHtml: false))
        {
            yield return part;
        }
    }

    /// <summary>Reads markdown that is already decoded, such as a post's body.</summary>
    /// <param name="markdown">At most <see cref="BytesMax"/> characters.</param>
    /// <param name="fileName">Gives the title if the text has none; a post's title works well.</param>
    /// <exception cref="DocumentUnreadableException">Too large, too complex or nested too deep for the parser.</exception>
    public static DocumentText Read(string markdown, string fileName) => DocumentBuilder.Collect(Parts(markdown, showsHtml: true), fileName);

    private static IEnumerable<DocumentPart> Parts(string markdown, bool showsHtml)
    {
        var tree = Parse(markdown);
        if (FrontMatterTitle(tree) is { } title)
        {
            yield return new TitlePart(title);
        }

        foreach (var block in MarkdownText.Blocks(tree, showsHtml))
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

        try
        {
            return BoundedMarkdown.Parse(markdown, Pipeline);
        }
        catch (MarkdownRefusedException refused)
        {
            throw new DocumentUnreadableException(refused.Fault switch
            {
                MarkdownFault.Deep => Notice.Of(ReadingProblem.MarkdownDeep),
                MarkdownFault.LargeTable => Notice.Of(ReadingProblem.MarkdownTable),
                _ => Notice.Of(ReadingProblem.MarkdownComplex),
            }, refused);
        }
    }

    /// <summary>Returns the <c>title:</c> line of the YAML block at the top; the rest of the YAML is ignored.</summary>
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

    private static DocumentUnreadableException TooLarge() => new(Notice.Of(ReadingProblem.MarkdownTooLarge, BytesMax / 1_000_000));
}
