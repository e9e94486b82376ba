using System.Text;

namespace Pybo.Rag.Chat;

/// <summary>A marker in an answer: the source's number, and where <c>[n]</c> stands in UTF-16 units.</summary>
public readonly record struct CitationMark(int Number, int Start, int End);

/// <summary>Reads an answer as it streams and lets through only markers that point to a source.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>[2]</c> stays when there is a second source, else it goes, with the space before it; it may arrive in pieces (<c>[</c>, <c>2</c>, <c>]</c>).</item>
/// <item><c>[1, 3]</c> is written <c>[1][3]</c>.</item>
/// <item>In code (<c>`list[0]`</c>, fences) and inside “ ” the text is somebody's own and stays as it is: there <c>[n]</c> is no marker.</item>
/// </list>
/// A text that went through once goes through again unchanged, so a stored answer gives its marks too.
/// </remarks>
public sealed class CitationScanner(int sourcesCount)
{
    /// <summary>A bracket that holds more is text.</summary>
    private const int MarkerCharactersMax = 24;

    private const int FenceLengthMin = 3;

    private readonly StringBuilder answer = new();
    private readonly StringBuilder held = new();
    private readonly List<CitationMark> marks = [];
    private int backticks;
    private int openBackticks;
    private bool isQuoting;
    private bool isBracketHeld;

    public string Answer => answer.ToString();

    public int Length => answer.Length;

    public IReadOnlyList<CitationMark> Marks => marks;

    /// <summary>Takes the next piece and returns what may be shown of it and of what was held back before.</summary>
    public string Push(string text)
    {
        var from = answer.Length;
        foreach (var character in text)
        {
            Step(character);
        }

        return answer.ToString(from, answer.Length - from);
    }

    /// <summary>Ends the answer: returns what was held back because it might have become a marker.</summary>
    public string Flush()
    {
        var from = answer.Length;
        Release();
        return answer.ToString(from, answer.Length - from);
    }

    private bool IsVerbatim => isQuoting || openBackticks > 0;

    private void Step(char character)
    {
        EndBackticks(character);
        if (isBracketHeld)
        {
            if (character == ']')
            {
                Resolve();
                return;
            }

            if ((char.IsAsciiDigit(character) || character is ',' or ' ') && held.Length < MarkerCharactersMax)
            {
                held.Append(character);
                return;
            }

            Release();
        }

        if (!IsVerbatim && (character == '[' || (character == ' ' && held.Length < MarkerCharactersMax)))
        {
            held.Append(character);
            isBracketHeld = character == '[';
            return;
        }

        Release();
        Emit(character);
    }

    /// <summary>A closed bracket: its numbers that are sources become markers.</summary>
    private void Resolve()
    {
        var text = held.ToString();
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        var parts = text[(bracket + 1)..].Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            Release();
            Emit(']');
            return;
        }

        Drop();
        var numbers = parts.Select(p => int.TryParse(p, out var number) ? number : 0).Where(n => n >= 1 && n <= sourcesCount).Distinct().ToList();
        if (numbers.Count > 0)
        {
            answer.Append(text, 0, bracket);
        }

        foreach (var number in numbers)
        {
            var start = answer.Length;
            answer.Append('[').Append(number).Append(']');
            marks.Add(new(number, start, answer.Length));
        }
    }

    private void Release()
    {
        answer.Append(held);
        Drop();
    }

    private void Drop()
    {
        held.Clear();
        isBracketHeld = false;
    }

    private void Emit(char character)
    {
        answer.Append(character);
        switch (character)
        {
            case '`':
                backticks++;
                break;
            case '“' when openBackticks == 0:
                isQuoting = true;
                break;
            case '”':
                isQuoting = false;
                break;
            case '\n':
                isQuoting = false;
                openBackticks = openBackticks >= FenceLengthMin ? openBackticks : 0;
                break;
        }
    }

    /// <summary>After a row of backticks it is clear whether it opens code, closes it, or stands inside.</summary>
    private void EndBackticks(char next)
    {
        if (next == '`' || backticks == 0)
        {
            return;
        }

        var isClosing = openBackticks >= FenceLengthMin ? backticks >= openBackticks : backticks == openBackticks;
        openBackticks = openBackticks == 0 ? backticks : isClosing ? 0 : openBackticks;
        backticks = 0;
    }
}
