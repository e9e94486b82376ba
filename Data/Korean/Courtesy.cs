using System.Text.RegularExpressions;

namespace Pybo.Data;

/// <summary>Recognises sentences that are polite and say nothing else.</summary>
public static partial class Courtesy
{
    /// <summary>A longer sentence says more than thanks.</summary>
    private const int ThanksCharactersMax = 24;

    /// <summary>True for <c>덕분에 해결됐습니다.</c></summary>
    public static bool IsThanks(ReadOnlySpan<char> sentence) => sentence.Length <= ThanksCharactersMax && ThanksRegex().IsMatch(sentence);

    [GeneratedRegex("감사|고맙|고마워|덕분|도움|해결|성공|thank|worked|solved", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ThanksRegex();
}
