using System.IO.Compression;
using Pybo.Rag.Documents.Hwp;
using Pybo.Tests.Rag.Documents.Hwp;

namespace Pybo.Tests.Rag.Documents;

/// <summary>A file with seeded damage: bits flipped, ranges cut out, doubled or overwritten, or the end torn off.</summary>
internal static class Mutant
{
    private const int DamagesMax = 6;
    private const int StretchMax = 512;
    private const string HwpHeader = "FileHeader";

    public static byte[] Of(byte[] bytes, int seed)
    {
        var random = new Random(seed);
        var mutant = (byte[])bytes.Clone();
        for (var damages = 1 + random.Next(DamagesMax); damages > 0 && mutant.Length > 2; damages--)
        {
            var at = random.Next(mutant.Length - 1);
            var length = 1 + random.Next(Math.Min(mutant.Length - at, Math.Clamp(mutant.Length / 16, 1, StretchMax)));
            mutant = random.Next(6) switch
            {
                0 => [.. mutant[..at], .. mutant[(at + length)..]],
                1 => [.. mutant[..(at + length)], .. mutant[at..]],
                2 => Overwritten(mutant, at, length, _ => (byte)random.Next(256)),
                3 => Overwritten(mutant, at, length, _ => 0),
                4 when random.Next(4) == 0 => mutant[..(mutant.Length - (length * 4 % mutant.Length))],
                _ => Overwritten(mutant, at, 1, value => (byte)(value ^ (1 << random.Next(8)))),
            };
        }

        return mutant;
    }

    /// <summary>The same ZIP package or HWP file with its parts stored uncompressed, so that damage hits XML and records and not only their compression; other files unchanged.</summary>
    public static byte[] Unpacked(byte[] bytes)
    {
        try
        {
            return CompoundFile.IsOne(bytes) && CompoundFile.Open(bytes) is var file && file.Paths.Contains(HwpHeader) ? Inflated(file) : bytes is [(byte)'P', (byte)'K', ..] ? Stored(bytes) : bytes;
        }
        catch (InvalidDataException)
        {
            return bytes; // not a package that this program can write: its own bytes serve
        }
    }

    private static byte[] Inflated(CompoundFile file)
    {
        var isCompressed = (file.Read(HwpHeader)[36] & 1) != 0;
        var copy = new CompoundFileBuilder().Add(HwpHeader, HwpBuilder.FileHeader(0)).Add("PrvText", file.Read("PrvText")).Add(HwpSummary.Path, file.Read(HwpSummary.Path));
        foreach (var stream in file.Paths.Where(path => path == "DocInfo" || path.StartsWith("BodyText/", StringComparison.Ordinal)))
        {
            using var inflated = new MemoryStream();
            using (Stream from = isCompressed ? new DeflateStream(new MemoryStream(file.Read(stream)), CompressionMode.Decompress) : new MemoryStream(file.Read(stream)))
            {
                from.CopyTo(inflated);
            }

            copy.Add(stream, inflated.ToArray());
        }

        return copy.Build();
    }

    private static byte[] Stored(byte[] bytes)
    {
        using var source = new ZipArchive(new MemoryStream(bytes));
        using var target = new MemoryStream();
        using (var copy = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries.Where(entry => !IsImage(entry.FullName)))
            {
                using var from = entry.Open();
                using var to = copy.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                from.CopyTo(to);
            }
        }

        return target.ToArray();
    }

    // Most bytes of a package: damage there changes nothing.
    private static bool IsImage(string path) => path.Contains("/media/", StringComparison.Ordinal) || path.StartsWith("BinData", StringComparison.Ordinal) || path.EndsWith("png", StringComparison.Ordinal);

    private static byte[] Overwritten(byte[] bytes, int at, int length, Func<byte, byte> change)
    {
        for (var place = at; place < at + length; place++)
        {
            bytes[place] = change(bytes[place]);
        }

        return bytes;
    }
}
