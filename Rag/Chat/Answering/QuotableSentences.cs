using System.Text.RegularExpressions;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Tables;

namespace Pybo.Rag.Chat;

/// <summary>
/// Finds the sentences of a text that can be quoted as an answer. Questions, labels, headings and header rows of tables say nothing by themselves.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A question: it ends with a question mark or an asking ending (<c>되나요.</c>), or says that its writer wants to know (<c>궁금합니다.</c>).</item>
/// <item>A label: it ends with a colon, or is the number of an examination's question. It is quoted together with the list or the line that it introduces: <c>준비물: 우유</c>.</item>
/// <item>A heading: up to <see cref="HeadingWordsMax"/> words of Hangul without a predicate, a number or an end mark. With a value on the next line, or a number as the next paragraph, it is its label.</item>
/// <item>A header row: the first of adjoining rows, with names where a column below has numbers, or with three or more names that do not occur again.</item>
/// </list>
/// </remarks>
internal static partial class QuotableSentences
{
    /// <summary>The most words of a heading.</summary>
    public const int HeadingWordsMax = 3;

    /// <summary>The lines quoted with their label.</summary>
    public const int LabelledLinesMax = 8;

    public const int LabelledCharactersMax = 300;

    /// <summary>A longer line with a colon at its end is a sentence that introduces something.</summary>
    private const int LabelCharactersMax = 40;

    /// <summary>A longer line is no value of a label.</summary>
    private const int ValueCharactersMax = 30;

    /// <summary>The rows compared with the first.</summary>
    private const int RowsComparedMax = 20;

    /// <summary>With fewer columns, a first row without numbers may be a pair of a name and its value.</summary>
    private const int NamedColumnsMin = 3;

    /// <summary>Returns the sentences in order; a label with its values overlaps the sentences of the values.</summary>
    /// <param name="text">A passage.</param>
    /// <param name="title">The title above it, which is not quoted.</param>
    /// <param name="heading">The path of headings above it, none of which is quoted; null without one.</param>
    public static List<TextRange> Of(string text, string title, string? heading)
    {
        var headings = (heading ?? "").Split(Passage.HeadingSeparator, StringSplitOptions.TrimEntries).Append(heading).Append(title).ToHashSet();
        var sentences = SentenceSplitter.Split(text);
        var lines = sentences.ConvertAll(range => text.Substring(range.Start, range.Length));
        var quotable = new List<TextRange>();
        string? header = null;
        for (var at = 0; at < lines.Count; at++)
        {
            var line = lines[at];
            if (IsRow(line))
            {
                header = IsHeader(text, sentences, lines, at) ? line : header;
            }

            if (line == header || headings.Contains(line) || !line.Any(char.IsLetterOrDigit) || AskingSentence.Is(line))
            {
                continue;
            }

            if (IsLabel(line) || (IsHeading(line) && !IsListed(at)))
            {
                quotable.AddRange(Labelled(text, sentences, lines, at) is { } labelled ? [labelled] : []);
            }
            else
            {
                quotable.Add(sentences[at]);
            }
        }

        return quotable;

        // One number alone is that of a heading.
        bool IsListed(int at) => BulletRegex().IsMatch(lines[at]) || (IsItem(lines[at])
            && ((at > 0 && IsItem(lines[at - 1]) && Adjoin(text, sentences[at - 1], sentences[at])) || (at + 1 < lines.Count && IsItem(lines[at + 1]) && Adjoin(text, sentences[at], sentences[at + 1]))));
    }

    /// <summary>True for a row of a table.</summary>
    public static bool IsRow(string sentence) => TableRow.IsRow(sentence);

    /// <summary>Returns the values of a row.</summary>
    public static string[] Cells(string row) => [.. TableRow.Fields(row).Select(field => field.Value.Trim())];

    /// <summary>True for a line that only introduces what comes after it.</summary>
    public static bool IsLabel(string line) => line.Length <= LabelCharactersMax && (LabelRegex().IsMatch(line) || NumberRegex().IsMatch(line));

    /// <summary>True for a line that names a subject and says nothing of it.</summary>
    public static bool IsHeading(string line) => HeadingRegex().IsMatch(line) && !VerbRegex().IsMatch(line) && !StatementRegex().IsMatch(line);

    /// <summary>True for a label with its value and no verb: <c>일시: 3. 2. 19:00</c>. It often only repeats what the question names.</summary>
    public static bool IsField(string line) => FieldRegex().IsMatch(line) && !VerbRegex().IsMatch(line);

    /// <summary>True for an item of a list.</summary>
    public static bool IsItem(string line) => ItemRegex().IsMatch(line);

    /// <summary>True if a sentence refers to the one before it: an exception, a reason, a further condition.</summary>
    public static bool Continues(string sentence) => ContinuationRegex().IsMatch(sentence);

    /// <summary>True if the second range begins on the line after the first.</summary>
    public static bool Adjoin(string text, TextRange first, TextRange second) =>
        second.Start >= first.End && text.AsSpan(first.End, second.Start - first.End) is var between && between.IsWhiteSpace() && between.Count('\n') <= 1;

