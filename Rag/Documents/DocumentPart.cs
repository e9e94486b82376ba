using Pybo.Data;

namespace Pybo.Rag.Documents;

/// <summary>A piece of a document, yielded in reading order; <see cref="DocumentBuilder"/> combines the pieces into a <see cref="DocumentText"/>.</summary>
/// <remarks>A reader yields parts as soon as it has them: if a document is broken or takes too long, the text read so far is kept.</remarks>
public abstract record DocumentPart;

/// <summary>The kind of document: the <see cref="DocumentFormat.Name"/> of the reader that recognised it. Yielded first.</summary>
public sealed record FormatPart(string Name) : DocumentPart;

/// <summary>A name that the document gives itself (its metadata, its title field). The first non-empty one counts; none is needed after the first heading.</summary>
public sealed record TitlePart(string Text) : DocumentPart;

/// <summary>A page begins: everything that follows is on it. Formats without pages have none.</summary>
/// <param name="Width">In points, as the page is displayed (its rotation applied); 0 if the format does not say.</param>
/// <param name="Height">In points.</param>
/// <param name="IsPicture">True if it shows something but has no text: what it shows may be recognised.</param>
/// <param name="QuarterTurns">By how many quarters, clockwise, its picture must be turned to be upright, 0 to 3.</param>
public sealed record PagePart(float Width = 0, float Height = 0, bool IsPicture = false, int QuarterTurns = 0) : DocumentPart;

/// <summary>A heading, a paragraph, a list item or a table.</summary>
/// <param name="Level">1 to 6 for a heading, 0 for everything else.</param>
/// <param name="Lines">Concatenated as they are: the first of two lines ends with their separator (a space, a line feed, nothing after a hyphen).</param>
/// <param name="Break">The separator between this block and the previous one.</param>
public sealed record BlockPart(int Level, IReadOnlyList<TextLine> Lines, BlockBreak Break = BlockBreak.Paragraph) : DocumentPart
{
    /// <summary>Between the cells of a table's row.</summary>
    public const string CellSeparator = " | ";

    public static BlockPart Heading(int level, string text) => new(Math.Clamp(level, 1, 6), [new(text)]);

    public static BlockPart Paragraph(string text, BlockBreak separator = BlockBreak.Paragraph) => new(0, [new(text)], separator);
}

/// <summary>Something that could not be read, for the person who uploaded the file.</summary>
public sealed record WarningPart(Notice Notice) : DocumentPart;

/// <summary>The reader stops here although the document continues, with the reason.</summary>
public sealed record TruncatedPart(Notice Reason) : DocumentPart;

/// <summary>The separator between two blocks.</summary>
public enum BlockBreak
{
    /// <summary>A blank line.</summary>
    Paragraph,

    /// <summary>A line feed: items of a list.</summary>
    Line,

    /// <summary>A space: a paragraph that continues after a page's end.</summary>
    Space,

    /// <summary>Nothing: a word that continues.</summary>
    None,
}

/// <summary>A stretch of text and its position on the page.</summary>
public readonly record struct TextLine(string Text, PageBox? Box = null);
