using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Enclosed;

/// <summary>A ZIP file of documents (PKWARE's APPNOTE 6.3): its entries are read, never the archive itself.</summary>
public static class ZipFiles
{
    /// <summary>Further files of an archive are counted, not named.</summary>
    public const int FilesMax = 1_000;

    /// <summary>The decoded bytes of all files.</summary>
    public const long DecodedBytesMax = 500_000_000;

    public const string Extension = ".zip";

    /// <summary>Folders and files that systems add and people do not see.</summary>
    private static readonly string[] SystemNames = ["__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"];

    /// <summary>macOS's metadata of a file, and the lock of an open Office document.</summary>
    private static readonly string[] SystemPrefixes = ["._", "~$"];

    /// <summary>Returns whether the bytes are an archive and not a document in the form of one.</summary>
    public static bool IsOne(ReadOnlySpan<byte> bytes, string fileName) =>
        ZipDirectory.HasSignature(bytes) && OtherKinds.OfBytes(bytes) is null && OtherKinds.OfName(fileName) is null && !DocumentReader.IsDocument(bytes, fileName);

    public static bool HasExtension(string fileName) => fileName.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the files in their order, each with its bytes or the reason why it is not taken.</summary>
    /// <param name="ignored">How many files of systems were passed over.</param>
    /// <exception cref="DocumentUnreadableException">The archive cannot be opened.</exception>
    internal static IReadOnlyList<EnclosedFile> Of(ReadOnlyMemory<byte> file, string password, out int ignored)
    {
        var entries = ZipDirectory.Read(file.Span, out var isRebuilt, Name);
        var budget = new DecodedBudget(DecodedBytesMax, DecodedBytesMax);
        var (files, names) = (new List<EnclosedFile>(), new HashSet<string>(StringComparer.Ordinal));
        (ignored, var unnamed) = (0, 0);
        foreach (var entry in entries.Where(entry => !entry.Name.EndsWith('/')))
        {
            if (IsOfSystem(entry.Name))
            {
                ignored++;
            }
            else if (files.Count == FilesMax)
            {
                unnamed++;
            }
            else
            {
                files.Add(names.Add(entry.Name) ? new(entry.Name, null, () => Open(file, entry, password, budget)) : EnclosedFile.Refused(entry.Name, ReadingProblem.EnclosedTwice));
            }
        }

        if (unnamed > 0)
        {
            files.Add(EnclosedFile.Refused("…", ReadingProblem.TooManyEnclosed, FilesMax, unnamed));
        }

        if (isRebuilt && files.Count > 0)
        {
            files.Add(EnclosedFile.Refused("…", ReadingProblem.EndMissing));
        }

        return files.Count + ignored > 0 ? files : throw new DocumentUnreadableException(Notice.Of(entries.Count > 0 ? ReadingProblem.EmptyArchive : ReadingProblem.Broken));
    }

    private static CheckedStream Open(ReadOnlyMemory<byte> file, ZipEntry entry, string password, DecodedBudget budget)
    {
        var bytes = file.Slice(entry.Start, entry.Length);
        if (entry.IsEncrypted)
        {
            bytes = ZipCipher.Decrypt(bytes, entry, password);
        }

        return new CheckedStream(BoundedStream.Decode(bytes.AsStream(), bytes.Length, entry.Method, budget), entry.Crc);
    }

    private static bool IsOfSystem(string name)
    {
        var segments = name.Split('/');
        return segments.Any(segment => SystemNames.Contains(segment, StringComparer.OrdinalIgnoreCase)) || SystemPrefixes.Any(prefix => segments[^1].StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>
    /// Decodes a name. Only some writers say that it is UTF-8, but what is valid UTF-8 hardly ever is something else; Windows in Korean writes its own code page. A path that leads
    /// out of the archive is a name without that part.
    /// </summary>
    private static string? Name(ReadOnlySpan<byte> bytes, bool isUtf8)
    {
        if (bytes.IsEmpty || bytes.Length > ZipDirectory.NameBytesMax)
        {
            return null;
        }

        var utf8 = Encoding.UTF8.GetString(bytes);
        var name = isUtf8 || !utf8.Contains('\uFFFD', StringComparison.Ordinal) ? utf8 : TextDecoder.TryKorean(bytes) ?? Encoding.Latin1.GetString(bytes);
        var segments = name.Replace('\\', '/').Split('/');
        var isFolder = segments[^1].Length == 0;
        var kept = segments.Select(DocumentNames.Cleaned).Where(segment => segment is not ("" or "." or "..")).ToList();
        return kept.Count == 0 ? null : string.Join('/', kept).Normalize() + (isFolder ? "/" : "");
    }
}
