using Pybo.Data;
using Pybo.Rag.Documents.Pdf.Visibility;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Tokens;

namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>An open PDF file (ISO 32000-2), read by PdfPig: its title and the glyphs of its pages.</summary>
/// <remarks>Lenient: a file that PdfPig cannot open, or in which it finds no page, is repaired once (<see cref="PdfRepair"/>).</remarks>
internal sealed class PdfFile : IDisposable
{
    private const int TitleBytesMax = 4_096;

    /// <summary>US Letter, the usual default for a page without a size.</summary>
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

    /// <summary>The document's own title; empty if it has none.</summary>
    public string Title => !HasLockedStrings && document.Information.DocumentInformationDictionary is { } information
        ? document.Structure.TokenScanner.Text(information.Entry("Title"), TitleBytesMax) ?? ""
        : "";

    /// <summary>True if a limit was reached and part of the file was left out.</summary>
    public bool IsTruncated => filters.IsTruncated || mended is { IsTruncated: true };

    /// <summary>True if data was damaged or a page could not be read: part of the file is lost.</summary>
    public bool IsDamaged => isDamaged || filters.IsDamaged;

    /// <summary>True if the file's end is missing, as after an interrupted download.</summary>
    public bool IsCutOff => EndsInside(bytes.Span);

    /// <summary>True if PdfPig leaves strings encrypted because streams are not.</summary>
    private bool HasLockedStrings => document.Structure.TokenScanner.Find<DictionaryToken>(document.Structure.Trailer.EncryptionToken) is { } encryption
        && PdfRepair.IsPlain(encryption, "StmF") && !PdfRepair.IsPlain(encryption, "StrF");

    /// <exception cref="DocumentUnreadableException">The file is not a PDF, has no page, or needs a password.</exception>
    public static PdfFile Open(ReadOnlyMemory<byte> bytes)
    {
        var file = new PdfFile(bytes);
        // PdfPig recurses through a page tree to any depth, so a deep one is flattened first.
        return bytes.Span.Count("/Kids"u8) <= PdfLimits.PageBranchesMax && file.TryOpen(mend: false) ? file : file.Mended() ?? throw file.Refusal();
    }

    /// <summary>Returns a page's glyphs, or none and a warning if it cannot be read. If a page has nothing to show, the file is repaired, if that helps.</summary>
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

    // A complete file ends with the offset of its table and an end marker.
    private static bool EndsInside(ReadOnlySpan<byte> bytes) =>
        bytes.LastIndexOf(" obj"u8) is >= 0 and var last && bytes[last..].IndexOf("startxref"u8) < 0 && bytes[last..].IndexOf("%%EOF"u8) < 0;

    /// <returns>False if PdfPig refuses the file or it has no page.</returns>
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
            fault = broken; // reported if the repair does not help
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
            return null; // reported by a warning if the repair does not help
        }
    }
}
