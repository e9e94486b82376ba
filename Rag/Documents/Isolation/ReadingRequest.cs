using System.Buffers.Binary;
using System.Text;
using Pybo.Rag.Documents.Enclosed;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// A document on its way to a reading process: the lengths of its name, password and content in bytes (four each, little-endian), the name and the password in
/// UTF-8, the content.
/// </summary>
/// <param name="Password">Null for a document to read; otherwise the file is unwrapped, with this password if it is not empty.</param>
internal sealed record ReadingRequest(ReadOnlyMemory<byte> Content, string FileName, string? Password = null)
{
    /// <summary>A quarter of a reading process's heap; larger files are scans and videos.</summary>
    public const int ContentBytesMax = 256_000_000;

    private const int HeaderBytes = 3 * sizeof(int);
    private const int NameCharactersMax = 1_000;
    private const int NameBytesMax = 4 * NameCharactersMax;
    private const int PasswordBytesMax = 4 * Unwrapping.PasswordCharactersMax;

    /// <summary>The length that says that there is a document to read.</summary>
    private const int NoPassword = -1;
    private const int BufferBytes = 131_072;

    /// <summary>Builds the bytes that precede the content.</summary>
    private static byte[] Header(string fileName, string? password, int length)
    {
        var name = Encoding.UTF8.GetBytes(fileName.Length > NameCharactersMax ? fileName[^NameCharactersMax..] : fileName);
        var key = Encoding.UTF8.GetBytes(password is { Length: > Unwrapping.PasswordCharactersMax } ? password[..Unwrapping.PasswordCharactersMax] : password ?? "");
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(sizeof(int)), password is null ? NoPassword : key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(2 * sizeof(int)), length);
        return [.. header, .. name, .. key];
    }

    /// <summary>Copies the content from its source to the process through one buffer. Returns false if the process ended before it took all of it.</summary>
    /// <exception cref="EndOfStreamException">The source is shorter than its stated length.</exception>
    public static async Task<bool> TrySendAsync(Stream process, Stream content, int length, string fileName, CancellationToken ct, string? password = null)
    {
        var isTaken = await TryWriteAsync(process, Header(fileName, password, length), ct);
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
        var passwordLength = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(sizeof(int)));
        var length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(2 * sizeof(int)));
        if (nameLength is < 0 or > NameBytesMax || passwordLength is < NoPassword or > PasswordBytesMax || length is < 0 or > ContentBytesMax)
        {
            throw new InvalidDataException("Not a request to read a document.");
        }

        var name = new byte[nameLength];
        var password = new byte[Math.Max(0, passwordLength)];
        var content = new byte[length];
        return TryFill(input, name) && TryFill(input, password) && TryFill(input, content)
            ? new(content, Encoding.UTF8.GetString(name), passwordLength == NoPassword ? null : Encoding.UTF8.GetString(password))
            : null;
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
