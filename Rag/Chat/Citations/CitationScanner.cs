using System.Text;
using System.Text.RegularExpressions;
using Pybo.Data;

namespace Pybo.Rag.Chat;

/// <summary>A marker in an answer: the source's number and the position of <c>[n]</c> in UTF-16 units.</summary>
public readonly record struct CitationMark(int Number, int Start, int End);

/// <summary>Reads an answer as it streams and passes on only markers that point to a source.</summary>
/// <remarks>
/// <list type="bullet">
/// <item><c>[2]</c> is kept if there is a second source, otherwise removed with the space before it; it may arrive in pieces (<c>[</c>, <c>2</c>, <c>]</c>).</item>
/// <item>Generators' variants <c>[1, 3]</c>, <c>［1］</c>, <c>【1】</c>, <c>[출처 1]</c>, <c>(자료 1)</c>, <c>[Source 1]</c> become <c>[1]</c>, one marker per number.</item>
/// <item><c>(1)</c> stays text: lists, function calls and a source's own footnotes are written that way.</item>
/// <item>Code (<c>`list[0]`</c>, fences) and text inside “ ” are quoted verbatim: <c>[n]</c> is no marker there.</item>
/// </list>
/// The scan is idempotent, so it also finds the marks of a stored answer.
/// </remarks>
public sealed partial class CitationScanner(int sourcesCount)
{
    /// <summary>A longer bracket is text.</summary>
    private const int MarkerCharactersMax = 40;

    private const string Openers = "[［【(（";
    private const string Closers = "]］】)）";

    /// <summary>The characters of a marker: digits of any width, separators, and the letters of 출처, 자료, 문서, 참고, 번, source, reference.</summary>
    private const string MarkerCharacters = "0123456789０１２３４５６７８９ ,，、;·:：출처자료문서참고번SOURCEFNsourcefn";

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

    /// <summary>Takes the next piece and returns the text that can be shown now, including text held back earlier.</summary>
    public string Push(string text)
    {
        var from = answer.Length;
        foreach (var character in text)
        {
            Step(character);
        }

        return answer.ToString(from, answer.Length - from);
    }

    /// <summary>Ends the answer and returns the text held back as a possible marker.</summary>
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
            if (Closers.Contains(character, StringComparison.Ordinal))
            {
                Resolve(character);
                return;
            }

            if (held.Length < MarkerCharactersMax && MarkerCharacters.Contains(character, StringComparison.Ordinal))
            {
                held.Append(character);
                return;
            }

            Release();
        }

        isBracketHeld = !IsVerbatim && Openers.Contains(character, StringComparison.Ordinal);
        if (isBracketHeld || (!IsVerbatim && character == ' ' && held.Length < MarkerCharactersMax))
        {
            held.Append(character);
            return;
        }

        Release();
        Emit(character);
    }

    /// <summary>Handles a closed bracket: its numbers that are sources become markers.</summary>
    private void Resolve(char closer)
    {
        var text = held.ToString();
        var bracket = text.Length - text.TrimStart(' ').Length;
        var match = MarkerRegex().Match(text[bracket..].Normalized(NormalizationForm.FormKC));
        if (!match.Success)
        {
            Release();
            Emit(closer);
            return;
        }

        Drop();
        var numbers = match.Groups["number"].Captures.Select(c => int.TryParse(c.Value, out var number) ? number : 0)
            .Where(n => n >= 1 && n <= sourcesCount).Distinct().ToList();
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

    /// <summary>Decides, after a run of backticks, whether it opens code, closes it, or is part of it.</summary>
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

    /// <summary>Matches a bracket after compatibility normalisation, without the closing one. In parentheses the first number needs a label.</summary>
    [GeneratedRegex(@"^([[【]|\((?=\s*\p{L}))\s*((출처|자료|문서|참고|source|reference)\s*:?\s*)?(?<number>[0-9]+)번?([\s,;·、]+((출처|자료|문서|참고|source|reference)\s*:?\s*)?(?<number>[0-9]+)번?)*\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MarkerRegex();
}
