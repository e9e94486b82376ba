using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Enclosed;

namespace Pybo.Tests.Rag.Ingestion;

/// <summary>Reads the tests' own texts without another process.</summary>
internal static class ReadHere
{
    public static async Task<DocumentText> ReadAsync(Stream content, long length, string fileName, IProgress<int>? pagesRead, CancellationToken ct)
    {
        var bytes = new byte[length];
        await content.ReadExactlyAsync(bytes, ct);
        return DocumentReader.ReadFile(bytes, fileName);
    }

    public static async Task UnwrapAsync(Stream content, long length, string fileName, string password, UnwrappedFiles into, CancellationToken ct)
    {
        var bytes = new byte[length];
        await content.ReadExactlyAsync(bytes, ct);
        foreach (var part in Unwrapping.Parts(bytes, fileName, password))
        {
            into.Take(part);
        }

        into.End(null, fileName);
    }
}
