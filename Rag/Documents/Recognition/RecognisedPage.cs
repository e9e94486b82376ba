namespace Pybo.Rag.Documents.Recognition;

/// <summary>The words that Tesseract found in the picture of a page, on their way to the process that reads the document.</summary>
/// <param name="Number">The page's number in the document, from 1.</param>
/// <param name="Skew">The degrees, clockwise, by which the page is turned; its picture was straightened around its middle before.</param>
/// <param name="Tables">Tesseract's tables as they came, one for each model (<see cref="RecognisedText"/>); at most <see cref="RecognitionLimits.TableBytesMax"/>.</param>
public sealed record RecognisedPage(int Number, float Skew, ReadOnlyMemory<byte> Tables);
