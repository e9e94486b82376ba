using System.Text;
using Pybo.Data;
using Pybo.Rag.Documents.Zip;

namespace Pybo.Rag.Documents.Html;

/// <summary>EPUB 2 and 3 books: web pages in a ZIP file, in the order of the package's spine (EPUB 3.3, 5.7). Each page is read as <see cref="HtmlReader"/> reads it.</summary>
public sealed class EpubReader : DocumentReader
{
    /// <summary>A book has some hundreds of chapters; later ones are left out with a warning.</summary>
    public const int ChaptersMax = 5_000;

    private const string ContainerPath = "META-INF/container.xml";
    private const string EncryptionPath = "META-INF/encryption.xml";

    public override DocumentFormat Format { get; } = new("EPUB", "application/epub+zip", [".epub"]);

    public override bool Recognises(ReadOnlySpan<byte> bytes, string fileName) =>
        ZipDirectory.MediaType(bytes) is { } type && type.StartsWith(Format.ContentType, StringComparison.Ordinal);

    public override IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName)
    {
        var zip = ZipPackage.Open(bytes);
        var book = Book.Of(zip);
        if (book.Chapters.Exists(Encrypted(zip).Contains))
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.Encrypted));
        }

        if (DocumentTitle.Of(book.Title ?? "") is { } title)
        {
            yield return new TitlePart(title);
        }

        if (zip.IsDamaged)
        {
            yield return new TruncatedPart(Notice.Of(ReadingProblem.EndMissing));
        }

        if (book.Chapters.Count > ChaptersMax)
        {
            yield return new TruncatedPart(Notice.Of(ReadingProblem.TooManySections, ChaptersMax));
        }

        foreach (var chapter in book.Chapters.Take(ChaptersMax))
        {
            foreach (var part in Chapter(zip, chapter))
            {
                yield return part;
            }
        }
    }

    /// <summary>Returns the parts of a chapter; its title is not the book's. A chapter that cannot be read is a warning, since the others can.</summary>
    private static List<DocumentPart> Chapter(ZipPackage zip, string path)
    {
        var parts = new List<DocumentPart>();
        try
        {
            var html = zip.ReadAll(path, HtmlReader.BytesMax);
            parts.AddRange(new HtmlText(TextDecoder.Decode(html, HtmlEncoding.Declared(html)).Text, new()).Parts().Where(part => part is not TitlePart));
        }
        catch (DocumentUnreadableException broken)
        {
            parts.Add(new WarningPart(broken.Notice));
        }

        return parts;
    }

    /// <summary>Returns the entries that a rights system has encrypted. Fonts often are, and say nothing of the text.</summary>
    private static HashSet<string> Encrypted(ZipPackage zip)
    {
        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (!zip.Contains(EncryptionPath))
        {
            return paths;
        }

        using var xml = new XmlScanner(zip.Open(EncryptionPath));
        while (xml.Read())
        {
            if (xml.IsStart && xml.Name == "CipherReference" && xml.Attribute("URI") is { } path)
            {
                paths.Add(Uri.UnescapeDataString(path));
            }
        }

        return paths;
    }

    /// <summary>What the package document says: the title, and the paths of the chapters in reading order.</summary>
    private sealed record Book(string? Title, List<string> Chapters)
    {
        /// <summary>A manifest names every file of the book.</summary>
        private const int ItemsMax = 20_000;

        /// <exception cref="DocumentUnreadableException">The book names no package document, or the file lacks it.</exception>
        public static Book Of(ZipPackage zip)
        {
            var path = PackagePath(zip) ?? throw new DocumentUnreadableException(ZipPackage.Missing(ContainerPath));
            var folder = path[..(path.LastIndexOf('/') + 1)];
            string? title = null;
            var items = new Dictionary<string, string>(StringComparer.Ordinal);
            var chapters = new List<string>();
            using var xml = new XmlScanner(zip.Open(path));
            while (xml.Read())
            {
                if (!xml.IsStart)
                {
                    continue;
                }

                if (xml.Name == "title")
                {
                    title ??= xml.TextInside();
                }
                else if (xml.Name == "item" && items.Count < ItemsMax && xml.Attribute("id") is { } id && xml.Attribute("href") is { } href)
                {
                    items.TryAdd(id, ZipPackage.Resolve(folder, href.Split('#')[0]));
                }
                else if (xml.Name == "itemref" && xml.Attribute("idref") is { } reference && items.TryGetValue(reference, out var chapter) && chapters.Count <= ChaptersMax && zip.Contains(chapter))
                {
                    chapters.Add(chapter);
                }
            }

            return new(title, chapters);
        }

        private static string? PackagePath(ZipPackage zip)
        {
            if (zip.Contains(ContainerPath))
            {
                using var xml = new XmlScanner(zip.Open(ContainerPath));
                while (xml.Read())
                {
                    if (xml.IsStart && xml.Name == "rootfile" && xml.Attribute("full-path") is { } path && zip.Contains(path))
                    {
                        return path;
                    }
                }
            }

            // A damaged container: the package document is there all the same.
            return zip.Names.FirstOrDefault(name => name.EndsWith(".opf", StringComparison.OrdinalIgnoreCase));
        }
    }
}
