using System.Net;
using Pybo.Data;

namespace Pybo.Rag.Models;

/// <summary>Downloads one file of the Hub into a part file, across broken connections.</summary>
internal sealed class HubDownload(HubClient hub, HubLimits limits)
{
    private const int BufferBytes = 128 << 10;

    /// <summary>Resumes at the end of the part file until it is the whole file with the right hash. After a failure or cancellation the downloaded
    /// part remains.</summary>
    /// <param name="listing">The commit.</param>
    /// <param name="file">The file to fetch.</param>
    /// <param name="part">The part file; its folder exists.</param>
    /// <param name="at">Receives the number of bytes downloaded.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ModelException">The Hub refuses, does not answer, or sends something other than it listed.</exception>
    public async Task FetchAsync(HubListing listing, HubFile file, string part, Action<long> at, CancellationToken ct)
    {
        var (fruitless, isAnew) = (0, false);
        for (var attempt = 0; attempt < limits.AttemptsPerFileMax; attempt++)
        {
            var before = Length(part);
            try
            {
                await ReceiveAsync(listing, file, part, at, ct);
                if (await ContentHash.MatchesAsync(part, file, ct))
                {
                    return;
                }

                File.Delete(part);
                at(0);
                if (before == 0 || isAnew)
                {
                    throw new ModelException(Notice.Of(ModelProblem.HashDiffers, file.Path));
                }

                // The file was assembled from several parts, one of which may have been damaged here: download it once more in one go.
                isAnew = true;
            }
            catch (TransientHubException error)
            {
                fruitless = Length(part) > before ? 0 : fruitless + 1;
                await hub.WaitAsync(error, fruitless, ct);
            }
        }

        throw new ModelException(Notice.Of(ModelProblem.TooManyBreaks, file.Path, limits.AttemptsPerFileMax));
    }

    private async Task ReceiveAsync(HubListing listing, HubFile file, string part, Action<long> at, CancellationToken ct)
    {
        var from = Length(part);
        if (from > file.SizeBytes)
        {
            File.Delete(part);
            from = 0;
        }

        if (from == file.SizeBytes && File.Exists(part))
        {
            return;
        }

        using var answer = await hub.OpenAsync(listing, file, from, ct);
        var goesOn = answer.StatusCode == HttpStatusCode.PartialContent;
        var range = answer.Content.Headers.ContentRange;
        if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable || (goesOn && (range?.From != from || range.Length != file.SizeBytes)))
        {
            // The local part does not fit the file on the Hub; start over.
            File.Delete(part);
            at(0);
            throw new TransientHubException(goesOn ? Notice.Of(ModelProblem.ResumesElsewhere) : Notice.Of(ModelProblem.ResumeRefused));
        }

        if (!goesOn && answer.Content.Headers.ContentLength is { } length && length != file.SizeBytes)
        {
            throw new ModelException(Notice.Of(ModelProblem.SizeDiffers, file.Path, file.SizeBytes, length));
        }

        // A plain 200 is the whole file, even if a range was requested.
        if (!await CopyAsync(answer, file, part, goesOn ? from : 0, at, ct))
        {
            File.Delete(part);
            throw new ModelException(Notice.Of(ModelProblem.TooLong, file.Path, file.SizeBytes));
        }
    }

    /// <summary>Returns false if the response is longer than the file.</summary>
    private async Task<bool> CopyAsync(HttpResponseMessage answer, HubFile file, string part, long from, Action<long> at, CancellationToken ct)
    {
        await using var target = new FileStream(part, from > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
        var buffer = new byte[BufferBytes];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var source = await answer.Content.ReadAsStreamAsync(ct);
        var written = from;
        at(written);
        int read;
        while ((read = await ReadAsync(source, buffer, patience, ct)) > 0)
        {
            if (read > file.SizeBytes - written)
            {
                return false;
            }

            await target.WriteAsync(buffer.AsMemory(0, read), ct);
            at(written += read);
        }

        return written == file.SizeBytes ? true : throw new TransientHubException(Notice.Of(ModelProblem.Broken));
    }

    /// <summary>Turns connection errors into retries; disk errors, outside this method, are not retried.</summary>
    private async Task<int> ReadAsync(Stream source, byte[] buffer, CancellationTokenSource patience, CancellationToken ct)
    {
        try
        {
            patience.CancelAfter(limits.StallTimeout);
            return await source.ReadAsync(buffer, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TransientHubException(Notice.Of(ModelProblem.Stalled, limits.StallTimeout.TotalSeconds));
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw new TransientHubException(Notice.Of(ModelProblem.Broken), inner: broken);
        }
    }

    private static long Length(string part) => new FileInfo(part) is { Exists: true } info ? info.Length : 0;
}
