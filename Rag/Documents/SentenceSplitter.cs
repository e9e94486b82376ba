using System.Buffers;
using System.Collections.Frozen;

namespace Pybo.Rag.Documents;

/// <summary>A range of UTF-16 units.</summary>
public readonly record struct TextRange(int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>
/// Splits Korean (and Latin, Chinese, Japanese) text into sentences in one linear pass without patterns.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A sentence ends with <c>. ? ! …</c> before white space, including closing quotes and brackets: <c>그는 "간다."</c>, unless <c>라고</c> follows. <c>。！？</c> need no white space,
/// nor does a point between a closing syllable and the next word: <c>했다.그러나</c>.</item>
/// <item>Not an end: <c>3.14</c>, <c>node.js</c>, addresses, <c>e.g.</c>, <c>U.S.</c>, <c>J. 로널드</c>, <c>1. 목록</c>, an ellipsis after something that cannot close a sentence (<c>음… 그건</c>),
/// and anything inside quotes or brackets of at most <see cref="QuoteCharactersMax"/> characters: <c>"간다. 온다."라고</c>.</item>
/// <item>A blank line ends a sentence, and so does the end of a short line or of a line before a list item; a long line without an end mark is hard-wrapped text and continues.</item>
/// <item>A table row, a line that contains <see cref="BlockPart.CellSeparator"/>, is one sentence regardless of its cells' content; so is a record (<see cref="RecordLines"/>), such as a log's line.</item>
/// <item>A sentence beyond <see cref="SentenceCharactersMax"/> is cut at white space, or anywhere if there is none.</item>
/// </list>
/// </remarks>
public static class SentenceSplitter
{
    public const int SentenceCharactersMax = 1_000;

    /// <summary>Sentences end inside a longer quotation, or one that never closes, as in other text.</summary>
    public const int QuoteCharactersMax = 200;

    /// <summary>Hard-wrapped text has lines of about 70 Latin or 35 Korean characters.</summary>
    private const int WrappedLineCharactersMin = 30;

    private static readonly SearchValues<char> Ends = SearchValues.Create(".?!…‥。！？");
    private static readonly SearchValues<char> WideEnds = SearchValues.Create("。！？");
    private static readonly SearchValues<char> Closers = SearchValues.Create("\"'”’)]}」』》〉】");
    private static readonly SearchValues<char> ClosingSyllables = SearchValues.Create("다요죠까네지군걸함음임됨");

    private static readonly FrozenSet<string> Abbreviations = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "e.g", "i.e", "cf", "vs", "mr", "mrs", "ms", "dr", "prof", "st", "no", "vol", "fig", "pp", "jr", "sr", "al", "inc", "ltd", "co", "corp", "dept", "ca", "approx");

    /// <summary>Returns the sentences in order, without surrounding white space; they do not overlap and omit nothing else.</summary>
    public static List<TextRange> Split(string text)
    {
        var sentences = new List<TextRange>();
        var quoteSteps = QuoteSteps(text);
        var (start, lineStart, quotes, counted) = (0, 0, 0, 0);
        var precedesRecord = PrecedesRecord(text, 0);
        var isRow = precedesRecord || IsRow(text, 0);
        for (var at = 0; at < text.Length; at++)
        {
            var isLineEnd = false;
            if (text[at] == '\n')
            {
                var (wasRow, followsRecord) = (isRow, precedesRecord);
                precedesRecord = PrecedesRecord(text, at + 1);
                isRow = followsRecord || precedesRecord || IsRow(text, at + 1);
                isLineEnd = wasRow || isRow || EndsLine(text, lineStart, at);
                lineStart = at + 1;
            }

            var end = isLineEnd ? at + 1 : isRow ? -1 : SentenceEnd(text, start, at);
            if (end < 0)
            {
                continue;
            }

            for (; counted < end; counted++)
            {
                quotes += quoteSteps[counted];
            }

            if (isLineEnd || quotes + quoteSteps[end] == 0)
            {
                Add(sentences, text, start, end);
                start = end;
            }
        }

        Add(sentences, text, start, text.Length);
        return sentences;
    }

    /// <summary>Marks where quotations and brackets begin (+1) and end (-1); only those that close on their line and soon enough count.</summary>
    private static int[] QuoteSteps(string text)
    {
        const string openers = "\"'“‘([{「『《〈【";
        const string closers = "\"'”’)]}」』》〉】";
        var steps = new int[text.Length + 1];
        var opened = new int[openers.Length];
        Array.Fill(opened, -1);
        for (var at = 0; at < text.Length; at++)
        {
            var close = closers.IndexOf(text[at], StringComparison.Ordinal);
            var open = openers.IndexOf(text[at], StringComparison.Ordinal);
            if (text[at] == '\n')
            {
                Array.Fill(opened, -1);
            }
            else if (close >= 0 && opened[close] >= 0 && at - opened[close] <= QuoteCharactersMax)
            {
                steps[opened[close] + 1]++;
                steps[at + 1]--;
                opened[close] = -1;
            }
            else if (open >= 0 && !(text[at] == '\'' && at > 0 && char.IsLetterOrDigit(text[at - 1])))
            {
                opened[open] = at;
            }
        }

        return steps;
    }

    /// <summary>Returns whether the line that begins at an index is a record, and another follows.</summary>
    private static bool PrecedesRecord(string text, int lineStart)
    {
        var line = Line(text, lineStart);
        return lineStart + line.Length < text.Length && !line.IsEmpty && RecordLines.AreRecords(line, Line(text, lineStart + line.Length + 1));
    }

    /// <summary>Returns whether the line that begins at an index is a table row.</summary>
    private static bool IsRow(string text, int lineStart) => Line(text, lineStart).Contains(BlockPart.CellSeparator, StringComparison.Ordinal);

    private static ReadOnlySpan<char> Line(string text, int start)
    {
        var line = text.AsSpan(start);
        return line.IndexOf('\n') is >= 0 and var end ? line[..end] : line;
    }

    private static bool EndsLine(string text, int lineStart, int at)
    {
        var next = at + 1;
        return at - lineStart < WrappedLineCharactersMin || next >= text.Length || text[next] == '\n' || StartsListItem(text, next);
    }

    private static bool StartsListItem(string text, int at)
    {
        const int numberDigitsMax = 3;
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        var digits = at;
        while (digits < text.Length && digits - at < numberDigitsMax && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        var mark = digits < text.Length ? text[digits] : '\0';
        return digits > at ? mark is '.' or ')' : mark is '-' or '*' or '•' or '·' or '○' or '●' or '■' or '□' or '※' or '▶' or '|';
    }

    /// <summary>Returns the exclusive end of the sentence whose first closing mark is at an index, or -1.</summary>
    private static int SentenceEnd(string text, int sentenceStart, int at)
    {
        // Only the first of a run of marks is checked, so that a megabyte of points is read once.
        if (!Ends.Contains(text[at]) || (at > 0 && Ends.Contains(text[at - 1])))
        {
            return -1;
        }

        var marksEnd = SkipAll(text, at, Ends);
        var end = SkipAll(text, marksEnd, Closers);
        if (text.AsSpan(at, marksEnd - at).ContainsAny(WideEnds))
        {
            return end;
        }

        var before = at > 0 ? text[at - 1] : ' ';
        if (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            var isGlued = end == marksEnd && IsSyllable(text[end]) && (text[at] is '?' or '!' || (ClosingSyllables.Contains(before) && text[at] == '.'));
            return isGlued ? end : -1;
        }

        if (end > marksEnd && IsQuotation(text, end))
        {
            return -1;
        }

        var isPoint = text[at] == '.' && marksEnd == at + 1;
        var isEllipsis = text[at] is '…' or '‥' || (text[at] == '.' && text[marksEnd - 1] == '.' && !isPoint);
        var isEnd = isPoint ? !IsAbbreviation(text, at) && !IsNumbering(text, sentenceStart, at, end)
            : !isEllipsis || ClosingSyllables.Contains(before) || end > marksEnd || end == text.Length || text[end] == '\n';
        return isEnd ? end : -1;
    }

    /// <summary>Returns true if <c>라고</c>, <c>하며</c> and the like follow the quotation: <c>"간다." 라고 말했다</c>.</summary>
    private static bool IsQuotation(string text, int end)
    {
        var next = end + 1 < text.Length && text[end] == ' ' ? text.AsSpan(end + 1) : [];
        return next.StartsWith("라고") || next.StartsWith("라는") || next.StartsWith("라며") || next.StartsWith("이라고") || next.StartsWith("이라는")
            || next.StartsWith("하고") || next.StartsWith("하며") || next.StartsWith("하는");
    }

    private static int SkipAll(string text, int at, SearchValues<char> characters)
    {
        var rest = text.AsSpan(at).IndexOfAnyExcept(characters);
        return rest < 0 ? text.Length : at + rest;
    }

    /// <summary>Returns true for the point after a known abbreviation, one capital letter, or letters with points between them.</summary>
    private static bool IsAbbreviation(string text, int point)
    {
        const int abbreviationCharactersMax = 8;
        var start = point;
        while (start > 0 && point - start <= abbreviationCharactersMax && (char.IsAsciiLetter(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        var word = text.AsSpan(start, point - start);
        var isInitials = word.Length % 2 == 1;
        for (var at = 0; at < word.Length; at++)
        {
            isInitials &= at % 2 == 0 ? char.IsAsciiLetterUpper(word[at]) || (word.Length > 1 && char.IsAsciiLetter(word[at])) : word[at] == '.';
        }

        return isInitials || Abbreviations.Contains(word.ToString());
    }

    /// <summary>Returns true for the point of <c>1. 항목</c> and <c>가. 항목</c> at the beginning of a line or sentence, and of a date like <c>2024. 1. 2.</c></summary>
    private static bool IsNumbering(string text, int sentenceStart, int point, int end)
    {
        const int numberCharactersMax = 4;
        var start = point;
        while (start > 0 && point - start < numberCharactersMax && char.IsAsciiDigit(text[start - 1]))
        {
            start--;
        }

        var isNumber = start < point;
        var isLetter = !isNumber && point > 0 && "가나다라마바사아자차카타파하".Contains(text[point - 1], StringComparison.Ordinal);
        start = isLetter ? point - 1 : start;
        var lead = text.AsSpan(Math.Max(0, start - 2), Math.Min(start, 2));
        var isAtStart = (isNumber || isLetter) && (start - sentenceStart <= 1 || lead is [] or [.., '\n' or '\t'] or [' '] or ['\n', ' ']);
        var isInDate = isNumber && ((end + 1 < text.Length && text[end] == ' ' && char.IsAsciiDigit(text[end + 1]))
            || (start > 2 && lead is ". " && char.IsAsciiDigit(text[start - 3])));
        return isAtStart || isInDate;
    }

    private static bool IsSyllable(char character) => character is >= '가' and <= '힣';

    private static void Add(List<TextRange> sentences, string text, int start, int end)
    {
        while (true)
        {
            while (start < end && char.IsWhiteSpace(text[start]))
            {
                start++;
            }

            while (end > start && char.IsWhiteSpace(text[end - 1]))
            {
                end--;
            }

            if (end - start <= SentenceCharactersMax)
            {
                break;
            }

            var cut = CutAt(text, start);
            sentences.Add(new(start, text.AsSpan(start, cut - start).TrimEnd().Length));
            start = cut;
        }

        if (end > start)
        {
            sentences.Add(new(start, end - start));
        }
    }

    private static int CutAt(string text, int start)
    {
        var window = text.AsSpan(start + (SentenceCharactersMax / 2), SentenceCharactersMax / 2);
        var space = window.LastIndexOfAny(" \t\n");
        var cut = space >= 0 ? start + (SentenceCharactersMax / 2) + space : start + SentenceCharactersMax;
        return char.IsHighSurrogate(text[cut - 1]) ? cut - 1 : cut;
    }
}
