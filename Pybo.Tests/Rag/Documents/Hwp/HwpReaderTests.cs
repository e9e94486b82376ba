using System.Buffers.Binary;
using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Hwp;

namespace Pybo.Tests.Rag.Documents.Hwp;

public sealed class HwpReaderTests
{
    [Fact]
    public void A_paragraph_keeps_its_characters_and_loses_its_controls()
    {
        var text = $"가{HwpBuilder.Control(9)}나\n다{(char)24}라{(char)30}마{(char)31}바{HwpBuilder.Control(3)}필드{HwpBuilder.Control(4)}끝";
        var document = new HwpBuilder().Paragraph(0, text).Control(1, "%clk").Read();
        Assert.Equal("가\t나\n다-라 마 바필드끝", document.Text);
        Assert.Empty(document.Warnings);
    }

    [Fact]
    public void A_table_becomes_readable_rows()
    {
        var document = Table(new HwpBuilder().Paragraph(0, $"{HwpBuilder.Control(11)}").Control(1, "tbl ").List(2).Paragraph(2, "표 제목")).Read();
        Assert.Equal("표 제목\n\n구분: 가 | 항목: 하나 | 값: 1\n구분: 가 | 항목: 둘 | 값: 2", document.Text);
    }

    [Fact]
    public void A_cell_with_block_content_is_not_read_as_a_row()
    {
        var builder = new HwpBuilder().Paragraph(0, HwpBuilder.Control(11)).Control(1, "tbl ").Record(HwpTag.Table, 2, new byte[30]);
        var document = Table(builder.Cell(2, 0, 0, 1, "앞 문단").Paragraph(2, HwpBuilder.Control(11)).Control(3, "tbl "), level: 4).Read();
        Assert.Equal("앞 문단\n\n구분: 가 | 항목: 하나 | 값: 1\n구분: 가 | 항목: 둘 | 값: 2", document.Text);
    }

    [Fact]
    public void Anchored_content_follows_its_sentence()
    {
        var builder = new HwpBuilder().Paragraph(0, $"앞{HwpBuilder.Control(17)} 뒤{HwpBuilder.Control(15)}{HwpBuilder.Control(11)}{HwpBuilder.Control(11)}.");
        builder.Control(1, "fn  ").List(2).Paragraph(2, $"{HwpBuilder.Control(18)} 각주").Control(3, "atno", 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, (byte)')', 0);
        builder.Control(1, "tcmt").List(2).Paragraph(2, "숨은 설명");
        builder.Control(1, "gso ").Record(76, 2, new byte[40]).List(3).Paragraph(3, "글상자");
        builder.Control(1, "eqed").Record(HwpTag.Equation, 2, [0, 0, 0, 0, 5, 0, .. Encoding.Unicode.GetBytes("a + b")]);
        Assert.Equal("앞 뒤a + b.\n\n3) 각주\n\n글상자", builder.Paragraph(0, "다음").Read().Text[..^"\n\n다음".Length]);
    }

    [Fact]
    public void A_header_is_read_once()
    {
        var builder = new HwpBuilder();
        for (var section = 0; section < 3; section++)
        {
            builder.Paragraph(0, $"{HwpBuilder.Control(16)}본문").Control(1, "head").List(2).Paragraph(2, "머리말");
        }

        Assert.Equal("머리말\n\n본문\n\n본문\n\n본문", builder.Read().Text);
    }

    [Fact]
    public void Headers_beyond_the_limit_are_reported_missing()
    {
        const int headersMax = 10_000;
        var builder = new HwpBuilder().Paragraph(0, "본문");
        for (var at = 0; at < headersMax; at++)
        {
            AddHeader(at);
        }

        AddHeader(0);
        Assert.Empty(builder.Read().Warnings);
        AddHeader(headersMax);
        Assert.Equal("머리말과 꼬리말이 너무 많아 일부만 읽었습니다.", Assert.Single(builder.Read().Warnings.Said()));

        void AddHeader(int number) => builder.Paragraph(0, HwpBuilder.Control(16)).Control(1, "head").List(2).Paragraph(2, $"머리말 {number}");
    }

