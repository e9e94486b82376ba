using Pybo.Rag.Documents.Hwp;
using Pybo.Rag.Documents.Office;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents;

public sealed class HwpContractTests() : DocumentReaderContract(new HwpReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("hwp");
}

public sealed class HwpxContractTests() : DocumentReaderContract(new HwpxReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("hwpx");
}

public sealed class DocxContractTests() : DocumentReaderContract(new DocxReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("docx");
}

public sealed class PptxContractTests() : DocumentReaderContract(new PptxReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("pptx");
}

public sealed class XlsxContractTests() : DocumentReaderContract(new XlsxReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("xlsx");
}

public sealed class PdfContractTests() : DocumentReaderContract(new PdfReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("pdf", bytesMax: 60_000, filesMax: 8);
}
