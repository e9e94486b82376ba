using Pybo.Data;

namespace Pybo.Rag.Documents.Enclosed;

/// <summary>A file that was taken out of another one.</summary>
/// <param name="Refusal">Why it was not taken; null if it was.</param>
/// <param name="Start">Of its bytes in the store.</param>
public sealed record UnwrappedFile(string Name, Notice? Refusal, long Start, long Length);

/// <summary>Takes the documents out of an archive, or opens one that has a password.</summary>
/// <param name="content">The file, positioned at its beginning.</param>
/// <param name="length">The file's size in bytes.</param>
/// <param name="password">Empty if none was given. It is used for this reading and kept nowhere.</param>
/// <param name="into">Receives the files; none if the file is a document as it is.</param>
/// <param name="ct">Stops the reading.</param>
/// <exception cref="DocumentUnreadableException">The file cannot be read, with the reason.</exception>
public delegate Task UnwrapFile(Stream content, long length, string fileName, string password, UnwrappedFiles into, CancellationToken ct);

/// <summary>Collects what a reading process takes out of a file, and trusts none of it: names and sizes have limits here too.</summary>
/// <param name="store">An empty file for the bytes of all files, one after the other; owned.</param>
public sealed class UnwrappedFiles(FileStream store) : IAsyncDisposable
{
    /// <summary>The files of an archive, and what is said of the rest.</summary>
    private const int FilesMax = ZipFiles.FilesMax + 10;

    private const int NameCharactersMax = Document.SourcePathMax;

    private readonly List<UnwrappedFile> files = [];
    private (string Name, long Start)? open;

    /// <summary>In their order. Empty if the file is a document as it is.</summary>
    public IReadOnlyList<UnwrappedFile> Files => files;

    /// <summary>How many files of systems were passed over.</summary>
    public int Ignored { get; private set; }

    /// <summary>Why the store does not take more; null if it does.</summary>
    private IOException? Fault { get; set; }

    /// <summary>Opens a file's bytes. One is read at a time.</summary>
    public Stream Open(UnwrappedFile file) => new SectionStream(store, file.Start, file.Length);

    public ValueTask DisposeAsync() => store.DisposeAsync();

    /// <summary>Takes the next part; returns false if the rest need not be read.</summary>
    /// <exception cref="InvalidDataException">More than a reading process sends.</exception>
    internal bool Take(DocumentPart part)
    {
        switch (part)
        {
            case FilePart { Name: { Length: > 0 and <= NameCharactersMax } name } when files.Count < FilesMax:
                Close();
                open = (name, store.Position);
                return true;
            case BytesPart { Bytes: var bytes } when open is not null && store.Position + bytes.Length <= ZipFiles.DecodedBytesMax:
                return TryWrite(bytes.Span);
            case RefusedPart { Name: { Length: > 0 and <= NameCharactersMax } name, Reason: var reason, HasBegun: var hasBegun } when files.Count < FilesMax:
                Refuse(name, reason, hasBegun);
                return true;
            case IgnoredPart { Count: >= 0 and var count }:
                Ignored = count;
                return true;
            default:
                throw new InvalidDataException("A reading process sent more than it may.");
        }
    }

    /// <summary>Ends the last file.</summary>
    /// <param name="reason">Why the file was not read to its end; null if it was.</param>
    /// <exception cref="DocumentUnreadableException">Nothing was taken.</exception>
    /// <exception cref="IOException">The store is full.</exception>
    internal void End(Notice? reason, string fileName)
    {
        if (Fault is { } fault)
        {
            throw fault;
        }

        if (reason is null)
        {
            Close();
        }
        else if (files.Count == 0)
        {
            throw new DocumentUnreadableException(reason);
        }
        else
        {
            Refuse(open?.Name ?? fileName, reason, hasBegun: open is not null);
        }
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            store.Write(bytes);
            return true;
        }
        catch (IOException full)
        {
            Fault = full;
            return false;
        }
    }

    private void Close()
    {
        if (open is var (name, start))
        {
            files.Add(new(name, null, start, store.Position - start));
            open = null;
        }
    }

    private void Refuse(string name, Notice reason, bool hasBegun)
    {
        if (hasBegun && open is { Start: var start })
        {
            store.Position = start;
            open = null;
        }

        Close();
        files.Add(new(name, reason, 0, 0));
    }
}

/// <summary>A part of a file, to be read alone.</summary>
internal sealed class SectionStream(Stream whole, long start, long length) : Stream
{
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

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        whole.Position = start + position;
        var count = whole.Read(buffer[..(int)Math.Clamp(length - position, 0, buffer.Length)]);
        position += count;
        return count;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        whole.Position = start + position;
        var count = await whole.ReadAsync(buffer[..(int)Math.Clamp(length - position, 0, buffer.Length)], cancellationToken);
        position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

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
}
