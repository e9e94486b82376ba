using System.Buffers.Binary;
using System.Text;
using Pybo.Data;

namespace Pybo.Rag.Documents.Zip;

/// <summary>An entry of an archive, with the position of its compressed bytes.</summary>
/// <param name="Name">With <c>/</c> between folders, never absolute, without <c>..</c>.</param>
/// <param name="Start">Offset of the compressed bytes, after the local header.</param>
/// <param name="Length">Length of the compressed bytes, within the file even if the headers claim otherwise.</param>
/// <param name="Method">0 stored, 8 deflated; others are not read.</param>
/// <param name="Crc">CRC-32 of the decoded bytes; 0 if the header does not say.</param>
internal readonly record struct ZipEntry(string Name, int Start, int Length, int Method, uint Crc, ZipLock Lock)
{
    public bool IsEncrypted => Lock.IsClosed;
}

/// <summary>How an entry is encrypted.</summary>
/// <param name="Check">For the traditional cipher, the last byte of its decrypted header (6.1.6).</param>
/// <param name="AesStrength">1 to 3 for keys of 128, 192 and 256 bits (WinZip's AE-1 and AE-2); 0 for the traditional cipher.</param>
internal readonly record struct ZipLock(bool IsClosed, byte Check = 0, int AesStrength = 0);

/// <summary>Decodes an entry's name; null leaves the entry out.</summary>
/// <param name="isUtf8">True if the header says so; other names are in the writer's own encoding.</param>
internal delegate string? ZipNaming(ReadOnlySpan<byte> name, bool isUtf8);

/// <summary>
/// The entries of a ZIP file (PKWARE's APPNOTE 6.3). <c>ZipArchive</c> is not used, because it allocates for every record of a directory
/// before they can be counted, and reads nothing from a file whose directory is cut off.
/// </summary>
internal static class ZipDirectory
{
    /// <summary>Office documents have tens of entries, large ones hundreds; an archive with more is refused.</summary>
    public const int EntriesMax = 10_000;

    /// <summary>Longer names are ignored.</summary>
    public const int NameBytesMax = 1_024;

    private const uint LocalSignature = 0x04034B50;
    private const uint RecordSignature = 0x02014B50;
    private const uint EndSignature = 0x06054B50;
    private const uint Zip64LocatorSignature = 0x07064B50;
    private const uint Zip64EndSignature = 0x06064B50;

    private const int LocalBytes = 30;
    private const int RecordBytes = 46;
    private const int EndBytes = 22;
    private const int Zip64LocatorBytes = 20;
    private const int Zip64EndBytes = 56;

    /// <summary>A data descriptor follows (signature, checksum and two sizes), if a writer did not know them beforehand.</summary>
    private const ushort HasDescriptorFlag = 1 << 3;
    private const ushort EncryptedFlag = 1;
    private const ushort Utf8Flag = 1 << 11;

    /// <summary>WinZip's mark for its own encryption; the extra field has the method.</summary>
    private const int AesMethod = 99;
    private const int AesExtra = 0x9901;

    /// <summary>Info-ZIP's name in UTF-8: a version, a checksum of the other name, and the name.</summary>
    private const int NameExtra = 0x7075;
    private const int NameExtraHeaderBytes = 5;

