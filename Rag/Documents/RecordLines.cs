using System.Collections.Frozen;

namespace Pybo.Rag.Documents;

/// <summary>Tells lines that are records, such as a log's, from the lines of hard-wrapped text: two records one after the other begin alike, or have as many fields.</summary>
internal static class RecordLines
{
    /// <summary>The beginning of a line that is compared.</summary>
    private const int BeginningMax = 64;

    /// <summary>The part of a line in which fields are counted.</summary>
    private const int LineCharactersMax = 2_000;

    /// <summary>A time, a date or a network address has as many figures and signs between them.</summary>
    private const int FiguresMin = 3;
    private const int SignsMin = 2;

    private const int FieldsMin = 3;

    private static readonly FrozenSet<string> Levels = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "trace", "debug", "info", "notice", "warn", "warning", "error", "err", "fatal", "critical", "severe", "verbose");

    /// <summary>Returns true if two lines, one after the other, are records.</summary>
    public static bool AreRecords(ReadOnlySpan<char> line, ReadOnlySpan<char> next)
    {
        line = line[..Math.Min(line.Length, LineCharactersMax)].TrimStart();
        next = next[..Math.Min(next.Length, LineCharactersMax)].TrimStart();
        return BeginAlike(line[..Math.Min(line.Length, BeginningMax)], next[..Math.Min(next.Length, BeginningMax)]) || HaveSameFields(line, next);
    }

    private static bool BeginAlike(ReadOnlySpan<char> line, ReadOnlySpan<char> next)
    {
        if (line is ['{', ..] && next is ['{', ..])
        {
            return true;
        }

        var word = FirstWord(line);
        var nextWord = FirstWord(next);
        return (IsLevel(word) && IsLevel(nextWord)) || AreKeys(word, nextWord) || AreCodes(word, nextWord) || AreNumbers(word, nextWord) || HaveSameTime(line, next);
    }

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> line) => line[..(line.IndexOfAny(" \t,;") is >= 0 and var end ? end : line.Length)];

    private static bool IsLevel(ReadOnlySpan<char> word) => word.Trim("[]<>():|") is { Length: > 2 } name && Levels.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    /// <summary>Returns true for <c>level=info</c> and <c>level=warn</c>.</summary>
    private static bool AreKeys(ReadOnlySpan<char> word, ReadOnlySpan<char> next) => word.IndexOf('=') is > 0 and var equals && next.StartsWith(word[..(equals + 1)]);

    /// <summary>Returns true for <c>M0001</c> and <c>M0002</c>.</summary>
    private static bool AreCodes(ReadOnlySpan<char> word, ReadOnlySpan<char> next)
    {
        Span<char> shape = stackalloc char[BeginningMax];
        Span<char> nextShape = stackalloc char[BeginningMax];
        var own = Shape(word, shape);
        var other = Shape(next, nextShape);
        return own.SequenceEqual(other) && own.Contains('a') && own.Contains('0') && !own.Contains('L');
    }

    /// <summary>Returns true for <c>7</c> and <c>8</c>, with a sign after them or without.</summary>
    private static bool AreNumbers(ReadOnlySpan<char> word, ReadOnlySpan<char> next)
    {
        const int digitsMax = 6;
        return word.Length <= digitsMax && next.Length <= digitsMax && int.TryParse(word, out var number) && int.TryParse(next, out var following) && following == number + 1;
    }

    /// <summary>Returns true if both lines begin with a time, a date or a network address written alike.</summary>
    private static bool HaveSameTime(ReadOnlySpan<char> line, ReadOnlySpan<char> next)
    {
        Span<char> shape = stackalloc char[BeginningMax];
        Span<char> nextShape = stackalloc char[BeginningMax];
        var own = Shape(line, shape);
        var common = own[..own.CommonPrefixLength(Shape(next, nextShape))];
        var (figures, signs) = (0, 0);
        foreach (var sign in common)
        {
            if (sign == 'L')
            {
                break;
            }

            figures += sign == '0' ? 1 : 0;
            signs += sign is not ('0' or 'a' or ' ') ? 1 : 0;
        }

        return figures >= FiguresMin && signs >= SignsMin;
    }

    /// <summary>Writes a run of digits as 0, of Latin letters as a, and of other letters as L.</summary>
    private static ReadOnlySpan<char> Shape(ReadOnlySpan<char> text, Span<char> shape)
    {
        var length = 0;
        foreach (var character in text)
        {
            var kind = char.IsAsciiDigit(character) ? '0' : char.IsAsciiLetter(character) ? 'a' : char.IsLetter(character) ? 'L' : character;
            if (length == 0 || shape[length - 1] != kind || kind is not ('0' or 'a' or 'L'))
            {
                shape[length++] = kind;
            }
        }

        return shape[..length];
    }

    private static bool HaveSameFields(ReadOnlySpan<char> line, ReadOnlySpan<char> next)
    {
        foreach (var separator in (ReadOnlySpan<string>)["\t", ";", " / ", "|"])
        {
            if (line.Count(separator) + 1 is >= FieldsMin and var fields && next.Count(separator) + 1 == fields)
            {
                return true;
            }
        }

        // Between words of a sentence a space follows the comma.
        return line.Count(",") + 1 is >= FieldsMin and var columns && next.Count(",") + 1 == columns && !line.Contains(", ", StringComparison.Ordinal) && !next.Contains(", ", StringComparison.Ordinal);
    }
}
