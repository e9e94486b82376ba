using System.IO.Compression;

namespace Pybo.Tests.Rag.Documents.Office;

/// <summary>Small Office Open XML files, made in the test.</summary>
internal static class OfficeFile
{
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Declarations =
        $"xmlns:w=\"urn:w/main\" xmlns:a=\"urn:a/main\" xmlns:p=\"urn:p/main\" xmlns:mc=\"urn:mc\" xmlns:m=\"urn:math\" xmlns:dgm=\"urn:dgm\" xmlns:c=\"urn:c\" xmlns:cp=\"urn:cp\" xmlns:dc=\"urn:dc\" xmlns:r=\"{Relations}\"";

    public static byte[] Package(params (string Name, string Text)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in entries)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name, CompressionLevel.SmallestSize).Open());
                writer.Write(text);
            }
        }

        return bytes.ToArray();
    }

    public static string Xml(string name, string content) => $"<{name} {Declarations}>{content}</{name}>";

    public static string Rels(params (string Id, string Type, string Target)[] relationships) =>
        Xml("Relationships", string.Concat(relationships.Select(r => RelationTo(r.Id, r.Type, r.Target))));

    public static string RelationTo(string id, string type, string target) => $"<Relationship Id=\"{id}\" Type=\"{Relations}/{type}\" Target=\"{target}\"/>";

    /// <summary>Relationships that lead out of the file.</summary>
    public static string Links(params (string Id, string Target)[] links) => Xml("Relationships", string.Concat(links.Select(link => LinkTo(link.Id, link.Target))));

    public static string LinkTo(string id, string target) => RelationTo(id, "hyperlink", target).Replace("/>", " TargetMode=\"External\"/>", StringComparison.Ordinal);

    /// <summary>A text document whose main part has an unusual name.</summary>
    public static byte[] Docx(string body, params (string Type, string Content)[] parts) => Package([
        ("_rels/.rels", Rels(("m", "officeDocument", "/word/main1.xml"))),
        ("word/main1.xml", Xml("w:document", $"<w:body>{body}</w:body>")),
        ("word/_rels/main1.xml.rels", Rels([.. parts.Select(part => (part.Type, part.Type, part.Type + ".xml"))])),
        .. parts.Select(part => ($"word/{part.Type}.xml", part.Content))]);

    public static string P(string text, string properties = "") => $"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>";

    /// <summary>A presentation with these slides.</summary>
    /// <param name="properties">Parts of the package itself.</param>
    public static byte[] Pptx(string[] slides, params (string Type, string Content)[] properties) => Package([
        ("_rels/.rels", Rels([("m", "officeDocument", "ppt/main.xml"), .. properties.Select(part => (part.Type, part.Type, part.Type + ".xml"))])),
        ("ppt/main.xml", Xml("p:presentation", $"<p:sldIdLst>{string.Concat(slides.Select((_, at) => $"<p:sldId r:id=\"s{at}\"/>"))}</p:sldIdLst>")),
        ("ppt/_rels/main.xml.rels", Rels([.. slides.Select((_, at) => ($"s{at}", "slide", $"slides/{at}.xml"))])),
        .. slides.Select((slide, at) => ($"ppt/slides/{at}.xml", slide)),
        .. properties.Select(part => (part.Type + ".xml", part.Content))]);

    public static string Shape(string type, string text) => $"<p:sp><p:ph type=\"{type}\"/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp>";

    /// <summary>A workbook with one sheet.</summary>
    /// <param name="rows">Of the sheet.</param>
    /// <param name="strings">Shared by the cells.</param>
    /// <param name="styles">Of the cells.</param>
    /// <param name="workbook">Before the list of sheets.</param>
    /// <param name="before">What precedes the rows.</param>
    /// <param name="after">What follows the rows.</param>
    /// <param name="parts">Further parts of the file.</param>
    public static byte[] Xlsx(
        string rows, string strings = "", string styles = "", string workbook = "", string before = "", string after = "", params (string Name, string Text)[] parts) => Package([
        ("_rels/.rels", Rels(("m", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", Xml("workbook", workbook + "<sheets><sheet name=\"매출\" sheetId=\"1\" r:id=\"s\"/></sheets>")),
        ("xl/_rels/workbook.xml.rels", Rels(("s", "worksheet", "worksheets/a.xml"), ("t", "sharedStrings", "t.xml"), ("f", "styles", "f.xml"))),
        ("xl/worksheets/a.xml", Xml("worksheet", $"{before}<sheetData>{rows}</sheetData>{after}")),
        ("xl/t.xml", Xml("sst", strings)),
        ("xl/f.xml", Xml("styleSheet", styles)),
        .. parts]);
}
