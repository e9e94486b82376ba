using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Documents;

/// <summary>Collects the parts of a document into its text, in one shape for all formats: normalised, within its limits, with correct offsets.</summary>
public sealed class DocumentBuilder
{
    /// <summary>A longer page is cut here.</summary>
    public const int PageCharactersMax = 4_000_000;

    public const int PagesMax = 5_000;

    /// <summary>A person does not read more warnings than this.</summary>
    public const int WarningsMax = 20;

    private readonly StringBuilder text = new();
    private readonly List<(string Heading, int Level, int Start)> headings = [];
    private readonly List<(PagePart Page, int Start, List<PlacedLine> Lines)> pages = [];
    private readonly List<Notice> warnings = [];
    private string? title;
    private string? format;
    private bool isPageFull;
    private bool truncated;
    private string? unit;

    /// <summary>True once no further text is accepted: reading on is pointless.</summary>
    public bool IsFull { get; private set; }

    /// <summary>True while there is no text yet.</summary>
    public bool IsEmpty => text.Length == 0;

    /// <summary>Builds the document from all parts; if reading breaks off partway, the text so far is kept.</summary>
    /// <exception cref="DocumentUnreadableException">The document cannot be read at all.</exception>
    public static DocumentText Collect(IEnumerable<DocumentPart> parts, string fileName)
    {
        var builder = new DocumentBuilder();
        try
        {
            foreach (var part in parts)
            {
                builder.Add(part);
                if (builder.IsFull)
                {
                    break;
                }
            }
        }
        catch (DocumentUnreadableException broken) when (!builder.IsEmpty)
        {
            builder.Truncate(broken.Notice);
        }

        return builder.Build(fileName);
    }

    public void Add(DocumentPart part)
    {
        switch (part)
        {
            case FormatPart { Name: var name }:
                format = name;
                break;
            case TitlePart { Text: var name }:
                title = string.IsNullOrWhiteSpace(title) ? name : title;
                break;
            case PagePart when pages.Count == PagesMax:
                Truncate(Notice.Of(ReadingProblem.TooManyPages, PagesMax));
                IsFull = true;
                break;
            case PagePart page:
                pages.Add((page, text.Length, []));
                isPageFull = false;
                break;
            case BlockPart block:
                AddBlock(block);
                break;
            case WarningPart warning:
                Warn(warning.Notice);
                break;
            case TruncatedPart end:
                Truncate(end.Reason);
                break;
        }
    }

    /// <summary>Marks the document as cut, with the reason.</summary>
    public void Truncate(Notice reason)
    {
        truncated = true;
        Warn(reason);
    }

    /// <param name="fileName">Gives the title if nothing in the document does.</param>
    public DocumentText Build(string fileName)
    {
        while (text.Length > 0 && char.IsWhiteSpace(text[text.Length - 1]))
        {
            text.Length--;
        }

        if (text.Length == 0 && warnings.Count == 0)
        {
            Warn(Notice.Of(ReadingProblem.NoText));
        }

        var firstHeading = headings.FirstOrDefault(h => h.Level == 1).Heading;
        return new(DocumentReader.TitleOf(fileName, title, firstHeading), text.ToString(), Sections(), Pages(), warnings, truncated) { Format = format };
    }

