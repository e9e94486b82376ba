using Pybo.Data;
using Pybo.Rag.Documents.Pdf.Visibility;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>An open PDF file (ISO 32000-2), read by PdfPig: its title, and the glyphs of its pages.</summary>
/// <remarks>Lenient: a file that PdfPig does not open, or in which it finds no page, is mended once (<see cref="PdfRepair"/>).</remarks>
internal sealed class PdfFile : IDisposable
{
    private const int TitleBytesMax = 4_096;

    /// <summary>US Letter, which readers take where a page has no size.</summary>
    private const float PointsWide = 612;

    private const float PointsHigh = 792;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly PdfFilters filters = new();
    private PdfDocument document = null!;
    private PdfFile? mended;
    private Exception? fault;
    private bool isMended;
    private bool isDamaged;

    private PdfFile(ReadOnlyMemory<byte> bytes) => this.bytes = bytes;

    public int PageCount => Math.Max(document.NumberOfPages, mended?.PageCount ?? 0);

    public DictionaryToken Catalog => document.Structure.Catalog.CatalogDictionary;

    public PdfOptionalContent Layers { get; private set; } = null!;

    /// <summary>What the document calls itself; empty where it does not.</summary>
    public string Title => !HasLockedStrings && document.Information.DocumentInformationDictionary is { } information
        ? document.Structure.TokenScanner.Text(information.Entry("Title"), TitleBytesMax) ?? ""
        : "";

    /// <summary>True where a limit was met: some of the file was left out.</summary>
    public bool IsTruncated => filters.IsTruncated || mended is { IsTruncated: true };

    /// <summary>True where data was damaged, or a page could not be read: some of the file is lost.</summary>
    public bool IsDamaged => isDamaged || filters.IsDamaged;

    /// <summary>True where the file's last part is missing, as after a download that broke off.</summary>
    public bool IsCutOff => EndsInside(bytes.Span);

    /// <summary>True where PdfPig leaves strings encrypted, because streams are not.</summary>
    private bool HasLockedStrings => document.Structure.TokenScanner.Find<DictionaryToken>(document.Structure.Trailer.EncryptionToken) is { } encryption
        && PdfRepair.IsPlain(encryption, "StmF") && !PdfRepair.IsPlain(encryption, "StrF");

    /// <exception cref="DocumentUnreadableException">It is no PDF file, has no page, or needs a password.</exception>
    public static PdfFile Open(ReadOnlyMemory<byte> bytes)
    {
        var file = new PdfFile(bytes);
        // PdfPig goes down a page tree as deep as it is: a deep one is made flat first.
        return bytes.Span.Count("/Kids"u8) <= PdfLimits.PageBranchesMax && file.TryOpen(mend: false) ? file : file.Mended() ?? throw file.Refusal();
    }

    /// <summary>A page's glyphs; none, and a warning, where it cannot be read. A file of which a page has nothing to show is mended, if that helps.</summary>
    /// <param name="number">From 1.</param>
    public PdfGlyphPage Read(int number)
    {
        var glyphs = TryRead(number);
        if (glyphs is not ({ Glyphs.Count: > 0 } or { HasImages: true }))
        {
            mended ??= isMended ? null : Mended();
            isMended = true;
            if (mended?.TryRead(number) is { Glyphs.Count: > 0 } found)
            {
                isDamaged = true;
                return found;
            }
        }

        isDamaged |= glyphs is null;
        return glyphs ?? new(PointsWide, PointsHigh, [], [Notice.Of(ReadingProblem.PdfPageBroken, number)]);
    }

    public void Dispose()
    {
        document?.Dispose();
        mended?.Dispose();
    }

    // A whole file says behind its last object where its table lies, and that it ends.
    private static bool EndsInside(ReadOnlySpan<byte> bytes) =>
        bytes.LastIndexOf(" obj"u8) is >= 0 and var last && bytes[last..].IndexOf("startxref"u8) < 0 && bytes[last..].IndexOf("%%EOF"u8) < 0;

    /// <returns>False where PdfPig refuses the file, or it has no page.</returns>
    private bool TryOpen(bool mend)
    {
        try
        {
            var options = new PdfParsingOptions { Document = this, UseLenientParsing = true, SkipMissingFonts = true, FilterProvider = filters };
            document = PdfDocument.Open(mend ? PdfRepair.Rebuild(bytes) : bytes, options);
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

    private PdfFile? Mended() => new PdfFile(bytes) { isMended = true } is var file && file.TryOpen(mend: true) ? file : null;

    private DocumentUnreadableException Refusal() => new(
        Notice.Of(bytes.Span.IndexOf("/Encrypt"u8) >= 0 ? ReadingProblem.PdfEncrypted : ReadingProblem.PdfNoPages),
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
}
