using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Pybo.Data;

namespace Pybo.Benchmarks;

/// <summary>The search by meaning without an index: every vector is compared. What the site's search finds less is lost by the bits.</summary>
internal sealed class ExactSearch
{
    private readonly List<(string Path, float[] Vector)> chunks;

    private ExactSearch(List<(string Path, float[] Vector)> chunks) => this.chunks = chunks;

    public static async Task<ExactSearch> ReadAsync(PyboDb db, long modelId, CancellationToken ct)
    {
        var rows = from chunk in db.Chunks
                   join passage in db.Passages on chunk.PassageId equals passage.Id
                   join document in db.Documents on passage.DocumentId equals document.Id
                   where chunk.ModelId == modelId
                   select new { document.Path, chunk.Embedding };
        return new([.. (await rows.ToListAsync(ct)).Select(row => (row.Path, MemoryMarshal.Cast<byte, float>(row.Embedding).ToArray()))]);
    }

    /// <summary>Returns the documents by their best chunk, as many as are judged.</summary>
    public IEnumerable<string> Paths(ReadOnlySpan<float> question)
    {
        var best = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var (path, vector) in chunks)
        {
            best[path] = Math.Max(best.GetValueOrDefault(path, float.NegativeInfinity), TensorPrimitives.Dot(question, vector));
        }

        return best.OrderByDescending(document => document.Value).Take(Metrics.Depth).Select(document => document.Key);
    }
}