    [Fact]
    public void Streams_lost_by_the_directory_are_reported_missing()
    {
        var builder = HwpBuilder.File(new HwpBuilder().Paragraph(0, "본문").Section);
        var bytes = builder.Build();
        Assert.False(HwpBuilder.Read(bytes).Truncated);
        const int rightLink = 72, entryBytes = 128;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(builder.DirectoryStart + (2 * entryBytes) + rightLink), 1_000);
        var document = HwpBuilder.Read(bytes);
        Assert.Equal(("본문", true), (document.Text, document.Truncated));
    }

    [Fact]
    public void Outline_paragraphs_are_numbered_headings()
    {
        byte[] Shape(int head, int level) => [.. HwpBuilder.Numbers((head << 23) | (level << 25)), .. new byte[26], 1, 0];
        byte[] Level(string pattern, int format) => [.. HwpBuilder.Numbers(format << 5, 0, 0), (byte)pattern.Length, 0, .. Encoding.Unicode.GetBytes(pattern)];
        byte[] numbering = [.. Level("제^1장", 0), .. Level("^2.", 8), .. Enumerable.Repeat(Level("", 0), 5).SelectMany(level => level), 0, 0];
        var info = new HwpBuilder().Record(HwpTag.Numbering, 0, numbering)
            .Record(HwpTag.Bullet, 0, [.. new byte[12], 0xCF, 0x25])
            .Record(HwpTag.ParagraphShape, 0, Shape(0, 0)).Record(HwpTag.ParagraphShape, 0, Shape(1, 0)).Record(HwpTag.ParagraphShape, 0, Shape(1, 1)).Record(HwpTag.ParagraphShape, 0, Shape(3, 0));
        var body = new HwpBuilder().Paragraph(0, $"{HwpBuilder.Control(2)}총칙", shape: 1).Control(1, "secd", [.. new byte[14], 1, 0])
            .Paragraph(0, "목적", shape: 2).Paragraph(0, "정의", shape: 2).Paragraph(0, "보칙", shape: 1).Paragraph(0, "부칙", shape: 2).Paragraph(0, "항목", shape: 3);
        var document = HwpBuilder.Read(HwpBuilder.File(body.Section).Add("DocInfo", HwpBuilder.Deflate(info.Section)).Build());
        Assert.Equal(["제1장 총칙", "가. 목적", "나. 정의", "제2장 보칙", "가. 부칙"], document.Sections.Select(section => section.Heading));
        Assert.Equal([1, 2, 2, 1, 2], document.Sections.Select(section => section.Level));
        Assert.EndsWith("● 항목", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_begins_at_a_line_higher_than_the_previous_one()
    {
        var document = new HwpBuilder()
            .Paragraph(0, "첫 쪽", lines: (0, 0))
            .Paragraph(0, "첫 쪽의 끝에서 다음 쪽으로", lines: [(0, 60_000), (9, 0)])
            .Paragraph(0, "나눈 쪽", breaks: 4, lines: (0, 0))
            .Read();
        Assert.Equal(["첫 쪽\n\n첫 쪽의 끝에서", " 다음 쪽으로", "\n\n나눈 쪽"], document.Pages.Select(page => document.Text.Substring(page.Start, page.Length)));
        Assert.Empty(new HwpBuilder().Paragraph(0, "배치한 적 없는 글").Read().Pages);
    }

    [Fact]
    public void A_higher_line_in_the_next_column_does_not_begin_a_page()
    {
        var document = new HwpBuilder()
            .Paragraph(0, "한 단", lines: (0, 0)).Paragraph(0, "한 단의 끝", lines: (0, 9_000))
            .Paragraph(0, $"{HwpBuilder.Control(2)}두 단", lines: [(0, 0), (9, 0)]).Control(1, "cold", 2 << 2, 0)
            .Paragraph(0, "왼쪽 단", lines: (0, 3_000)).Paragraph(0, "오른쪽 단", lines: (0, 0)).Paragraph(0, "다음 쪽", lines: [(0, 3_000), (2, 0)])
            .Read();
        Assert.Equal(["한 단\n\n한 단의 끝\n\n두 단\n\n왼쪽 단\n\n오른쪽 단\n\n다음", " 쪽"], document.Pages.Select(page => document.Text.Substring(page.Start, page.Length)));
    }

    [Fact]
    public void Sections_are_read_in_the_order_of_their_numbers()
    {
        var file = new CompoundFileBuilder().Add("FileHeader", HwpBuilder.FileHeader(0));
        foreach (var number in new[] { 10, 2, 0 })
        {
            file.Add($"BodyText/Section{number}", new HwpBuilder().Paragraph(0, $"{number}째").Section);
        }

        Assert.Equal("0째\n\n2째\n\n10째", HwpBuilder.Read(file.Build()).Text);
    }

    [Theory]
    [InlineData(1 << 1, "암호를 풀고")]
    [InlineData(1 << 4, "DRM")]
    [InlineData(1 << 8, "인증서")]
    [InlineData(1 << 10, "인증서")]
    public void An_encrypted_document_is_refused_with_advice(uint flags, string reason) => Refused(HwpBuilder.File([], flags).Build(), reason);

    [Theory]
    [InlineData("WordDocument", ".docx")]
    [InlineData("Workbook", ".xlsx")]
    [InlineData("PowerPoint Document", ".pptx")]
    [InlineData("EncryptedPackage", "암호")]
    [InlineData("무엇", "아니거나")]
    public void Another_compound_file_is_refused_by_its_name(string stream, string reason) => Refused(new CompoundFileBuilder().Add(stream, [1]).Build(), reason);

    [Fact]
    public void The_preview_replaces_a_broken_body()
    {
        var file = new CompoundFileBuilder().Add("FileHeader", HwpBuilder.FileHeader(HwpBuilder.Compressed)).Add("PrvText", Encoding.Unicode.GetBytes("미리 보기"));
        var document = HwpBuilder.Read(file.Add("BodyText/Section0", [0xFF, 0xFF, 0xFF]).Build());
        Assert.Equal("미리 보기", document.Text);
        Assert.True(document.Truncated);
        Refused(HwpBuilder.File([]).Add("BodyText/Section1", [0xFF, 0xFF]).Build(), "깨져");
    }

    [Theory]
    [InlineData(0xFF, 0xFF, 0xFF, 0xFF)]
    [InlineData(0x43, 0x00, 0xF0, 0x7F)]
    public void A_record_longer_than_the_file_ends_it(byte a, byte b, byte c, byte d)
    {
        var document = new HwpBuilder().Paragraph(0, "앞").Raw(a, b, c, d).Raw(0xFF, 0xFF, 0xFF, 0xFF).Read();
        Assert.Equal("앞", document.Text);
        Assert.True(document.Truncated);
    }

    [Fact]
    public void A_truncated_control_ends_its_paragraph()
    {
        Assert.Equal("앞\n\n뒤", new HwpBuilder().Paragraph(0, "앞\u000B\0\0").Control(1, "tbl ").Record(HwpTag.Table, 2, []).List(2).Paragraph(0, "뒤").Read().Text);
    }

    [Fact]
    public void Deeply_nested_tables_are_read_to_a_limit()
    {
        var builder = new HwpBuilder();
        for (var level = 0; level < 1_000; level += 2)
        {
            builder.Paragraph(level, $"{level}층{HwpBuilder.Control(11)}").Control(level + 1, "tbl ").Record(HwpTag.Table, level + 2, new byte[30]).Record(HwpTag.ListHeader, level + 2, new byte[34]);
        }

        var document = builder.Paragraph(0, "뒤").Read();
        Assert.Contains("10층", document.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("998층", document.Text, StringComparison.Ordinal);
        Assert.EndsWith("뒤", document.Text, StringComparison.Ordinal);
        Assert.Single(document.Warnings.Said());
    }

    [Fact]
    public void Overlapping_spans_do_not_multiply_the_text()
    {
        var builder = new HwpBuilder().Paragraph(0, HwpBuilder.Control(11)).Control(1, "tbl ").Record(HwpTag.Table, 2, new byte[30]);
        for (var row = 0; row < 250; row++)
        {
            for (var column = 0; column < 40; column++)
            {
                builder.Cell(2, row, column, 255, $"{row} {column} {new string('가', 24)}");
            }
        }

        Assert.InRange(builder.Read().Text.Length, 300_000, 1_200_000);
    }

    [Fact]
    public void A_deflate_bomb_is_read_to_a_limit()
    {
        var document = HwpBuilder.Read(HwpBuilder.File(new byte[2_000_000]).Add("BodyText/Section1", HwpBuilder.Deflate(new byte[80_000_000])).Build());
        Assert.Equal("", document.Text);
        Assert.Equal((true, "본문이 너무 커서 압축을 푼 66 MB까지만 읽었습니다."), (document.Truncated, Assert.Single(document.Warnings.Said())));
    }

    [Fact]
    public void A_section_of_64_MB_is_cut_at_the_documents_limit()
    {
        var document = new HwpBuilder().Paragraph(0, new string('가', 31_900_000)).Read();
        Assert.Equal(DocumentReader.CharactersMax, document.Text.Length);
        Assert.True(document.Truncated);
    }

    private static HwpBuilder Table(HwpBuilder builder, int level = 2) => builder.Record(HwpTag.Table, level, new byte[30])
        .Cell(level, 0, 0, 1, "구분").Cell(level, 0, 1, 1, "항목").Cell(level, 0, 2, 1, "값")
        .Cell(level, 1, 0, 2, "가").Cell(level, 1, 1, 1, "하나").Cell(level, 1, 2, 1, "1")
        .Cell(level, 2, 1, 1, "둘").Cell(level, 2, 2, 1, "2");

    private static void Refused(byte[] file, string reason)
    {
        Assert.IsType<HwpReader>(DocumentReader.For(file, "이름.txt"));
        var refused = Assert.Throws<DocumentUnreadableException>(() => HwpBuilder.Read(file));
        Assert.Contains(reason, refused.Said(), StringComparison.Ordinal);
    }
}
