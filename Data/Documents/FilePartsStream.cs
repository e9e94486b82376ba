using Microsoft.EntityFrameworkCore;

namespace Pybo.Data;

/// <summary>Reads a file in the database from any position, one part at a time; keeps nothing of the database open between two reads.</summary>
internal sealed class FilePartsStream(IDbContextFactory<PyboDb> dbs, long fileId, long length) : Stream
{
    private byte[] part = [];
    private long partNumber = -1;
    private long position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (NeedsPart(buffer.Length))
        {
            await using var db = await dbs.CreateDbContextAsync(cancellationToken);
            Take(await Wanted(db).SingleOrDefaultAsync(cancellationToken));
        }

        return Copy(buffer.Span);
    }

    public override int Read(Span<byte> buffer)
    {
        if (NeedsPart(buffer.Length))
        {
            using var db = dbs.CreateDbContext();
            Take(Wanted(db).SingleOrDefault());
        }

        return Copy(buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool NeedsPart(int wanted) => wanted > 0 && position < length && position / DocumentFilePart.Bytes != partNumber;

    private IQueryable<byte[]> Wanted(PyboDb db)
    {
        var number = position / DocumentFilePart.Bytes;
        return db.DocumentFileParts.Where(p => p.FileId == fileId && p.Number == number).Select(p => p.Content);
    }

    private void Take(byte[]? content)
    {
        var number = position / DocumentFilePart.Bytes;
        var expected = Math.Min(DocumentFilePart.Bytes, length - (number * DocumentFilePart.Bytes));
        if (content?.Length != expected)
        {
            // The last document that uses the file may be deleted while it is being sent.
            throw new NoticeException(Notice.Of(DatabaseProblem.FileGone));
        }

        (part, partNumber) = (content, number);
    }

    private int Copy(Span<byte> buffer)
    {
        if (position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        var from = part.AsSpan((int)(position % DocumentFilePart.Bytes));
        var count = Math.Min(from.Length, buffer.Length);
        from[..count].CopyTo(buffer);
        position += count;
        return count;
    }
}
