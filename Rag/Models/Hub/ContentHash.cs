using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pybo.Rag.Models;

/// <summary>A content hash from the Hub: 64 hexadecimal digits are a SHA-256, 40 are git's blob SHA-1 (of <c>"blob N\0"</c> and the N bytes).</summary>
internal static class ContentHash
{
    private const int Sha256Digits = 64;
    private const int BlobDigits = 40;
    private const int BufferBytes = 1 << 20;

    public static bool IsOne(string hash) => hash.Length is Sha256Digits or BlobDigits && hash.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a file on disk matches its record.</summary>
    /// <param name="path">The file; it may be missing.</param>
    /// <param name="file">The record.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<bool> MatchesAsync(string path, HubFile file, CancellationToken ct) =>
        new FileInfo(path) is { Exists: true } info && info.Length == file.SizeBytes
        && await OfAsync(path, file.Hash.Length == BlobDigits, ct) == file.Hash;

    public static Task<string> Sha256Async(string path, CancellationToken ct) => OfAsync(path, isBlob: false, ct);

    private static async Task<string> OfAsync(string path, bool isBlob, CancellationToken ct)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(isBlob ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        if (isBlob)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {stream.Length}\0")));
        }

        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
