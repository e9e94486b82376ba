using Pybo.Rag.Documents.Hwp;
using Pybo.Rag.Documents.Office;
using Pybo.Rag.Documents.Pdf;

namespace Pybo.Tests.Rag.Documents;

public sealed class HwpContractTests() : DocumentReaderContract(new HwpReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("hwp");

    protected override IEnumerable<Sample> Originals => Corpus("hwp", filesMax: int.MaxValue);
}

public sealed class HwpxContractTests() : DocumentReaderContract(new HwpxReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("hwpx");

    protected override IEnumerable<Sample> Originals => Corpus("hwpx", filesMax: int.MaxValue);
}

public sealed class DocxContractTests() : DocumentReaderContract(new DocxReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("docx");

    protected override IEnumerable<Sample> Originals => Corpus("docx", filesMax: int.MaxValue);
}

public sealed class PptxContractTests() : DocumentReaderContract(new PptxReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("pptx");

    protected override IEnumerable<Sample> Originals => Corpus("pptx", filesMax: int.MaxValue);
}

public sealed class XlsxContractTests() : DocumentReaderContract(new XlsxReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("xlsx");

    protected override IEnumerable<Sample> Originals => Corpus("xlsx", filesMax: int.MaxValue);
}

public sealed class PdfContractTests() : DocumentReaderContract(new PdfReader())
{
    protected override IEnumerable<Sample> Samples => Corpus("pdf", bytesMax: 60_000, filesMax: 8);

    protected override IEnumerable<Sample> Originals => Corpus("pdf", bytesMax: 60_000, filesMax: int.MaxValue);
}
