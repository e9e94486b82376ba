using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Pybo.Rag.Documents.Enclosed;
using Pybo.Rag.Documents.Recognition;

namespace Pybo.Rag.Documents.Isolation;

/// <summary>
/// A document on its way to a reading process: the lengths of its name, password and content in bytes and the number of its recognised pages (four bytes each,
/// little-endian), the name and the password in UTF-8, for each recognised page its number, its skew (a float) and its length (four each) and tables, the content.
/// </summary>
/// <param name="Password">Null for a document to read; otherwise the file is unwrapped, with this password if it is not empty.</param>
internal sealed record ReadingRequest(ReadOnlyMemory<byte> Content, string FileName, string? Password = null)
{
    /// <summary>A quarter of a reading process's heap; larger files are scans and videos.</summary>
    public const int ContentBytesMax = 256_000_000;

    private const int HeaderBytes = 4 * sizeof(int);
    private const int PageHeaderBytes = 3 * sizeof(int);
    private const int NameCharactersMax = 1_000;
    private const int NameBytesMax = 4 * NameCharactersMax;
    private const int PasswordBytesMax = 4 * Unwrapping.PasswordCharactersMax;

    /// <summary>The length that says that there is a document to read.</summary>
    private const int NoPassword = -1;
    private const int BufferBytes = 131_072;

    /// <summary>The pages whose pictures were recognised.</summary>
    public IReadOnlyList<RecognisedPage> Recognised { get; init; } = [];

    /// <summary>Builds the bytes that precede the content.</summary>
    private static byte[] Header(string fileName, string? password, IReadOnlyList<RecognisedPage> recognised, int length)
    {
        var name = Encoding.UTF8.GetBytes(fileName.Length > NameCharactersMax ? fileName[^NameCharactersMax..] : fileName);
        var key = Encoding.UTF8.GetBytes(password is { Length: > Unwrapping.PasswordCharactersMax } ? password[..Unwrapping.PasswordCharactersMax] : password ?? "");
        var header = new ArrayBufferWriter<byte>();
        Write(header, name.Length, password is null ? NoPassword : key.Length, length, recognised.Count);
        header.Write(name);
        header.Write(key);
        foreach (var page in recognised)
        {
            Write(header, page.Number, BitConverter.SingleToInt32Bits(page.Skew), page.Tables.Length);
            header.Write(page.Tables.Span);
        }

        return header.WrittenSpan.ToArray();
    }

    /// <summary>Copies the content from its source to the process through one buffer. Returns false if the process ended before it took all of it.</summary>
    /// <exception cref="EndOfStreamException">The source is shorter than its stated length.</exception>
    public static async Task<bool> TrySendAsync(
        Stream process, Stream content, int length, string fileName, CancellationToken ct, string? password = null, IReadOnlyList<RecognisedPage>? recognised = null)
    {
        var isTaken = await TryWriteAsync(process, Header(fileName, password, recognised ?? [], length), ct);
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

        var (nameLength, passwordLength, length, pages) = (Number(header, 0), Number(header, 1), Number(header, 2), Number(header, 3));
        if (nameLength is < 0 or > NameBytesMax || passwordLength is < NoPassword or > PasswordBytesMax || length is < 0 or > ContentBytesMax
            || pages is < 0 or > RecognitionLimits.PagesMax)
        {
            throw Damaged();
        }

        var name = new byte[nameLength];
        var password = new byte[Math.Max(0, passwordLength)];
        var recognised = new List<RecognisedPage>();
        if (!TryFill(input, name) || !TryFill(input, password) || !TryFill(input, pages, recognised))
        {
            return null;
        }

        var content = new byte[length];
        return TryFill(input, content)
            ? new(content, Encoding.UTF8.GetString(name), passwordLength == NoPassword ? null : Encoding.UTF8.GetString(password)) { Recognised = recognised }
            : null;
    }

    private static bool TryFill(Stream input, int pages, List<RecognisedPage> recognised)
    {
        var header = new byte[PageHeaderBytes];
        while (recognised.Count < pages)
        {
            if (!TryFill(input, header))
            {
                return false;
            }

            var length = Number(header, 2);
            var table = length is >= 0 and <= RecognitionLimits.TableBytesMax ? new byte[length] : throw Damaged();
            if (!TryFill(input, table))
            {
                return false;
            }

            recognised.Add(new(Number(header, 0), BitConverter.Int32BitsToSingle(Number(header, 1)), table));
        }

        return true;
    }

    private static void Write(ArrayBufferWriter<byte> header, params ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header.GetSpan(sizeof(int)), number);
            header.Advance(sizeof(int));
        }
    }

    private static int Number(byte[] header, int at) => BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(at * sizeof(int)));

    private static InvalidDataException Damaged() => new("Not a request to read a document.");

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
