using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Mail;
using Pybo.Tests.Rag.Documents.Enclosed;
using Pybo.Tests.Rag.Documents.Office;
using static Pybo.Tests.Rag.Documents.Mail.MailDraft;

namespace Pybo.Tests.Rag.Documents.Mail;

/// <summary>A mail is read as a person sees it: header, body, attachments.</summary>
public sealed class EmlReaderTests
{
    [Fact]
    public void The_header_is_a_heading_and_pairs()
    {
        var document = Read("From: =?UTF-8?B?7ZmN6ri464+Z?= <hong@example.org>", "To: kim@example.org, lee@example.org", "Cc: park@example.org",
            "Date: Tue, 3 Mar 2026 14:05:00 +0900", "Subject: =?UTF-8?Q?=EC=9E=A5=EC=84=9C_=EC=A0=90=EA=B2=80?=", "MIME-Version: 1.0", "", "9일에 점검합니다.", "", "> 언제 하나요?");
        Assert.Equal(("장서 점검", "EML"), (document.Title, document.Format));
        Assert.Equal("장서 점검\n\n보낸 사람: 홍길동 <hong@example.org>\n받는 사람: kim@example.org, lee@example.org\n참조: park@example.org\n날짜: 2026-03-03 14:05\n\n9일에 점검합니다.\n\n> 언제 하나요?", document.Text);
    }

    [Theory]
    [InlineData("euc-kr", "B")]
    [InlineData("ks_c_5601-1987", "B")]
    [InlineData("utf-8", "B")]
    [InlineData("utf-8", "Q")]
    public void A_subject_broken_inside_a_character_is_joined(string charset, string encoding)
    {
        var bytes = Charset(charset).GetBytes("정기 간행물 구독 목록 안내");
        var document = Read($"Subject: {Word(charset, encoding, bytes[..7])}", $" {Word(charset, encoding, bytes[7..])}", "From: a@example.org", "MIME-Version: 1.0", "", "본문");
        Assert.Equal("정기 간행물 구독 목록 안내", document.Title);
    }

