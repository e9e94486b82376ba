namespace Pybo.Rag.Documents.Pdf;

/// <summary>Keeps decoded streams that are asked for again, such as the form with a letter's head that stands on every page, while there is room.</summary>
internal sealed class PdfDecodedStreams
{
    private readonly Dictionary<PdfStream, ReadOnlyMemory<byte>> kept = [];
    private long servedBytes;
    private int keptBytes;

    /// <summary>True once <see cref="PdfLimits.ServedBytesMax"/> have been handed out: nothing more is.</summary>
    public bool IsExhausted => servedBytes > PdfLimits.ServedBytesMax;

    public ReadOnlyMemory<byte> Get(PdfStream stream, Func<PdfStream, ReadOnlyMemory<byte>> decode)
    {
        if (IsExhausted)
        {
            return default;
        }

        if (!kept.TryGetValue(stream, out var bytes))
        {
            bytes = decode(stream);
            Keep(stream, bytes);
        }

        servedBytes += bytes.Length;
        return bytes;
    }

    private void Keep(PdfStream stream, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > PdfLimits.CachedStreamBytesMax)
        {
            return;
        }

        keptBytes += bytes.Length;
        if (keptBytes > PdfLimits.CachedBytesMax || kept.Count == PdfLimits.CachedStreamsMax)
        {
            kept.Clear();
            keptBytes = bytes.Length;
        }

        kept[stream] = bytes;
    }
}
