namespace Pybo.Data;

/// <summary>Words stored with a document once, for readers of any language, and therefore Korean.</summary>
internal static class StoredWords
{
    // Words that replace a sign or a position of the document in its text.
    public const string Comment = "메모";
    public const string Footnote = "각주";
    public const string Endnote = "미주";

    // The names of a mail's pairs.
    public const string MailFrom = "보낸 사람";
    public const string MailTo = "받는 사람";
    public const string MailCc = "참조";
    public const string MailDate = "날짜";
    public const string MailAttached = "첨부";

    // The title of a document without one.
    public const string Untitled = "제목 없음";

    // The name of a file sent without one.
    public const string Nameless = "이름 없는 파일";

    // The format names in rows; pages use other words for them.
    public const string HwpFormat = "한글(HWP)";
    public const string HwpxFormat = "한글(HWPX)";
    public const string HwpmlFormat = "한글(HWPML)";
    public const string MarkdownFormat = "마크다운";
    public const string PlainTextFormat = "텍스트";
}
