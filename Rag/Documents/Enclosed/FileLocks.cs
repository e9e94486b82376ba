using Pybo.Rag.Documents.Hwp;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Rag.Documents.Enclosed;

/// <summary>Files that their program has encrypted with a password.</summary>
internal static class FileLocks
{
    /// <summary>Returns whether a file may be locked: only opening it tells. Compound files include the old ones that are refused.</summary>
    public static async Task<bool> MayBeLockedAsync(Stream file, ReadOnlyMemory<byte> head, CancellationToken ct) =>
        CompoundFile.IsOne(head.Span) || (PdfReader.IsPdf(head.Span) && await ContainsAsync(file, PdfUnlocking.EncryptMark, ct));

    /// <summary>Searches a file of any size through one buffer.</summary>
    private static async Task<bool> ContainsAsync(Stream file, ReadOnlyMemory<byte> mark, CancellationToken ct)
    {
        const int bufferBytes = 65_536;
        var buffer = new byte[bufferBytes];
        var kept = 0;
        while (await file.ReadAsync(buffer.AsMemory(kept), ct) is > 0 and var count)
        {
            var filled = kept + count;
            if (buffer.AsSpan(0, filled).IndexOf(mark.Span) >= 0)
            {
                return true;
            }

            // The mark may lie across two readings.
            kept = Math.Min(filled, mark.Length - 1);
            buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
        }

        return false;
    }

    /// <summary>Returns the bytes of the same file without its lock, in pieces; null if it is not locked.</summary>
    /// <exception cref="DocumentUnreadableException">It needs a password, or another one, or cannot be read at all.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>>? Open(ReadOnlyMemory<byte> bytes, string password)
    {
        if (!CompoundFile.IsOne(bytes.Span))
        {
            return PdfReader.IsPdf(bytes.Span) ? PdfUnlocking.Open(bytes, password) : null;
        }

        var file = CompoundFile.Open(bytes);
        if (OfficeUnlocking.IsLocked(file))
        {
            return OfficeUnlocking.Open(file, password);
        }

        HwpFileHeader.Read(file); // refuses the old kinds and a locked document
        return null;
    }
}
