using System.Security.Cryptography;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Decrypts the text of a distribution document, which can be read but not edited: its sections are in <c>ViewText</c>, encrypted with
/// AES-128-ECB; the masked key precedes them.
/// </summary>
internal static class HwpDistribution
{
    private const int KeyDataStart = 4;
    private const int KeyDataBytes = 256;
    private const int KeyBytes = 16;
    private const int SeedBytes = 4;

    /// <summary>Returns the section's bytes, still compressed; null if they do not have a distribution document's form.</summary>
    public static byte[]? Decrypt(byte[] section)
    {
        var start = KeyDataStart + KeyDataBytes;
        if (section.Length < start || !new HwpRecords(section).TryRead(out var first) || first.Tag != HwpTag.DistributionData || first.Data.Length != KeyDataBytes)
        {
            return null;
        }

        var keyData = Unmask(first);
        var keyStart = SeedBytes + (keyData[0] & 0xF);
        using var aes = Aes.Create();
        aes.Key = keyData[keyStart..(keyStart + KeyBytes)];
        var encryptedBytes = (section.Length - start) / KeyBytes * KeyBytes;
        return aes.DecryptEcb(section.AsSpan(start, encryptedBytes), PaddingMode.None);
    }

    /// <summary>The mask consists of runs of one to sixteen equal bytes. Microsoft's C random number generator, seeded with the first four bytes, gives both.</summary>
    private static byte[] Unmask(HwpRecord record)
    {
        var keyData = record.Data.ToArray();
        var random = new MicrosoftRandom(record.UInt32(0));
        var (mask, run) = ((byte)0, 0);
        for (var at = 0; at < keyData.Length; at++)
        {
            if (run == 0)
            {
                mask = (byte)random.Next();
                run = (random.Next() & 0xF) + 1;
            }

            keyData[at] ^= at < SeedBytes ? (byte)0 : mask;
            run--;
        }

        return keyData;
    }

    private sealed class MicrosoftRandom(uint seed)
    {
        private uint state = seed;

        public int Next()
        {
            state = unchecked((state * 214_013) + 2_531_011);
            return (int)(state >> 16) & 0x7FFF;
        }
    }
}
