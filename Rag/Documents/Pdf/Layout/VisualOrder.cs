namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>
/// Reorders text from its visual order, left to right, to the order in which it is read and searched. A line with more Hebrew or Arabic than
/// other letters is read from the right, its Latin words and numbers from the left; in any other line only its Hebrew and Arabic runs are reversed.
/// </summary>
/// <remarks>This reverses the Unicode bidirectional algorithm (UAX #9) for one level of embedding. A page has no marks for deeper levels.</remarks>
internal static class VisualOrder
{
    private enum Direction
    {
        Neutral,
        Left,
        Right,
        Number,

        /// <summary>Between cells, which follow each other in the line's direction.</summary>
        Cell,
    }

    /// <summary>True for a letter that is written from right to left.</summary>
    public static bool IsRightToLeft(string letter) => Of(letter[0]) == Direction.Right;

    /// <summary>Returns the pieces of a line (letters and separators) in reading order.</summary>
    /// <param name="visual">The pieces in visual order, from left to right.</param>
    /// <param name="isRightToLeft">True if the line begins on the right.</param>
    public static List<string> Logical(List<string> visual, out bool isRightToLeft)
    {
        var directions = visual.ConvertAll(piece => Of(piece[0])).ToArray();
        isRightToLeft = directions.Count(d => d == Direction.Right) >= directions.Count(d => d == Direction.Left);
        var order = new int[visual.Count];
        for (var at = 0; at < order.Length; at++)
        {
            order[at] = isRightToLeft ? order.Length - 1 - at : at;
        }

        Turn(order, directions, isRightToLeft);
        return [.. order.Select(at => visual[at])];
    }

    /// <summary>Reverses the runs against the line's direction: from a letter to the last one with only similar letters and neutral marks between.</summary>
    private static void Turn(int[] order, Direction[] directions, bool isRightToLeft)
    {
        for (var at = 0; at < order.Length; at++)
        {
            if (!IsAgainst(directions[order[at]], isRightToLeft))
            {
                continue;
            }

            var last = at;
            for (var end = at + 1; end < order.Length && (directions[order[end]] == Direction.Neutral || IsAgainst(directions[order[end]], isRightToLeft)); end++)
            {
                last = directions[order[end]] == Direction.Neutral ? last : end;
            }

            Array.Reverse(order, at, last - at + 1);
            if (!isRightToLeft)
            {
                TurnNumbers(order, directions, at, last);
            }

            at = last;
        }
    }

    /// <summary>Restores numbers inside a reversed run to left-to-right order.</summary>
    private static void TurnNumbers(int[] order, Direction[] directions, int first, int last)
    {
        for (var at = first; at <= last; at++)
        {
            var end = at;
            while (end < last && directions[order[at]] == Direction.Number && directions[order[end + 1]] == Direction.Number)
            {
                end++;
            }

            Array.Reverse(order, at, end - at + 1);
            at = end;
        }
    }

    private static bool IsAgainst(Direction direction, bool isRightToLeft) =>
        isRightToLeft ? direction is Direction.Left or Direction.Number : direction is Direction.Right;

    private static Direction Of(char character) => character switch
    {
        (>= '\u0590' and <= '\u05FF') or (>= '\u0600' and <= '\u065F') or (>= '\u066A' and <= '\u06EF') or (>= '\u06FA' and <= '\u08FF') => Direction.Right,
        (>= '\u0660' and <= '\u0669') or (>= '\u06F0' and <= '\u06F9') => Direction.Number,
        _ when char.IsAsciiDigit(character) => Direction.Number,
        PdfLine.CellSeparator => Direction.Cell,
        _ => char.IsLetter(character) ? Direction.Left : Direction.Neutral,
    };
}
