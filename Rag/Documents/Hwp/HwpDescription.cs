using System.Text.RegularExpressions;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>Tells a person's description of a picture or a shape from the one that 한글 writes itself: 그림입니다. 원본 그림의 이름: …</summary>
internal static partial class HwpDescription
{
    /// <summary>Returns the description without 한글's lines; null if there is nothing else.</summary>
    public static string? Of(string text) => PictureText.Description(string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries).Where(line => !AutomaticRegex().IsMatch(line))));

    [GeneratedRegex(@"^\s*(?:(?:\S{1,12} ?(?:개체 ?)?입니다\.?\s*)?(?:원본 그림의 (?:이름|크기):.*|사진 찍은 날짜:.*|프로그램 이름\s?:.*|색 대표\s?:.*|카메라 .*)|\S{1,12} ?(?:개체 ?)?입니다\.?\s*)$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AutomaticRegex();
}
