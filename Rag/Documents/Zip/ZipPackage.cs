using Pybo.Data;

namespace Pybo.Rag.Documents.Zip;

/// <summary>A document that is a ZIP file, opened for reading within limits. Names are compared without case, as OPC and HWPX require.</summary>
internal sealed class ZipPackage
{
    /// <summary>The decoded bytes of all entries together; a document beyond it is a bomb or too large to be useful.</summary>
    public const long DecodedBytesMax = 300_000_000;

    /// <summary>The decoded bytes of one entry.</summary>
    public const long EntryBytesMax = 150_000_000;

    private readonly ReadOnlyMemory<byte> file;
    private readonly Dictionary<string, ZipEntry> entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly DecodedBudget read = new(DecodedBytesMax, EntryBytesMax);
    private readonly DecodedBudget peeked = new(DecodedBytesMax, EntryBytesMax);

    private ZipPackage(ReadOnlyMemory<byte> file)
    {
        this.file = file;
        var found = ZipDirectory.Read(file.Span, out var isRebuilt);
        foreach (var entry in found)
        {
            entries.TryAdd(entry.Name, entry);
        }

        IsDamaged = isRebuilt;
    }

    /// <summary>True if the archive's directory is missing, and only the entries found without it can be read.</summary>
    public bool IsDamaged { get; }

    /// <summary>True if an entry uses ZIP's own encryption; it cannot be opened.</summary>
    public bool HasEncryptedEntries => entries.Values.Any(entry => entry.IsEncrypted);

    /// <summary>In the order of the file.</summary>
    public IReadOnlyCollection<string> Names => entries.Keys;

    /// <exception cref="DocumentUnreadableException">Not a ZIP file, empty, or with too many entries.</exception>
    public static ZipPackage Open(ReadOnlyMemory<byte> file)
    {
        var package = new ZipPackage(file);
        return package.entries.Count > 0 ? package : throw new DocumentUnreadableException(Notice.Of(ReadingProblem.Broken));
    }

    public bool Contains(string name) => entries.ContainsKey(name);

    /// <summary>The warning for a document that lacks an entry.</summary>
    public static Notice Missing(string name) => Notice.Of(ReadingProblem.PartMissing, TextNormalizer.OneLine(name, 80));

    /// <summary>Returns the name of the entry that another one refers to: relative to that one's folder, or absolute from the package's root.</summary>
    public static string Resolve(string folder, string target)
    {
        var segments = new List<string>();
        foreach (var segment in (target.StartsWith('/') ? target : folder + target).Replace('\\', '/').Split('/'))
        {
            if (segment == "..")
            {
                segments.RemoveRange(Math.Max(0, segments.Count - 1), Math.Min(1, segments.Count));
            }
            else if (segment is not ("" or "."))
            {
                segments.Add(Uri.UnescapeDataString(segment));
            }
        }

        return string.Join('/', segments);
    }

    /// <summary>Opens an entry's decoded bytes, to be read once from beginning to end.</summary>
    /// <exception cref="DocumentUnreadableException">The entry is missing, encrypted or compressed in an unknown way;
    /// while it is read: it is broken, or beyond the limits.</exception>
    public Stream Open(string name) => Open(name, read);

    /// <summary>Opens an entry that is read once more, to know its end before its beginning. It has a limit of its own.</summary>
    /// <exception cref="DocumentUnreadableException">As <see cref="Open(string)"/>.</exception>
    public Stream Peek(string name) => Open(name, peeked);

    private BoundedStream Open(string name, DecodedBudget budget)
    {
        if (!entries.TryGetValue(name, out var entry))
        {
            throw new DocumentUnreadableException(Missing(name));
        }

        if (entry.IsEncrypted)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.Encrypted));
        }

        return BoundedStream.Decode(file.Slice(entry.Start, entry.Length).AsStream(), entry.Length, entry.Method, budget);
    }

    /// <summary>Returns all bytes of a small entry.</summary>
    /// <exception cref="DocumentUnreadableException">As <see cref="Open(string)"/>, or the entry is longer than the limit.</exception>
    public byte[] ReadAll(string name, int bytesMax)
    {
        using var stream = Open(name);
        using var bytes = new MemoryStream();
        Span<byte> buffer = stackalloc byte[4_096];
        while (stream.Read(buffer) is > 0 and var count)
        {
            if (bytes.Length + count > bytesMax)
            {
                throw BoundedStream.TooLarge();
            }

            bytes.Write(buffer[..count]);
        }

        return bytes.ToArray();
    }
}
