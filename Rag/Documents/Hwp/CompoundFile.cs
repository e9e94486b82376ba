using System.Buffers.Binary;
using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents.Hwp;

/// <summary>
/// Reads streams from a compound file (OLE2, [MS-CFB]): a small file system of sectors, chained by tables. Every chain is followed for at most
/// as many steps as the file has sectors, so that loops end; a broken chain yields the bytes before the break.
/// </summary>
internal sealed class CompoundFile
{
    /// <summary>[MS-CFB] 2.6.1: a directory entry is 128 bytes.</summary>
    private const int DirectoryEntryBytes = 128;

    /// <summary>A 한글 document has some dozens; one with thousands of embedded pictures has thousands.</summary>
    private const int DirectoryEntriesMax = 100_000;

    /// <summary>The depth of nested storages; 한글 needs two.</summary>
    private const int PathDepthMax = 8;

    private const int HeaderBytes = 512;
    private const int HeaderFatSectors = 109;
    private const int MiniSectorBytes = 64;

    /// <summary>[MS-CFB] 2.1: this and larger numbers (free, end of chain, the tables' own) are not sectors.</summary>
    private const uint SectorNumberEnd = 0xFFFFFFFA;

    private readonly ReadOnlyMemory<byte> file;
    private readonly int sectorBytes;
    private readonly uint miniStreamBytesMax;
    private readonly uint[] sectorAfter;
    private readonly uint[] miniSectorAfter;
    private readonly byte[] miniStream = [];
    private readonly Dictionary<string, Entry> streams = new(StringComparer.OrdinalIgnoreCase);

