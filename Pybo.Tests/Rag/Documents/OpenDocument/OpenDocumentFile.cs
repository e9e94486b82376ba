using System.IO.Compression;

namespace Pybo.Tests.Rag.Documents.OpenDocument;

/// <summary>Small OpenDocument and EPUB files, made in the test: a ZIP whose first entry is its media type, stored.</summary>
internal static class OpenDocumentFile
{
    private const string Namespaces = """
        xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:svg="urn:svg" xmlns:presentation="urn:presentation"
        """;

    public static byte[] Zip(string mediaType, params (string Name, string Text)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(archive.CreateEntry("mimetype", CompressionLevel.NoCompression), mediaType);
            foreach (var (name, text) in entries)
            {
                Write(archive.CreateEntry(name), text);
            }
        }

        return bytes.ToArray();

        static void Write(ZipArchiveEntry entry, string text)
        {
            using var writer = new StreamWriter(entry.Open());
            writer.Write(text);
        }
    }

    /// <param name="kind">The end of the media type.</param>
    /// <param name="body">Inside the body's element.</param>
    /// <param name="styles">Automatic styles.</param>
    public static byte[] Of(string kind, string body, string styles = "", string title = "") => Zip($"application/vnd.oasis.opendocument.{kind}",
        ("content.xml", $"<office:document-content {Namespaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"),
        ("meta.xml", $"<office:document-meta {Namespaces}><office:meta><dc:title>{title}</dc:title></office:meta></office:document-meta>"));

    public static string Style(string name, string properties) => $"<style:style style:name=\"{name}\">{properties}</style:style>";

    public static string Row(params string[] cells) => $"<table:table-row>{string.Concat(cells.Select(Cell))}</table:table-row>";

    public static string Cell(string text) => $"<table:table-cell><text:p>{text}</text:p></table:table-cell>";

    /// <summary>A book whose spine reverses the order of its files.</summary>
    public static byte[] Epub(string title, params string[] chapters)
    {
        var items = string.Concat(chapters.Select((_, at) => $"<item id=\"c{at}\" href=\"text/chapter%20{at}.xhtml\"/>"));
        var spine = string.Concat(Enumerable.Range(0, chapters.Length).Reverse().Select(at => $"<itemref idref=\"c{at}\"/>"));
        return Zip("application/epub+zip", [
            ("META-INF/container.xml", "<container><rootfiles><rootfile full-path=\"OEBPS/content.opf\"/></rootfiles></container>"),
            ("OEBPS/content.opf", $"<package xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><metadata><dc:title>{title}</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"),
            .. chapters.Select((chapter, at) => ($"OEBPS/text/chapter {at}.xhtml", $"<html><head><title>장 {at}</title></head><body>{chapter}</body></html>"))]);
    }
}
