using System.Collections.Concurrent;
using System.Text;
using Pybo.Rag.Documents;

namespace Pybo.Tests.Rag.Ingestion;

/// <summary>Reads texts unchanged, unless a test scripts something else for a name; records the names it read.</summary>
internal sealed class ScriptedReader
{
    private readonly ConcurrentQueue<string> names = new();
    private int reading;
    private int readingMax;

    public IReadOnlyList<string> Names => [.. names];
    public int ReadingMax => readingMax;
    public ConcurrentDictionary<string, Func<IProgress<int>?, CancellationToken, Task>> On { get; } = new();

    public async Task<DocumentText> ReadAsync(Stream content, long length, string fileName, IProgress<int>? pagesRead, CancellationToken ct)
    {
        names.Enqueue(fileName);
        var now = Interlocked.Increment(ref reading);
        InterlockedMax(ref readingMax, now);
        try
        {
            if (On.TryGetValue(fileName, out var happens))
            {
                await happens(pagesRead, ct);
            }

            var bytes = new byte[length];
            await content.ReadExactlyAsync(bytes, ct);
            return DocumentReader.ReadFile(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes)), fileName);
        }
        finally
        {
            Interlocked.Decrement(ref reading);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen) is var before && before == seen ? value : before;
        }
    }
}
