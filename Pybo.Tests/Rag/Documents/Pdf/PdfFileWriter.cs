using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Pdf.Source;

namespace Pybo.Tests.Rag.Documents.Pdf;

/// <summary>Writes PDF files byte by byte, with the cross-reference sections that a test asks for. Text is Latin-1.</summary>
internal sealed class PdfFileWriter
{
    /// <summary>Objects 1 to 3: a catalog, a branch, and a page whose content is object 4.</summary>
    public const string Catalog = "<</Type/Catalog/Pages 2 0 R>>";
    public const string Branch = "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 100]>>";
    public const string Page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F " + PdfDraft.Helvetica + ">>>>>>";

    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly SortedDictionary<int, int> offsets = [];

    public PdfFileWriter(string before = "%PDF-1.7\n") => Write(before);

    public int Length => bytes.WrittenCount;

    public int OffsetOf(int number) => offsets[number];

    public byte[] ToArray() => bytes.WrittenSpan.ToArray();

    public static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>A content stream that shows a word in Helvetica.</summary>
    public static byte[] Shows(string word) => Latin1($"BT /F 12 Tf 20 50 Td ({word}) Tj ET");

    /// <summary>The text of each page of a file, in the order of its content.</summary>
    public static List<string> Texts(byte[] bytes)
    {
        using var file = PdfFile.Open(bytes);
        return [.. Enumerable.Range(1, file.PageCount).Select(number => string.Concat(file.Read(number).Glyphs.Select(glyph => glyph.Text)))];
    }

    public static byte[] Zlib(ReadOnlySpan<byte> plain)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(plain);
        }

        return packed.ToArray();
    }

    public PdfFileWriter Write(string text)
    {
        bytes.Write(Latin1(text));
        return this;
    }

    public PdfFileWriter Object(int number, string value)
    {
        offsets[number] = Length;
        return Write(string.Create(CultureInfo.InvariantCulture, $"{number} 0 obj\n{value}\nendobj\n"));
    }

    /// <param name="entries">The dictionary's entries apart from the length.</param>
    public PdfFileWriter Stream(int number, byte[] data, string entries = "")
    {
        offsets[number] = Length;
        Write(string.Create(CultureInfo.InvariantCulture, $"{number} 0 obj\n<<{entries}/Length {data.Length}>>\nstream\n"));
        bytes.Write(data);
        return Write("\nendstream\nendobj\n");
    }

    /// <summary>The usual first three objects, and a content stream that shows a word.</summary>
    public PdfFileWriter OnePage(string word) => Object(1, Catalog).Object(2, Branch).Object(3, Page).Stream(4, Shows(word));

    /// <summary>An object stream with pairs of number and value.</summary>
    public PdfFileWriter ObjectStream(int number, Func<byte[], byte[]>? encode, string entries, params (int Number, string Value)[] objects)
    {
        var header = new StringBuilder();
        var values = new StringBuilder();
        foreach (var (own, value) in objects)
        {
            header.Append(CultureInfo.InvariantCulture, $"{own} {values.Length} ");
            values.Append(value).Append('\n');
        }

        var data = Latin1(header.ToString() + values);
        return Stream(number, encode?.Invoke(data) ?? data, string.Create(CultureInfo.InvariantCulture, $"/Type/ObjStm/N {objects.Length}/First {header.Length}{entries}"));
    }

    /// <summary>Writes a table of the objects since the last one and a trailer; returns the table's start.</summary>
    /// <param name="free">Numbers that the table marks as deleted.</param>
    /// <param name="origin">The byte from which offsets are counted.</param>
    public int Table(string trailer = "/Root 1 0 R", int[]? free = null, int origin = 0)
    {
        var start = Length;
        var rows = offsets.Select(entry => (Number: entry.Key, Row: $"{entry.Value - origin:D10} 00000 n \n"))
            .Concat((free ?? []).Select(number => (Number: number, Row: "0000000000 00001 f \n"))).OrderBy(row => row.Number).ToList();
        Write("xref\n");
        foreach (var (number, row) in rows)
        {
            Write(string.Create(CultureInfo.InvariantCulture, $"{number} 1\n{row}"));
        }

        Write(string.Create(CultureInfo.InvariantCulture, $"trailer\n<</Size 100{trailer}>>\nstartxref\n{start - origin}\n%%EOF\n"));
        offsets.Clear();
        return start;
    }

    /// <summary>A cross-reference stream with rows of one, four and two bytes.</summary>
    /// <returns>Its start.</returns>
    public int CrossReferences(int number, string entries, params (int Number, byte Kind, int Second, int Third)[] rows)
    {
        var start = Length;
        var data = rows.SelectMany(row => new byte[]
        {
            row.Kind, (byte)(row.Second >> 24), (byte)(row.Second >> 16), (byte)(row.Second >> 8), (byte)row.Second, (byte)(row.Third >> 8), (byte)row.Third,
        }).ToArray();
        var index = string.Join(' ', rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Number} 1")));
        Stream(number, Zlib(data), $"/Type/XRef/Filter/FlateDecode/W[1 4 2]/Index[{index}]/Size 100{entries}");
        offsets.Clear();
        return start;
    }

    public PdfFileWriter StartsAt(int offset) => Write(string.Create(CultureInfo.InvariantCulture, $"startxref\n{offset}\n%%EOF\n"));
}
