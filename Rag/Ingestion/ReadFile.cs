using Pybo.Rag.Documents;

namespace Pybo.Rag.Ingestion;

/// <summary>Reads a file into text. Whatever does it bounds its own time and memory.</summary>
/// <param name="content">The file, from its beginning; seekable.</param>
/// <param name="length">Its bytes.</param>
/// <param name="fileName">Looked at only where bytes cannot tell.</param>
/// <param name="pagesRead">Told how many pages are read, for formats with pages.</param>
/// <param name="ct">Stops the reading.</param>
/// <exception cref="DocumentUnreadableException">The file cannot be read, now or later; every other exception is a failure that may pass.</exception>
public delegate Task<DocumentText> ReadFile(Stream content, long length, string fileName, IProgress<int>? pagesRead, CancellationToken ct);
