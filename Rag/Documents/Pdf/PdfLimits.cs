namespace Pybo.Rag.Documents.Pdf;

/// <summary>What one PDF file may cost. No file of the corpus meets one of these; a hostile file does so within seconds.</summary>
internal static class PdfLimits
{
    /// <summary>Arrays and dictionaries within each other: real files stay below 20, and the parser recurses.</summary>
    public const int NestingMax = 60;

    /// <summary>What one stream may decode to: a page's content or a font is at most a few megabytes.</summary>
    public const int StreamBytesMax = 64 << 20;

    /// <summary>What all streams together may decode to, each filter's output counted.</summary>
    public const long DecodedBytesMax = 300L << 20;

    /// <summary>What all streams together may hand out, those counted again that lie decoded or were never encoded: somebody reads them each time.</summary>
    public const long ServedBytesMax = 400L << 20;

    /// <summary>What may be read of the file while objects are parsed, repetitions counted: objects that overlap would otherwise cost the square of the file's size. Two seconds.</summary>
    public const long ParsedBytesMax = 256L << 20;

    /// <summary>A file that is longer is not a document for reading; offsets also fit an <see cref="int"/>.</summary>
    public const int FileBytesMax = 1 << 30;

    /// <summary>Values in one object (and bytes of its strings, counted by <see cref="StringBytesPerItem"/>): "[[][]…" costs thirty times its size in memory.</summary>
    public const int ItemsMax = 400_000;

    /// <summary>A string of this many bytes weighs as much as another value.</summary>
    public const int StringBytesPerItem = 32;

    /// <summary>Values that stay in memory for the next time they are asked for, at about 60 bytes each.</summary>
    public const int CachedItemsMax = 1_000_000;

    /// <summary>Decoded object streams and contents that stay in memory for the next time they are asked for.</summary>
    public const int CachedBytesMax = 48 << 20;

    /// <summary>Decoded streams that stay in memory, however short they are.</summary>
    public const int CachedStreamsMax = 10_000;

    /// <summary>A longer decoded stream does not stay in memory.</summary>
    public const int CachedStreamBytesMax = 4 << 20;

    /// <summary>Objects in a file: ten times the largest known, 40 MB of table.</summary>
    public const int ObjectsMax = 1_000_000;

    /// <summary>The greatest object number a file may use (ISO 32000-1, annex C).</summary>
    public const int ObjectNumberMax = 8_388_607;

    /// <summary>Cross-reference sections, one for each time a file was saved.</summary>
    public const int SectionsMax = 4_096;

    /// <summary>References that lead to references, and objects that are needed to read another object.</summary>
    public const int ReferencesMax = 16;

    /// <summary>Filters of one stream: real ones use two.</summary>
    public const int FiltersMax = 8;

    /// <summary>Pages that are read of one file.</summary>
    public const int PagesMax = DocumentBuilder.PagesMax;

    /// <summary>Nodes of the page tree, pages included; a balanced tree of 5,000 pages has 5,600.</summary>
    public const int PageNodesMax = 100_000;

    /// <summary>Streams that make up one page's content.</summary>
    public const int ContentStreamsMax = 10_000;

    /// <summary>Operators of one content stream.</summary>
    public const int OperatorsMax = 3_000_000;

    /// <summary>Operands before one operator: the standard allows 33 (<c>scn</c>), text arrays are one.</summary>
    public const int OperandsMax = 256;

    /// <summary>Names that are kept as one shared string.</summary>
    public const int CachedNamesMax = 10_000;

    /// <summary>A longer name is read, but not shared.</summary>
    public const int CachedNameLengthMax = 64;
}
