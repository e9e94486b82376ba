using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Hwp;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Enclosed;

/// <summary>
/// Decrypts an Office document with a password ([MS-OFFCRYPTO] 2.3.4): a compound file with the document's ZIP file as one encrypted stream. Office 2010 and later
/// write agile encryption, Office 2007 the standard one.
/// </summary>
internal static class OfficeUnlocking
{
    private const string InfoPath = "EncryptionInfo";
    private const string PackagePath = "EncryptedPackage";

    /// <summary>2.4.2.3: Excel encrypts a workbook whose structure alone is protected with this password, and opens it without asking.</summary>
    private const string ExcelPassword = "VelvetSweatshop";

    /// <summary>Before the XML or the binary header: two versions of two bytes and the flags.</summary>
    private const int VersionBytes = 8;

    /// <summary>The package's length precedes it.</summary>
    private const int LengthBytes = 8;

    public static bool IsLocked(CompoundFile file) => file.Contains(PackagePath) && file.Contains(InfoPath);

    /// <exception cref="DocumentUnreadableException">It needs a password, or another one, or is encrypted in another way.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Open(CompoundFile file, string password)
    {
        var info = file.Read(InfoPath);
        IOfficeCipher cipher = info is [4, 0, 4, 0, ..] ? AgileCipher.Of(info.AsMemory(VersionBytes))
            : info is [2 or 3 or 4, 0, 2, 0, ..] ? StandardCipher.Of(info.AsSpan(VersionBytes))
            : throw Unknown();
        try
        {
            var key = cipher.Key(password.Length == 0 ? ExcelPassword : password)
                ?? throw new DocumentUnreadableException(Notice.Of(password.Length == 0 ? ReadingProblem.PasswordNeeded : ReadingProblem.PasswordWrong));
            return Pieces(file.Read(PackagePath), cipher, key);
        }
        catch (CryptographicException)
        {
            throw Unknown(); // sizes of keys and blocks that no cipher has
        }
    }

    public static DocumentUnreadableException Unknown() => new(Notice.Of(ReadingProblem.UnknownCipher));

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(byte[] package, IOfficeCipher cipher, byte[] key)
    {
        if (package.Length < LengthBytes)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.Broken));
        }

        var left = (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(package), (ulong)(package.Length - LengthBytes));
        for (var (at, segment) = (LengthBytes, 0); left > 0; at += AgileCipher.SegmentBytes, segment++)
        {
            // A file cut off ends within a block, which cannot be decrypted.
            var length = Math.Min(AgileCipher.SegmentBytes, package.Length - at) / AgileCipher.BlockBytes * AgileCipher.BlockBytes;
            if (length == 0)
            {
                yield break;
            }

            var decrypted = cipher.Decrypt(key, package.AsSpan(at, length), segment);
            yield return decrypted.AsMemory(0, (int)Math.Min(left, decrypted.Length));
            left -= decrypted.Length;
        }
    }
}

/// <summary>One of the ways in which Office encrypts.</summary>
internal interface IOfficeCipher
{
    /// <summary>Returns the key of the package; null if the password is wrong.</summary>
    byte[]? Key(string password);

    /// <param name="segment">The number of the segment of <see cref="AgileCipher.SegmentBytes"/>, from 0.</param>
    byte[] Decrypt(byte[] key, ReadOnlySpan<byte> bytes, int segment);
}


/// <summary>Agile encryption (2.3.4.10 to 2.3.4.15): AES in chained blocks, with what it needs in XML.</summary>
internal sealed class AgileCipher : IOfficeCipher
{
    public const int SegmentBytes = 4_096;
    public const int BlockBytes = 16;

    /// <summary>Office writes 100,000; each takes a microsecond.</summary>
    private const int SpinsMax = 2_000_000;

    private const int HashBytesMax = 64;
    private const byte Padding = 0x36;

    private static readonly byte[] VerifierInputBlock = [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79];
    private static readonly byte[] VerifierHashBlock = [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E];
    private static readonly byte[] KeyBlock = [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6];

    private readonly Settings data;
    private readonly Settings lockings;

