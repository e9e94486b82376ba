using System.Buffers.Binary;
using Pybo.Data;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Isolation;

namespace Pybo.Tests.Rag.Documents.Isolation;

public sealed class DocumentFramesTests
{
    private static readonly DocumentPart[] Parts =
    [
        new TitlePart("제목 😀 \uD800"),
        new PagePart(595.25f, 842),
        new PagePart(842, 595.25f, IsPicture: true, QuarterTurns: 3),
        BlockPart.Heading(3, "소제목"),
        new BlockPart(0, [new("앞 ", new PageBox(1, 2.5f, -3, 4)), new("", null), new("뒤\n")], BlockBreak.None),
        new BlockPart(0, [new("목록")], BlockBreak.Line),
        new WarningPart(Notice.Of(ReadingProblem.HiddenSlides, 3)),
        new TruncatedPart(Notice.Of(ReadingProblem.PartMissing, "가\n\"나\"")),
    ];

    [Fact]
    public async Task Parts_survive_a_round_trip()
    {
        using var pipe = new MemoryStream(Written());
        var frames = new DocumentFrameReader(pipe);
        foreach (var part in Parts)
        {
            Assert.Equivalent(part, (await frames.ReadAsync()).Part, strict: true);
        }

        Assert.Equal(FrameKind.End, (await frames.ReadAsync()).Kind);
        Assert.Equal(Notice.Of(ReadingProblem.Encrypted), (await frames.ReadAsync()).Reason);
        await Assert.ThrowsAsync<EndOfStreamException>(() => frames.ReadAsync());
    }

    [Fact]
    public async Task A_block_longer_than_a_frame_takes_several_frames()
    {
        var line = new TextLine(new string('가', 9_000_000));
        using var pipe = new MemoryStream();
        new DocumentFrameWriter(pipe).Write(new BlockPart(0, [line, line, line, line, line, line]));
        pipe.Position = 0;
        var frames = new DocumentFrameReader(pipe);
        var read = 0;
        while (pipe.Position < pipe.Length)
        {
            read += Assert.IsType<BlockPart>((await frames.ReadAsync()).Part).Lines.Count(l => l.Text.Length == line.Text.Length);
        }

        Assert.Equal(6, read);
    }

    [Fact]
    public async Task A_block_with_more_lines_than_a_frame_allows_takes_several_frames()
    {
        var lines = Enumerable.Range(0, FrameLimits.LinesMax + 1).Select(i => new TextLine(i == FrameLimits.LinesMax ? "끝" : "")).ToList();
        using var pipe = new MemoryStream();
        new DocumentFrameWriter(pipe).Write(new BlockPart(0, lines));
        pipe.Position = 0;
        var frames = new DocumentFrameReader(pipe);
        Assert.Equal(FrameLimits.LinesMax, Assert.IsType<BlockPart>((await frames.ReadAsync()).Part).Lines.Count);
        Assert.Equal("끝", Assert.Single(Assert.IsType<BlockPart>((await frames.ReadAsync()).Part).Lines).Text);
    }

    [Fact]
    public async Task A_frame_with_too_many_lines_is_refused()
    {
        const int emptyLineBytes = 5;
        var frame = new byte[FrameLimits.HeaderBytes + 2 + ((FrameLimits.LinesMax + 1) * emptyLineBytes)];
        frame[0] = (byte)FrameKind.Block;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), frame.Length - FrameLimits.HeaderBytes);
        await Assert.ThrowsAsync<InvalidDataException>(() => new DocumentFrameReader(new MemoryStream(frame)).ReadAsync());
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_cut_when_the_document_is_built()
    {
        using var pipe = new MemoryStream();
        new DocumentFrameWriter(pipe).Write(BlockPart.Paragraph(new string('a', DocumentReader.CharactersMax + 10)));
        pipe.Position = 0;
        var document = DocumentBuilder.Collect([(await new DocumentFrameReader(pipe).ReadAsync()).Part!], "a");
        Assert.True(document.Truncated);
        Assert.Equal(DocumentReader.CharactersMax, document.Text.Length);
    }

    /// <summary>With any byte changed or at any length, a frame is read or refused; nothing else happens.</summary>
    [Fact]
    public async Task Damaged_frames_are_refused()
    {
        var written = Written();
        for (var at = 0; at < written.Length; at++)
        {
            foreach (var value in (byte[])[0, 1, 0x7F, 0xFF])
            {
                var damaged = written.ToArray();
                damaged[at] = value;
                await ReadToEndAsync(damaged);
            }

            await ReadToEndAsync(written[..at]);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 0)]
    [InlineData(2, -1)]
    [InlineData(2, int.MaxValue)]
    [InlineData(2, 3)]
    [InlineData(3, 7)]
    [InlineData(4, 1)]
    [InlineData(7, 2)]
    public async Task A_frame_that_the_writer_never_writes_is_refused(byte kind, int length)
    {
        var frame = new byte[64];
        frame[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(1), length);
        await Assert.ThrowsAsync<InvalidDataException>(() => new DocumentFrameReader(new MemoryStream(frame)).ReadAsync());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-1)]
    public async Task A_page_without_a_size_is_refused(float width)
    {
        using var pipe = new MemoryStream();
        new DocumentFrameWriter(pipe).Write(new PagePart(width, 1));
        pipe.Position = 0;
        await Assert.ThrowsAsync<InvalidDataException>(() => new DocumentFrameReader(pipe).ReadAsync());
    }

    private static async Task ReadToEndAsync(byte[] bytes)
    {
        using var pipe = new MemoryStream(bytes);
        var frames = new DocumentFrameReader(pipe);
        var ended = await Record.ExceptionAsync(async () =>
        {
            while (true)
            {
                await frames.ReadAsync();
            }
        });
        Assert.True(ended is EndOfStreamException or InvalidDataException, ended?.ToString());
    }

    private static byte[] Written()
    {
        using var pipe = new MemoryStream();
        var frames = new DocumentFrameWriter(pipe);
        foreach (var part in Parts)
        {
            frames.Write(part);
        }

        frames.Write(FrameKind.End);
        frames.Write(FrameKind.Unreadable, Notice.Of(ReadingProblem.Encrypted));
        return pipe.ToArray();
    }
}
