using Pybo.Rag.Documents;

namespace Pybo.Rag.Ingestion;

/// <summary>Reads a file into text. Each implementation bounds its own time and memory.</summary>
/// <param name="content">The file, positioned at its beginning; seekable.</param>
/// <param name="length">The file's size in bytes.</param>
/// <param name="fileName">Used only if the bytes do not identify the format.</param>
/// <param name="pagesRead">Reports how many pages are read, for formats with pages.</param>
/// <param name="ct">Stops the reading.</param>
/// <exception cref="DocumentUnreadableException">The file cannot be read, now or later; every other exception is a transient failure.</exception>
public delegate Task<DocumentText> ExtractText(Stream content, long length, string fileName, IProgress<int>? pagesRead, CancellationToken ct);
