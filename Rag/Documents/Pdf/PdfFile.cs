using Pybo.Data;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf;

/// <summary>An open PDF file (ISO 32000-2), read by PdfPig: its title, and the glyphs of its pages.</summary>
/// <remarks>Lenient: a file that PdfPig does not open, or in which it finds no page, is mended once (<see cref="PdfRepair"/>).</remarks>
/// <example><code>
/// using var file = PdfFile.Open(bytes);
/// for (var number = 1; number &lt;= file.PageCount; number++) { var glyphs = file.Read(number).Glyphs; }
/// </code></example>
internal sealed class PdfFile : IDisposable
{
    private const int TitleBytesMax = 4_096;

    /// <summary>US Letter, which readers take where a page has no size.</summary>
    private const float PointsWide = 612;

    private const float PointsHigh = 792;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly HashSet<int> cutPages = [];
    private PdfFilters filters = new();
    private PdfDocument document = null!;
    private DictionaryToken? encryption;
    private Exception? fault;
    private bool isMended;
    private bool hasPlainStrings = true;
    private bool isDamaged;

    private PdfFile(ReadOnlyMemory<byte> bytes)
    {
        this.bytes = bytes;
        IsCutOff = EndsInside(bytes.Span);
    }

    public int PageCount => document.NumberOfPages;

    public DictionaryToken Catalog => document.Structure.Catalog.CatalogDictionary;

    public PdfOptionalContent Layers { get; private set; } = null!;

    /// <summary>What the document calls itself; empty where it does not.</summary>
    public string Title => hasPlainStrings && document.Information.DocumentInformationDictionary is { } information
        ? document.Structure.TokenScanner.Text(information.Entry("Title"), TitleBytesMax) ?? ""
        : "";

    /// <summary>True where a limit was met: some of the file was left out.</summary>
    public bool IsTruncated => filters.IsTruncated;

    /// <summary>True where data was damaged, or a page could not be read: some of the file is lost.</summary>
    public bool IsDamaged => isDamaged || filters.IsDamaged;

    /// <summary>True where the file's last part is missing, as after a download that broke off.</summary>
    public bool IsCutOff { get; }

    /// <exception cref="DocumentUnreadableException">It is no PDF file, has no page, or needs a password.</exception>
    public static PdfFile Open(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > PdfLimits.FileBytesMax)
        {
            throw new DocumentUnreadableException(Notice.Of(ReadingProblem.PdfTooLarge, PdfLimits.FileBytesMax >> 20));
        }

        var file = new PdfFile(bytes);
        if (!file.TryOpen() && !file.TryMend())
        {
            throw file.Refusal();
        }

        return file;
    }

    /// <summary>A page's glyphs; none, and a warning, where it cannot be read. A file of which a page has nothing to show is mended, if that helps.</summary>
    /// <param name="number">From 1.</param>
    public PdfGlyphPage Read(int number)
    {
        var glyphs = TryRead(number);
        if (glyphs is not ({ Glyphs.Count: > 0 } or { HasImages: true }) && !isMended && TryReadMended(number) is { Glyphs.Count: > 0 } found)
        {
            return found;
        }

        isDamaged |= glyphs is null;
        return glyphs ?? new(PointsWide, PointsHigh, [], [Notice.Of(ReadingProblem.PdfPageBroken, number)]);
    }

    public void Dispose() => document?.Dispose();

    /// <summary>Notes that the content of a page is longer than what is read of it.</summary>
    internal void Cut(int pageNumber) => cutPages.Add(pageNumber);

    internal bool IsCut(int pageNumber) => cutPages.Contains(pageNumber);

    // A whole file says behind its last object where its table lies, and that it ends.
    private static bool EndsInside(ReadOnlySpan<byte> bytes) =>
        bytes.LastIndexOf(" obj"u8) is >= 0 and var last && bytes[last..].IndexOf("startxref"u8) < 0 && bytes[last..].IndexOf("%%EOF"u8) < 0;

    /// <returns>False where PdfPig refuses the file, or it has no page.</returns>
    private bool TryOpen()
    {
        encryption = bytes.Span.IndexOf("/Encrypt"u8) >= 0 ? PdfRepair.Encryption(bytes) : null;
        if (encryption is not null)
        {
            return TryOpenEncrypted();
        }

        // PdfPig goes down a page tree as deep as it is: a deep one is made flat first.
        return bytes.Span.Count("/Kids"u8) <= PdfLimits.PageBranchesMax && TryOpen(bytes);
    }

    private bool TryOpenEncrypted()
    {
        if ((encryption.Entry("Filter") as NameToken)?.Data is not (null or "Standard"))
        {
            return false;
        }

        // Streams that lie as they are: PdfPig refuses that beside strings in AES, or decrypts those in another way. The title is given up for the text.
        if (encryption.Entry("V") is NumericToken { Int: 4 or 5 } && (encryption.Entry("StmF") as NameToken)?.Data is null or "Identity")
        {
            hasPlainStrings = (encryption.Entry("StrF") as NameToken)?.Data is null or "Identity";
            return TryOpen(PdfRepair.Without(bytes, "Encrypt"));
        }

        // A damaged string of the information dictionary has PdfPig refuse the whole file.
        return TryOpen(bytes) || TryOpen(PdfRepair.Without(bytes, "Info"));
    }

    private bool TryOpen(ReadOnlyMemory<byte> given)
    {
        try
        {
            filters = new();
            var options = new PdfParsingOptions { Document = this, UseLenientParsing = true, SkipMissingFonts = true, FilterProvider = filters, MaxStackDepth = PdfLimits.StackDepthMax };
            document = PdfDocument.Open(given, options);
            Layers = new(document.Structure.TokenScanner, Catalog);
            document.AddPageFactory<PdfGlyphPage, PdfPageFactory>();
            return document.NumberOfPages > 0;
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            fault = broken; // the refusal names it, if mending does not help
            return false;
        }
    }

    private bool TryMend()
    {
        isMended = true;
        return PdfRepair.Rebuild(bytes) is { } mended && TryOpen(mended);
    }

    private DocumentUnreadableException Refusal() => new(
        (encryption, encryption.Entry("Filter"), encryption.Entry("R")) switch
        {
            (null, _, _) => Notice.Of(ReadingProblem.PdfNoPages),
            (_, NameToken { Data: not "Standard" }, _) => Notice.Of(ReadingProblem.PdfCertificate),
            (_, _, NumericToken { Int: not (>= 2 and <= 6) }) => Notice.Of(ReadingProblem.PdfUnknownEncryption),
            _ => Notice.Of(ReadingProblem.PdfEncrypted),
        },
        fault);

    private PdfGlyphPage? TryRead(int number)
    {
        try
        {
            return document.GetPage<PdfGlyphPage>(number);
        }
        catch (Exception broken) when (PdfTokens.IsInFile(broken))
        {
            return null; // told of by a warning, if mending does not help
        }
    }

    /// <returns>The page of the mended file, which takes the place of the first one where it has something to show.</returns>
    private PdfGlyphPage? TryReadMended(int number)
    {
        var (firstDocument, firstFilters, firstLayers) = (document, filters, Layers);
        if (TryMend() && number <= PageCount && TryRead(number) is { Glyphs.Count: > 0 } found)
        {
            firstDocument.Dispose();
            isDamaged = true;
            return found;
        }

        if (document != firstDocument)
        {
            document.Dispose();
        }

        (document, filters, Layers) = (firstDocument, firstFilters, firstLayers);
        return null;
    }
}
