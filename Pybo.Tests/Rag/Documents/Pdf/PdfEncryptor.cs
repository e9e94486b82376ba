using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents.Pdf;

/// <summary>The encryption of a file's strings or streams.</summary>
internal enum PdfCipher
{
    Rc4,
    Aes128,
    Aes256,
}

/// <summary>The writing side of PDF's standard security handler: keys from passwords, encrypted strings and streams (ISO 32000-2, 7.6).</summary>
internal sealed class PdfEncryptor
{
    public const string Id = "0123456789abcdef";

    private const int Permissions = -3904;

    private static readonly byte[] Padding = Convert.FromHexString("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A");

    private readonly int revision;
    private readonly PdfCipher cipher;
    private readonly byte[] key;

    public PdfEncryptor(int revision, PdfCipher cipher, string user, string owner, int keyBytes = 16, bool encryptsMetadata = true, string streams = "StdCF")
    {
        this.revision = revision;
        this.cipher = cipher;
        var metadata = encryptsMetadata ? "" : "/EncryptMetadata false";
        var method = cipher switch { PdfCipher.Rc4 => "V2", PdfCipher.Aes128 => "AESV2", _ => "AESV3" };
        var filters = revision >= 4 ? $"/CF<</StdCF<</CFM/{method}/AuthEvent/DocOpen>>>>/StmF/{streams}/StrF/StdCF" : "";
        var version = revision switch { 2 => 1, 3 => 2, 4 => 4, _ => 5 };
        string entries;
        (key, entries) = revision >= 5 ? LongKey(user, owner) : ShortKey(user, owner, keyBytes, encryptsMetadata);
        Dictionary = string.Create(CultureInfo.InvariantCulture, $"<</Filter/Standard/V {version}/R {revision}/Length {keyBytes * 8}/P {Permissions}{filters}{metadata}{entries}>>");
    }

    public string Dictionary { get; }

    /// <summary>Encrypts the bytes of an object of generation 0.</summary>
    public byte[] Encrypt(int number, byte[] plain) => cipher switch
    {
        PdfCipher.Rc4 => Rc4(ObjectKey(number, []), plain),
        PdfCipher.Aes128 => AesCbc(ObjectKey(number, "sAlT"u8), plain),
        _ => AesCbc(key, plain),
    };

    public string String(int number, string plain) => Hexadecimal(Encrypt(number, PdfFileWriter.Latin1(plain)));

    private static string Hexadecimal(byte[] bytes) => $"<{Convert.ToHexString(bytes)}>";

    private static byte[] Md5(byte[] source) => CryptographicOperations.HashData(HashAlgorithmName.MD5, source);

    private byte[] ObjectKey(int number, ReadOnlySpan<byte> salt) =>
        Md5([.. key, (byte)number, (byte)(number >> 8), (byte)(number >> 16), 0, 0, .. salt])[..Math.Min(key.Length + 5, 16)];

    private static byte[] AesCbc(byte[] key, byte[] plain)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var initial = RandomNumberGenerator.GetBytes(16);
        return [.. initial, .. aes.EncryptCbc(plain, initial)];
    }

    private static byte[] Rc4(byte[] key, byte[] plain)
    {
        var state = Enumerable.Range(0, 256).ToArray();
        var j = 0;
        for (var i = 0; i < 256; i++)
        {
            j = (j + state[i] + key[i % key.Length]) % 256;
            (state[i], state[j]) = (state[j], state[i]);
        }

        j = 0;
        return [.. plain.Select((value, at) =>
        {
            var i = (at + 1) % 256;
            j = (j + state[i]) % 256;
            (state[i], state[j]) = (state[j], state[i]);
            return (byte)(value ^ state[(state[i] + state[j]) % 256]);
        })];
    }

    private static byte[] Padded(string password) => [.. PdfFileWriter.Latin1(password).Concat(Padding).Take(32)];

    private (byte[] Key, string Entries) ShortKey(string user, string owner, int keyBytes, bool encryptsMetadata)
    {
        var ownerKey = Md5(Padded(owner));
        for (var round = 0; revision >= 3 && round < 50; round++)
        {
            ownerKey = Md5(ownerKey);
        }

        var ownerEntry = Padded(user);
        for (var round = 0; round <= (revision >= 3 ? 19 : 0); round++)
        {
            ownerEntry = Rc4([.. ownerKey[..keyBytes].Select(value => (byte)(value ^ round))], ownerEntry);
        }

        var permissions = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(permissions, Permissions);
        byte[] unencrypted = revision >= 4 && !encryptsMetadata ? [255, 255, 255, 255] : [];
        var fileKey = Md5([.. Padded(user), .. ownerEntry, .. permissions, .. PdfFileWriter.Latin1(Id), .. unencrypted]);
        for (var round = 0; revision >= 3 && round < 50; round++)
        {
            fileKey = Md5(fileKey[..keyBytes]);
        }

        fileKey = fileKey[..keyBytes];
        var userEntry = Rc4(fileKey, Padding);
        if (revision >= 3)
        {
            userEntry = Md5([.. Padding, .. PdfFileWriter.Latin1(Id)]);
            for (var round = 0; round < 20; round++)
            {
                userEntry = Rc4([.. fileKey.Select(value => (byte)(value ^ round))], userEntry);
            }

            userEntry = [.. userEntry, .. new byte[16]];
        }

        return (fileKey, $"/O{Hexadecimal(ownerEntry)}/U{Hexadecimal(userEntry)}");
    }

    private (byte[] Key, string Entries) LongKey(string user, string owner)
    {
        var fileKey = RandomNumberGenerator.GetBytes(32);
        var (userEntry, userKey) = Entry(user, [], fileKey);
        var (ownerEntry, ownerKey) = Entry(owner, userEntry, fileKey);
        return (fileKey, $"/O{Hexadecimal(ownerEntry)}/U{Hexadecimal(userEntry)}/OE{Hexadecimal(ownerKey)}/UE{Hexadecimal(userKey)}");
    }

    private (byte[] Entry, byte[] Key) Entry(string password, byte[] user, byte[] fileKey)
    {
        var salts = RandomNumberGenerator.GetBytes(16);
        using var aes = Aes.Create();
        aes.Key = Hash(PdfFileWriter.Latin1(password), salts[8..], user);
        return ([.. Hash(PdfFileWriter.Latin1(password), salts[..8], user), .. salts], aes.EncryptCbc(fileKey, new byte[16], PaddingMode.None));
    }

    // Algorithm 2.B.
    private byte[] Hash(byte[] password, byte[] salt, byte[] user)
    {
        var hash = SHA256.HashData([.. password, .. salt, .. user]);
        for (var (round, last) = (0, 0); revision >= 6 && (round < 64 || last > round - 32); round++)
        {
            byte[] block = [.. Enumerable.Repeat<byte[]>([.. password, .. hash, .. user], 64).SelectMany(part => part)];
            using var aes = Aes.Create();
            aes.Key = hash[..16];
            var encrypted = aes.EncryptCbc(block, hash[16..32], PaddingMode.None);
            last = encrypted[^1];
            var kind = new System.Numerics.BigInteger(encrypted.AsSpan(0, 16), isUnsigned: true, isBigEndian: true) % 3;
            hash = kind.IsZero ? SHA256.HashData(encrypted) : kind.IsOne ? SHA384.HashData(encrypted) : SHA512.HashData(encrypted);
        }

        return hash[..32];
    }
}
