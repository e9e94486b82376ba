using System.Diagnostics;
using Pybo.Rag.Documents;
using Pybo.Rag.Documents.Isolation;

namespace Pybo.Tests.Rag.Documents.Pdf;

/// <summary>
/// Files built to exhaust a reader, read in the reading process: a failure that ends this process (such as an endless stack, which nothing catches) ends no other.
/// </summary>
public sealed class PdfHostileTests
{
    /// <summary>Allows for the start of a process, and for a machine that is busy with other tests.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Repository.Shared("corpus/hostile"), "*.pdf").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_hostile_file_is_read_partly_or_refused_with_a_message(string fileName)
    {
        var bytes = await File.ReadAllBytesAsync(Repository.Shared("corpus/hostile/" + fileName), TestContext.Current.CancellationToken);
        var limits = new ReadingLimits { ProcessesMax = 1 };
        await using var reader = new IsolatedDocumentReader(limits);
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var content = new MemoryStream(bytes);
            DocumentReaderContract.AssertShape(await reader.ReadAsync(content, bytes.Length, fileName, null, TestContext.Current.CancellationToken));
        }
        catch (DocumentUnreadableException refused)
        {
            Assert.Matches("[가-힣]", refused.Said());
        }

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, limits.Time + Patience);
    }
}