    private AgileCipher(Settings data, Settings lockings) => (this.data, this.lockings) = (data, lockings);

    /// <param name="xml">The encryption's description.</param>
    /// <exception cref="DocumentUnreadableException">It is encrypted without a password, or in another way.</exception>
    public static AgileCipher Of(ReadOnlyMemory<byte> xml)
    {
        Settings? data = null, password = null;
        using var scanner = new XmlScanner(xml.AsStream());
        while (scanner.Read())
        {
            if (scanner.IsStart && scanner.Name == "keyData")
            {
                data = Settings.Read(scanner);
            }
            else if (scanner.IsStart && scanner.Name == "encryptedKey" && scanner.Attribute("spinCount") is not null)
            {
                password = Settings.Read(scanner);
            }
        }

        return data is not null && password is { Spins: >= 0 and <= SpinsMax } ? new(data, password) : throw OfficeUnlocking.Unknown();
    }

    public byte[]? Key(string password)
    {
        var hash = lockings.Hash([.. lockings.Salt, .. Encoding.Unicode.GetBytes(password)]);
        var spun = new byte[sizeof(int) + hash.Length];
        for (var spin = 0; spin < lockings.Spins; spin++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(spun, spin);
            hash.CopyTo(spun, sizeof(int));
            hash = lockings.Hash(spun);
        }

        var input = Decrypt(lockings.VerifierInput, VerifierInputBlock);
        var expected = Decrypt(lockings.VerifierHash, VerifierHashBlock);
        var actual = lockings.Hash(input.AsSpan(0, Math.Min(input.Length, lockings.Salt.Length)));
        return expected.AsSpan().StartsWith(actual) ? Sized(Decrypt(lockings.EncryptedKey, KeyBlock), data.KeyBytes) : null;

        byte[] Decrypt(byte[] bytes, byte[] block) =>
            Chained(Sized(lockings.Hash([.. hash, .. block]), lockings.KeyBytes), Sized(lockings.Salt, BlockBytes), bytes);
    }

    public byte[] Decrypt(byte[] key, ReadOnlySpan<byte> bytes, int segment)
    {
        var number = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, segment);
        return Chained(key, Sized(data.Hash([.. data.Salt, .. number]), BlockBytes), bytes);
    }

    private static byte[] Chained(byte[] key, byte[] start, ReadOnlySpan<byte> bytes)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        return aes.DecryptCbc(bytes, start, PaddingMode.None);
    }

    /// <summary>2.3.4.11: cuts, or fills up with a constant.</summary>
    private static byte[] Sized(byte[] bytes, int length)
    {
        var sized = new byte[length];
        sized.AsSpan().Fill(Padding);
        bytes.AsSpan(0, Math.Min(bytes.Length, length)).CopyTo(sized);
        return sized;
    }

    /// <summary>The attributes of one element.</summary>
    private sealed record Settings(string HashName, byte[] Salt, int KeyBytes, int Spins, byte[] VerifierInput, byte[] VerifierHash, byte[] EncryptedKey)
    {
        private const int KeyBytesMax = 32;

        public static Settings Read(XmlScanner xml)
        {
            var keyBytes = Number(xml, "keyBits") / 8;
            return xml.Attribute("cipherAlgorithm") == "AES" && xml.Attribute("cipherChaining") == "ChainingModeCBC" && Number(xml, "blockSize") == BlockBytes && keyBytes is > 0 and <= KeyBytesMax
                ? new(xml.Attribute("hashAlgorithm") ?? "", Bytes(xml, "saltValue"), keyBytes, Number(xml, "spinCount"), Bytes(xml, "encryptedVerifierHashInput"), Bytes(xml, "encryptedVerifierHashValue"), Bytes(xml, "encryptedKeyValue"))
                : throw OfficeUnlocking.Unknown();
        }

        public byte[] Hash(ReadOnlySpan<byte> bytes) => CryptographicOperations.HashData(HashName switch
        {
            "SHA1" or "SHA-1" => HashAlgorithmName.SHA1,
            "SHA256" or "SHA-256" => HashAlgorithmName.SHA256,
            "SHA384" or "SHA-384" => HashAlgorithmName.SHA384,
            "SHA512" or "SHA-512" => HashAlgorithmName.SHA512,
            _ => throw OfficeUnlocking.Unknown(),
        }, bytes);

        private static int Number(XmlScanner xml, string name) => int.TryParse(xml.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

        private static byte[] Bytes(XmlScanner xml, string name)
        {
            var bytes = new byte[2 * HashBytesMax];
            return Convert.TryFromBase64String(xml.Attribute(name) ?? "", bytes, out var count) ? bytes[..count] : throw OfficeUnlocking.Unknown();
        }
    }
}

