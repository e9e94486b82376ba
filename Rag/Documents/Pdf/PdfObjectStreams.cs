namespace Pybo.Rag.Documents.Pdf;

/// <summary>Objects that lie together in a compressed stream (ISO 32000-2, 7.5.7).</summary>
internal sealed class PdfObjectStreams(PdfFile file)
{
    /// <summary>What an object's number, offset and place weigh.</summary>
    private const int EntryBytes = 40;

    private readonly Dictionary<int, Container?> containers = [];
    private long cachedBytes;

    /// <summary>The numbers of a container's objects, in order.</summary>
    public IReadOnlyList<int> NumbersIn(int container) => Open(container)?.Numbers ?? [];

    /// <summary>Stands before an object of a container; null where it is not there.</summary>
    /// <param name="index">Where the table says it is; looked for by its number where it is not.</param>
    public PdfLexer? LexerAt(int container, int index, int number)
    {
        if (Open(container) is not { } open)
        {
            return null;
        }

        var isThere = index < open.Numbers.Length && open.Numbers[index] == number;
        var at = isThere ? index : open.Places.GetValueOrDefault(number, -1);
        return at < 0 ? null : new PdfLexer(open.Bytes, open.Offsets[at], file.Names);
    }

    /// <summary>Forgets all containers, which were read without the key or with another table.</summary>
    public void Clear()
    {
        containers.Clear();
        cachedBytes = 0;
    }

    private Container? Open(int number)
    {
        if (containers.TryGetValue(number, out var known))
        {
            return known;
        }

        if (cachedBytes > PdfLimits.CachedBytesMax)
        {
            Clear();
        }

        // While it is being opened it is not there: a container that lies in itself finds nothing.
        containers[number] = null;
        var opened = file.Stream(new PdfReference(number, 0)) is { } stream ? Read(stream) : null;
        containers[number] = opened;
        cachedBytes += opened is null ? 0 : opened.Bytes.Length + (opened.Numbers.Length * EntryBytes);
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

    private sealed record Container(ReadOnlyMemory<byte> Bytes, int[] Numbers, int[] Offsets)
    {
        private Dictionary<int, int>? places;

        /// <summary>Where among the objects a number stands; made only for tables that are wrong about it.</summary>
        public Dictionary<int, int> Places => places ??= Numbers.Index().DistinctBy(entry => entry.Item).ToDictionary(entry => entry.Item, entry => entry.Index);
    }
}
