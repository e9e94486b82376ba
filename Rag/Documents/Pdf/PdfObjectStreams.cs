namespace Pybo.Rag.Documents.Pdf;

/// <summary>Objects that lie together in a compressed stream (ISO 32000-2, 7.5.7).</summary>
internal sealed class PdfObjectStreams(PdfFile file)
{
    private readonly Dictionary<int, Container?> containers = [];
    private long cachedBytes;

    /// <summary>The numbers of a container's objects, in order.</summary>
    public IReadOnlyList<int> NumbersIn(int container) => Open(container)?.Numbers ?? [];

    /// <summary>An object of a container; null where it is not there.</summary>
    /// <param name="index">Where the table says it is; looked for by its number where it is not.</param>
    public PdfObject? Read(int container, int index, int number, Func<PdfLexer, PdfObject?> parse)
    {
        if (Open(container) is not { } open)
        {
            return null;
        }

        var at = index < open.Numbers.Length && open.Numbers[index] == number ? index : Array.IndexOf(open.Numbers, number);
        return at < 0 ? null : parse(new PdfLexer(open.Bytes, open.Offsets[at], file.Names));
    }

    private Container? Open(int number)
    {
        if (containers.TryGetValue(number, out var known))
        {
            return known;
        }

        if (cachedBytes > PdfLimits.CachedBytesMax)
        {
            containers.Clear();
            cachedBytes = 0;
        }

        // While it is being opened it is not there: a container that lies in itself finds nothing.
        containers[number] = null;
        var opened = file.Stream(new PdfReference(number, 0)) is { } stream ? Read(stream) : null;
        containers[number] = opened;
        cachedBytes += opened?.Bytes.Length ?? 0;
        return opened;
    }

    private Container Read(PdfStream stream)
    {
        var bytes = file.Decode(stream);
        var count = Math.Clamp(file.Integer(stream.Dictionary, "N") ?? 0, 0, PdfLimits.ObjectsMax);
        var first = file.Integer(stream.Dictionary, "First") ?? 0;
        var lexer = new PdfLexer(bytes, 0, file.Names);
        var (numbers, offsets) = (new List<int>(), new List<int>());
        while (numbers.Count < count && lexer.Read() == PdfToken.Number)
        {
            var number = lexer.Number;
            if (lexer.Read() != PdfToken.Number)
            {
                break;
            }

            numbers.Add((int)Math.Clamp(number, 0, int.MaxValue));
            offsets.Add((int)Math.Clamp(lexer.Number + first, 0, bytes.Length));
        }

        return new(bytes, [.. numbers], [.. offsets]);
    }

    private sealed record Container(ReadOnlyMemory<byte> Bytes, int[] Numbers, int[] Offsets);
}
