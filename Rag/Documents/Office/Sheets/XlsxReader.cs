using Pybo.Data;

namespace Pybo.Rag.Documents.Office;

/// <summary>Workbooks: each sheet is a heading below the workbook, then its rows with the values calculated at the last save; comments and drawn text follow.</summary>
public sealed class XlsxReader() : OfficeReader("xl/", "spreadsheetml")
{
    /// <summary>Only the first sheets of a larger workbook are read.</summary>
    private const int SheetsMax = 2_000;

    /// <summary>A sheet's name ("Sheet1") is not the workbook's.</summary>
    private const int SheetLevel = 2;

    private const int CommentsMax = 100_000;

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
        foreach (var sheet in sheets)
        {
            yield return BlockPart.Heading(SheetLevel, sheet.Name);
            package.Require(sheet.Part);
            foreach (var part in new XlsxSheet(shared, formats).Read(package.Nodes(sheet.Part)))
            {
                yield return part;
            }

            foreach (var part in Beside(package, sheet.Part))
            {
                yield return part;
            }
        }

        if (sheets.Where(s => s.IsHidden).Select(s => s.Name).ToList() is { Count: > 0 } hidden)
        {
            yield return new WarningPart(Notice.Of(ReadingProblem.HiddenSheets, TextNormalizer.OneLine(string.Join(", ", hidden), 200)));
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

    /// <summary>Returns the comments of a sheet with their cells, then the words of its shapes and charts.</summary>
    private static IEnumerable<DocumentPart> Beside(OfficePackage package, string sheet)
    {
        var relationships = package.Relationships(sheet);
        // A threaded comment has a copy for older editions of Excel under the same cell.
        var comments = new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        AddComments(package, OfficePackage.Related(relationships, "threadedComment"), "threadedComment", comments);
        var threaded = comments.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        AddComments(package, OfficePackage.Related(relationships, "comments"), "comment", comments, threaded);
        foreach (var (cell, texts) in comments)
        {
            yield return BlockPart.Paragraph($"{StoredWords.Comment} {cell}: {string.Join(" / ", texts)}");
        }

        foreach (var drawing in OfficePackage.Related(relationships, "drawing"))
        {
            var charts = package.Related(drawing, "chart").Concat(package.Related(drawing, "diagramData"));
            foreach (var block in charts.Prepend(drawing).SelectMany(part => DrawingText.Block(DrawingText.Paragraphs(package, part))))
            {
                yield return block;
            }
        }
    }

    private static void AddComments(
        OfficePackage package, IEnumerable<string> parts, string element, Dictionary<string, List<string>> comments, HashSet<string>? except = null)
    {
        foreach (var xml in parts.SelectMany(package.Elements))
        {
            if (xml.Name == element && xml.Attribute("ref") is { } cell && except?.Contains(cell) != true)
            {
                if (!comments.TryGetValue(cell, out var texts))
                {
                    if (comments.Count == CommentsMax)
                    {
                        package.TooMany(ReadingProblem.TooManyComments, CommentsMax);
                        break;
                    }

                    comments.Add(cell, texts = []);
                }

                texts.Add((element == "comment" ? XlsxStrings.Inside(xml) : XlsxStrings.Unescape(xml.TextInside())).Trim());
            }
        }
    }

    private sealed record Sheet(string Name, string Part, bool IsHidden);
}
