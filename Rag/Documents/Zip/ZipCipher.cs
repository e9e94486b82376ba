using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents.Zip;

/// <summary>Opens the encrypted entries of a ZIP file: the traditional cipher (APPNOTE 6.1) and WinZip's AES (AE-1 and AE-2).</summary>
internal static class ZipCipher
{
    /// <summary>APPNOTE 6.1.3: random bytes, of which the last checks the password.</summary>
    private const int HeaderBytes = 12;

    private const int AesIterations = 1_000;
    private const int AesVerifierBytes = 2;
    private const int AesMacBytes = 10;
    private const int AesBlockBytes = 16;
    private const int KoreanCodePage = 949;

    /// <summary>Windows in Korean encrypts with a password in its own code page.</summary>
    private static readonly Encoding[] Encodings = [Encoding.UTF8, CodePagesEncodingProvider.Instance.GetEncoding(KoreanCodePage)!];

    /// <summary>Returns the decrypted bytes, still compressed.</summary>
    /// <exception cref="DocumentUnreadableException">There is no password, it is wrong, or the cipher is unknown.</exception>
    public static byte[] Decrypt(ReadOnlyMemory<byte> bytes, ZipEntry entry, string password)
    {
        if (password.Length == 0)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.PasswordNeeded));
        }

        foreach (var encoding in Encodings)
        {
            var key = encoding.GetBytes(password);
            if ((entry.Lock.AesStrength > 0 ? Aes(bytes.Span, entry.Lock.AesStrength, key) : Traditional(bytes.Span, entry.Lock.Check, key)) is { } decrypted)
            {
                return decrypted;
            }
        }

        throw new DocumentUnreadableException(Notice.Of(ReadingProblem.PasswordWrong));
    }

    private static byte[]? Traditional(ReadOnlySpan<byte> bytes, byte check, ReadOnlySpan<byte> password)
    {
        if (bytes.Length < HeaderBytes)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.BrokenCompression));
        }

        var keys = new TraditionalKeys(password);
        var decrypted = new byte[bytes.Length - HeaderBytes];
        var last = (byte)0;
        foreach (var value in bytes[..HeaderBytes])
        {
            last = keys.Decrypt(value);
        }

        if (last != check)
        {
            return null;
        }

        for (var at = 0; at < decrypted.Length; at++)
        {
            decrypted[at] = keys.Decrypt(bytes[HeaderBytes + at]);
        }

        return decrypted;
    }

    /// <summary>Salt, two bytes that check the password, data, and an authentication code.</summary>
    private static byte[]? Aes(ReadOnlySpan<byte> bytes, int strength, byte[] password)
    {
        if (strength > 3)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.UnknownCipher));
        }

        var (saltBytes, keyBytes) = (4 + (4 * strength), 8 + (8 * strength));
        if (bytes.Length < saltBytes + AesVerifierBytes + AesMacBytes)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.BrokenCompression));
        }

        var keys = Derived(password, bytes[..saltBytes], (2 * keyBytes) + AesVerifierBytes);
        if (!keys.AsSpan(2 * keyBytes).SequenceEqual(bytes.Slice(saltBytes, AesVerifierBytes)))
        {
            return null;
        }

        var data = bytes[(saltBytes + AesVerifierBytes)..^AesMacBytes];
        if (!Mac(keys.AsSpan(keyBytes, keyBytes), data).SequenceEqual(bytes[^AesMacBytes..]))
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.BrokenCompression));
        }

        return Counted(data, keys[..keyBytes]);
    }

    private static byte[] Derived(byte[] password, ReadOnlySpan<byte> salt, int bytes) => Rfc2898DeriveBytes.Pbkdf2(password, salt, AesIterations, HashAlgorithmName.SHA1, bytes);

    private static ReadOnlySpan<byte> Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data) => CryptographicOperations.HmacData(HashAlgorithmName.SHA1, key, data).AsSpan(0, AesMacBytes);

    /// <summary>Counter mode with a counter of 16 bytes, little-endian, from 1.</summary>
    private static byte[] Counted(ReadOnlySpan<byte> data, byte[] key)
    {
        const int batchBytes = 4_096 * AesBlockBytes;
        using var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = key;
        var decrypted = data.ToArray();
        var stream = new byte[batchBytes];
        for (var (at, counter) = (0, 1L); at < decrypted.Length; at += batchBytes)
        {
            stream.AsSpan().Clear();
            for (var block = 0; block < batchBytes; block += AesBlockBytes)
            {
                BinaryPrimitives.WriteInt64LittleEndian(stream.AsSpan(block), counter++);
            }

            aes.EncryptEcb(stream, stream, PaddingMode.None);
            var part = decrypted.AsSpan(at, Math.Min(batchBytes, decrypted.Length - at));
            for (var index = 0; index < part.Length; index++)
            {
                part[index] ^= stream[index];
            }
        }

        return decrypted;
    }

    /// <summary>The three keys of the traditional cipher (APPNOTE 6.1.5).</summary>
    private struct TraditionalKeys
    {
        private uint first = 0x12345678;
        private uint second = 0x23456789;
        private uint third = 0x34567890;

        public TraditionalKeys(ReadOnlySpan<byte> password)
        {
            foreach (var value in password)
            {
                Update(value);
            }
        }

        public byte Decrypt(byte value)
        {
            var mask = (ushort)(third | 2);
            value ^= (byte)((mask * (mask ^ 1)) >> 8);
            Update(value);
            return value;
        }

        private void Update(byte value)
        {
            first = Crc32.Update(first, value);
            second = ((second + (first & 0xFF)) * 134_775_813) + 1;
            third = Crc32.Update(third, (byte)(second >> 24));
        }
    }
}

/// <summary>The checksum of ZIP files (APPNOTE 4.4.7).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Enumerable.Range(0, 8).Aggregate((uint)value, (crc, _) => (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1))];

    public static uint Update(uint crc, byte value) => Table[(byte)(crc ^ value)] ^ (crc >> 8);
}

/// <summary>Compares the checksum of what was read at the end of an entry.</summary>
/// <param name="inner">The decoded bytes.</param>
/// <param name="expected">0 if it is unknown.</param>
internal sealed class CheckedStream(Stream inner, uint expected) : ForwardStream(inner)
{
    private uint crc = uint.MaxValue;

    public override int Read(Span<byte> buffer)
    {
        var count = Inner.Read(buffer);
        foreach (var value in buffer[..count])
        {
            crc = Crc32.Update(crc, value);
        }

        return count > 0 || buffer.IsEmpty || expected == 0 || ~crc == expected
            ? count
            : throw new DocumentUnreadableException(Notice.Of(ReadingProblem.BrokenCompression));
    }
}
