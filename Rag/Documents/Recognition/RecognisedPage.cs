namespace Pybo.Rag.Documents.Recognition;

/// <summary>The words that Tesseract found in the picture of a page, on their way to the process that reads the document.</summary>
/// <param name="Number">The page's number in the document, from 1.</param>
/// <param name="Table">Tesseract's table as it came (<see cref="RecognisedText"/>); at most <see cref="RecognitionLimits.TableBytesMax"/>.</param>
public sealed record RecognisedPage(int Number, ReadOnlyMemory<byte> Table);