    [Theory]
    [InlineData("euc-kr")]
    [InlineData("ks_c_5601-1987")]
    [InlineData("iso-2022-kr")]
    [InlineData("utf-8")]
    public void Korean_charsets_are_decoded(string charset)
    {
        var body = charset == "iso-2022-kr" ? [0x1B, .. "$)C"u8, 0x0E, .. Charset("euc-kr").GetBytes("열람실은밤까지").Select(b => (byte)(b & 0x7F)), 0x0F, .. "\r\n"u8] : Charset(charset).GetBytes("열람실은밤까지\r\n");
        byte[] mail = [.. Encoding.ASCII.GetBytes($"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"), .. body];
        Assert.Contains("열람실은밤까지", DocumentReader.ReadFile(mail, "메일.eml").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_in_bare_EUC_KR_is_decoded() =>
        Assert.Equal("제본 신청", DocumentReader.ReadFile(Charset("euc-kr").GetBytes("Subject: 제본 신청\r\nFrom: 홍길동 <a@example.org>\r\n\r\n글\r\n"), "메일.eml").Title);

    [Fact]
    public void The_page_of_two_alternatives_is_read_without_what_it_hides()
    {
        var document = Read([.. Header, .. Multipart("alternative", "A", Part("text/plain; charset=utf-8", "수요일에 닫습니다."),
            Part("text/html; charset=utf-8", "<div style=\"display:none\">미리 보기 글</div><h2>휴관</h2><p>수요일에 닫습니다.</p><blockquote>목요일인가요?</blockquote>"))]);
        Assert.EndsWith("휴관\n\n수요일에 닫습니다.\n\n목요일인가요?", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plain_text_is_read_if_the_page_has_none()
    {
        var document = Read([.. Header, .. Multipart("alternative", "A", Part("text/plain; charset=utf-8", "수요일에 닫습니다."), Part("text/html", "<img src=\"cid:1\">"), Part("text/calendar", "BEGIN:VCALENDAR"))]);
        Assert.EndsWith("수요일에 닫습니다.", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_attachment_is_read_under_its_name()
    {
        var document = Read([.. Header, .. Multipart("mixed", "A",
            Part("text/plain; charset=utf-8", "붙임을 보세요."),
            File("요금표.csv", Encoding.UTF8.GetBytes("구분,요금\n어른,2000원\n어린이,900원\n")),
            File("계획.docx", OfficeFile.Docx(OfficeFile.P("서고를 옮긴다."))))]);
        Assert.Contains("첨부: 요금표.csv, 계획.docx", document.Text, StringComparison.Ordinal);
        Assert.EndsWith("붙임을 보세요.\n\n요금표.csv\n\n구분: 어른 | 요금: 2000원\n구분: 어린이 | 요금: 900원\n\n계획.docx\n\n서고를 옮긴다.", document.Text, StringComparison.Ordinal);
        Assert.Equal(["점검", "요금표.csv", "계획.docx"], document.Sections.Select(section => section.Heading));
        Assert.Empty(document.Pages);
    }

    [Theory]
    [InlineData("filename*=UTF-8''%EC%9A%94%EA%B8%88.txt")]
    [InlineData("filename*0*=UTF-8''%EC%9A;\r\n filename*1*=%94%EA%B8%88.txt")]
    [InlineData("filename=\"=?UTF-8?B?7JqU6riILnR4dA==?=\"")]
    public void The_name_of_an_attachment_is_decoded(string parameter)
    {
        var document = Read([.. Header, .. Multipart("mixed", "A", $"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; {parameter}\r\n\r\n2000 won\r\n")]);
        Assert.Contains("요금.txt\n\n2000 won", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_attachment_that_cannot_be_read_is_named_and_the_others_are_read()
    {
        var document = Read([.. Header, .. Multipart("mixed", "A", File("사진.png", [0x89, 0x50, 0x4E, 0x47, 0, 0, 1]), File("글.txt", "둘째 글이다."u8.ToArray()))]);
        Assert.EndsWith("글.txt\n\n둘째 글이다.", document.Text, StringComparison.Ordinal);
        Assert.Contains("사진.png", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_files_of_an_attached_archive_are_read()
    {
        var document = Read([.. Header, .. Multipart("mixed", "A", File("자료.zip", ZipDraft.Of(("안내/주차.txt", "지하 3층에 세웁니다."u8.ToArray()), ("__MACOSX/._주차.txt", [0]), ("안.zip", ZipDraft.Of(("a.txt", "글"))))))]);
        Assert.Contains("자료.zip/안내/주차.txt\n\n지하 3층에 세웁니다.", document.Text, StringComparison.Ordinal);
        Assert.Contains("자료.zip/안.zip", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_forwarded_mail_is_read_with_its_header()
    {
        var inner = string.Join("\r\n", "Subject: =?UTF-8?B?7JuQ656YIOuplOydvA==?=", "From: b@example.org", "", "inner text", "");
        var document = Read([.. Header, .. Multipart("mixed", "A", Part("text/plain; charset=utf-8", "전달합니다."), "Content-Type: message/rfc822\r\n\r\n" + inner)]);
        Assert.EndsWith("전달합니다.\n\n원래 메일\n\n보낸 사람: b@example.org\n\ninner text", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_broken_only_to_be_sent_are_joined() =>
        Assert.EndsWith("관내 열람만 가능한 책입니다.\n\n다음 줄", Read("Subject: a", "From: a@example.org", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8; format=flowed", "", "관내 열람만 ", "가능한 책입니다.", "", "다음 줄").Text, StringComparison.Ordinal);

    [Fact]
    public void A_saved_web_page_is_read()
    {
        var document = DocumentReader.ReadFile(Encoding.UTF8.GetBytes("From: <Saved by Blink>\r\nSubject: =?utf-8?B?6rO17KeAIOyqvQ==?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"B\"\r\n\r\n"
            + string.Join("\r\n", Multipart("related", "B", Part("text/html", "<meta charset=utf-8><h1>공지</h1><p>1층입니다.</p>"), Part("image/png", "AAAA")).Skip(2))), "쪽.mhtml");
        Assert.Equal("공지 쪽", document.Title);
        Assert.EndsWith("공지\n\n1층입니다.", document.Text, StringComparison.Ordinal);
        Assert.Empty(document.Warnings);
    }

    [Theory]
    [InlineData("제목: 회의\n\n글", "글.txt", false)]
    [InlineData("From: 나\nDate: 어제\n\n글", "글.txt", false)]
    [InlineData("Date: 2026\nSubject: 회의\n글자뿐인 줄\n", "글.txt", false)]
    [InlineData("From: a@b.c\nMessage-ID: <1@b>\n\n글", "이름 없음", true)]
    [InlineData("Received: from x\n by y\nMIME-Version: 1.0\n\n글", "이름 없음", true)]
    [InlineData("Subject: 초안\n\n글", "초안.eml", true)]
    public void A_mail_is_recognised_by_its_header(string text, string name, bool isMail) =>
        Assert.Equal(isMail, DocumentReader.For(Encoding.UTF8.GetBytes(text), name) is EmlReader);

    [Fact]
    public void Mails_in_mails_are_read_to_a_limit()
    {
        var mail = Encoding.ASCII.GetBytes("From: a@example.org\r\nMIME-Version: 1.0\r\n\r\ninnermost\r\n");
        for (var level = 0; level < 1_000; level++)
        {
            mail = [.. Encoding.UTF8.GetBytes($"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b{level}\"\r\n\r\n--b{level}\r\nContent-Type: application/octet-stream; name=\"a.eml\"\r\nContent-Disposition: attachment\r\n\r\n"), .. mail, .. Encoding.ASCII.GetBytes($"\r\n--b{level}--\r\n")];
        }

        var document = DocumentReader.ReadFile(mail, "깊은.eml");
        Assert.DoesNotContain("innermost", document.Text, StringComparison.Ordinal);
        Assert.Contains(document.Warnings.Said(), warning => warning.Contains("깊이", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a:b\r\n")]
    [InlineData("--B\r\n\r\n")]
    public void A_mail_of_nothing_but_headers_or_parts_is_refused(string piece)
    {
        var mail = "From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n" + (piece[0] == 'a' ? "" : "\r\n") + string.Concat(Enumerable.Repeat(piece, 2_000_000));
        var refused = Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(Encoding.ASCII.GetBytes(mail), "많은.eml"));
        Assert.Contains("너무 많아", refused.Said(), StringComparison.Ordinal);
    }

    private static DocumentText Read(params string[] lines) => DocumentReader.ReadFile(Encoding.UTF8.GetBytes(string.Join("\r\n", lines)), "메일.eml");

    private static Encoding Charset(string name) => name == "utf-8" ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(949)!;

    private static string Word(string charset, string encoding, byte[] bytes) =>
        $"=?{charset}?{encoding}?{(encoding == "B" ? Convert.ToBase64String(bytes) : string.Concat(bytes.Select(b => $"={b:X2}")))}?=";
}

public sealed class EmlContractTests() : DocumentReaderContract(new EmlReader())
{
    protected override IEnumerable<Sample> Samples =>
    [
        Text("메일.eml", string.Join("\r\n", [.. Header, .. Multipart("mixed", "A", Part("text/plain; charset=utf-8", string.Concat(Enumerable.Repeat("본문이 있는 글이다.\r\n", 20))), File("표.csv", Encoding.UTF8.GetBytes("가,나\n1,2\n3,4\n")))])),
        Text("쪽.eml", string.Join("\r\n", [.. Header, .. Multipart("alternative", "A", Part("text/plain", "글"), Part("text/html; charset=utf-8", "<h1>제목</h1>" + string.Concat(Enumerable.Repeat("<p>긴 문단의 글이다.</p>", 20))))])),
    ];
}

/// <summary>Writes mails.</summary>
internal static class MailDraft
{
    public static string[] Header => ["From: a@example.org", "Subject: =?UTF-8?B?7KCQ6rKA?=", "MIME-Version: 1.0"];

    public static string[] Multipart(string kind, string boundary, params string[] parts) =>
        [$"Content-Type: multipart/{kind}; boundary=\"{boundary}\"", "", .. parts.Select(part => $"--{boundary}\r\n{part}"), $"--{boundary}--", ""];

    public static string Part(string type, string text) => $"Content-Type: {type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}";

    public static string File(string name, byte[] bytes) =>
        $"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=UTF-8''{Uri.EscapeDataString(name)}\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(bytes)}";
}
