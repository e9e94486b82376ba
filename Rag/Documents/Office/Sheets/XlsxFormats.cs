using System.Globalization;

namespace Pybo.Rag.Documents.Office;

/// <summary>The number formats of a workbook's cells.</summary>
internal sealed class XlsxFormats
{
    /// <summary>Cell formats; Excel allows 65,490.</summary>
    private const int CellFormatsMax = 100_000;

    /// <summary>A workbook's custom number formats; Excel allows some 250.</summary>
    private const int NumberFormatsMax = 5_000;

    private readonly List<XlsxNumberFormat> cells = [];
    private readonly bool startsIn1904;

    public XlsxFormats(OfficePackage package, string? part, bool startsIn1904)
    {
        this.startsIn1904 = startsIn1904;
        var own = new Dictionary<int, XlsxNumberFormat>();
        var isInCells = false;
        foreach (var xml in package.Nodes(part))
        {
            if (xml.Name == "cellXfs")
            {
                isInCells = xml.IsStart;
            }
            else if (xml.IsStart && xml.Name == "numFmt" && own.Count < NumberFormatsMax)
            {
                own.TryAdd(Id(xml.Attribute("numFmtId")), new(xml.Attribute("formatCode") ?? ""));
            }
            else if (xml.IsStart && isInCells && xml.Name == "xf" && cells.Count < CellFormatsMax)
            {
                var id = Id(xml.Attribute("numFmtId"));
                cells.Add(own.GetValueOrDefault(id) ?? XlsxNumberFormat.BuiltIn(id));
            }
        }
    }

    /// <summary>Returns the displayed text of a number cell; an unreadable number is returned unchanged.</summary>
    /// <param name="style">The index of the cell's format.</param>
    public string Number(string number, string? style) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? Of(style).Number(value, startsIn1904)
            : number;

    /// <summary>Returns the displayed text of a text cell.</summary>
    /// <param name="style">The index of the cell's format.</param>
    public string Text(string text, string? style) => Of(style).Text(text);

    private XlsxNumberFormat Of(string? style) =>
        int.TryParse(style, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < cells.Count ? cells[at] : XlsxNumberFormat.General;

    private static int Id(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
}
