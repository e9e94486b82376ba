using System.Security.Cryptography;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Opens the text of a distribution document, which anyone may read but nobody change: its sections lie in <c>ViewText</c>, encrypted with
/// AES-128-ECB under a key that stands, masked, in front of them.
/// </summary>
internal static class HwpDistribution
{
    private const int KeyDataStart = 4;
    private const int KeyDataBytes = 256;
    private const int KeyBytes = 16;
    private const int SeedBytes = 4;

    /// <summary>The section's bytes, still compressed; null where they are not what a distribution document has.</summary>
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

    /// <summary>The mask is runs of one to sixteen like bytes, both drawn by the random numbers of Microsoft's C library from the first four bytes.</summary>
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
