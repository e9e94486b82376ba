using System.Globalization;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// What a sheet states after its rows, and what its rows need (ECMA-376 part 1, 18.3.1.99): merged cells, links, tables and the filter. The part is unpacked
/// once more for it, and only what follows the rows is parsed.
/// </summary>
internal sealed class SheetLayout
{
    /// <summary>A longer end of a sheet is read up to here.</summary>
    private const int EndBytesMax = 16_000_000;

    /// <summary>The beginning of a sheet, with its namespaces.</summary>
    private const int BeginningBytesMax = 16_000;

    private const int MergesMax = 200_000;

    private const int LinksMax = 100_000;

    private const int TablesMax = 1_000;

    private static ReadOnlySpan<byte> RowsEnd => "sheetData>"u8;

    /// <summary>Merged cells by their first row.</summary>
    public Dictionary<int, List<SheetArea>> Merges { get; } = [];

    /// <summary>Link targets by the cell.</summary>
    public Dictionary<(int Row, int Column), string> Links { get; } = [];

    /// <summary>Tables with the number of their header rows.</summary>
    public List<(SheetArea Area, int HeaderRows)> Tables { get; } = [];

    /// <summary>The area of the filter, whose first row names the columns.</summary>
    public SheetArea? Filter { get; private set; }

    public static SheetLayout Read(OfficePackage package, string part, Dictionary<string, Relationship> relationships)
    {
        var layout = new SheetLayout();
        if (package.Peek(part) is { } stream && End(stream) is { Length: > 0 } end)
        {
            using var xml = new XmlScanner(new MemoryStream(end));
            var addresses = package.Addresses(part);
            while (xml.Read())
            {
                if (xml.IsStart)
                {
                    layout.Take(xml, addresses);
                }
            }
        }

        layout.AddTables(package, relationships);
        return layout;
    }

    private void Take(XmlScanner xml, Dictionary<string, string> addresses)
    {
        switch (xml.Name)
        {
            case "mergeCell" when Merges.Count < MergesMax && SheetArea.Parse(xml.Attribute("ref")) is { } area:
                if (!Merges.TryGetValue(area.Row, out var merges))
                {
                    Merges.Add(area.Row, merges = []);
                }

                if (merges.Count < SheetArea.ColumnsMax)
                {
                    merges.Add(area);
                }

                break;
            case "hyperlink" when Links.Count < LinksMax && xml.RelationshipId() is { } id && addresses.TryGetValue(id, out var address) && SheetArea.Parse(xml.Attribute("ref")) is { } cell:
                Links.TryAdd((cell.Row, cell.Column), address);
                break;
            case "autoFilter":
                Filter ??= SheetArea.Parse(xml.Attribute("ref"));
                break;
        }
    }

    private void AddTables(OfficePackage package, Dictionary<string, Relationship> relationships)
    {
        foreach (var table in OfficePackage.Related(relationships, "table").Take(TablesMax))
        {
            foreach (var xml in package.Elements(table))
            {
                if (xml.Name == "table" && SheetArea.Parse(xml.Attribute("ref")) is { } area)
                {
                    Tables.Add((area, int.TryParse(xml.Attribute("headerRowCount"), NumberStyles.None, CultureInfo.InvariantCulture, out var rows) ? rows : 1));
                    break;
                }
            }
        }
    }

    /// <summary>Returns the sheet without its rows: its first tag, and what follows the rows; nothing for a part that is not one.</summary>
    private static byte[] End(Stream stream)
    {
        using (stream)
        {
            var (kept, beginning) = (new MemoryStream(), Array.Empty<byte>());
            var buffer = new byte[64 * 1024];
            var held = 0;
            try
            {
                for (int count; (count = stream.Read(buffer, held, buffer.Length - held)) > 0;)
                {
                    var bytes = buffer.AsSpan(0, held + count);
                    beginning = beginning.Length == 0 ? Beginning(bytes) : beginning;
                    var at = bytes.LastIndexOf(RowsEnd);
                    if (at >= 0)
                    {
                        kept.SetLength(0);
                        bytes = bytes[(at + RowsEnd.Length)..];
                    }

                    // A mark may continue in the next bytes.
                    held = Math.Min(bytes.Length, RowsEnd.Length - 1);
                    kept.Write(bytes[..^held][..(int)Math.Min(bytes.Length - held, Math.Max(0, EndBytesMax - kept.Length))]);
                    bytes[^held..].CopyTo(buffer);
                }
            }
            catch (DocumentUnreadableException)
            {
                // The reading of the rows meets the same fault, and reports it.
                return [];
            }

            kept.Write(buffer.AsSpan(0, held));
            return beginning.Length == 0 ? [] : [.. beginning, .. kept.ToArray()];
        }
    }

    /// <summary>Returns everything up to the end of the first element's tag.</summary>
    private static byte[] Beginning(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, BeginningBytesMax)];
        var root = bytes.IndexOf("worksheet"u8);
        var end = root < 0 ? -1 : bytes[root..].IndexOf((byte)'>');
        return end <= 0 || bytes[root + end - 1] == '/' ? [] : bytes[..(root + end + 1)].ToArray();
    }
}
