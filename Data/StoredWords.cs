namespace Pybo.Data;

/// <summary>Words that are stored with a document, once for readers of any language, and so are Korean.</summary>
internal static class StoredWords
{
    // Where the document shows a sign or a place, its text has a word.
    public const string Comment = "메모";
    public const string Footnote = "각주";
    public const string Endnote = "미주";
    public const string HiddenSlide = "(숨긴 슬라이드)";
    public const string Untitled = "제목 없음";

    // What a file is called that was sent without a name.
    public const string Nameless = "이름 없는 파일";

    // By these a row knows its format; a page has other words for them.
    public const string HwpFormat = "한글(HWP)";
    public const string HwpxFormat = "한글(HWPX)";
    public const string HwpmlFormat = "한글(HWPML)";
    public const string MarkdownFormat = "마크다운";
    public const string PlainTextFormat = "텍스트";
}
