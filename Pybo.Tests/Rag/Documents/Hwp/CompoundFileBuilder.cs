using System.Buffers.Binary;
using System.Text;

namespace Pybo.Tests.Rag.Documents.Hwp;

/// <summary>Writes small compound files: streams of less than 4,096 bytes into the mini stream, larger ones into sectors of their own.</summary>
internal sealed class CompoundFileBuilder(int sectorBytes = 512)
{
    private const uint EndOfChain = 0xFFFFFFFE;
    private const uint NoEntry = 0xFFFFFFFF;
    private const int MiniSectorBytes = 64;
    private const int MiniStreamBytesMax = 4_096;
    private const int EntryBytes = 128;

    private readonly List<(string Path, byte[] Bytes)> streams = [];
    private readonly List<byte[]> sectors = [];
    private readonly List<uint> sectorAfter = [];

    /// <summary>The start of the allocation table in the built file.</summary>
    public int TableStart { get; private set; }

    /// <summary>The start of the directory in the built file.</summary>
    public int DirectoryStart { get; private set; }

    public CompoundFileBuilder Add(string path, byte[] bytes)
    {
        streams.Add((path, bytes));
        return this;
    }

    public byte[] Build()
    {
        var mini = new MemoryStream();
        var miniAfter = new List<uint>();
        var entries = new List<byte[]> { Entry("Root Entry", 5, NoEntry, 0, 0) };
        var folders = streams.GroupBy(stream => stream.Path.Contains('/', StringComparison.Ordinal) ? stream.Path.Split('/')[0] : "").ToList();
        var siblings = new List<int>();
        foreach (var folder in folders)
        {
            var inFolder = new List<int>();
            foreach (var (path, bytes) in folder)
            {
                var first = bytes.Length < MiniStreamBytesMax ? AddMini(bytes, mini, miniAfter) : AddChain(bytes);
                inFolder.Add(entries.Count);
                entries.Add(Entry(path.Split('/')[^1], 2, NoEntry, first, bytes.Length));
            }

            Chain(entries, inFolder);
            if (folder.Key.Length == 0)
            {
                siblings.AddRange(inFolder);
                continue;
            }

            siblings.Add(entries.Count);
            entries.Add(Entry(folder.Key, 1, (uint)inFolder[0], 0, 0));
        }

        Chain(entries, siblings);
        var miniStart = mini.Length > 0 ? AddChain(mini.ToArray()) : EndOfChain;
        entries[0] = Entry("Root Entry", 5, siblings.Count > 0 ? (uint)siblings[0] : NoEntry, miniStart, (int)mini.Length);
        var miniTableStart = miniAfter.Count > 0 ? AddChain(Bytes(miniAfter)) : EndOfChain;
        var directoryStart = AddChain([.. entries.SelectMany(entry => entry)]);
        DirectoryStart = ((int)directoryStart + 1) * sectorBytes;
        return Assemble(directoryStart, miniTableStart);
    }

    private byte[] Assemble(uint directoryStart, uint miniTableStart)
    {
        var perSector = sectorBytes / sizeof(uint);
        var tableSectors = 1;
        while (tableSectors * perSector < sectors.Count + tableSectors)
        {
            tableSectors++;
        }

        var header = new byte[sectorBytes];
        new byte[] { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 }.CopyTo(header, 0);
        Write16(header, 26, sectorBytes == 512 ? 3 : 4);
        Write16(header, 30, sectorBytes == 512 ? 9 : 12);
        Write(header, 44, (uint)tableSectors);
        Write(header, 48, directoryStart);
        Write(header, 56, MiniStreamBytesMax);
        Write(header, 60, miniTableStart);
        Write(header, 68, EndOfChain);
        for (var at = 0; at < 109; at++)
        {
            Write(header, 76 + (at * sizeof(uint)), at < tableSectors ? (uint)(sectors.Count + at) : NoEntry);
        }

        TableStart = (sectors.Count + 1) * sectorBytes;
        var table = sectorAfter.Concat(Enumerable.Repeat(0xFFFFFFFDu, tableSectors)).ToList();
        var tableBytes = new byte[tableSectors * sectorBytes];
        tableBytes.AsSpan().Fill(0xFF);
        Bytes(table).CopyTo(tableBytes, 0);
        return [.. header, .. sectors.SelectMany(sector => sector), .. tableBytes];
    }

    private uint AddChain(byte[] bytes)
    {
        var first = (uint)sectors.Count;
        var count = Math.Max(1, (bytes.Length + sectorBytes - 1) / sectorBytes);
        for (var at = 0; at < count; at++)
        {
            var sector = new byte[sectorBytes];
            bytes.AsSpan(at * sectorBytes, Math.Min(sectorBytes, bytes.Length - (at * sectorBytes))).CopyTo(sector);
            sectors.Add(sector);
            sectorAfter.Add(at + 1 < count ? first + (uint)at + 1 : EndOfChain);
        }

        return first;
    }

    private static uint AddMini(byte[] bytes, MemoryStream mini, List<uint> miniAfter)
    {
        var first = (uint)miniAfter.Count;
        var count = Math.Max(1, (bytes.Length + MiniSectorBytes - 1) / MiniSectorBytes);
        mini.Write(bytes);
        mini.Write(new byte[(count * MiniSectorBytes) - bytes.Length]);
        for (var at = 0; at < count; at++)
        {
            miniAfter.Add(at + 1 < count ? first + (uint)at + 1 : EndOfChain);
        }

        return first;
    }

    /// <summary>The tree of a folder's entries as a list: each is the right child of the previous one.</summary>
    private static void Chain(List<byte[]> entries, List<int> siblings)
    {
        for (var at = 0; at + 1 < siblings.Count; at++)
        {
            Write(entries[siblings[at]], 72, (uint)siblings[at + 1]);
        }
    }

    private static byte[] Entry(string name, byte kind, uint child, uint first, int bytes)
    {
        var entry = new byte[EntryBytes];
        Encoding.Unicode.GetBytes(name).CopyTo(entry, 0);
        Write16(entry, 64, (name.Length + 1) * sizeof(char));
        entry[66] = kind;
        Write(entry, 68, NoEntry);
        Write(entry, 72, NoEntry);
        Write(entry, 76, child);
        Write(entry, 116, first);
        Write(entry, 120, (uint)bytes);
        return entry;
    }

    private static byte[] Bytes(List<uint> numbers)
    {
        var bytes = new byte[numbers.Count * sizeof(uint)];
        for (var at = 0; at < numbers.Count; at++)
        {
            Write(bytes, at * sizeof(uint), numbers[at]);
        }

        return bytes;
    }

    private static void Write(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

    private static void Write16(byte[] bytes, int offset, int value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(offset), (ushort)value);
}