    /// <summary>Returns a label or heading with the lines below it: all items of a list or all names, otherwise one value; null if there are none.</summary>
    private static TextRange? Labelled(string text, List<TextRange> sentences, List<string> lines, int at)
    {
        if (!Continues(at + 1) && !IsValueBelow())
        {
            return null;
        }

        Predicate<string>? isAlike = IsItem(lines[at + 1]) ? IsItem : IsHeading(lines[at + 1]) ? IsHeading : null;
        var end = at + 1;
        while (isAlike is not null && end - at < LabelledLinesMax && Continues(end + 1) && isAlike(lines[end + 1]))
        {
            end++;
        }

        // The last of several names above a sentence is the heading of that sentence.
        var isValued = isAlike is not null ? IsItem(lines[end]) || !Continues(end + 1) : IsLabel(lines[at]) || IsValue(lines[end]);
        return isValued ? new(sentences[at].Start, sentences[end].End - sentences[at].Start) : null;

        // On a slide a heading and its amount are paragraphs of their own.
        bool IsValueBelow() => at + 1 < lines.Count && lines[at + 1].Any(char.IsAsciiDigit) && IsValue(lines[at + 1]) && !IsRow(lines[at + 1]) && !IsItem(lines[at + 1])
            && text.AsSpan(sentences[at].End, sentences[at + 1].Start - sentences[at].End) is var between && between.IsWhiteSpace() && between.Count('\n') <= 2;

        // A number of an examination says nothing without its question.
        bool Continues(int next) => next < lines.Count && Adjoin(text, sentences[next - 1], sentences[next]) && sentences[next].End - sentences[at].Start <= LabelledCharactersMax
            && !IsRow(lines[next]) && !IsLabel(lines[next]) && (!AskingSentence.Is(lines[next]) || (next == at + 1 && NumberRegex().IsMatch(lines[at])));
    }

    private static bool IsValue(string line) => line.Length <= ValueCharactersMax && !VerbRegex().IsMatch(line);

    private static bool IsHeader(string text, List<TextRange> sentences, List<string> lines, int at)
    {
        if ((at > 0 && IsRow(lines[at - 1]) && Adjoin(text, sentences[at - 1], sentences[at])) || TableRow.Fields(lines[at]).Exists(field => field.Header.Length > 0))
        {
            return false;
        }

        var names = Cells(lines[at]);
        var rows = new List<string[]>();
        for (var next = at + 1; next < lines.Count && rows.Count < RowsComparedMax && IsRow(lines[next]) && Adjoin(text, sentences[next - 1], sentences[next]); next++)
        {
            rows.Add(Cells(lines[next]));
        }

        if (rows.Count == 0 || names.Any(name => name.Any(char.IsAsciiDigit) && !PeriodRegex().IsMatch(name)))
        {
            return false;
        }

        var columns = Enumerable.Range(0, names.Length).Select(column => (Name: names[column], Values: rows.Where(row => column < row.Length).Select(row => row[column]).ToList())).ToList();
        return columns.Exists(column => column.Name.Length > 0 && column.Values.Count > 0 && column.Values.TrueForAll(value => value.Any(char.IsAsciiDigit)))
            || (names.Length >= NamedColumnsMin && columns.TrueForAll(column => column.Name.Length <= ValueCharactersMax && !column.Values.Contains(column.Name)) && names.All(name => !VerbRegex().IsMatch(name)));
    }

    [GeneratedRegex(@"^[^:：]{1,40}[:：]\s*\S", RegexOptions.CultureInvariant)]
    private static partial Regex FieldRegex();

    [GeneratedRegex(@"[:：]\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex LabelRegex();

    [GeneratedRegex(@"^\s*(제?\s?[0-9]{1,3}\s?번?\s?(문항|문제|질문|문)|(문항|문제|질문|문)\s?[0-9]{1,3}|[QA]\s?[0-9]{0,3})\s*[.)]?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberRegex();

    [GeneratedRegex(@"^\s*([-*•·○●■□※▶]|[0-9]{1,3}[.)]|[가-하][.)]|[①-⑳])\s*\S", RegexOptions.CultureInvariant)]
    private static partial Regex ItemRegex();

    // A number before a heading counts it.
    [GeneratedRegex(@"^\s*(제?\s?[0-9]{1,3}\s?([조장절항]|[.)])\s*|[가-하][.)]\s*|[①-⑳ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ][.)]?\s*|[-*•·○●■□※▶]\s*)?[\[(<〈【「]?[\p{IsHangulSyllables}·ㆍ/,]+(\s+[\p{IsHangulSyllables}·ㆍ/,()]+){0,2}[\])>〉】」]?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex HeadingRegex();

    [GeneratedRegex(@"[다요죠까네함음임됨][.!…)\]]*$", RegexOptions.CultureInvariant)]
    private static partial Regex VerbRegex();

    // Nouns that state something without a verb: 음식물 반입 금지, 매주 화요일 휴관.
    [GeneratedRegex(@"(불가능?|금지|가능|필수|필요|휴[관무업진]|무료|유료|면제|제외|포함|허용|제한|없이|예정|완료|마감|우선|이[상하내]|미만|초과|까지|부터|마다|당일|익일)[.!…)\]]*$|요일|평일|주말|매[일주월년]\s", RegexOptions.CultureInvariant)]
    private static partial Regex StatementRegex();

    [GeneratedRegex(@"^\s*[-*•·○●■□※▶]", RegexOptions.CultureInvariant)]
    private static partial Regex BulletRegex();

    [GeneratedRegex(@"^\s*[(※]?\s*((다만|단|그러나|하지만|그런데|그래서|따라서|그러므로|또한?|그리고|또는|이때|그때|이 ?경우|그 ?경우|이어서?|대신|특히|즉|예외|물론|그|이|이는|이를|이것은|그것은|그는|그녀는|그들은)[\s,]|단,|however\b|but\b|also\b|then\b|it\b|this\b|these\b|they\b|otherwise\b)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ContinuationRegex();

    /// <summary>A period names a column although it has digits.</summary>
    [GeneratedRegex(@"^'?[0-9]{2,4}(년도?|학년도|월|분기|회|차)?$|^[0-9]{1,2}\s?(월|분기)$", RegexOptions.CultureInvariant)]
    private static partial Regex PeriodRegex();
}
