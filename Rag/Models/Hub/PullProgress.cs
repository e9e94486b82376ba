namespace Pybo.Rag.Models;

/// <summary>The progress of a download or a check.</summary>
public sealed record PullProgress(long DoneBytes, long TotalBytes, int DoneFiles, int TotalFiles);

/// <summary>Adds up the concurrent reports of several files.</summary>
internal sealed class PullMeter(IReadOnlyList<HubFile> files, IProgress<PullProgress>? progress)
{
    /// <summary>Interval between reports, because each may be drawn.</summary>
    private const long ReportEveryBytes = 1 << 20;

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> at = [];
    private readonly long total = files.Sum(file => file.SizeBytes);
    private long done;
    private long reported = -ReportEveryBytes;
    private int doneFiles;

    /// <summary>Sets a file's byte count, which decreases if it is restarted.</summary>
    public void At(HubFile file, long bytes)
    {
        lock (gate)
        {
            done += bytes - at.GetValueOrDefault(file.Path);
            at[file.Path] = bytes;
            if (Math.Abs(done - reported) >= ReportEveryBytes)
            {
                Report();
            }
        }
    }

    public void Done(HubFile file)
    {
        At(file, file.SizeBytes);
        lock (gate)
        {
            doneFiles++;
            Report();
        }
    }

    private void Report()
    {
        reported = done;
        progress?.Report(new(done, total, doneFiles, files.Count));
    }
}
