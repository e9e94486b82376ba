using Pybo.Data;
using Pybo.Rag.Documents.Html;
using Pybo.Rag.Documents.Hwp;
using Pybo.Rag.Documents.Office;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Rag.Documents;

/// <summary>A kind of document.</summary>
/// <param name="Name">As people call it: <c>PDF</c>, <c>HWP</c>.</param>
/// <param name="ContentType">Its media type, for the download.</param>
/// <param name="Extensions">Lower case with their dots, the usual one first.</param>
public sealed record DocumentFormat(string Name, string ContentType, IReadOnlyList<string> Extensions);

/// <summary>Reads the bytes of one kind of document into parts of text.</summary>
/// <remarks>
/// A reader bounds its own work (depth, decoded bytes, items) by named limits, and answers whatever bytes it is given with parts or with a
/// <see cref="DocumentUnreadableException"/>. It may be killed at any time by the process that runs it.
/// </remarks>
public abstract class DocumentReader
{
    /// <summary>A longer document is cut here and marked as truncated.</summary>
    public const int CharactersMax = 20_000_000;

    public const int TitleCharactersMax = 200;

    // In the order in which they are asked: what has a signature of its own first, text last, because it takes anything that is no binary file.
    private static readonly DocumentReader[] Readers =
    [
        new HwpReader(),
        new HwpxReader(),
        new DocxReader(),
        new PptxReader(),
        new XlsxReader(),
        new PdfReader(),
        new HwpmlReader(),
        new HtmlReader(),
        new MarkdownReader(),
        new PlainTextReader(),
    ];

    /// <summary>Every format that can be read.</summary>
    public static IReadOnlyList<DocumentFormat> AllFormats { get; } = [.. Readers.Select(r => r.Format)];

    /// <summary>Every extension that can be read, lower case with its dot.</summary>
    public static IReadOnlyList<string> AllExtensions { get; } = [.. AllFormats.SelectMany(f => f.Extensions)];

    public abstract DocumentFormat Format { get; }

    /// <summary>The reader of these bytes: their signature decides. The name only tells markdown from text, which no bytes do.</summary>
    /// <exception cref="DocumentUnreadableException">None reads them.</exception>
    public static DocumentReader For(ReadOnlySpan<byte> bytes, string fileName)
    {
        foreach (var reader in Readers)
        {
            if (reader.Recognises(bytes, fileName))
            {
                return reader;
            }
        }

        throw new DocumentUnreadableException(OfficeReader.Refusal(bytes)
            ?? Notice.Of(ReadingProblem.UnknownKind, TextDecoder.Fault(bytes), string.Join(", ", AllExtensions)));
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="DocumentUnreadableException">With the reason.</exception>
    public static DocumentText ReadFile(ReadOnlyMemory<byte> bytes, string fileName) =>
        DocumentBuilder.Collect(For(bytes.Span, fileName).Read(bytes, fileName), fileName);

    /// <summary>True where the bytes are of this kind; a broken file of this kind still is.</summary>
    /// <param name="bytes">The file, or its beginning (64 KiB at least where the file is longer).</param>
    /// <param name="fileName">Looked at only where bytes cannot tell.</param>
    public abstract bool Recognises(ReadOnlySpan<byte> bytes, string fileName);

    /// <summary>Reads a whole file, part by part.</summary>
    /// <exception cref="DocumentUnreadableException">While the parts are read, with the reason.</exception>
    public abstract IEnumerable<DocumentPart> Read(ReadOnlyMemory<byte> bytes, string fileName);

    /// <summary>The first candidate with something in it, on one line and not too long; in the end the file's name without its extension.</summary>
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

    protected static bool HasExtension(DocumentFormat format, string fileName) =>
        format.Extensions.Contains(Path.GetExtension(fileName), StringComparer.OrdinalIgnoreCase);
}
