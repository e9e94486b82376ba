using Pybo.Data;

namespace Pybo.Rag.Documents;

/// <summary>What a reader finds, piece by piece, in reading order; <see cref="DocumentBuilder"/> makes a <see cref="DocumentText"/> of them.</summary>
/// <remarks>A reader yields parts as soon as it has them: of a document that is broken, or that takes too long, what was read so far is kept.</remarks>
public abstract record DocumentPart;

/// <summary>A name that the document gives itself (its metadata, its title field). The first one that is not empty counts; none after the first heading is needed.</summary>
public sealed record TitlePart(string Text) : DocumentPart;

/// <summary>A page begins: all that follows stands on it. Formats without pages have none.</summary>
/// <param name="Width">In points, as the page is displayed (its rotation applied); 0 where the format does not say.</param>
/// <param name="Height">In points.</param>
public sealed record PagePart(float Width = 0, float Height = 0) : DocumentPart;

/// <summary>A heading, a paragraph, a list item or a table.</summary>
/// <param name="Level">1 to 6 for a heading, 0 for everything else.</param>
/// <param name="Lines">Put one after the other as they are: what separates two of them (a space, a line feed, nothing after a hyphen) ends the first.</param>
/// <param name="Break">What stands between this block and the one before it.</param>
public sealed record BlockPart(int Level, IReadOnlyList<TextLine> Lines, BlockBreak Break = BlockBreak.Paragraph) : DocumentPart
{
    /// <summary>Between the cells of a table's row.</summary>
    public const string CellSeparator = " | ";

    public static BlockPart Heading(int level, string text) => new(Math.Clamp(level, 1, 6), [new(text)]);

    public static BlockPart Paragraph(string text, BlockBreak separator = BlockBreak.Paragraph) => new(0, [new(text)], separator);

    /// <summary>A table as readable rows, one a line; white space in a cell becomes one space, rows without words are left out.</summary>
    public static BlockPart Table(IEnumerable<IEnumerable<string>> rows) =>
        new(0, [.. rows.Select(Row).Where(row => row.Length > 0).Select(row => new TextLine(row + "\n"))]);

    private static string Row(IEnumerable<string> cells)
    {
        var words = cells.Select(cell => string.Join(' ', cell.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        return words.Exists(cell => cell.Length > 0) ? string.Join(CellSeparator, words) : "";
    }
}

/// <summary>Something that could not be read, for the person who uploaded the file.</summary>
public sealed record WarningPart(Notice Notice) : DocumentPart;

/// <summary>The reader stops here although the document goes on, with the reason.</summary>
public sealed record TruncatedPart(Notice Reason) : DocumentPart;

/// <summary>What stands between two blocks.</summary>
public enum BlockBreak
{
    /// <summary>A blank line.</summary>
    Paragraph,

    /// <summary>A line feed: items of a list.</summary>
    Line,

    /// <summary>A space: a paragraph that goes on after a page's end.</summary>
    Space,

    /// <summary>Nothing: a word that goes on.</summary>
    None,
}

/// <summary>A stretch of text, and where it stands on its page.</summary>
public readonly record struct TextLine(string Text, LineBox? Box = null);

/// <summary>A rectangle on a page in points, from the upper left corner of the page as it is displayed.</summary>
public readonly record struct LineBox(float X, float Y, float Width, float Height);
