using Pybo.Data;

namespace Pybo.Rag.Documents.Office;

/// <summary>
/// Workbooks: each sheet with words is a heading below the workbook, then its tables with the values calculated at the last save; charts and drawn text follow.
/// Hidden sheets, rows and columns are left out.
/// </summary>
public sealed class XlsxReader() : OfficeReader("xl/", "spreadsheetml")
{
    /// <summary>Only the first sheets of a larger workbook are read.</summary>
    private const int SheetsMax = 2_000;

    /// <summary>A sheet's name ("Sheet1") is not the workbook's.</summary>
    private const int SheetLevel = 2;

    public override DocumentFormat Format { get; } =
        new("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", [".xlsx", ".xlsm", ".xltx", ".xltm"]);

    private protected override IEnumerable<DocumentPart> Read(OfficePackage package)
    {
        if (package.Main.EndsWith(".bin", StringComparison.OrdinalIgnoreCase))
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.Xlsb));
        }

        var relationships = package.Relationships(package.Main);
        var (sheets, startsIn1904) = Sheets(package, relationships);
        var shared = XlsxStrings.Read(package, OfficePackage.Related(relationships, "sharedStrings").FirstOrDefault());
        var formats = new XlsxFormats(package, OfficePackage.Related(relationships, "styles").FirstOrDefault(), startsIn1904);
        var (rows, columns, formulas) = (0, 0, 0);
        foreach (var sheet in sheets.Where(sheet => !sheet.IsHidden))
        {
            package.Require(sheet.Part);
            var own = package.Relationships(sheet.Part);
            var notes = new SheetNotes(package, own);
            var reading = new XlsxSheet(shared, formats, SheetLayout.Read(package, sheet.Part, own), notes);
            var heading = sheet.Name.Length > 0 ? BlockPart.Heading(SheetLevel, sheet.Name) : null;
            foreach (var part in reading.Read(package.Nodes(sheet.Part)).Concat(notes.Rest(reading.IsHidden)).Concat(OfficePackage.Related(own, "drawing").SelectMany(drawing => PptxSlide.Parts(package, drawing))))
            {
                if (heading is not null && part is BlockPart)
                {
                    yield return heading;
                    heading = null;
                }

                yield return part;
            }

            (rows, columns, formulas) = (rows + reading.HiddenRows, columns + reading.HiddenColumns, formulas + reading.Formulas);
        }

        (ReadingProblem, int)[] losses =
        [
            (ReadingProblem.HiddenSheetsLeftOut, sheets.Count(sheet => sheet.IsHidden)), (ReadingProblem.HiddenRowsLeftOut, rows),
            (ReadingProblem.HiddenColumnsLeftOut, columns), (ReadingProblem.FormulasWithoutValue, formulas),
        ];
        foreach (var (loss, count) in losses.Where(loss => loss.Item2 > 0))
        {
            yield return new WarningPart(Notice.Of(loss, count));
        }
    }

    private static (List<Sheet> Sheets, bool StartsIn1904) Sheets(OfficePackage package, Dictionary<string, Relationship> relationships)
    {
        var (sheets, startsIn1904) = (new List<Sheet>(), false);
        foreach (var xml in package.Elements(package.Main))
        {
            if (xml.Name == "workbookPr")
            {
                startsIn1904 = xml.Attribute("date1904") is "1" or "true";
            }
            else if (xml.Name == "sheet" && xml.RelationshipId() is { } id && relationships.TryGetValue(id, out var part))
            {
                if (sheets.Count == SheetsMax)
                {
                    package.TooMany(ReadingProblem.TooManySheets, SheetsMax);
                    break;
                }

                sheets.Add(new(XlsxStrings.Unescape(xml.Attribute("name") ?? ""), part.Target, xml.Attribute("state") is "hidden" or "veryHidden"));
            }
        }

        return (sheets.Count > 0 ? sheets : [.. OfficePackage.Related(relationships, "worksheet").Select(part => new Sheet("", part, false))], startsIn1904);
    }

    private sealed record Sheet(string Name, string Part, bool IsHidden);
}
