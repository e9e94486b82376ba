using Pybo.Data;
using Pybo.Rag.Documents.Html;
using Pybo.Rag.Documents.Hwp;
using Pybo.Rag.Documents.Mail;
using Pybo.Rag.Documents.Office;
using Pybo.Rag.Documents.OpenDocument;
using Pybo.Rag.Documents.Pdf;
using Pybo.Rag.Documents.Recognition;
using Pybo.Rag.Documents.Rtf;

namespace Pybo.Rag.Documents;

/// <summary>A kind of document.</summary>
/// <param name="Name">The common name: <c>PDF</c>, <c>HWP</c>.</param>
/// <param name="ContentType">Its media type, for the download.</param>
/// <param name="Extensions">Lower case with their dots, the usual one first.</param>
public sealed record DocumentFormat(string Name, string ContentType, IReadOnlyList<string> Extensions);

/// <summary>Reads the bytes of one kind of document into parts of text.</summary>
/// <remarks>
/// A reader bounds its own work (depth, decoded bytes, items) with named limits, and answers any bytes with parts or with a
/// <see cref="DocumentUnreadableException"/>. The process that runs it may kill it at any time.
/// </remarks>
public abstract class DocumentReader
{
    /// <summary>A longer document is cut here and marked as truncated.</summary>
    public const int CharactersMax = 20_000_000;

    public const int TitleCharactersMax = 200;

    // In the order in which they are asked: formats with a signature first, text last, because it accepts anything that is not binary.
    private static readonly DocumentReader[] Readers =
    [
        new HwpReader(),
        new HwpxReader(),
        new OdtReader(),
        new OdsReader(),
        new OdpReader(),
        new EpubReader(),
        new DocxReader(),
        new PptxReader(),
        new XlsxReader(),
        new PdfReader(),
        new PngReader(),
        new JpegReader(),
        new TiffReader(),
        new HwpmlReader(),
        new RtfReader(),
        new EmlReader(),
        new HtmlReader(),
        new MarkdownReader(),
        new PlainTextReader(),
    ];

    /// <summary>Every format that can be read.</summary>
    public static IReadOnlyList<DocumentFormat> AllFormats { get; } = [.. Readers.Select(r => r.Format)];

    /// <summary>Every extension that can be read, lower case with its dot.</summary>
    public static IReadOnlyList<string> AllExtensions { get; } = [.. AllFormats.SelectMany(f => f.Extensions)];

    /// <summary>The extensions of pictures, which have only text that is recognised.</summary>
    public static IReadOnlyList<string> PictureExtensions { get; } = [.. Readers.OfType<PictureReader>().SelectMany(r => r.Format.Extensions)];

    public abstract DocumentFormat Format { get; }

    /// <summary>Returns the reader for these bytes, by their signature. The name only tells markdown from text, since bytes cannot.</summary>
    /// <exception cref="DocumentUnreadableException">No reader accepts them.</exception>
    public static DocumentReader For(ReadOnlySpan<byte> bytes, string fileName)
    {
        if (OtherKinds.OfBytes(bytes) is { } refusal)
        {
            throw new DocumentUnreadableException(refusal);
        }

        return Find(bytes, fileName) ?? throw new DocumentUnreadableException(OtherKinds.OfName(fileName) ?? Notice.Of(ReadingProblem.UnknownKind, TextDecoder.Fault(bytes), string.Join(", ", AllExtensions)));
    }

    /// <summary>Returns whether a reader accepts these bytes, or the beginning of a file.</summary>
    internal static bool IsDocument(ReadOnlySpan<byte> bytes, string fileName) => Find(bytes, fileName) is not null;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="DocumentUnreadableException">The file cannot be read, with the reason.</exception>
    public static DocumentText ReadFile(ReadOnlyMemory<byte> bytes, string fileName) =>
        DocumentBuilder.Collect(ReadParts(bytes, fileName), fileName);

    /// <summary>Recognises a whole file and reads it, part by part: its format first.</summary>
    /// <exception cref="DocumentUnreadableException">Thrown while the parts are read, with the reason.</exception>
    /// <param name="recognised">The pages whose pictures were recognised after an earlier reading without them.</param>
    public static IEnumerable<DocumentPart> ReadParts(ReadOnlyMemory<byte> bytes, string fileName, IReadOnlyList<RecognisedPage>? recognised = null)
    {
        var reader = For(bytes.Span, fileName);
        yield return new FormatPart(reader.Format.Name);
        foreach (var part in recognised is { Count: > 0 } pages ? reader.Read(bytes, fileName, pages) : reader.Read(bytes, fileName))
        {
            yield return part;
        }
    }

    /// <summary>Returns true if the bytes are of this kind; a broken file of this kind still is.</summary>
    /// <param name="bytes">The file, or its beginning (at least 64 KiB if the file is longer).</param>
    /// <param name="fileName">Considered only if the bytes cannot tell.</param>
    public abstract bool Recognises(ReadOnlySpan<byte> bytes, string fileName);

    /// <summary>Reads a whole file, part by part.</summary>
    /// <exception cref="DocumentUnreadableException">Thrown while the parts are read, with the reason.</exception>
    public abstract IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName);

    /// <summary>Reads a whole file of which some pages were recognised; a format without pictures for pages has none.</summary>
    public virtual IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName, IReadOnlyList<RecognisedPage> recognised) => Read(bytes, fileName);

    /// <summary>Returns the first non-empty candidate, on one line and shortened; the file's name without its extension if there is none.</summary>
    internal static string TitleOf(string fileName, params ReadOnlySpan<string?> candidates)
    {
        foreach (var candidate in candidates)
        {
            var title = TextNormalizer.OneLine(candidate ?? "", TitleCharactersMax);
            if (title.Length > 0)
            {
                return title;
            }
        }

        var name = TextNormalizer.OneLine(Path.GetFileNameWithoutExtension(fileName), TitleCharactersMax);
        return name.Length > 0 ? name : StoredWords.Untitled;
    }

    private static DocumentReader? Find(ReadOnlySpan<byte> bytes, string fileName)
    {
        foreach (var reader in Readers)
        {
            if (reader.Recognises(bytes, fileName))
            {
                return reader;
            }
        }

        return null;
    }

    protected static bool HasExtension(DocumentFormat format, string fileName) =>
        format.Extensions.Contains(Path.GetExtension(fileName), StringComparer.OrdinalIgnoreCase);
}
