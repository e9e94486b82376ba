using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Tests.Data;

public sealed class FileStoreTests
{
    /// <summary>From this size on .NET allocates an array on the large object heap.</summary>
    private const int LargeObjectBytes = 85_000;

    [Fact]
    public async Task Members_share_no_bytes_and_command_line_bytes_are_deleted_with_their_last_document()
    {
        await using var database = await TestDatabase.StartAsync();
        var (first, second) = (await database.AddUserAsync("가나다"), await database.AddUserAsync("라마바"));
        await using var db = database.CreateDbContext();
        var one = await db.AddDocumentAsync("가.txt", "같은 글", first.Id, first.Id);
        var other = await db.AddDocumentAsync("나.txt", "같은 글", second.Id, second.Id);
        var folder = await db.AddDocumentAsync("글/다.txt", "같은 글");
        var twin = await db.AddDocumentAsync("글/마.txt", "같은 글");
        Assert.Equal(3, await db.DocumentFiles.CountAsync());
        Assert.Equal(3, await db.DocumentFileParts.CountAsync());
        Assert.Equal(folder.FileId, twin.FileId);

        Assert.Equal(1, await db.DeleteDocumentAsync(one.Id, new Actor(first.Id, false), default));
        Assert.Equal(1, await db.DeleteDocumentAsync(other.Id, new Actor(second.Id, false), default));
        await db.Documents.Where(d => d.Id == twin.Id).ExecuteDeleteAsync();
        Assert.Equal(folder.FileId, (await db.DocumentFiles.SingleAsync()).Id);

        var next = await db.AddDocumentAsync("글/라.txt", "다른 글");
        await db.ReplaceFileAsync(folder.Id, next.FileId, default);
        Assert.Equal(next.FileId, (await db.DocumentFiles.SingleAsync()).Id);

        await db.Documents.Where(d => d.OwnerId == null).ExecuteDeleteAsync();
        Assert.Empty(await db.DocumentFiles.ToListAsync());
        Assert.Empty(await db.DocumentFileParts.ToListAsync());
    }

    [Fact]
    public async Task Deleting_a_member_deletes_their_documents_and_bytes()
    {
        await using var database = await TestDatabase.StartAsync();
        var member = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        await db.AddDocumentAsync("가.txt", "글", member.Id, member.Id);
        await db.Users.ExecuteDeleteAsync();
        Assert.Empty(await db.Documents.ToListAsync());
        Assert.Empty(await db.DocumentFileParts.ToListAsync());
    }

    [Fact]
    public async Task A_large_file_is_stored_and_read_without_a_large_array()
    {
        const long Size = 64_000_001;
        await using var database = await TestDatabase.StartAsync();
        var member = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        using var source = new GeneratedStream(Size);
        var upload = await db.UploadAsync(new(member.Id, "큰 파일.pdf", member.Id), source, Size, default);
        Assert.Null(upload.Refusal);
        Assert.InRange(source.BufferMax, 1, LargeObjectBytes - 1);
        Assert.InRange(await db.DocumentFileParts.MaxAsync(p => p.Content.Length), 1, LargeObjectBytes - 1);

        var file = await database.OpenOriginalAsync(upload.DocumentId, new(member.Id), default);
        await using var content = file!.Content;
        Assert.Equal(Size, content.Length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[50_000];
        while (await content.ReadAsync(buffer) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
        }

        Assert.Equal(file.Hash, hash.GetHashAndReset());
    }

    [Fact]
    public async Task Any_range_of_a_file_can_be_read()
    {
        var bytes = new byte[(DocumentFilePart.Bytes * 2) + 777];
        new Random(3).NextBytes(bytes);
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var document = await db.AddDocumentAsync("가.bin", bytes);
        await using var content = (await database.OpenOriginalAsync(document.Id, Viewer.Visitor, default))!.Content;
        int[] places = [0, 1, DocumentFilePart.Bytes - 1, DocumentFilePart.Bytes, DocumentFilePart.Bytes + 1, bytes.Length - 1];
        foreach (var place in places)
        {
            content.Seek(place, SeekOrigin.Begin);
            var range = new byte[Math.Min(70_000, bytes.Length - place)];
            content.ReadExactly(range);
            Assert.Equal(bytes[place..(place + range.Length)], range);
        }

        content.Seek(0, SeekOrigin.End);
        Assert.Equal(0, await content.ReadAsync(new byte[10]));
        content.Position = bytes.Length + 5;
        Assert.Equal(0, content.Read(new byte[10]));
        content.Seek(-1, SeekOrigin.End);
        Assert.Equal(bytes[^1], content.ReadByte());
    }

    [Fact]
    public async Task A_file_deleted_while_it_is_sent_ends_with_a_message()
    {
        await using var database = await TestDatabase.StartAsync();
        await using var db = database.CreateDbContext();
        var document = await db.AddDocumentAsync("가.bin", new byte[DocumentFilePart.Bytes + 1]);
        await using var content = (await database.OpenOriginalAsync(document.Id, Viewer.Visitor, default))!.Content;
        Assert.Equal(100, await content.ReadAsync(new byte[100]));
        await db.Documents.ExecuteDeleteAsync();
        await Assert.ThrowsAsync<NoticeException>(async () => await content.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task A_file_that_changes_between_the_two_readings_is_not_kept()
    {
        await using var database = await TestDatabase.StartAsync();
        var member = await database.AddUserAsync();
        await using var db = database.CreateDbContext();
        using var source = new GeneratedStream(200_000) { ChangesAfterFirstReading = true };
        await Assert.ThrowsAsync<NoticeException>(() => db.UploadAsync(new(member.Id, "가.bin", member.Id), source, long.MaxValue, default));
        await using var after = database.CreateDbContext();
        Assert.Empty(await after.Documents.ToListAsync());
        Assert.Empty(await after.DocumentFiles.ToListAsync());
        Assert.Empty(await after.DocumentFileParts.ToListAsync());
    }

    /// <summary>Bytes computed on demand; remembers the largest buffer of its reads.</summary>
    private sealed class GeneratedStream(long length) : Stream
    {
        private int readings;

        public int BufferMax { get; private set; }
        public bool ChangesAfterFirstReading { get; init; }
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            BufferMax = Math.Max(BufferMax, buffer.Length);
            readings += Position == 0 ? 1 : 0;
            var count = (int)Math.Min(buffer.Length, length - Position);
            for (var i = 0; i < count; i++)
            {
                buffer[i] = (byte)(((Position + i) * 2_654_435_761) >> 13);
            }

            if (ChangesAfterFirstReading && readings > 1 && count > 0)
            {
                buffer[0]++;
            }

            Position += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }
    }
}
