using Pybo.Data;
using Pybo.Rag.Documents.Hwp;

namespace Pybo.Rag.Documents.Enclosed;

/// <summary>
/// Takes the documents out of what they are sent in, before they are stored: an archive, or a file with a password. It runs in a reading process, because it
/// decodes what others wrote.
/// </summary>
internal static class Unwrapping
{
    /// <summary>Longer than any program accepts.</summary>
    public const int PasswordCharactersMax = 512;

    /// <summary>The beginning of a file, which shows its kind.</summary>
    public const int HeadBytes = 65_536;

    /// <summary>Returns whether a file is an archive or may have a password: then it has to be unwrapped. Leaves it at its beginning.</summary>
    public static async Task<bool> MayApplyAsync(Stream file, ReadOnlyMemory<byte> head, string fileName, CancellationToken ct)
    {
        var applies = ZipFiles.IsOne(head.Span, fileName) || await FileLocks.MayBeLockedAsync(file, head, ct);
        file.Position = 0;
        return applies;
    }

    /// <summary>Yields the files with their bytes; nothing for a file that is a document as it is.</summary>
    /// <param name="password">Empty if none was given.</param>
    /// <exception cref="DocumentUnreadableException">The file cannot be read, with the reason.</exception>
    public static IEnumerable<DocumentPart> Parts(ReadOnlyMemory<byte> bytes, string fileName, string password)
    {
        if (ZipFiles.IsOne(bytes.Span, fileName))
        {
            var files = ZipFiles.Of(bytes, password, out var ignored);
            return files.SelectMany(Parts).Prepend(new IgnoredPart(ignored));
        }

        return FileLocks.Open(bytes, password) is { } opened ? opened.Select(piece => (DocumentPart)new BytesPart(piece)).Prepend(new FilePart(fileName)) : [];
    }

    private static IEnumerable<DocumentPart> Parts(EnclosedFile file)
    {
        var refusal = file.Refusal;
        using var stream = refusal is null ? TryOpen(file, out refusal) : null;
        var chunk = refusal is null ? Next(stream!, ref refusal) : [];
        refusal ??= KindOf(chunk, file.Name);
        var begins = refusal is null;
        if (begins)
        {
            yield return new FilePart(file.Name);
        }

        while (refusal is null && chunk.Length > 0)
        {
            yield return new BytesPart(chunk);
            chunk = Next(stream!, ref refusal);
        }

        if (refusal is not null)
        {
            yield return new RefusedPart(file.Name, refusal, begins);
        }
    }

    private static Stream? TryOpen(EnclosedFile file, out Notice? refusal)
    {
        try
        {
            refusal = null;
            return file.Open!();
        }
        catch (DocumentUnreadableException unreadable)
        {
            refusal = unreadable.Notice;
            return null;
        }
    }

    private static byte[] Next(Stream stream, ref Notice? refusal)
    {
        try
        {
            var chunk = new byte[HeadBytes];
            return chunk[..stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false)];
        }
        catch (DocumentUnreadableException unreadable)
        {
            refusal = unreadable.Notice;
            return [];
        }
    }

    /// <summary>Returns why a file that begins like this is no document; null if it is one.</summary>
    private static Notice? KindOf(ReadOnlySpan<byte> head, string name)
    {
        try
        {
            if (ZipFiles.IsOne(head, name))
            {
                return Notice.Of(ReadingProblem.ArchiveInArchive);
            }

            if (CompoundFile.IsOne(head) && OtherKinds.OfName(name) is { } old)
            {
                return old;
            }

            if (!head.IsEmpty)
            {
                DocumentReader.For(head, name);
            }

            return null;
        }
        catch (DocumentUnreadableException unreadable)
        {
            return OtherKinds.Brief(unreadable.Notice, name);
        }
    }
}