    private CompoundFile(ReadOnlyMemory<byte> file)
    {
        this.file = file;
        var header = file.Span[..HeaderBytes];
        sectorBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]) == 12 ? 4_096 : 512;
        miniStreamBytesMax = BinaryPrimitives.ReadUInt32LittleEndian(header[56..]);
        sectorAfter = Table(FatSectors(header));
        miniSectorAfter = Numbers(Chain(BinaryPrimitives.ReadUInt32LittleEndian(header[60..]), long.MaxValue));

        var directory = Chain(BinaryPrimitives.ReadUInt32LittleEndian(header[48..]), (long)DirectoryEntriesMax * DirectoryEntryBytes);
        if (directory.Length >= DirectoryEntryBytes)
        {
            var root = Entry.Read(directory);
            miniStream = Chain(root.FirstSector, root.Bytes);
            Walk(directory, root.Child);
        }
    }

    /// <summary>True if the directory is longer than the part that could be read: streams may be missing.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The paths of all streams, such as <c>BodyText/Section0</c>.</summary>
    public IReadOnlyCollection<string> Paths => streams.Keys;

    /// <summary>Returns true if the bytes begin like a compound file.</summary>
    public static bool IsOne(ReadOnlySpan<byte> bytes) => bytes is [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..];

    /// <exception cref="DocumentUnreadableException">The file is shorter than a header.</exception>
    public static CompoundFile Open(ReadOnlyMemory<byte> file) => file.Length >= HeaderBytes
        ? new(file)
        : throw new DocumentUnreadableException(Notice.Of(ReadingProblem.HwpBroken));

    public bool Contains(string path) => streams.ContainsKey(path);

    /// <summary>Returns the bytes of a stream, up to any break in its chain; empty if the path does not exist. Paths are compared without case.</summary>
    public byte[] Read(string path)
    {
        if (!streams.TryGetValue(path, out var entry))
        {
            return [];
        }

        return entry.Bytes < miniStreamBytesMax ? MiniChain(entry.FirstSector, entry.Bytes) : Chain(entry.FirstSector, entry.Bytes);
    }

    /// <summary>Returns the allocation table's sectors: the header names 109, and a chain of sectors, each ending with the number of the next, names the rest.</summary>
    private List<uint> FatSectors(ReadOnlySpan<byte> header)
    {
        var sectors = new List<uint>();
        AddNumbers(sectors, header.Slice(76, HeaderFatSectors * sizeof(uint)));
        var next = BinaryPrimitives.ReadUInt32LittleEndian(header[68..]);
        for (var steps = file.Length / sectorBytes; steps > 0 && Sector(next) is { Length: > 0 } sector; steps--)
        {
            AddNumbers(sectors, sector[..^sizeof(uint)]);
            next = BinaryPrimitives.ReadUInt32LittleEndian(sector[^sizeof(uint)..]);
        }

        return sectors;
    }

    private static void AddNumbers(List<uint> numbers, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(uint); bytes = bytes[sizeof(uint)..])
        {
            numbers.Add(BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        }
    }

    /// <summary>Returns one number for each sector of the file; the table's further entries are useless.</summary>
    private uint[] Table(List<uint> fatSectors)
    {
        var numbers = new List<uint>();
        foreach (var number in fatSectors)
        {
            if (numbers.Count > file.Length / sectorBytes)
            {
                break;
            }

            if (number < SectorNumberEnd)
            {
                AddNumbers(numbers, Sector(number));
            }
        }

        return [.. numbers];
    }

    private static uint[] Numbers(byte[] bytes)
    {
        var numbers = new List<uint>(bytes.Length / sizeof(uint));
        AddNumbers(numbers, bytes);
        return [.. numbers];
    }

    /// <summary>Returns a whole sector, empty beyond the file's end; the last sector of a truncated file is padded with zeros.</summary>
    private ReadOnlySpan<byte> Sector(uint number)
    {
        var start = ((long)number + 1) * sectorBytes;
        if (number >= SectorNumberEnd || start >= file.Length)
        {
            return [];
        }

        var bytes = file.Span[(int)start..];
        if (bytes.Length >= sectorBytes)
        {
            return bytes[..sectorBytes];
        }

        var filled = new byte[sectorBytes];
        bytes.CopyTo(filled);
        return filled;
    }

    private byte[] Chain(uint number, long bytesMax)
    {
        using var bytes = new MemoryStream();
        for (var steps = 0; steps < file.Length / sectorBytes && bytes.Length < bytesMax && Sector(number) is { Length: > 0 } sector; steps++)
        {
            bytes.Write(sector[..(int)Math.Min(sectorBytes, bytesMax - bytes.Length)]);
            number = number < sectorAfter.Length ? sectorAfter[number] : SectorNumberEnd;
        }

        return bytes.ToArray();
    }

    private byte[] MiniChain(uint number, long bytesMax)
    {
        using var bytes = new MemoryStream();
        for (var steps = 0; steps < miniSectorAfter.Length && bytes.Length < bytesMax && (long)number * MiniSectorBytes < miniStream.Length; steps++)
        {
            var sector = miniStream.AsSpan((int)number * MiniSectorBytes);
            bytes.Write(sector[..(int)Math.Min(Math.Min(sector.Length, MiniSectorBytes), bytesMax - bytes.Length)]);
            number = number < miniSectorAfter.Length ? miniSectorAfter[number] : SectorNumberEnd;
        }

        return bytes.ToArray();
    }

    /// <summary>Lists the streams; a storage's entries are a binary tree, whose order does not matter here. Each entry is visited once.</summary>
    private void Walk(byte[] directory, uint first)
    {
        var open = new Stack<(uint Number, string Folder, int Depth)>([(first, "", 0)]);
        var visited = new HashSet<uint> { 0 };
        while (open.TryPop(out var at))
        {
            IsCut |= at.Number < SectorNumberEnd && at.Number >= directory.Length / DirectoryEntryBytes;
            if (at.Number >= directory.Length / DirectoryEntryBytes || at.Depth > PathDepthMax || !visited.Add(at.Number))
            {
                continue;
            }

            var entry = Entry.Read(directory.AsSpan((int)at.Number * DirectoryEntryBytes));
            open.Push((entry.Left, at.Folder, at.Depth));
            open.Push((entry.Right, at.Folder, at.Depth));
            if (entry.IsStream)
            {
                streams.TryAdd(at.Folder + entry.Name, entry);
            }
            else if (entry.IsStorage)
            {
                open.Push((entry.Child, $"{at.Folder}{entry.Name}/", at.Depth + 1));
            }
        }
    }

    /// <summary>A directory entry ([MS-CFB] 2.6.1).</summary>
    private readonly record struct Entry(string Name, byte Kind, uint Left, uint Right, uint Child, uint FirstSector, uint Bytes)
    {
        private const int NameBytesMax = 64;

        public bool IsStorage => Kind == 1;

        public bool IsStream => Kind == 2;

        public static Entry Read(ReadOnlySpan<byte> bytes)
        {
            var nameBytes = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(bytes[NameBytesMax..]) - sizeof(char), 0, NameBytesMax);
            return new(
                Encoding.Unicode.GetString(bytes[..(nameBytes & ~1)]),
                bytes[66],
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[68..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[72..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[76..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[116..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[120..]));
        }
    }
}
