using System.Text;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Recognition;

namespace Pybo.Tests.Rag.Documents.Recognition;

public sealed class PictureReaderTests
{
    private static readonly DrawnPage Page = new(60, 40, new byte[60 * 40]);

    public static TheoryData<string, byte[]> Pictures => new()
    {
        { "PNG", Scans.Png(Page) },
        { "TIFF", Scans.Tiff(Page) },
        { "JPEG", Jpeg(60, 40) },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void A_picture_is_recognised_by_its_bytes_whatever_its_name(string format, byte[] bytes)
    {
        var document = DocumentReader.ReadFile(bytes, "글.txt");
        var page = Assert.Single(document.Pages);
        Assert.Equal((format, "", true), (document.Format, document.Text, page.IsPicture));
        Assert.Equal(1.5, page.Width / page.Height, 2);
        Assert.Equal("1쪽 가운데 1쪽은 그림만 있고 글이 없어 읽지 못했습니다.", Assert.Single(document.Warnings.Said()));
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void A_damaged_picture_is_read_or_refused(string format, byte[] bytes)
    {
        Assert.NotEqual("", format);
        for (var seed = 0; seed < 2_000; seed++)
        {
            ReadsOrRefuses(Mutant.Of(bytes, seed));
        }

        for (var length = 0; length < Math.Min(bytes.Length, 400); length++)
        {
            ReadsOrRefuses(bytes[..length]);
        }
    }

    [Fact]
    public void A_picture_with_too_many_pixels_is_refused_by_its_header()
    {
        var png = Scans.Png(Page);
        (png[18], png[22]) = (0xFF, 0xFF);
        Assert.Contains("100메가픽셀", Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(png, "폭탄.png")).Said(), StringComparison.Ordinal);
        Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(Jpeg(65_000, 65_000), "폭탄.jpg"));
        Assert.Throws<DocumentUnreadableException>(() => DocumentReader.ReadFile(Jpeg(0, 40), "빈 그림.jpg"));
    }

    [Fact]
    public void A_chain_of_directories_that_ends_in_a_circle_ends()
    {
        var tiff = Scans.Tiff(Page);
        tiff[8 + 2 + (9 * 12)] = 8;
        Assert.Equal(DocumentBuilder.PagesMax, DocumentReader.ReadFile(tiff, "고리.tif").Pages.Count);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    [InlineData(6, 1)]
    [InlineData(8, 3)]
    public void The_camera_says_how_a_photo_must_be_turned(byte orientation, int quarters)
    {
        var page = Assert.Single(DocumentReader.ReadFile(Jpeg(60, 40, orientation), "사진.jpg").Pages);
        Assert.Equal(quarters, page.QuarterTurns);
        Assert.Equal(quarters % 2 == 0, page.Width > page.Height);
    }

    [Fact]
    public void Words_become_lines_with_their_spaces_and_places()
    {
        var document = Read(
            """
            level	page	block	par	line	word	left	top	width	height	conf	text
            1	1	0	0	0	0	0	0	600	400	-1	
            5	1	1	1	1	1	60	40	40	22	93	도
            5	1	1	1	1	2	90	38	18	26	92	서
            5	1	1	1	1	3	112	40	18	22	92	관
            5	1	1	1	1	4	140	40	60	22	95	안내
            5	1	1	1	2	1	60	80	40	22	93	|
            5	1	2	1	1	1	60	200	40	22	3	ㅁ을
            도서관 안내
            |
            ㅁ을
            """);
        Assert.Equal("도서관 안내", document.Text);
        var box = Assert.Single(document.Pages[0].Lines).Box;
        var scale = 842f / 600;
        Assert.Equal(60 * scale, box.X, 1);
        Assert.InRange(box.Y + (box.Height / 2), 40 * scale, 62 * scale);
        Assert.Contains("1쪽 가운데 1쪽은 그림에서", Assert.Single(document.Warnings.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void English_words_come_from_the_English_model_and_Hangul_from_the_Korean_one()
    {
        var document = Read(
            """
            level	page	block	par	line	word	left	top	width	height	conf	text
            1	1	0	0	0	0	0	0	600	400	-1	
            5	1	1	1	1	1	60	40	50	22	0	20067
            5	1	1	1	1	2	120	40	20	22	93	를
            5	1	1	1	1	3	160	40	60	22	92	점검표
            5	1	1	1	1	4	240	40	60	22	0	31[10)
            5	1	1	1	1	5	290	40	20	22	90	에
            5	1	1	1	1	6	310	40	20	22	90	서
            20067 를 점검표 31[10)에서
            level	page	block	par	line	word	left	top	width	height	conf	text
            1	1	0	0	0	0	0	0	600	400	-1	
            5	1	1	1	1	1	60	40	50	22	93	Docker
            5	1	1	1	1	2	160	40	60	22	62	BARS
            5	1	1	1	1	3	240	40	90	22	34	GitHub]
            Docker BARS GitHub]
            """);
        Assert.Equal("Docker 를 점검표 GitHub에서", document.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("level\t1")]
    [InlineData("5\t1\t1\t1\t1\t1\t60\t40\t50\t22\t90\t가")]
    [InlineData("level\n5\t1\t1\t1\t1\t1\t60\t40\t50\t22\t90\t가")]
    [InlineData("level\n1\t1\t0\t0\t0\t0\t0\t0\t1\t1\t-1\t\n5\t1\t1\t1\t1\t1\t99999999999\t-4\t2147483647\t2147483647\tNaN\t가\n5\t1\t1\t1\t1\t1\t2147483647\t2147483647\t2147483647\t2147483647\t90\t가")]
    public void A_strange_table_is_no_text_or_some(string table) => Assert.NotNull(Read(table));

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    [InlineData(-3.3)]
    public void Lines_of_text_tell_by_how_much_a_page_is_turned(double degrees)
    {
        var pixels = Enumerable.Repeat((byte)255, 1_600 * 1_200).ToArray();
        for (var y = 200; y < 1_000; y++)
        {
            for (var x = 200; x < 1_400 && y % 60 < 24; x++)
            {
                pixels[(y * 1_600) + x] = (byte)((x * 7 % 11) < 5 ? 20 : 255);
            }
        }

        var page = new DrawnPage(1_600, 1_200, pixels);
        var turned = degrees == 0 ? page : page.Turned(degrees);
        Assert.Equal(degrees, turned.Skew(), 1);
        Assert.Equal(0, turned.Turned(-turned.Skew()).Skew());
        Assert.Equal(page.Pixels.ToArray(), page.Turned(4).Pixels.ToArray());
        Assert.Equal(turned.Pixels.ToArray(), DrawnPage.Parse(turned.ToArray())!.Pixels.ToArray());
    }

    private static DocumentText Read(string table) =>
        DocumentBuilder.Collect(DocumentReader.ReadParts(Scans.Png(new(600, 400, new byte[600 * 400])), "그림.png", [new(1, 0, Encoding.UTF8.GetBytes(table))]), "그림.png");

    /// <summary>The beginning of a JPEG file: a camera's segment and a frame's.</summary>
    private static byte[] Jpeg(int width, int height, byte orientation = 1) =>
    [
        0xFF, 0xD8, 0xFF, 0xE1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 18, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0,
        0xFF, 0xFF, 0xC2, 0, 17, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1,
    ];

    private static void ReadsOrRefuses(byte[] bytes)
    {
        var ended = Record.Exception(() => DocumentReader.ReadFile(bytes, "그림.png"));
        Assert.True(ended is null or DocumentUnreadableException, ended?.ToString());
    }
}
