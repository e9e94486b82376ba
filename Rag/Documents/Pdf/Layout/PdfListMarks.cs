using System.Text.RegularExpressions;

namespace Pybo.Rag.Documents.Pdf.Layout;

/// <summary>Recognises the beginnings of list items, articles and chapters.</summary>
internal static partial class PdfListMarks
{
    private const string Letters = "가나다라마바사아자차카타파하";

    /// <summary>True for <c>- </c>, <c>• </c>, <c>1. </c>, <c>(2) </c>, <c>가. </c>, <c>① </c>, <c>※ </c>, <c>제3조(</c> and the like.</summary>
    public static bool Begins(string text) => Mark().IsMatch(text);

    /// <summary>
    /// Returns the letter of a mark such as <c>다. </c>, which is as well the end of a sentence whose line ends inside its last word (<c>것이\n다. </c>); null for any other text.
    /// </summary>
    public static char? Letter(string text) => text is [var letter, '.', ' ', ..] && Letters.Contains(letter, StringComparison.Ordinal) ? letter : null;

    /// <summary>True if a letter's mark follows another's, or is the first.</summary>
    public static bool Follows(char letter, char? last) => Letters.IndexOf(letter, StringComparison.Ordinal) is var place && (place == 0 || Letters[place - 1] == last);

    /// <summary>True if the text is only a mark, such as a number that hangs in the margin.</summary>
    public static bool IsMark(ReadOnlySpan<char> text) => Alone().IsMatch(text);

    /// <summary>True if a line may begin a footnote: <c>1) </c>, <c>¹ </c>, <c>* </c>, <c>주1) </c>.</summary>
    public static bool BeginsNote(string text) => Note().IsMatch(text);

    /// <summary>Returns the level of a numbered Korean heading: parts and chapters 1, sections 2, articles 3; 0 for anything else.</summary>
    public static int ChapterLevel(string text) => Chapter().Match(text) is { Success: true, Groups: [_, { ValueSpan: [var unit, ..] }, ..] }
        ? unit switch { '편' or '장' or '부' => 1, '절' or '관' => 2, _ => 3 }
        : 0;

    [GeneratedRegex(@"^(?:[-–—•·∙‣◦▪■□▶▷►●○◎◆◇★☆※✓❑❖➢*+ㅇ☐☑☒](?:\s|[가-힣])|[①-⑳㉠-㉻⑴-⒇]|\(?(?:\d{1,3}|[가-하]|[a-zA-Z]|[ivxIVX]{1,4})[.)]\s|\[\d{1,3}\]\s|제\s?\d{1,4}\s?(?:편|장|절|관|조)(?:의\s?\d+)?[\s(])", RegexOptions.NonBacktracking)]
    private static partial Regex Mark();

    [GeneratedRegex(@"^(?:[-–—•·∙‣◦▪■□▶▷►●○◎◆◇★☆※✓❑❖➢*+ㅇ]|[①-⑳㉠-㉻⑴-⒇]|\(?(?:\d{1,3}|[가-하]|[a-zA-Z]|[ivxIVX]{1,4})[.)]|\[\d{1,3}\]|\d{1,2}(?:\.\d{1,2}){1,3}\.?|제\s?\d{1,4}\s?(?:편|장|절|관|조))$", RegexOptions.NonBacktracking)]
    private static partial Regex Alone();

    [GeneratedRegex(@"^(?:[¹²³⁴-⁹]|[*†‡§※]|주\s?[0-9]{0,2}\s?[).:]|각주\s?[0-9]{0,2}|\(?[0-9]{1,3}\)|\[[0-9]{1,3}\]|[0-9]{1,3}\s+\p{L})", RegexOptions.NonBacktracking)]
    private static partial Regex Note();

    [GeneratedRegex(@"^제\s?\d{1,4}\s?(편|장|부|절|관|조)(?:\s|\(|의|$)", RegexOptions.NonBacktracking)]
    private static partial Regex Chapter();
}
