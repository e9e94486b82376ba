using System.Buffers.Binary;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>Reads the cross-reference sections that a file names at its end: tables, streams and both together (ISO 32000-2, 7.5.4 and 7.5.8).</summary>
/// <param name="shift">Bytes before the header, from which some producers count their offsets.</param>
internal sealed class PdfSectionReader(PdfFile file, PdfObjectReader reader, int shift)
{
    /// <summary>The word that tells where the last section is stands this near to the end, also where something was appended.</summary>
    private const int TailBytes = 4_096;

    /// <summary>Numbers of a cross-reference stream are at most this wide.</summary>
    private const int FieldBytesMax = 8;

    private readonly PdfEntries entries = new();
    private readonly HashSet<int> seen = [];

    /// <summary>The table; null where there is none that can be read.</summary>
    public PdfEntries? Read()
    {
        var span = reader.Bytes.Span;
        var tail = Math.Max(0, span.Length - TailBytes);
        var at = span[tail..].LastIndexOf("startxref"u8);
        if (at < 0)
        {
            return null;
        }

        var lexer = reader.LexerAt(tail + at + "startxref".Length);
        var next = lexer.Read() == PdfToken.Number ? Offset(lexer.Number) : -1;
        // The newest section comes first; each names the one before it. One that comes again ends the row.
        while (next >= 0 && seen.Count < PdfLimits.SectionsMax && !reader.IsExhausted && seen.Add(next))
        {
            if (ReadSection(next) is not { } section)
            {
                return null;
            }

            next = file.Number(section["Prev"] as PdfNumber) is { } previous ? Offset(previous) : -1;
        }

        return entries;
    }

    private int Offset(double value) => value + shift is >= 0 and var at && at < reader.Bytes.Length ? (int)at : -1;

    private PdfDictionary? ReadSection(int at)
    {
        var lexer = reader.LexerAt(at);
        return lexer.Read() switch
        {
            PdfToken.Keyword when lexer.Word.SequenceEqual("xref"u8) => ReadTable(lexer),
            PdfToken.Number => ReadStream(at),
            _ => null,
        };
    }

    private PdfDictionary? ReadTable(PdfLexer lexer)
    {
        var start = lexer.Position;
        var rows = new List<(int Number, PdfEntry? Entry)>();
        while (lexer.Read() == PdfToken.Number)
        {
            var first = lexer.Number;
            if (lexer.Read() != PdfToken.Number || !ReadRows(lexer, (int)Math.Clamp(first, 0, PdfLimits.ObjectNumberMax), lexer.Number, rows))
            {
                return null;
            }
        }

        if (!lexer.Word.SequenceEqual("trailer"u8) || new PdfParser(lexer).ReadObject() is not PdfDictionary trailer)
        {
            return null;
        }

        reader.Charge(lexer.Position - start);
        // A file for old and new readers keeps objects in a stream beside the table, which calls them free: the stream counts first.
        if (trailer["XRefStm"] is PdfNumber hybrid && Offset(hybrid.Value) is >= 0 and var beside && seen.Add(beside))
        {
            ReadStream(beside);
        }

        foreach (var (number, entry) in rows)
        {
            entries.AddOlder(number, entry);
        }

        entries.AddOlder(trailer);
        return trailer;
    }

    private bool ReadRows(PdfLexer lexer, int first, double count, List<(int Number, PdfEntry? Entry)> rows)
    {
        for (var row = 0; row < count && rows.Count < PdfLimits.ObjectsMax; row++)
        {
            var before = lexer.Position;
            if (lexer.Read() != PdfToken.Number)
            {
                // Fewer rows than were promised: the trailer is next.
                lexer.Position = before;
                return true;
            }

            var place = lexer.Number;
            if (lexer.Read() != PdfToken.Number)
            {
                return false;
            }

            var generation = (int)Math.Clamp(lexer.Number, 0, ushort.MaxValue);
            if (lexer.Read() != PdfToken.Keyword)
            {
                return false;
            }

            var isUsed = lexer.Word is [(byte)'n'];
            rows.Add((first + row, isUsed && Offset(place) is > 0 and var at ? new PdfEntry(0, at, generation) : null));
        }

        return true;
    }

    private PdfDictionary? ReadStream(int at)
    {
        if (reader.ReadAt(at, expected: null, security: null)?.Value is not PdfStream stream || !stream.Dictionary.IsNamed("Type", "XRef"))
        {
            return null;
        }

        int[] widths = [.. (file.Array(stream.Dictionary, "W") ?? []).Select(width => file.Integer(width) ?? 0)];
        if (widths.Length < 3 || widths.Any(width => width is < 0 or > FieldBytesMax) || widths.Take(3).Sum() == 0)
        {
            return null;
        }

        var size = file.Integer(stream.Dictionary, "Size") ?? 0;
        int[] ranges = [.. (file.Array(stream.Dictionary, "Index") ?? [PdfNumber.Of(0), PdfNumber.Of(size)]).Select(number => file.Integer(number) ?? 0)];
        ReadRows(file.Decode(stream).Span, widths, ranges);
        entries.AddOlder(stream.Dictionary);
        return stream.Dictionary;
    }

    private void ReadRows(ReadOnlySpan<byte> rows, int[] widths, int[] ranges)
    {
        var rowBytes = widths.Sum();
        for (var range = 0; range + 1 < ranges.Length; range += 2)
        {
            for (var at = 0; at < ranges[range + 1] && rows.Length >= rowBytes && !entries.IsFull; at++)
            {
                var kind = widths[0] == 0 ? 1 : Field(rows[..widths[0]]);
                var second = Field(rows.Slice(widths[0], widths[1]));
                var third = Field(rows.Slice(widths[0] + widths[1], widths[2]));
                entries.AddOlder(ranges[range] + at, kind switch
                {
                    1 when Offset(second) is > 0 and var place => new PdfEntry(0, place, (int)Math.Min(third, ushort.MaxValue)),
                    2 when second is > 0 and <= PdfLimits.ObjectNumberMax && third <= PdfLimits.ObjectsMax => new PdfEntry((int)second, (int)third, 0),
                    _ => null,
                });
                rows = rows[rowBytes..];
            }
        }
    }

    private static long Field(ReadOnlySpan<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[FieldBytesMax];
        wide.Clear();
        bytes.CopyTo(wide[(FieldBytesMax - bytes.Length)..]);
        return (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(wide), long.MaxValue);
    }
}
