namespace Pybo.Rag.Documents.Pdf.Source;

/// <summary>Resource limits for one PDF file. No file of the corpus reaches any; a hostile file does so within seconds.</summary>
internal static class PdfLimits
{
    /// <summary>Nesting of arrays and dictionaries: real files stay below 20, and the parser recurses.</summary>
    public const int NestingMax = 60;

    /// <summary>The most bytes one stream may decode to: PdfPig makes an object of each content operator, some hundred bytes each. Fifteen times the largest of the corpus.</summary>
    public const int StreamBytesMax = 8 << 20;

    /// <summary>The most bytes all streams may decode to, counting each filter's output, and a shared stream once per page that names it.</summary>
    public const long DecodedBytesMax = 400L << 20;

    /// <summary>The most LZW data unpacked: PdfPig's filter keeps every string that it builds, up to 4,096 bytes for each code.</summary>
    public const int LzwBytesMax = 1 << 20;

    /// <summary>Objects in a file: ten times the largest known, 40 MB of table.</summary>
    public const int ObjectsMax = 1_000_000;

    /// <summary>The greatest object number a file may use (ISO 32000-1, annex C).</summary>
    public const int ObjectNumberMax = 8_388_607;

    /// <summary>Branches of a page tree passed to PdfPig, which recurses through all levels. A balanced tree of 5,000 pages has 600.</summary>
    public const int PageBranchesMax = 10_000;

    /// <summary>Nodes of the page tree, pages included; a balanced tree of 5,000 pages has 5,600.</summary>
    public const int PageNodesMax = 100_000;

    /// <summary>Operators of one content stream.</summary>
    public const int OperatorsMax = 3_000_000;
}