/// <summary>Standard encryption (2.3.4.5 to 2.3.4.9): AES block by block, with what it needs in a binary header.</summary>
internal sealed class StandardCipher : IOfficeCipher
{
    private const int Spins = 50_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 20;
    private const int VerifierBytes = 16;
    private const int VerifierHashBytes = 32;
    private const int PadBytes = 64;

    private readonly int keyBytes;
    private readonly byte[] salt;
    private readonly byte[] verifier;
    private readonly byte[] verifierHash;

    private StandardCipher(int keyBytes, ReadOnlySpan<byte> verification)
    {
        this.keyBytes = keyBytes;
        salt = verification[..SaltBytes].ToArray();
        verifier = verification.Slice(SaltBytes, VerifierBytes).ToArray();
        verifierHash = verification.Slice(SaltBytes + VerifierBytes + sizeof(int), VerifierHashBytes).ToArray();
    }

    /// <param name="info">From the header's size on.</param>
    /// <exception cref="DocumentUnreadableException">It is encrypted in another way.</exception>
    public static StandardCipher Of(ReadOnlySpan<byte> info)
    {
        const int keyBitsOffset = 16;
        const int algorithmOffset = 8;
        const int headerBytesMin = 32;
        var headerBytes = info.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(info) : 0;
        var restBytes = sizeof(int) + SaltBytes + VerifierBytes + sizeof(int) + VerifierHashBytes;
        if (headerBytes < headerBytesMin || headerBytes > info.Length - sizeof(int) - restBytes)
        {
            throw OfficeUnlocking.Unknown();
        }

        var header = info.Slice(sizeof(int), headerBytes);
        var bits = BinaryPrimitives.ReadInt32LittleEndian(header[keyBitsOffset..]);
        // The identifiers of AES with keys of 128, 192 and 256 bits.
        return BinaryPrimitives.ReadInt32LittleEndian(header[algorithmOffset..]) is 0x660E or 0x660F or 0x6610 && bits is 128 or 192 or 256
            ? new(bits / 8, info[(sizeof(int) + headerBytes + sizeof(int))..])
            : throw OfficeUnlocking.Unknown();
    }

    public byte[]? Key(string password)
    {
        var hash = Hash([.. salt, .. Encoding.Unicode.GetBytes(password)]);
        var spun = new byte[sizeof(int) + HashBytes];
        for (var spin = 0; spin < Spins; spin++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(spun, spin);
            hash.CopyTo(spun, sizeof(int));
            hash = Hash(spun);
        }

        hash = Hash([.. hash, 0, 0, 0, 0]);
        var key = (byte[])[.. Padded(hash, 0x36), .. Padded(hash, 0x5C)];
        key = key[..keyBytes];
        var actual = Hash(Decrypt(key, verifier, 0));
        return Decrypt(key, verifierHash, 0).AsSpan().StartsWith(actual) ? key : null;
    }

    public byte[] Decrypt(byte[] key, ReadOnlySpan<byte> bytes, int segment)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        return aes.DecryptEcb(bytes, PaddingMode.None);
    }

    private static byte[] Hash(ReadOnlySpan<byte> bytes) => CryptographicOperations.HashData(HashAlgorithmName.SHA1, bytes);

    private static byte[] Padded(byte[] hash, byte pad)
    {
        var block = new byte[PadBytes];
        block.AsSpan().Fill(pad);
        for (var at = 0; at < hash.Length; at++)
        {
            block[at] ^= hash[at];
        }

        return Hash(block);
    }
}
