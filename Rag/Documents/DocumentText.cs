using Pybo.Data;

namespace Pybo.Rag.Documents;

/// <summary>A document as plain text: the text that is shown, searched and cited. All offsets are UTF-16 indexes into <paramref name="Text"/>.</summary>
/// <param name="Title">Never empty, one line, at most <see cref="DocumentReader.TitleCharactersMax"/> characters.</param>
/// <param name="Text">NFC; lines end with <c>\n</c>, paragraphs are separated by one blank line; no control characters but tab.</param>
/// <param name="Sections">In order; together they cover the whole text, without gap or overlap. Empty for an empty text.</param>
/// <param name="Pages">In order; together they cover the whole text. Empty for a format without pages.</param>
/// <param name="Warnings">The things that could not be read.</param>
/// <param name="Truncated">True if the text stops before the document does.</param>
public sealed record DocumentText(
    string Title, string Text, IReadOnlyList<Section> Sections, IReadOnlyList<PageText> Pages, IReadOnlyList<Notice> Warnings, bool Truncated)
{
    /// <summary>The <see cref="DocumentFormat.Name"/> of the reader that recognised it; null for a text that no reader read.</summary>
    public string? Format { get; init; }
}

/// <summary>A heading with the text up to the next heading; the range begins with the heading itself.</summary>
/// <param name="Heading">Null for text before the first heading.</param>
/// <param name="Level">1 to 6, 0 for text before the first heading.</param>
public sealed record Section(string? Heading, int Level, int Start, int Length);

/// <summary>A page and the positions of its lines.</summary>
/// <param name="Number">Counted from 1 in document order.</param>
/// <param name="Width">In points, as it is displayed; 0 if the format does not say.</param>
/// <param name="Lines">In the order of the text; empty if the format has no positions.</param>
public sealed record PageText(int Number, int Start, int Length, float Width, float Height, IReadOnlyList<PlacedLine> Lines)
{
    /// <summary>True if it shows something but has no text.</summary>
    public bool IsPicture { get; init; }

    /// <summary>By how many quarters, clockwise, its picture must be turned to be upright.</summary>
    public int QuarterTurns { get; init; }
}

/// <summary>A document that cannot be read, with the reason for the person who uploaded it.</summary>
public sealed class DocumentUnreadableException(Notice notice, Exception? inner = null) : Exception(notice.ToString(), inner)
{
    public Notice Notice => notice;
}