    public static bool HasSignature(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\x3\x4"u8) || bytes.StartsWith("PK\x5\x6"u8);

    /// <summary>Returns the entries in the order of their bytes; omits those without a name or a local header, or overlapping an earlier one.</summary>
    /// <param name="naming">Decodes the names; null for the names of a document's parts, of which unsafe ones are left out.</param>
    /// <param name="isRebuilt">True if the directory is missing or broken, and the local headers were searched instead.</param>
    /// <exception cref="DocumentUnreadableException">More than <see cref="EntriesMax"/> entries.</exception>
    public static List<ZipEntry> Read(ReadOnlySpan<byte> file, out bool isRebuilt, ZipNaming? naming = null)
    {
        naming ??= SafeName;
        var records = Records(file, naming);
        isRebuilt = records is null;
        records ??= LocalHeaders(file, naming);
        records.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        var entries = new List<ZipEntry>(records.Count);
        var end = 0L;
        foreach (var record in records)
        {
            if (record.Offset >= end && Entry(file, record) is { } entry)
            {
                entries.Add(entry);
                end = entry.Start + entry.Length;
            }
        }

        return entries;
    }

    /// <summary>
    /// Returns the names of the local headers in a file's beginning: enough to tell what kind of document it is. The names inside an archive that is an entry
    /// are not among them, unless the entry's header lacks its size.
    /// </summary>
    public static IEnumerable<string> FirstNames(ReadOnlySpan<byte> beginning)
    {
        const int namesMax = 64;
        var names = new List<string>();
        for (var at = 0; names.Count < namesMax && FindSignature(beginning, at) is >= 0 and var header;)
        {
            at = header + 4;
            if (header + LocalBytes <= beginning.Length && IsLocal(beginning, header))
            {
                if (LocalName(beginning, header, SafeName) is { } name)
                {
                    names.Add(name);
                }

                at = AfterData(beginning, header) ?? at;
            }
        }

        return names;
    }

    /// <summary>Returns the content of a stored entry <c>mimetype</c> at the beginning, by which books and open documents name their kind; null if there is none.</summary>
    public static string? MediaType(ReadOnlySpan<byte> beginning)
    {
        const int bytesMax = 100;
        if (beginning.Length < LocalBytes || !IsLocal(beginning, 0) || LocalName(beginning, 0, SafeName) != "mimetype")
        {
            return null;
        }

        var start = LocalBytes + U16(beginning, 26) + U16(beginning, 28);
        var bytes = beginning[Math.Min(start, beginning.Length)..];
        return Encoding.ASCII.GetString(bytes[..Math.Min(bytes.Length, bytesMax)]);
    }

    /// <summary>Returns where the data of an entry ends, if its header says so and something of an archive, or nothing, follows there.</summary>
    private static int? AfterData(ReadOnlySpan<byte> file, int header)
    {
        var end = header + LocalBytes + U16(file, header + 26) + U16(file, header + 28) + (long)U32(file, header + 18);
        return (U16(file, header + 6) & HasDescriptorFlag) != 0 ? null
            : end >= file.Length ? file.Length
            : file[(int)end..].StartsWith("PK"u8) ? (int)end : null;
    }

    /// <summary>Returns the records of the central directory; null if it cannot be found or is inconsistent.</summary>
    private static List<Record>? Records(ReadOnlySpan<byte> file, ZipNaming naming)
    {
        var tail = Math.Max(0, file.Length - EndBytes - ushort.MaxValue);
        var end = file[tail..].LastIndexOf("PK\x5\x6"u8);
        if (end < 0 || tail + end + EndBytes > file.Length)
        {
            return null;
        }

        end += tail;
        var (count, size, offset) = EndRecord(file, end);
        RefuseTooMany(count);
        // If data precedes the archive, all offsets are off by its length.
        var at = IsRecord(file, offset) || count == 0 ? offset : end - size;
        var shift = at - offset;
        var records = new List<Record>();
        while (records.Count < count && IsRecord(file, at))
        {
            var (record, next) = CentralRecord(file, (int)at, naming);
            records.Add(record with { Offset = record.Offset + shift });
            at = next;
        }

        // A false count must not hide the rest.
        RefuseTooMany(records.Count + (IsRecord(file, at) ? EntriesMax : 0));
        return records.Count == count ? records : null;
    }

    private static void RefuseTooMany(long count)
    {
        if (count > EntriesMax)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.TooManyEntries, EntriesMax));
        }
    }

    private static (long Count, long Size, long Offset) EndRecord(ReadOnlySpan<byte> file, int end)
    {
        var (count, size, offset) = ((long)U16(file, end + 10), (long)U32(file, end + 12), (long)U32(file, end + 16));
        var locator = end - Zip64LocatorBytes;
        if (locator < 0 || U32(file, locator) != Zip64LocatorSignature || (count != ushort.MaxValue && size != uint.MaxValue && offset != uint.MaxValue))
        {
            return (count, size, offset);
        }

        var zip64 = U64(file, locator + 8);
        return zip64 <= file.Length - Zip64EndBytes && U32(file, (int)zip64) == Zip64EndSignature
            ? (U64(file, (int)zip64 + 32), U64(file, (int)zip64 + 40), U64(file, (int)zip64 + 48))
            : (count, size, offset);
    }

    private static (Record Record, long Next) CentralRecord(ReadOnlySpan<byte> file, int at, ZipNaming naming)
    {
        var (flags, method) = (U16(file, at + 8), U16(file, at + 10));
        var (compressed, size, offset) = ((long)U32(file, at + 20), (long)U32(file, at + 24), (long)U32(file, at + 42));
        var (nameBytes, extraBytes, commentBytes) = (U16(file, at + 28), U16(file, at + 30), U16(file, at + 32));
        var name = at + RecordBytes;
        var extraStart = Math.Min(file.Length, name + nameBytes);
        var extra = file[extraStart..Math.Min(file.Length, extraStart + extraBytes)];
        if (compressed == uint.MaxValue || offset == uint.MaxValue)
        {
            (compressed, offset) = Zip64Sizes(extra, compressed, size, offset);
        }

        var record = new Record(NameOf(file[name..extraStart], flags, extra, naming), offset, compressed, method, U32(file, at + 16), LockOf(flags, U16(file, at + 12), U32(file, at + 16)));
        return (Opened(record, extra), (long)name + nameBytes + extraBytes + commentBytes);
    }

    private static string? NameOf(ReadOnlySpan<byte> name, int flags, ReadOnlySpan<byte> extra, ZipNaming naming) =>
        Extra(extra, NameExtra) is { Length: > NameExtraHeaderBytes } other ? naming(other[NameExtraHeaderBytes..], isUtf8: true) : naming(name, (flags & Utf8Flag) != 0);

    /// <summary>A writer that does not know the checksum beforehand checks the password with the time.</summary>
    private static ZipLock LockOf(int flags, ushort time, uint crc) =>
        new((flags & EncryptedFlag) != 0, (flags & HasDescriptorFlag) != 0 ? (byte)(time >> 8) : (byte)(crc >> 24));

    /// <summary>Replaces WinZip's mark by the method and strength in its extra field: version, vendor, strength, method.</summary>
    private static Record Opened(Record record, ReadOnlySpan<byte> extra) => record.Method == AesMethod && Extra(extra, AesExtra) is { Length: >= 7 } aes
        ? record with { Method = U16(aes, 5), Lock = record.Lock with { AesStrength = aes[4] }, Crc = U16(aes, 0) == 1 ? record.Crc : 0 }
        : record;

    /// <summary>Returns the content of an extra field; empty if there is none.</summary>
    private static ReadOnlySpan<byte> Extra(ReadOnlySpan<byte> extra, int id)
    {
        while (extra.Length >= 4)
        {
            var bytes = Math.Min(U16(extra, 2), extra.Length - 4);
            if (U16(extra, 0) == id)
            {
                return extra.Slice(4, bytes);
            }

            extra = extra[(4 + bytes)..];
        }

        return [];
    }

    /// <summary>Reads extra field 1: the sizes and the offset that did not fit, in the order size, compressed size, offset.</summary>
    private static (long Compressed, long Offset) Zip64Sizes(ReadOnlySpan<byte> extra, long compressed, long size, long offset)
    {
        var values = Extra(extra, 1);
        values = size == uint.MaxValue && values.Length >= 8 ? values[8..] : values;
        if (compressed == uint.MaxValue && values.Length >= 8)
        {
            compressed = U64(values, 0);
            values = values[8..];
        }

        return (compressed, offset == uint.MaxValue && values.Length >= 8 ? U64(values, 0) : offset);
    }

    /// <summary>Returns every local header of a file without a directory; if a size is unknown, the data ends at the next header.</summary>
    private static List<Record> LocalHeaders(ReadOnlySpan<byte> file, ZipNaming naming)
    {
        var records = new List<Record>();
        for (var at = FindSignature(file, 0); at >= 0;)
        {
            var next = FindSignature(file, at + 4);
            if (at + LocalBytes <= file.Length && IsLocal(file, at))
            {
                var flags = U16(file, at + 6);
                var start = at + LocalBytes + U16(file, at + 26) + U16(file, at + 28);
                var size = (flags & HasDescriptorFlag) != 0 || U32(file, at + 18) == uint.MaxValue
                    ? (next < 0 ? file.Length : next) - start
                    : (long)U32(file, at + 18);
                var record = new Record(LocalName(file, at, naming), at, size, U16(file, at + 8), U32(file, at + 14), LockOf(flags, U16(file, at + 10), U32(file, at + 14)));
                records.Add(Opened(record, LocalExtra(file, at)));
                RefuseTooMany(records.Count);
                next = (flags & HasDescriptorFlag) == 0 && at + LocalBytes + size < file.Length ? FindSignature(file, (int)(at + LocalBytes + size)) : next;
            }

            at = next;
        }

        return records;
    }

    private static ZipEntry? Entry(ReadOnlySpan<byte> file, Record record)
    {
        if (record.Name is not { Length: > 0 } name || record.Offset < 0 || record.Offset > file.Length - LocalBytes || !IsLocal(file, (int)record.Offset))
        {
            return null;
        }

        var header = (int)record.Offset;
        var start = header + LocalBytes + U16(file, header + 26) + U16(file, header + 28);
        return start > file.Length ? null
            : new(name, start, (int)Math.Clamp(record.Length, 0, file.Length - start), record.Method, record.Crc, record.Lock);
    }

    private static string? LocalName(ReadOnlySpan<byte> file, int header, ZipNaming naming)
    {
        var start = header + LocalBytes;
        return NameOf(file[start..Math.Min(file.Length, start + U16(file, header + 26))], U16(file, header + 6), LocalExtra(file, header), naming);
    }

    private static ReadOnlySpan<byte> LocalExtra(ReadOnlySpan<byte> file, int header)
    {
        var start = Math.Min(file.Length, header + LocalBytes + U16(file, header + 26));
        return file[start..Math.Min(file.Length, start + U16(file, header + 28))];
    }

    /// <summary>Returns a name that cannot leave the archive, or null. Some Windows writers put <c>\</c> between folders.</summary>
    private static string? SafeName(ReadOnlySpan<byte> bytes, bool isUtf8)
    {
        if (bytes.IsEmpty || bytes.Length > NameBytesMax)
        {
            return null;
        }

        var name = Encoding.UTF8.GetString(bytes).Replace('\\', '/');
        return name[0] == '/' || name[^1] == '/' || name.Contains(':', StringComparison.Ordinal) || name.Split('/').Contains("..") ? null : name;
    }

    private static int FindSignature(ReadOnlySpan<byte> file, int from)
    {
        while (from < file.Length && file[from..].IndexOf("PK"u8) is >= 0 and var found)
        {
            from += found;
            if (from + 4 <= file.Length && U32(file, from) is LocalSignature or RecordSignature or EndSignature)
            {
                return from;
            }

            from += 2;
        }

        return -1;
    }

    private static bool IsLocal(ReadOnlySpan<byte> file, int at) => U32(file, at) == LocalSignature;

    private static bool IsRecord(ReadOnlySpan<byte> file, long at) => at >= 0 && at <= file.Length - RecordBytes && U32(file, (int)at) == RecordSignature;

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    /// <summary>Reads a signed number: one that does not fit is false, and out of every range.</summary>
    private static long U64(ReadOnlySpan<byte> bytes, int at) => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]), int.MaxValue);

    private readonly record struct Record(string? Name, long Offset, long Length, int Method, uint Crc, ZipLock Lock);
}
