using System.Text.RegularExpressions;

namespace Pybo.Rag.Documents;

/// <summary>The title in a document's information, unless only its program or its printer wrote it.</summary>
internal static partial class DocumentTitle
{
    /// <summary>Share of Western European letters in a title: more means Korean text stored in another encoding (<c>ÇÑ±Û</c>).</summary>
    private const float AccentedShareMax = 0.4f;

    public static string? Of(string title)
    {
        var line = TextNormalizer.OneLine(title.Replace("\0", "", StringComparison.Ordinal), DocumentReader.TitleCharactersMax);
        return line.Length == 0 || line.Contains('\uFFFD', StringComparison.Ordinal) || IsGarbled(line) || Junk().IsMatch(line) ? null : line;
    }

    private static bool IsGarbled(string line)
    {
        var (letters, accented) = (0, 0);
        foreach (var character in line)
        {
            letters += char.IsWhiteSpace(character) ? 0 : 1;
            accented += character is >= '\u0080' and <= '\u00FF' ? 1 : 0;
        }

        return !line.Any(char.IsLetter) || accented > AccentedShareMax * letters;
    }

    [GeneratedRegex(
        @"^(?:untitled|no title|title|제목 ?없음|무제|빈 문서|문서|document|presentation|slide|슬라이드|통합 문서|book|PowerPoint (?:Presentation|프레젠테이션))[ _-]?\d*$"
        + @"|^microsoft (?:word|powerpoint|excel)\b|^(?:print|인쇄|full page photo)$"
        + @"|\.(?:docx?|dotx?|hwpx?|hwt|pptx?|xlsx?|pdf|rtf|txt|indd|qxd|qxp|pmd|fm|tex|dvi|e?ps|ai|cdr|odt|odp|html?|jpe?g|png|tiff?)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Junk();
}
