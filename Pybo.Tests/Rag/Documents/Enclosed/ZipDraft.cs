using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Pybo.Tests.Rag.Documents.Enclosed;

/// <summary>Writes archives as different programs do.</summary>
internal static class ZipDraft
{
    /// <summary>Names in UTF-8, as the header says.</summary>
    public static byte[] Of(params (string Name, byte[] Bytes)[] entries) => Of(null, CompressionLevel.Optimal, entries);

    public static byte[] Of(params (string Name, string Text)[] entries) => Of([.. entries.Select(entry => (entry.Name, Encoding.UTF8.GetBytes(entry.Text)))]);

    /// <param name="names">The encoding of the names, which the header does not name.</param>
    public static byte[] Of(Encoding? names, CompressionLevel level, params (string Name, byte[] Bytes)[] entries)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true, names))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return file.ToArray();
    }

    /// <summary>One stored entry, encrypted as WinZip does (AE-2).</summary>
    /// <param name="strength">1 to 3.</param>
    public static byte[] Aes(string name, byte[] bytes, string password, int strength)
    {
        var (saltBytes, keyBytes) = (4 + (4 * strength), 8 + (8 * strength));
        var salt = RandomNumberGenerator.GetBytes(saltBytes);
        var keys = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, 1_000, HashAlgorithmName.SHA1, (2 * keyBytes) + 2);
        var data = Counted(bytes, keys[..keyBytes]);
        byte[] whole = [.. salt, .. keys[(2 * keyBytes)..], .. data, .. CryptographicOperations.HmacData(HashAlgorithmName.SHA1, keys.AsSpan(keyBytes, keyBytes), data).AsSpan(0, 10)];
        byte[] extra = [0x01, 0x99, 7, 0, 2, 0, (byte)'A', (byte)'E', (byte)strength, 0, 0];
        var raw = Encoding.UTF8.GetBytes(name);
        byte[] common = [51, 0, 1, 8, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(whole.Length), .. BitConverter.GetBytes(bytes.Length), .. BitConverter.GetBytes((short)raw.Length), .. BitConverter.GetBytes((short)extra.Length)];
        byte[] local = [.. "PK\x3\x4"u8, .. common, .. raw, .. extra, .. whole];
        byte[] central = [.. "PK\x1\x2"u8, 51, 0, .. common, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. raw, .. extra];
        return [.. local, .. central, .. "PK\x5\x6"u8, 0, 0, 0, 0, 1, 0, 1, 0, .. BitConverter.GetBytes(central.Length), .. BitConverter.GetBytes(local.Length), 0, 0];
    }

    /// <summary>One entry with the traditional cipher, by Info-ZIP; null where it is not installed.</summary>
    public static byte[]? Traditional(string folder, string name, byte[] bytes, string password)
    {
        File.WriteAllBytes(Path.Combine(folder, name), bytes);
        try
        {
            using var zip = Process.Start(new ProcessStartInfo("zip", ["-q", "-P", password, "locked.zip", name]) { WorkingDirectory = folder })!;
            zip.WaitForExit();
            return File.ReadAllBytes(Path.Combine(folder, "locked.zip"));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static byte[] Counted(byte[] bytes, byte[] key)
    {
        using var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = key;
        var result = bytes.ToArray();
        for (var at = 0; at < bytes.Length; at++)
        {
            var counter = new byte[16];
            BitConverter.TryWriteBytes(counter, (long)(at / 16) + 1);
            result[at] ^= aes.EncryptEcb(counter, PaddingMode.None)[at % 16];
        }

        return result;
    }
}
