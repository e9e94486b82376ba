using Pybo.Data;
using Pybo.Rag.Outgoing;

namespace Pybo.Rag.Models;

/// <summary>Downloads and checks models in the background, one at a time, independent of any page.</summary>
public sealed partial class ModelJobs(ModelCatalogue catalogue, ModelStore store, OutgoingPermissions outgoing, IServiceProvider services, ILogger<ModelJobs> log) : BackgroundService
{
    /// <summary>Maximum unfinished jobs.</summary>
    public const int OpenMax = 8;

    /// <summary>Maximum jobs kept: the last one of each model.</summary>
    private const int RememberedMax = 100;

    private readonly Lock gate = new();
    private readonly List<ModelJob> jobs = [];
    private readonly Signal wake = new();
    private CancellationTokenSource? stop;

    /// <summary>The last job of each model, in the order of the requests.</summary>
    public IReadOnlyList<ModelJob> All
    {
        get
        {
            lock (gate)
            {
                return [.. jobs];
            }
        }
    }

    /// <summary>Queues a job.</summary>
    /// <returns>Why it was refused, for the reader; null if it is queued.</returns>
    public Notice? Start(string model, ModelJobKind kind)
    {
        lock (gate)
        {
            if (Find(model) is { IsOpen: true })
            {
                return Notice.Of(ModelProblem.JobOpen, model);
            }

            if (kind == ModelJobKind.Pull && catalogue.Find(model) is null)
            {
                return Notice.Of(ModelProblem.NotInCatalogue, model);
            }

            if (kind == ModelJobKind.Pull && !outgoing.Allows(OutgoingKind.Models))
            {
                return OutgoingPermissions.Refusal(OutgoingKind.Models);
            }

            if (jobs.Count(job => job.IsOpen) >= OpenMax)
            {
                return Notice.Of(ModelProblem.TooManyJobs, OpenMax);
            }

            jobs.RemoveAll(job => job.Model == model);
            if (jobs.Count >= RememberedMax)
            {
                jobs.RemoveAt(jobs.FindIndex(job => !job.IsOpen));
            }

            jobs.Add(new(model, kind, ModelJobState.Waiting));
        }

        wake.Raise();
        return null;
    }

    /// <summary>Stops a job and keeps its downloaded parts for next time. Returns false if it is not open.</summary>
    public bool Stop(string model)
    {
        lock (gate)
        {
            switch (Find(model)?.State)
            {
                case ModelJobState.Waiting:
                    Replace(model, job => job with { State = ModelJobState.Stopped });
                    return true;
                case ModelJobState.Running:
                    _ = stop?.CancelAsync();
                    return true;
                default:
                    return false;
            }
        }
    }

    /// <summary>Removes a model, unless a job is using it, and forgets its last job.</summary>
    /// <exception cref="ModelException">The model cannot be removed.</exception>
    public void Remove(string model)
    {
        if (All.Any(job => job.Model == model && job.IsOpen))
        {
            throw new ModelException(Notice.Of(ModelProblem.JobRunning, model));
        }

        store.Remove(model);
        lock (gate)
        {
            jobs.RemoveAll(job => job.Model == model && !job.IsOpen);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var woken = wake.Next;
            ModelJob? next;
            using var mine = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            lock (gate)
            {
                next = jobs.Find(job => job.State == ModelJobState.Waiting);
                if (next is not null)
                {
                    stop = mine;
                    Replace(next.Model, job => job with { State = ModelJobState.Running });
                }
            }

            if (next is null)
            {
                await woken.WaitAsync(stoppingToken);
                continue;
            }

            var ended = await RunAsync(next, mine.Token);
            lock (gate)
            {
                stop = null;
                Replace(next.Model, job => ended with { Progress = job.Progress });
            }
        }
    }

    private async Task<ModelJob> RunAsync(ModelJob job, CancellationToken ct)
    {
        try
        {
            var progress = new Progress(at => Replace(job.Model, now => now with { Progress = at }), gate);
            if (job.Kind == ModelJobKind.Pull)
            {
                // Resolved only when needed: an environment without a valid hub must not keep the site from starting.
                await services.GetRequiredService<ModelPuller>().PullAsync(catalogue.Find(job.Model)!, progress, ct);
                return job with { State = ModelJobState.Done, Message = Notice.Of(ModelProblem.Pulled) };
            }

            var faults = await store.VerifyAsync(job.Model, progress, ct);
            return faults.Count == 0
                ? job with { State = ModelJobState.Done, Message = Notice.Of(ModelProblem.Intact) }
                : job with { State = ModelJobState.Failed, Message = Notice.Of(ModelProblem.Faulty, string.Join(", ", faults)) };
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return job with { State = ModelJobState.Stopped };
        }
        catch (ModelException refused)
        {
            return job with { State = ModelJobState.Failed, Message = refused.Notice, Link = refused.Link };
        }
        catch (Exception error)
        {
            // The worker must survive a full disk or a bug of ours.
            Failed(log, job.Kind, job.Model, error);
            return job with { State = ModelJobState.Failed, Message = error is IOException or UnauthorizedAccessException ? Notice.Of(ModelProblem.NotWritten, error.Message) : Notice.Of(ModelProblem.JobFailed) };
        }
    }

    private ModelJob? Find(string model) => jobs.Find(job => job.Model == model);

    private void Replace(string model, Func<ModelJob, ModelJob> change)
    {
        var at = jobs.FindIndex(job => job.Model == model);
        jobs[at] = change(jobs[at]);
    }

    private sealed class Progress(Action<PullProgress> tell, Lock gate) : IProgress<PullProgress>
    {
        public void Report(PullProgress value)
        {
            lock (gate)
            {
                tell(value);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "{Kind} of {Model} failed.")]
    private static partial void Failed(ILogger logger, ModelJobKind kind, string model, Exception error);
}