    private void AddBlock(BlockPart block)
    {
        if (IsFull || isPageFull)
        {
            return;
        }

        if (block.Level > 0 && block.Lines.Sum(line => (long)line.Text.Length) > DocumentReader.TitleCharactersMax)
        {
            // No real heading is this long, and cutting it to one would lose text.
            block = block with { Level = 0 };
        }

        var isTable = block.Lines is [var row, ..] && TableRow.IsRow(row.Text);
        unit = block.Level == 0 && block.Lines is [{ Text: var above }] && !isTable ? TableUnit.FieldOf(above.AsSpan().Trim()) : isTable ? unit : null;
        var (before, start) = (text.Length, -1);
        var pageStart = pages.Count > 0 ? pages[^1].Start : 0;
        var separator = "";
        foreach (var line in block.Lines)
        {
            var words = TextNormalizer.Normalize(line.Text);
            if (block.Level > 0)
            {
                words = TextNormalizer.OneLine(words, DocumentReader.TitleCharactersMax);
            }

            if (words.Length > 0)
            {
                if (start < 0)
                {
                    start = Separate(block.Level > 0 ? BlockBreak.Paragraph : block.Break);
                }
                else
                {
                    text.Append(separator);
                }

                separator = "";
                Append(isTable ? TableUnit.With(words, unit) : words, line.Box, pageStart);
            }

            separator = Longer(separator, Separator(line.Text, block.Level > 0));
            if (IsFull || isPageFull)
            {
                break;
            }
        }

        if (start == text.Length)
        {
            // There was no room for its first character, so its separator is removed too.
            text.Length = before;
            return;
        }

        if (block.Level > 0 && start >= 0)
        {
            headings.Add((TextNormalizer.OneLine(text.ToString(start, text.Length - start), DocumentReader.TitleCharactersMax), block.Level, start));
        }
    }

    private void Append(string words, PageBox? box, int pageStart)
    {
        var pageRoom = pages.Count > 0 ? PageCharactersMax - (text.Length - pageStart) : DocumentReader.CharactersMax;
        var room = Math.Min(DocumentReader.CharactersMax - text.Length, pageRoom);
        if (words.Length > room)
        {
            words = words.Cut(Math.Max(0, room));
            IsFull = DocumentReader.CharactersMax - text.Length - words.Length <= 1;
            isPageFull = !IsFull;
            Truncate(IsFull ? Notice.Of(ReadingProblem.TextTooLong, DocumentReader.CharactersMax) : Notice.Of(ReadingProblem.PageTooLong, PageCharactersMax));
        }

        if (box is { } place && pages.Count > 0 && words.Length > 0)
        {
            pages[^1].Lines.Add(new(text.Length, words.Length, place));
        }

        text.Append(words);
    }

    /// <summary>Ends the previous block; returns the start of the next one.</summary>
    private int Separate(BlockBreak separator)
    {
        if (text.Length > 0)
        {
            text.Append(separator switch { BlockBreak.Line => "\n", BlockBreak.Space => " ", BlockBreak.None => "", _ => "\n\n" });
        }

        return text.Length;
    }

    /// <summary>Returns the separator that a line ends with: a line feed, a space or nothing.</summary>
    private static string Separator(string line, bool isHeading)
    {
        var end = line.AsSpan()[line.AsSpan().TrimEnd().Length..];
        return end.IsEmpty ? "" : !isHeading && end.ContainsAny('\n', '\r') ? "\n" : " ";
    }

    private static string Longer(string first, string second) => first == "\n" || second.Length == 0 ? first : second;

    private void Warn(Notice warning)
    {
        if (warnings.Count < WarningsMax && !warnings.Contains(warning))
        {
            warnings.Add(warning);
        }
    }

    private List<Section> Sections()
    {
        var sections = new List<Section>();
        var first = headings.Count > 0 ? headings[0].Start : text.Length;
        if (first > 0)
        {
            sections.Add(new(null, 0, 0, first));
        }

        for (var at = 0; at < headings.Count; at++)
        {
            var (heading, level, start) = headings[at];
            var end = at + 1 < headings.Count ? headings[at + 1].Start : text.Length;
            sections.Add(new(heading, level, start, end - start));
        }

        return sections;
    }

    private List<PageText> Pages()
    {
        var read = new List<PageText>();
        for (var at = 0; at < pages.Count; at++)
        {
            var (page, start, lines) = pages[at];
            // The text before the first page, if a reader has any, belongs to that page.
            start = at == 0 ? 0 : Math.Min(start, text.Length);
            var end = at + 1 < pages.Count ? Math.Min(pages[at + 1].Start, text.Length) : text.Length;
            read.Add(new(at + 1, start, end - start, page.Width, page.Height, lines) { IsPicture = page.IsPicture, QuarterTurns = page.QuarterTurns });
        }

        return read;
    }
}
