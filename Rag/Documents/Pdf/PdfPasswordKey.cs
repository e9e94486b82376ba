using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>The entries of an encryption dictionary from which a password gives the file's key.</summary>
/// <param name="KeyBytes">5 to 16, of revisions 2 to 4.</param>
/// <param name="Id">The first part of the file's identifier.</param>
internal sealed record PdfEncryptionEntries(
    int Revision, int KeyBytes, int Permissions, bool EncryptsMetadata, byte[] Owner, byte[] User, byte[] OwnerKey, byte[] UserKey, byte[] Id);

/// <summary>
/// The file's key where its user or its owner password is empty, as it is where a file is only kept from being changed or printed:
/// algorithms 2 to 7 of ISO 32000-1 for revisions 2 to 4, 2.A and 2.B of ISO 32000-2 for revisions 5 and 6.
/// </summary>
internal static class PdfPasswordKey
{
    private const int HashBytes = 32;
    private const int SaltBytes = 8;

    /// <summary>A user or owner entry of revision 5 and 6: a hash, a salt to check it and a salt for the key.</summary>
    private const int EntryBytes = HashBytes + 2 * SaltBytes;

    // From this round on, the first being number one, the last byte of the round decides whether it was the last, at the latest after 223 more.
    private const int RoundsMin = 64;
    private const int RoundsSpread = 32;

    /// <summary>Fills up short passwords (ISO 32000-1, algorithm 2): an empty one is just this.</summary>
    private static ReadOnlySpan<byte> Padding =>
    [
        0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
        0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
    ];

    /// <returns>Null where another password is needed.</returns>
    public static byte[]? Find(PdfEncryptionEntries entries) => entries.Revision >= 5 ? FindLong(entries) : FindShort(entries);

    /// <summary>The hash of an empty password, revision 5 (one SHA-256) and 6 (algorithm 2.B).</summary>
    /// <param name="user">The user entry when the owner's password is hashed, otherwise empty.</param>
    public static byte[] Hash(int revision, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> user)
    {
        var key = SHA256.HashData([.. salt, .. user]);
        for (var round = 1; revision >= 6; round++)
        {
            var block = new byte[64 * (key.Length + user.Length)];
            for (var at = 0; at < block.Length; at += key.Length + user.Length)
            {
                key.CopyTo(block, at);
                user.CopyTo(block.AsSpan(at + key.Length));
            }

            using var aes = Aes.Create();
            aes.Key = key[..16];
            var encrypted = aes.EncryptCbc(block, key.AsSpan(16, 16), PaddingMode.None);
            var remainder = 0;
            foreach (var value in encrypted.AsSpan(0, 16))
            {
                remainder += value;
            }

            key = (remainder % 3) switch { 0 => SHA256.HashData(encrypted), 1 => SHA384.HashData(encrypted), _ => SHA512.HashData(encrypted) };
            if (round >= RoundsMin && encrypted[^1] <= round - RoundsSpread)
            {
                break;
            }
        }

        return key[..HashBytes];
    }

    private static byte[]? FindLong(PdfEncryptionEntries entries)
    {
        var owner = entries.Owner.AsSpan();
        var user = entries.User.AsSpan();
        if (user.Length < EntryBytes || owner.Length < EntryBytes || entries.UserKey.Length < HashBytes || entries.OwnerKey.Length < HashBytes)
        {
            return null;
        }

        user = user[..EntryBytes];
        if (Hash(entries.Revision, user.Slice(HashBytes, SaltBytes), []).AsSpan().SequenceEqual(user[..HashBytes]))
        {
            return Unwrap(Hash(entries.Revision, user.Slice(HashBytes + SaltBytes, SaltBytes), []), entries.UserKey);
        }

        return Hash(entries.Revision, owner.Slice(HashBytes, SaltBytes), user).AsSpan().SequenceEqual(owner[..HashBytes])
            ? Unwrap(Hash(entries.Revision, owner.Slice(HashBytes + SaltBytes, SaltBytes), user), entries.OwnerKey)
            : null;
    }

    private static byte[] Unwrap(byte[] key, byte[] wrapped) => PdfCiphers.AesBlocks(key, new byte[16], wrapped.AsSpan(0, HashBytes));

    private static byte[]? FindShort(PdfEncryptionEntries entries)
    {
        if (entries.Owner.Length < HashBytes || entries.User.Length < 16)
        {
            return null;
        }

        var key = ShortKey(entries, Padding);
        if (IsUserKey(entries, key))
        {
            return key;
        }

        key = ShortKey(entries, UserPassword(entries));
        return IsUserKey(entries, key) ? key : null;
    }

    private static byte[] ShortKey(PdfEncryptionEntries entries, ReadOnlySpan<byte> password)
    {
        Span<byte> permissions = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(permissions, entries.Permissions);
        ReadOnlySpan<byte> metadata = entries.Revision >= 4 && !entries.EncryptsMetadata ? [0xFF, 0xFF, 0xFF, 0xFF] : [];
        var hash = PdfCiphers.Md5([.. password, .. entries.Owner.AsSpan(0, HashBytes), .. permissions, .. entries.Id, .. metadata]);
        for (var round = 0; entries.Revision >= 3 && round < 50; round++)
        {
            hash = PdfCiphers.Md5(hash.AsSpan(0, entries.KeyBytes));
        }

        return hash[..entries.KeyBytes];
    }

    private static bool IsUserKey(PdfEncryptionEntries entries, byte[] key)
    {
        if (entries.Revision == 2)
        {
            return PdfCiphers.Rc4(key, Padding).AsSpan().SequenceEqual(entries.User.AsSpan(0, Math.Min(HashBytes, entries.User.Length)));
        }

        var check = PdfCiphers.Md5([.. Padding, .. entries.Id]);
        for (var round = 0; round < 20; round++)
        {
            check = PdfCiphers.Rc4(Altered(key, round), check);
        }

        return check.AsSpan().SequenceEqual(entries.User.AsSpan(0, 16));
    }

    /// <summary>The user's password, padded, which the empty owner password decrypts.</summary>
    private static byte[] UserPassword(PdfEncryptionEntries entries)
    {
        var hash = PdfCiphers.Md5(Padding);
        for (var round = 0; entries.Revision >= 3 && round < 50; round++)
        {
            hash = PdfCiphers.Md5(hash);
        }

        var key = hash[..entries.KeyBytes];
        var password = entries.Owner[..HashBytes];
        for (var round = entries.Revision >= 3 ? 19 : 0; round >= 0; round--)
        {
            password = PdfCiphers.Rc4(Altered(key, round), password);
        }

        return password;
    }

    private static byte[] Altered(byte[] key, int round) => Array.ConvertAll(key, value => (byte)(value ^ round));
}
