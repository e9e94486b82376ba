using System.IO.Compression;
using System.Text;
using Pybo.Data;
using Pybo.Pages.Resources;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Enclosed;
using Pybo.Rag.Documents.Zip;
using Pybo.Tests.Rag.Documents.Hwp;
using Pybo.Tests.Rag.Documents.Office;
using Pybo.Tests.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Enclosed;

/// <summary>Archives and locked files give their documents, and say why one is not taken.</summary>
public sealed class UnwrappingTests
{
    private static readonly Encoding Korean = CodePagesEncodingProvider.Instance.GetEncoding(949)!;

    [Fact]
    public void Each_file_of_an_archive_is_taken_with_its_bytes()
    {
        var large = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 30_000).Select(n => $"{n * 7919 % 10007} ")));
        var (files, refused, _) = Unwrap(ZipDraft.Of(("회의/회의록.txt", "목요일"u8.ToArray()), ("긴 글.txt", large)));
        Assert.Equal(["회의/회의록.txt", "긴 글.txt"], files.Select(file => file.Name));
        Assert.Equal("목요일", Encoding.UTF8.GetString(files[0].Bytes));
        Assert.Equal(large, files[1].Bytes);
        Assert.Empty(refused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Names_are_read_in_UTF_8_and_in_the_code_page_of_Windows(bool isUtf8)
    {
        var archive = ZipDraft.Of(isUtf8 ? null : Korean, CompressionLevel.Optimal, ("규정/대출 규정.txt", "다섯 권"u8.ToArray()));
        Assert.Equal("규정/대출 규정.txt", Assert.Single(Unwrap(archive).Files).Name);
    }

    [Fact]
    public void Names_of_macOS_are_composed() =>
        Assert.Equal("안내.txt", Assert.Single(Unwrap(ZipDraft.Of(Encoding.UTF8, CompressionLevel.Optimal, ("안내.txt".Normalize(NormalizationForm.FormD), "글"u8.ToArray()))).Files).Name);

    [Theory]
    [InlineData("../../etc/글.txt", "etc/글.txt")]
    [InlineData("/글.txt", "글.txt")]
    [InlineData("c:\\가\\글.txt", "c:/가/글.txt")]
    [InlineData("가/../나/./글\u202Etxt.txt", "가/나/글txt.txt")]
    public void A_path_is_only_a_name(string path, string name) => Assert.Equal(name, Assert.Single(Unwrap(ZipDraft.Of((path, "글"))).Files).Name);

    [Fact]
    public void A_file_that_is_no_document_is_refused_by_name()
    {
        var (files, refused, _) = Unwrap(ZipDraft.Of(
            ("글.txt", "글"u8.ToArray()), ("사진.png", [0x89, 0x50, 0, 0]), ("안.zip", ZipDraft.Of(("a.txt", "글"))), ("옛글.hwp", [.. "HWP Document File V3.00 \x1A"u8, 0]),
            ("옛 표.xls", new CompoundFileBuilder().Add("Workbook", [1]).Build())));
        Assert.Equal("글.txt", Assert.Single(files).Name);
        Assert.Equal(["사진.png", "안.zip", "옛글.hwp", "옛 표.xls"], refused.Select(file => file.Name));
        Assert.Equal(["(.png)", "압축 안에", "HWPX", ".xlsx"], refused.Zip(["(.png)", "압축 안에", "HWPX", ".xlsx"], (file, part) => NoticeWords.Of(file.Reason).Contains(part, StringComparison.Ordinal) ? part : NoticeWords.Of(file.Reason)));
    }

    [Fact]
    public void Files_of_systems_are_counted()
    {
        var (files, refused, ignored) = Unwrap(ZipDraft.Of(("글.txt", "글"), ("__MACOSX/._글.txt", "x"), ("가/.DS_Store", "x"), ("Thumbs.db", "x"), ("~$글.docx", "x"), ("._글.txt", "x")));
        Assert.Equal((1, 0, 5), (files.Count, refused.Count, ignored));
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void An_archive_of_one_document_is_not_that_document(CompressionLevel level)
    {
        byte[][] documents = [OfficeFile.Docx(OfficeFile.P("글")), HwpxReaderTests.Package(("Contents/section0.xml", "<sec/>")), ZipDraft.Of(null, CompressionLevel.NoCompression, ("mimetype", "application/epub+zip"u8.ToArray()), ("a.opf", "<package/>"u8.ToArray()))];
        foreach (var document in documents)
        {
            Assert.False(ZipFiles.IsOne(document, "글"));
            var archive = ZipDraft.Of(null, level, ("문서", document));
            Assert.True(ZipFiles.IsOne(archive, "묶음.zip"));
            Assert.Equal(document, Assert.Single(Unwrap(archive).Files).Bytes);
        }

        Assert.True(ZipFiles.IsOne(ZipDraft.Of(("word/보고서.docx", "x"), ("Contents/글.txt", "x")), "묶음.zip"));
    }

    [Fact]
    public void A_bomb_is_refused_and_the_other_files_are_taken()
    {
        var (files, refused, _) = Unwrap(ZipDraft.Of(("폭탄.txt", [.. Enumerable.Repeat((byte)'a', 50_000_000)]), ("글.txt", "글"u8.ToArray())));
        Assert.Equal("글.txt", Assert.Single(files).Name);
        Assert.Contains("너무 커지는", NoticeWords.Of(Assert.Single(refused).Reason), StringComparison.Ordinal);
    }

    [Fact]
    public void Further_files_than_the_limit_are_counted()
    {
        var (files, refused, _) = Unwrap(ZipDraft.Of([.. Enumerable.Range(0, ZipFiles.FilesMax + 3).Select(n => ($"{n}.txt", $"글 {n}"))]));
        Assert.Equal(ZipFiles.FilesMax, files.Count);
        Assert.Contains("3개는 읽지", NoticeWords.Of(Assert.Single(refused).Reason), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_bytes_are_refused_by_their_checksum()
    {
        var archive = ZipDraft.Of(null, CompressionLevel.NoCompression, ("글.txt", "고칠 글이다"u8.ToArray()), ("둘.txt", "둘째"u8.ToArray()));
        archive[archive.AsSpan().IndexOf("고칠"u8) + 1] ^= 1;
        var (files, refused, _) = Unwrap(archive);
        Assert.Equal("둘.txt", Assert.Single(files).Name);
        Assert.Equal("글.txt", Assert.Single(refused).Name);
    }

    [Fact]
    public void A_name_that_occurs_twice_is_taken_once()
    {
        var (files, refused, _) = Unwrap(ZipDraft.Of(("글.txt", "하나"), ("글.txt", "둘")));
        Assert.Equal("하나", Encoding.UTF8.GetString(Assert.Single(files).Bytes));
        Assert.Equal("글.txt", Assert.Single(refused).Name);
    }

    [Fact]
    public void An_empty_archive_and_one_that_is_no_archive_are_refused()
    {
        Assert.Contains("없습니다", Assert.Throws<DocumentUnreadableException>(() => Unwrap(ZipDraft.Of(("가/", "")))).Said(), StringComparison.Ordinal);
        Assert.Contains("깨져", Assert.Throws<DocumentUnreadableException>(() => Unwrap([.. "PK\x3\x4"u8, 0, 0, 0])).Said(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_entry_with_AES_is_opened_by_its_password(int strength) => Opens(ZipDraft.Aes("비밀.txt", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("금고 번호 4821 ", 50))), "열려라", strength), "열려라");

    [Fact]
    public void An_entry_with_the_traditional_cipher_is_opened_by_its_password()
    {
        var folder = Directory.CreateTempSubdirectory("pybo-zip-");
        try
        {
            var archive = ZipDraft.Traditional(folder.FullName, "secret.txt", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("금고 번호 4821 ", 50))), "sesame");
            Assert.SkipWhen(archive is null, "zip is not installed.");
            Opens(archive!, "sesame");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(3, nameof(PdfCipher.Rc4), 16)]
    [InlineData(4, nameof(PdfCipher.Aes128), 16)]
    [InlineData(6, nameof(PdfCipher.Aes256), 32)]
    public void A_PDF_is_opened_by_its_password(int revision, string cipher, int keyBytes)
    {
        var file = LockedPdf(new(revision, Enum.Parse<PdfCipher>(cipher), user: "sesame", owner: "owner", keyBytes));
        Locked(file, "암호.pdf");
        foreach (var password in (string[])["sesame", "owner"])
        {
            var opened = Assert.Single(Unwrap(file, password, "암호.pdf").Files).Bytes;
            Assert.Equal("elevator works", DocumentReader.ReadFile(opened, "암호.pdf").Text);
            Assert.Equal(-1, opened.AsSpan().IndexOf("/Encrypt"u8));
        }
    }

    [Fact]
    public void A_file_without_a_lock_stays_as_it_is()
    {
        Assert.Empty(Unwrap(LockedPdf(new(6, PdfCipher.Aes256, user: "", owner: "owner", keyBytes: 32)), "아무거나", "글.pdf").Files);
        Assert.Empty(Unwrap(HwpBuilder.File(new HwpBuilder().Paragraph(0, "글").Section).Build(), "아무거나", "글.hwp").Files);
        Assert.Empty(Unwrap(OfficeFile.Docx(OfficeFile.P("글")), "아무거나", "글.docx").Files);
    }

    [Theory]
    [InlineData("docx/poi__bug53475-password-is-pass.docx", "pass")]
    [InlineData("xlsx/tika__testEXCEL_protected_passtika_2.xlsx", "tika")]
    public void An_Office_document_is_opened_by_its_password(string path, string password)
    {
        var file = File.ReadAllBytes(Repository.Shared("corpus/" + path));
        Locked(file, path);
        var opened = Assert.Single(Unwrap(file, password, path).Files).Bytes;
        Assert.NotEmpty(DocumentReader.ReadFile(opened, path).Text);
    }

    [Theory]
    [InlineData("WordDocument", ".docx")]
    [InlineData("__properties_version1.0", ".eml")]
    public void An_old_kind_is_refused_with_how_to_convert_it(string stream, string advice) =>
        Assert.Contains(advice, Assert.Throws<DocumentUnreadableException>(() => Unwrap(new CompoundFileBuilder().Add(stream, [1]).Build(), "", "옛것.bin")).Said(), StringComparison.Ordinal);

    [Fact]
    public void A_locked_HWP_document_says_that_its_lock_cannot_be_opened() =>
        Assert.Contains("암호를 풀고", Assert.Throws<DocumentUnreadableException>(() => Unwrap(HwpBuilder.File([], 1 << 1).Build(), "열려라", "글.hwp")).Said(), StringComparison.Ordinal);

    [Fact]
    public void Damaged_archives_and_locked_files_are_taken_partly_or_refused_with_a_message()
    {
        const int mutants = 1_000;
        byte[][] originals = [ZipDraft.Of(("가.txt", "하나"), ("나.csv", "가,나\n1,2\n")), ZipDraft.Aes("비밀.txt", "금고"u8.ToArray(), "p", 3), LockedPdf(new(6, PdfCipher.Aes256, user: "p", owner: "o", keyBytes: 32)),
            File.ReadAllBytes(Repository.Shared("corpus/docx/poi__bug53475-password-is-pass.docx"))];
        for (var seed = 0; seed < mutants; seed++)
        {
            try
            {
                Unwrap(Mutant.Of(originals[seed % originals.Length], seed), "p", "글");
            }
            catch (DocumentUnreadableException refused)
            {
                Assert.Matches(@"[가-힣].*[.다요]$", refused.Said());
            }
        }
    }

    private static void Opens(byte[] archive, string password)
    {
        Assert.Contains("비밀번호가 걸린", NoticeWords.Of(Assert.Single(Unwrap(archive).Refused).Reason), StringComparison.Ordinal);
        Assert.Contains("맞지 않습니다", NoticeWords.Of(Assert.Single(Unwrap(archive, "틀린 말").Refused).Reason), StringComparison.Ordinal);
        Assert.StartsWith("금고 번호 4821", Encoding.UTF8.GetString(Assert.Single(Unwrap(archive, password).Files).Bytes), StringComparison.Ordinal);
    }

    private static void Locked(byte[] file, string name)
    {
        Assert.Contains("비밀번호가 걸린", Assert.Throws<DocumentUnreadableException>(() => Unwrap(file, "", name)).Said(), StringComparison.Ordinal);
        Assert.Contains("맞지 않습니다", Assert.Throws<DocumentUnreadableException>(() => Unwrap(file, "틀린 말", name)).Said(), StringComparison.Ordinal);
    }

    private static byte[] LockedPdf(PdfEncryptor encryptor)
    {
        var page = $"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F {PdfDraft.Helvetica}>>>>>>";
        var writer = new PdfFileWriter().Object(1, PdfFileWriter.Catalog).Object(2, PdfFileWriter.Branch).Object(3, page);
        writer.Stream(4, encryptor.Encrypt(4, PdfFileWriter.Zlib("BT /F 12 Tf 10 50 Td (elevator works) Tj ET"u8)), "/Filter/FlateDecode");
        writer.Object(7, encryptor.Dictionary).Table($"/Root 1 0 R/Encrypt 7 0 R/ID[({PdfEncryptor.Id})()]");
        return writer.ToArray();
    }

    private static (List<(string Name, byte[] Bytes)> Files, List<(string Name, Notice Reason)> Refused, int Ignored) Unwrap(byte[] file, string password = "", string name = "묶음.zip")
    {
        var (files, refused, ignored) = (new List<(string Name, byte[] Bytes)>(), new List<(string Name, Notice Reason)>(), 0);
        foreach (var part in Unwrapping.Parts(file, name, password))
        {
            switch (part)
            {
                case FilePart begun:
                    files.Add((begun.Name, []));
                    break;
                case BytesPart { Bytes: var bytes }:
                    files[^1] = (files[^1].Name, [.. files[^1].Bytes, .. bytes.Span]);
                    break;
                case RefusedPart { Name: var refusedName, Reason: var reason, HasBegun: var hasBegun }:
                    files.RemoveRange(files.Count - (hasBegun ? 1 : 0), hasBegun ? 1 : 0);
                    refused.Add((refusedName, reason));
                    break;
                case IgnoredPart { Count: var count }:
                    ignored = count;
                    break;
            }
        }

        return (files, refused, ignored);
    }
}
