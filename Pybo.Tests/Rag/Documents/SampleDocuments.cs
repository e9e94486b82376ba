using System.Text;
using Pybo.Rag.Documents.Pdf;
using Pybo.Tests.Rag.Documents.Hwp;
using Pybo.Tests.Rag.Documents.Office;
using Pybo.Tests.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents;

/// <summary>A small document of each readable format, made here: together they make a reader load all its parts (ciphers, decompression, CMaps, code pages, XML).</summary>
internal static class SampleDocuments
{
    /// <summary>Each document contains these words or, if its font has no Hangul, English ones.</summary>
    private const string Words = "승강기 공사";

    public static IReadOnlyList<(string FileName, byte[] Bytes)> All { get; } =
    [
        ("암호.pdf", EncryptedPdf()),
        ("한글 글꼴.pdf", KoreanPdf()),
        ("문서.hwp", HwpBuilder.File(new HwpBuilder().Paragraph(0, Words).Section).Build()),
        ("문서.hwpx", HwpxReaderTests.Package(("Contents/section0.xml", $"<sec xmlns=\"http://www.hancom.co.kr/hwpml/2011/paragraph\"><p><run><t>{Words}</t></run></p></sec>"))),
        ("문서.hml", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-16\"?><HWPML Version=\"2.8\"><BODY><SECTION><P><TEXT><CHAR>{Words}</CHAR></TEXT></P></SECTION></BODY></HWPML>")]),
        ("문서.docx", OfficeFile.Docx(OfficeFile.P(Words))),
        ("발표.pptx", OfficeFile.Pptx([OfficeFile.Xml("p:sld", OfficeFile.Shape("title", Words))])),
        ("표.xlsx", OfficeFile.Xlsx($"<row><c t=\"str\"><v>{Words}</v></c><c><v>45000</v></c></row>")),
        ("글.html", Encoding.UTF8.GetBytes($"<!doctype html><title>글</title><h1>제목</h1><p>{Words}</p><table><tr><td>1</td></tr></table>")),
        ("메일.eml", Encoding.ASCII.GetBytes($"From: =?euc-kr?B?{Convert.ToBase64String(CodePagesEncodingProvider.Instance.GetEncoding(949)!.GetBytes("홍길동"))}?= <a@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(Encoding.UTF8.GetBytes($"<p>{Words}</p>"))}\r\n")),
        ("글.md", Encoding.UTF8.GetBytes($"# 제목\n\n{Words}\n\n| 가 | 나 |\n|---|---|\n| 1 | 2 |\n")),
        ("옛 글.txt", CodePagesEncodingProvider.Instance.GetEncoding(949)!.GetBytes($"제목\n\n{Words}\n")),
    ];

    private static byte[] EncryptedPdf()
    {
        var encryptor = new PdfEncryptor(6, PdfCipher.Aes256, user: "", owner: "owner", keyBytes: 32);
        var page = $"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F {PdfDraft.Helvetica}>>>>>>";
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog).Object(2, PdfFileWriter.Branch).Object(3, page);
        writer.Stream(4, encryptor.Encrypt(4, PdfFileWriter.Zlib("BT /F 12 Tf 10 50 Td (elevator works) Tj ET"u8)), "/Filter/FlateDecode");
        writer.Object(7, encryptor.Dictionary).Table($"/Root 1 0 R/Encrypt 7 0 R/ID[({PdfEncryptor.Id})()]");
        return writer.ToArray();
    }

    private static byte[] KoreanPdf()
    {
        const string font = "<</Type/Font/Subtype/Type0/BaseFont/HYGothic-Medium/Encoding/UniKS-UTF16-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/HYGothic-Medium/CIDSystemInfo<</Registry(Adobe)/Ordering(Korea1)/Supplement 1>>/DW 1000>>]>>";
        return PdfDraft.Bytes($"BT /F 12 Tf 10 50 Td <{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(Words))}> Tj ET", "", "", font, [], "");
    }
}
