using System.Security.Cryptography;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>How a file's strings or streams are encrypted.</summary>
internal enum PdfCipher
{
    /// <summary>Not at all (the Identity filter).</summary>
    None,
    Rc4,
    Aes128,
    Aes256,
}

/// <summary>The ciphers and the hash of PDF's standard security handler, with nothing that throws on wrong data.</summary>
internal static class PdfCiphers
{
    private const int BlockBytes = 16;

    /// <summary>The hash that revisions 2 to 4 make their keys with: reading them asks for it, nothing is protected by it here.</summary>
    public static byte[] Md5(ReadOnlySpan<byte> source) => CryptographicOperations.HashData(HashAlgorithmName.MD5, source);

    /// <summary>RC4, which encrypts and decrypts alike.</summary>
    public static byte[] Rc4(ReadOnlySpan<byte> key, ReadOnlySpan<byte> source)
    {
        Span<byte> state = stackalloc byte[256];
        for (var at = 0; at < state.Length; at++)
        {
            state[at] = (byte)at;
        }

        for (int at = 0, other = 0; at < state.Length; at++)
        {
            other = (other + state[at] + key[at % key.Length]) & 0xFF;
            (state[at], state[other]) = (state[other], state[at]);
        }

        var result = new byte[source.Length];
        for (int at = 0, first = 0, second = 0; at < source.Length; at++)
        {
            first = (first + 1) & 0xFF;
            second = (second + state[first]) & 0xFF;
            (state[first], state[second]) = (state[second], state[first]);
            result[at] = (byte)(source[at] ^ state[(state[first] + state[second]) & 0xFF]);
        }

        return result;
    }

    /// <summary>AES in CBC mode, its initial vector in front. A last block that is cut off is dropped, wrong padding is kept.</summary>
    public static ReadOnlyMemory<byte> AesCbc(byte[] key, ReadOnlySpan<byte> source)
    {
        var length = (source.Length - BlockBytes) / BlockBytes * BlockBytes;
        if (length <= 0)
        {
            return default;
        }

        var decrypted = AesBlocks(key, source[..BlockBytes], source.Slice(BlockBytes, length));
        var padding = decrypted[^1];
        return padding is >= 1 and <= BlockBytes ? decrypted.AsMemory(0, decrypted.Length - padding) : decrypted;
    }

    /// <summary>AES in CBC mode without padding.</summary>
    /// <param name="source">Whole blocks.</param>
    public static byte[] AesBlocks(byte[] key, ReadOnlySpan<byte> initial, ReadOnlySpan<byte> source)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        return aes.DecryptCbc(source, initial, PaddingMode.None);
    }
}
