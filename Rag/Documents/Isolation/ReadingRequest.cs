using System.Buffers.Binary;
using System.Text;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>A document on its way to a reading process: the lengths of its name and content in bytes (four each, little-endian), the name in UTF-8, the content.</summary>
internal sealed record ReadingRequest(ReadOnlyMemory<byte> Content, string FileName)
{
    /// <summary>A quarter of a reading process's heap; larger files are scans and videos.</summary>
    public const int ContentBytesMax = 256_000_000;

    private const int HeaderBytes = 2 * sizeof(int);
    private const int NameCharactersMax = 1_000;
    private const int NameBytesMax = 4 * NameCharactersMax;
    private const int BufferBytes = 131_072;

    /// <summary>Builds the bytes that precede the content.</summary>
    private static byte[] Header(string fileName, int length)
    {
        var name = Encoding.UTF8.GetBytes(fileName.Length > NameCharactersMax ? fileName[^NameCharactersMax..] : fileName);
        var header = new byte[HeaderBytes + name.Length];
        BinaryPrimitives.WriteInt32LittleEndian(header, name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(sizeof(int)), length);
        name.CopyTo(header, HeaderBytes);
        return header;
    }

    /// <summary>Copies the content from its source to the process through one buffer. Returns false if the process ended before it took all of it.</summary>
    /// <exception cref="EndOfStreamException">The source is shorter than its stated length.</exception>
    public static async Task<bool> TrySendAsync(Stream process, Stream content, int length, string fileName, CancellationToken ct)
    {
        var isTaken = await TryWriteAsync(process, Header(fileName, length), ct);
        var buffer = new byte[Math.Min(length, BufferBytes)];
        for (var left = length; left > 0 && isTaken;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), ct);
            if (read == 0)
            {
                throw new EndOfStreamException("The document's content is shorter than its length.");
            }

            isTaken = await TryWriteAsync(process, buffer.AsMemory(0, read), ct);
            left -= read;
        }

        return isTaken;
    }

    /// <summary>Reads the next document; null if the requests end, even in the middle of one.</summary>
    /// <exception cref="InvalidDataException">Not a request.</exception>
    public static ReadingRequest? Read(Stream input)
    {
        var header = new byte[HeaderBytes];
        if (!TryFill(input, header))
        {
            return null;
        }

        var nameLength = BinaryPrimitives.ReadInt32LittleEndian(header);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(sizeof(int)));
        if (nameLength is < 0 or > NameBytesMax || length is < 0 or > ContentBytesMax)
        {
            throw new InvalidDataException("Not a request to read a document.");
        }

        var name = new byte[nameLength];
        var content = new byte[length];
        return TryFill(input, name) && TryFill(input, content) ? new(content, Encoding.UTF8.GetString(name)) : null;
    }

    private static bool TryFill(Stream input, byte[] bytes) => input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;

    private static async Task<bool> TryWriteAsync(Stream process, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await process.WriteAsync(bytes, ct);
            await process.FlushAsync(ct);
            return true;
        }
        catch (IOException)
        {
            // The pipe is broken: the answer's reader finds out how the process ended.
            return false;
        }
    }
}
